"""The doing half of the checks of settings, storage, clocks, budget and poison queues."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shared.doctor.ground import Ground
from shared.doctor.seen import ByName, Clocks, GivenUpSeen, Units
from shared.errors import MomentError
from shared.model.schema import SchemaVersion
from shared.settings import CHANGES_QUEUE, INDEXING_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, TRANSFERS_QUEUE, Settings

QUEUES = (TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, INDEXING_QUEUE)
POISON_QUEUES = (*(f"{queue}-poison" for queue in QUEUES), "webjobs-blobtrigger-poison")
_SHOWN = 20


def settings(ground: Ground) -> Settings:
    """They were read before this could begin."""
    return ground.settings


def container(ground: Ground) -> None:
    """Read, write, sign."""
    ground.storage.try_container()


def queues(ground: Ground) -> ByName:
    """Each queue."""
    return _each(QUEUES, ground.storage.try_queue, ground)


def tables(ground: Ground) -> ByName:
    """Each table."""
    return _each(ground.storage.tables, ground.storage.try_table, ground)


def schema(ground: Ground) -> SchemaVersion | None:
    """What the tables say."""
    return ground.schema.read()


def _each(names: Iterable[str], look: Callable[[str], None], ground: Ground) -> ByName:
    seen: dict[str, MomentError | None] = {}
    for name in names:
        ground.told(name)
        try:
            look(name)
            seen[name] = None
        except MomentError as error:
            seen[name] = error
    return seen


def clocks(ground: Ground) -> Clocks:
    """All clocks at once, those that answer."""
    theirs: dict[str, datetime | None] = {}
    for name, ask in (("storage", ground.storage.date), ("Graph", ground.sharepoint.graph_date)):
        theirs[name] = None
        with suppress(MomentError):
            theirs[name] = _time_of(ask())
    return Clocks(ground.clock(), theirs)


def budget(ground: Ground) -> Units:
    """The row that all instances share."""
    return Units(ground.budget.read()[0], ground.clock().timestamp())


def given_up(ground: Ground) -> GivenUpSeen:
    """Entries, and what lies in poison queues."""
    page = ground.given_up.list(None, _SHOWN)
    poison = {queue: ground.storage.messages_in(queue) for queue in POISON_QUEUES}
    return GivenUpSeen([entry.concerns for entry in page.items], page.next_token is not None, poison)


def _time_of(header: str) -> datetime | None:
    """The Date header's time (RFC 9110); None for what is none."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None

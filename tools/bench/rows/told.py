"""Row `notifications`: the endpoint to which Graph posts, with nothing else to do and while a library is ingested.

Sixteen connections post as fast as they are answered, one notification to a request, for ten libraries in turn. Every
answer has to be 202: Graph asks for one within ten seconds, and slows down whom it finds slow
(https://learn.microsoft.com/graph/change-notifications-delivery-webhooks).
"""

import itertools
from collections.abc import Mapping, Sequence

from shared.model.libraries import LibraryState
from tools.bench.arena import Arena
from tools.bench.measured import Measured
from tools.bench.ours import PATIENCE_S, App, now
from tools.bench.pace import percentiles
from tools.bench.row import Contestant, Row
from tools.load.notifications import burst, watched
from tools.stack.children import StackError

NOTIFICATIONS = 2000
LIBRARIES = 10
INGESTED = 2000
"""Files that people put into one library, more than are ingested meanwhile."""


class Told:
    """Libraries with a subscription each."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._app = App(arena)
        self._numbers = itertools.count(1)
        wanted = max(arena.scaled(LIBRARIES), 2)
        self._customers: list[str] = []
        for number in range(wanted):
            arena.say("customers get their libraries", number, wanted)
            self._customers.append(self._app.company(1))
        arena.when(lambda: len(self._watched()) == wanted, "a subscription for each library", PATIENCE_S, 1.0)
        self._app.until_quiet(arena.say)

    def idle(self) -> Measured:
        """Nothing else goes on."""
        return self._told(0)

    def busy(self) -> Measured:
        """The first library was filled by people, and the app has begun to ingest that."""
        customer, folder, before = self._customers[0], f"Busy {next(self._numbers)}", self._known()
        files = self._arena.scaled(INGESTED)
        self._arena.world.ledger.ask("files", {"list": f"Customer {customer}", "folder": folder, "count": files})
        self._arena.when(lambda: self._known() > before, "the first record of what people added", PATIENCE_S)
        return self._told(before + files)

    def _told(self, expected: int) -> Measured:
        """Post; then wait until everything that followed is done, the ingest included."""
        count, before = max(self._arena.scaled(NOTIFICATIONS), 20), self._known()
        with self._arena.measuring() as reading:
            began = now()
            took_s, statuses = burst(self._arena.world, self._watched(), count, self._arena.say)
            reading.wall_s = now() - began
            meanwhile = self._known() - before
            self._arena.when(lambda: self._known() >= expected, "records of what people added", PATIENCE_S, 1.0)
            self._app.until_quiet(self._arena.say)
        if statuses != {202: count}:
            raise StackError(f"not every notification was answered with 202: {dict(statuses)}")
        return reading.of_the_app(**_figures(took_s, reading.wall_s), **{"files ingested meanwhile": meanwhile})

    def _known(self) -> int:
        return sum(1 for _ in self._arena.world.stores.files.items(self._customers[0]))

    def _watched(self) -> Sequence[LibraryState]:
        return watched(self._arena.world, self._customers)


def _figures(took_s: Sequence[float], wall_s: float) -> dict[str, float]:
    return {"requests a second": len(took_s) / wall_s, **percentiles(took_s, "ms")}


def _enter(arena: Arena) -> Mapping[str, Contestant]:
    told = Told(arena)
    return {"nothing else": told.idle, "while a library is ingested": told.busy}


TOLD = Row("notifications", "2,000 notifications, one to a request, 16 connections, one process", _enter)

"""A large library that Moment knows, made quickly: by SharePoint's control plane, and by rows written directly.

Made through the product it would take Azurite hours, because each of its range queries compares all rows of a table.
Which of a file's rows are written is the caller's choice: a walk reads others than a list does. It begins with a
customer whose library is there; SharePoint's notifications are to be silent meanwhile.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import batched

from shared.graph.connect import connect
from shared.graph.sharepoint import GraphSharePoint
from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from shared.model.everywhere import everywhere_rows
from shared.model.files import SEARCH_INDEX, FileRecord, FileState
from shared.model.following import new_baseline
from shared.model.record_row import record_to_entity
from shared.model.rows import index_rows
from shared.model.table_rows import Row
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import open_clients
from shared.store.tables import EVERYWHERE_TABLE, FILES_TABLE, Table
from tools.load.ledger import Used
from tools.load.outcome import Progress
from tools.load.world import LoadWorld
from tools.stack.product import Json

READ_BY_A_WALK = ("item~", "unique~", "dir~")
FILES_OF_A_FOLDER = 1000
SILENT_S = 10**6
_PATIENCE_S = 7200.0
_AT_ONCE = 30


def fill(world: LoadWorld, customer: str, files: int, say: Progress) -> None:
    """Put so many small files into the customer's library, in folders of a thousand."""
    for number, first in enumerate(range(0, files, FILES_OF_A_FOLDER), 1):
        count = min(FILES_OF_A_FOLDER, files - first)
        body = {"list": f"Customer {customer}", "folder": f"Folder {number:04}", "count": count}
        world.ledger.ask("files", body)
        say("the library is filled", first + count, files)


def make_known(
    world: LoadWorld,
    customer: str,
    files: int,
    say: Progress,
    rows: tuple[str, ...] = READ_BY_A_WALK,
    everywhere: tuple[str, ...] = (),
) -> int:
    """Write each file's record and those of its other rows whose keys begin like this; gives how many files.

    `everywhere` are beginnings of keys of the rows that all customers share.
    """
    settings = Settings.from_environ(world.settings)
    (library,) = world.libraries_of([customer])
    sharepoint = connect(settings.graph, _now, time.sleep)
    tables = open_clients(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).tables
    known = 0
    with tables:
        table, shared_table = Table(tables, FILES_TABLE), Table(tables, EVERYWHERE_TABLE)
        for some in batched(_files(sharepoint, library.drive_id), _AT_ONCE, strict=False):
            records = [_record(customer, item) for item in some]
            table.upsert_all(
                row for record in records for row in [record_to_entity(record), *_kept(index_rows(record), rows)]
            )
            shared_table.upsert_all(row for record in records for row in _kept(everywhere_rows(record), everywhere))
            known += len(some)
            say("the files are made known to Moment", known, files)
    return known


def sync(world: LoadWorld, customer: str, say: Progress, *, full: bool) -> tuple[Json, Used, float]:
    """From SharePoint, as a person asks for it; gives the run, what it asked of SharePoint, and how long it took."""
    product, before, began = world.product(), world.ledger.used(), time.monotonic()
    wish = {"direction": "from-sharepoint", "by": "the load", "full": full}
    run = product.post(f"customers/{customer}/sync", wish)

    def is_ended() -> bool:
        run.update(product.get(f"sync-runs/{run['id']}"))
        say("the walk" if full else "a pull", (world.ledger.used() - before).requests, 0)
        return bool(run["endedAt"])

    world.wait_until(is_ended, "the end of the run", _PATIENCE_S)
    return run, world.ledger.used() - before, time.monotonic() - began


def changed_nothing(run: Json) -> bool:
    """Whether a run succeeded and found nothing to do."""
    return run["state"] == "succeeded" and set(run["counts"]) <= {"libraries"}


def _files(sharepoint: GraphSharePoint, drive_id: str) -> Iterator[DriveItem]:
    """Those in the folders that were filled."""
    link, is_last = "", False
    while not is_last:
        page = sharepoint.changes(drive_id, link)
        link, is_last = page.link, page.is_last
        items = (entry.item for entry in page.entries if entry.item is not None)
        yield from (item for item in items if not item.is_folder and item.name.startswith("File "))


def _kept(rows: Mapping[str, Row], beginnings: tuple[str, ...]) -> list[Row]:
    return [row for key, row in rows.items() if key.startswith(beginnings)]


def _record(customer: str, item: DriveItem) -> FileRecord:
    """As the pull would have made it that first met the item."""
    return FileRecord(
        customer=customer,
        id=f"s{item.id.lower()}",
        name=item.name,
        requested_name=item.name,
        links=Links(customer),
        created_at=item.created_at or _now(),
        changed_at=_now(),
        created_by=item.created_by,
        size_bytes=item.size_bytes,
        state=FileState.IN_SHAREPOINT,
        baseline=new_baseline(item),
        modified_by=item.modified_by,
        modified_at=item.modified_at,
        version=1,
        search_index=SEARCH_INDEX,
    )


def _now() -> datetime:
    return datetime.now(UTC)

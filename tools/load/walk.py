"""Row `walk`: a full walk of a library with very many files, all of them known to Moment.

The library is filled by the local SharePoint's control plane, and Moment's rows of these files are written directly:
those that a walk reads (`file~`, `item~`, `unique~`, `dir~`), not those of lists and searches. Made through the product
it would take Azurite hours, because each of its range queries compares all rows of a table.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched

from shared.graph.connect import connect
from shared.graph.sharepoint import GraphSharePoint
from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from shared.model.files import SEARCH_INDEX, FileRecord, FileState
from shared.model.following import new_baseline
from shared.model.record_row import record_to_entity
from shared.model.rows import index_rows
from shared.model.table_rows import Row
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import open_clients
from shared.store.tables import FILES_TABLE, Table
from tools.load.both_sides import check_queues
from tools.load.ledger import Used
from tools.load.memory import peaks_of
from tools.load.outcome import Outcome, Progress
from tools.load.uploads import Uploader
from tools.load.world import LoadWorld
from tools.stack.product import Json

FILES = 100_000
_FILES_OF_A_FOLDER = 1000
_PAGE = 200
_CUSTOMER = "walk"
_READ_BY_A_WALK = ("item~", "unique~", "dir~")
_SILENT_S = 10**6
_WORKER_MIB = 400
_PATIENCE_S = 7200.0


def run(world: LoadWorld, scale: float, say: Progress) -> Outcome:
    """Fill, walk, and pull once more."""
    files = max(round(FILES * scale), 20)
    outcome = Outcome("walk", f"a library of {files} files")
    uploader = Uploader(world)
    uploader.companies([_CUSTOMER], say)
    uploader.put_all(uploader.announce_all([(_CUSTOMER, "first.txt")], say), say)
    world.wait_until(lambda: bool(world.libraries_of([_CUSTOMER])), "the library", _PATIENCE_S)
    world.wait_until_drained(say, _PATIENCE_S)
    world.ledger.ask("faults", {"notifications_silent_s": _SILENT_S})
    began = time.monotonic()
    _fill(world, files, say)
    known = _make_known(world, files, say)
    made_s = time.monotonic() - began
    with peaks_of(world.processes) as peaks:
        walk, used, walk_s = _sync(world, say, full=True)
        after, idle, _ = _sync(world, say, full=False)
        drained = world.wait_until_drained(say, _PATIENCE_S)
    pages = -(-(files + files // _FILES_OF_A_FOLDER + 4) // _PAGE)
    outcome.figures |= {
        "set-up, s": round(made_s, 1),
        "the walk, s": round(walk_s, 1),
        "files a second": round(files / walk_s, 1),
        "SharePoint": used.shown(),
        "a pull after it": idle.shown(),
        "peak RSS, MiB": peaks.shown(),
    }
    outcome.check("every file is known to Moment", known == files, known)
    outcome.check("the walk succeeded and changed nothing", _changed_nothing(walk), walk)
    outcome.check("it asked for its pages and nothing else", used.requests <= 2 * pages + 4, used.shown())
    outcome.check("a pull after it costs one request", _changed_nothing(after) and idle.requests == 1, idle.shown())
    items = sum(1 for _ in world.stores.files.items(_CUSTOMER))
    outcome.check("one item is one record", items == files + 1, items)
    outcome.check(f"no worker above {_WORKER_MIB} MiB", peaks.worker_mib() <= _WORKER_MIB, peaks.worker_mib())
    check_queues(outcome, world, drained=drained)
    world.ledger.end_faults()
    return outcome


def _fill(world: LoadWorld, files: int, say: Progress) -> None:
    for number, first in enumerate(range(0, files, _FILES_OF_A_FOLDER), 1):
        count = min(_FILES_OF_A_FOLDER, files - first)
        body = {"list": f"Customer {_CUSTOMER}", "folder": f"Folder {number:04}", "count": count}
        world.ledger.ask("files", body)
        say("the library is filled", first + count, files)


def _make_known(world: LoadWorld, files: int, say: Progress) -> int:
    """Write what a walk reads of each file's record; gives how many."""
    settings = Settings.from_environ(world.settings)
    (library,) = world.libraries_of([_CUSTOMER])
    sharepoint = connect(settings.graph, _now, time.sleep)
    tables = open_clients(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).tables
    known = 0
    with tables:
        table = Table(tables, FILES_TABLE)
        for some in batched(_files(sharepoint, library.drive_id), 30, strict=False):
            table.upsert_all(row for item in some for row in _rows(item))
            known += len(some)
            say("the files are made known to Moment", known, files)
    return known


def _files(sharepoint: GraphSharePoint, drive_id: str) -> Iterator[DriveItem]:
    """Those in the folders that were filled."""
    link, is_last = "", False
    while not is_last:
        page = sharepoint.changes(drive_id, link)
        link, is_last = page.link, page.is_last
        items = (entry.item for entry in page.entries if entry.item is not None)
        yield from (item for item in items if not item.is_folder and item.name.startswith("File "))


def _rows(item: DriveItem) -> list[Row]:
    record = _record(item)
    beside = (row for key, row in index_rows(record).items() if key.startswith(_READ_BY_A_WALK))
    return [record_to_entity(record), *beside]


def _record(item: DriveItem) -> FileRecord:
    """As the pull would have made it that first met the item."""
    return FileRecord(
        customer=_CUSTOMER,
        id=f"s{item.id.lower()}",
        name=item.name,
        requested_name=item.name,
        links=Links(_CUSTOMER),
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


def _sync(world: LoadWorld, say: Progress, *, full: bool) -> tuple[Json, Used, float]:
    """From SharePoint, as a person asks for it; gives the run, what it asked of SharePoint, and how long it took."""
    product, before, began = world.product(), world.ledger.used(), time.monotonic()
    wish = {"direction": "from-sharepoint", "by": "the load", "full": full}
    run = product.post(f"customers/{_CUSTOMER}/sync", wish)

    def is_ended() -> bool:
        run.update(product.get(f"sync-runs/{run['id']}"))
        say("the walk" if full else "a pull", (world.ledger.used() - before).requests, 0)
        return bool(run["endedAt"])

    world.wait_until(is_ended, "the end of the run", _PATIENCE_S)
    return run, world.ledger.used() - before, time.monotonic() - began


def _changed_nothing(run: Json) -> bool:
    return run["state"] == "succeeded" and set(run["counts"]) <= {"libraries"}


def _now() -> datetime:
    return datetime.now(UTC)

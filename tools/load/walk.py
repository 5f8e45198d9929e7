"""Row `walk`: a full walk of a library with very many files, all of them known to Moment (tools/load/library.py)."""

import time

from tools.load.both_sides import check_queues
from tools.load.library import FILES_OF_A_FOLDER, SILENT_S, changed_nothing, fill, make_known, sync
from tools.load.memory import peaks_of
from tools.load.outcome import Outcome, Progress
from tools.load.uploads import Uploader
from tools.load.world import LoadWorld

FILES = 100_000
_PAGE = 200
_CUSTOMER = "walk"
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
    world.ledger.ask("faults", {"notifications_silent_s": SILENT_S})
    began = time.monotonic()
    fill(world, _CUSTOMER, files, say)
    known = make_known(world, _CUSTOMER, files, say)
    made_s = time.monotonic() - began
    with peaks_of(world.processes) as peaks:
        walk, used, walk_s = sync(world, _CUSTOMER, say, full=True)
        after, idle, _ = sync(world, _CUSTOMER, say, full=False)
        drained = world.wait_until_drained(say, _PATIENCE_S)
    pages = -(-(files + files // FILES_OF_A_FOLDER + 4) // _PAGE)
    outcome.figures |= {
        "set-up, s": round(made_s, 1),
        "the walk, s": round(walk_s, 1),
        "files a second": round(files / walk_s, 1),
        "SharePoint": used.shown(),
        "a pull after it": idle.shown(),
        "peak RSS, MiB": peaks.shown(),
    }
    outcome.check("every file is known to Moment", known == files, known)
    outcome.check("the walk succeeded and changed nothing", changed_nothing(walk), walk)
    outcome.check("it asked for its pages and nothing else", used.requests <= 2 * pages + 4, used.shown())
    outcome.check("a pull after it costs one request", changed_nothing(after) and idle.requests == 1, idle.shown())
    items = sum(1 for _ in world.stores.files.items(_CUSTOMER))
    outcome.check("one item is one record", items == files + 1, items)
    outcome.check(f"no worker above {_WORKER_MIB} MiB", peaks.worker_mib() <= _WORKER_MIB, peaks.worker_mib())
    check_queues(outcome, world, drained=drained)
    world.ledger.end_faults()
    return outcome

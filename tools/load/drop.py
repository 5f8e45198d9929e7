"""Row `drop`: thousands of files at once, and people of other customers who upload single files meanwhile."""

import time

from tools.load.both_sides import check_moved, check_queues
from tools.load.ledger import Used
from tools.load.memory import peaks_of
from tools.load.outcome import Outcome, Progress
from tools.load.people import single_uploads
from tools.load.uploads import Uploader
from tools.load.world import LoadWorld

FILES = 5000
_FILES_OF_A_CUSTOMER = 500
_PEOPLE = 5
"""Each of a customer of their own, in turn."""
_SINGLE_EVERY_S = 5.0
_SINGLE_BOUND_S = 120.0
"""What docs/load.md states."""
_WORKER_MIB = 400
_PATIENCE_S = 1800.0


def run(world: LoadWorld, scale: float, say: Progress) -> Outcome:
    """Announce all, then upload all as fast as may be; wait until the queues are empty; compare both sides."""
    files = max(round(FILES * scale), 10)
    customers = [f"drop{number}" for number in range(-(-files // _FILES_OF_A_CUSTOMER))]
    outcome = Outcome("drop", f"{files} files of {len(customers)} customers")
    uploader = Uploader(world)
    people = [f"person{number}" for number in range(_PEOPLE)]
    uploader.companies([*customers, *people], say)
    first = uploader.put_all(uploader.announce_all([(each, "first.txt") for each in people], say), say)
    drained = world.wait_until_drained(say, _PATIENCE_S)
    names = [(customers[number % len(customers)], f"note {number:05}.txt") for number in range(files)]
    announced = uploader.announce_all(names, say)
    before, began = world.ledger.used(), time.monotonic()
    with peaks_of(world.processes) as peaks:
        with single_uploads(world, people, _SINGLE_EVERY_S) as singles:
            handed = uploader.put_all(announced, say)
            uploaded_s = time.monotonic() - began
            world.wait_until(lambda: _are_sent(world, files, before, say), "the end of the drop", _PATIENCE_S)
            sent_s = time.monotonic() - began
        drained = world.wait_until_drained(say, _PATIENCE_S) and drained
        drained_s = time.monotonic() - began
    used = world.ledger.used() - before
    everything = [*first, *handed, *singles.handed]
    outcome.figures |= {
        "upload of all, s": round(uploaded_s, 1),
        "until the last was sent to SharePoint, s": round(sent_s, 1),
        "until all queues were empty, s": round(drained_s, 1),
        "files a second": round(files / sent_s, 1),
        "SharePoint": used.shown(),
        "peak RSS, MiB": peaks.shown(),
        "single uploads meanwhile": singles.shown(),
    }
    check_queues(outcome, world, drained=drained)
    check_moved(outcome, world, everything)
    most = max(singles.took_s, default=0.0)
    outcome.check(
        f"people's single uploads moved within {_SINGLE_BOUND_S:.0f} s",
        most <= _SINGLE_BOUND_S and len(singles.took_s) == len(singles.handed) and not singles.failed,
        f"max {most:.1f} s, {singles.failed}",
    )
    outcome.check(f"no worker above {_WORKER_MIB} MiB", peaks.worker_mib() <= _WORKER_MIB, peaks.worker_mib())
    return outcome


def _are_sent(world: LoadWorld, files: int, before: Used, say: Progress) -> bool:
    sent = (world.ledger.used() - before).contents
    say("files move", min(sent, files), files)
    return sent >= files

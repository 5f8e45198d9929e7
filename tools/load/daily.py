"""Row `daily`: one daily run over hundreds of customers, each with a library of a few files.

All of it is made through the product. Before the run a file is added in some libraries while SharePoint's
notifications are silent, so that only the run can find it.
"""

import time
from typing import Any

import requests

from tools.load.both_sides import SharePointSide, check_moved, check_queues, records_of
from tools.load.memory import peaks_of
from tools.load.outcome import Outcome, Progress
from tools.load.uploads import Uploader
from tools.load.world import LoadWorld

LIBRARIES = 500
FILES_OF_A_LIBRARY = 2
_ONE_IN = 10
_SILENT_S = 3600
_WORKER_MIB = 400
_PATIENCE_S = 1800.0
_TIMEOUT_S = 60


def run(world: LoadWorld, scale: float, say: Progress) -> Outcome:
    """Make the company, miss some changes, run, compare."""
    libraries = max(round(LIBRARIES * scale), 3)
    outcome = Outcome("daily", f"{libraries} libraries of {FILES_OF_A_LIBRARY} files")
    customers = [f"day{number}" for number in range(libraries)]
    uploader = Uploader(world)
    began = time.monotonic()
    uploader.companies(customers, say)
    names = [(customer, f"note {n}.txt") for customer in customers for n in range(FILES_OF_A_LIBRARY)]
    handed = uploader.put_all(uploader.announce_all(names, say), say)
    world.wait_until(lambda: _sent(world, len(names), say), "the move of the files", _PATIENCE_S)
    drained = world.wait_until_drained(say, _PATIENCE_S)
    made_s = time.monotonic() - began
    check_moved(outcome, world, handed)
    told = _add_unnoticed(world, customers[::_ONE_IN])
    before, began = world.ledger.used(), time.monotonic()
    with peaks_of(world.processes) as peaks:
        run_document = _daily_run(world, libraries, say)
        run_s = time.monotonic() - began
        used = world.ledger.used() - before
        drained = world.wait_until_drained(say, _PATIENCE_S) and drained
    outcome.figures |= {
        "set-up through the product, s": round(made_s, 1),
        "the run, s": round(run_s, 1),
        "libraries a second": round(libraries / run_s, 1),
        "SharePoint": used.shown(),
        "counted by the run": str(run_document["counts"]),
        "peak RSS, MiB": peaks.shown(),
    }
    outcome.check("the run succeeded", run_document["state"] == "succeeded", run_document)
    outcome.check("it was in every library", run_document["counts"].get("libraries", 0) >= libraries)
    found = {(each.customer, each.name) for each in records_of(world, customers)}
    outcome.check("what nobody told of was found", told <= found, sorted(told - found)[:5])
    outcome.check(f"no worker above {_WORKER_MIB} MiB", peaks.worker_mib() <= _WORKER_MIB, peaks.worker_mib())
    check_queues(outcome, world, drained=drained)
    world.ledger.end_faults()
    return outcome


def _sent(world: LoadWorld, files: int, say: Progress) -> bool:
    sent = world.ledger.used().contents
    say("libraries are made and files move", min(sent, files), files)
    return sent >= files


def _add_unnoticed(world: LoadWorld, customers: list[str]) -> set[tuple[str, str]]:
    """A person adds a file to each of these libraries, and no notification says so."""
    world.ledger.ask("faults", {"notifications_silent_s": _SILENT_S})
    side = SharePointSide(world)
    drives = side.drives()
    for customer in customers:
        side.add(drives[f"Customer {customer}"], "Web/theirs.txt", f"of {customer}".encode())
    return {(customer, "theirs.txt") for customer in customers}


def _daily_run(world: LoadWorld, libraries: int, say: Progress) -> dict[str, Any]:
    """Start it as if its time had come; gives its record when it has ended."""
    product = world.product()
    headers = {"x-functions-key": world.host.master_key}
    url = f"{world.host.url}/admin/functions/daily_sync"
    requests.post(url, headers=headers, json={}, timeout=_TIMEOUT_S).raise_for_status()
    runs: list[dict[str, Any]] = []

    def is_ended() -> bool:
        runs[:] = product.get("sync-runs?limit=1")["items"]
        done = runs[0].get("counts", {}).get("libraries", 0) if runs else 0
        say("the daily run", done, libraries)
        return bool(runs and runs[0]["endedAt"])

    world.wait_until(is_ended, "the end of the daily run", _PATIENCE_S)
    return runs[0]

"""Every moment at which the work of the app can be cut off: the process is killed after its first request, after its
second, and so on until the work ends by itself. After each kill the work is finished by what the platform does anyway.
"""

import traceback
from collections.abc import Callable
from datetime import timedelta

from tests.simulation.crash_cases import Case, Work, a_docx, by_hand, deletion, edit, transfer
from tests.simulation.crash_pulls import pull
from tests.simulation.crash_rig import CrashRig, NotSettled, crash_rig
from tests.simulation.report import Report, Violation
from tests.sync.test_following_storm import BothSides

CASES: dict[str, Case] = {
    "transfer of a small file": transfer("note.txt", b"hello"),
    "transfer in an upload session": transfer("film.bin", bytes(range(256)) * 4000),
    "transfer of a document": transfer("minutes.docx", a_docx()),
    "first transfer of a customer": transfer("first.txt", b"first", is_first=True),
    "edit to SharePoint": edit,
    "deletion to SharePoint": deletion,
    "pull of what was added, renamed and deleted": pull,
    "sync by hand": by_hand,
}
_MORE_THAN_ANY_CASE_NEEDS = 400


def run_all(progress: Callable[[str], None], only: str = "") -> Report:
    """Kill each case (whose name holds `only`) at every point. Raises Violation."""
    report = Report()
    with crash_rig() as rig:
        for name in (name for name in CASES if only in name):
            found = run_case(rig, name)
            progress(f"{name}: {found.crash_points} crash points, {rig.nudges} waits cut short")
            report.add(found)
    return report


def run_case(rig: CrashRig, name: str, *, first: int = 1, every: int = 1) -> Report:
    """Kill one case at its points `first`, `first + every`… until it ends without; then both sides are compared."""
    report = Report()
    for point in range(first, _MORE_THAN_ANY_CASE_NEEDS, every):
        work = CASES[name](rig, point)
        was_killed = _killed_and_finished(rig, name, point, work)
        report.operations[name] += 1
        if not was_killed:
            _compare(rig, name, work)
            return report
        report.crash_points += 1
        report.faults["killed at a request"] += 1
    raise Violation(f"{name}: it never ended by itself")


def _killed_and_finished(rig: CrashRig, name: str, point: int, work: Work) -> bool:
    """Whether there was a request of this number. Raises Violation where something is wrong afterwards."""
    rig.clear_queues()
    rig.arm(point)
    work.send()
    try:
        rig.settle(work.is_done, work.is_waiting, work.send)
        rig.disarm()
        work.check()
    except (AssertionError, NotSettled) as broken:
        where = f"after its request {point}, {rig.killed_at}" if rig.killed_at else "not at all"
        raise Violation(f"{name}, killed {where}: {traceback.format_exc(limit=-2)}") from broken
    finally:
        rig.disarm()
    return bool(rig.killed_at)


def _compare(rig: CrashRig, name: str, work: Work) -> None:
    rig.clear_queues()
    for _ in range(2):
        rig.world.pull(work.customer)
    rig.world.clock.ahead = timedelta()
    with BothSides(rig.world, work.customer) as sides:
        ours, theirs = sides.in_moment(), sides.in_sharepoint()
        if ours != theirs:
            differ = {key: (ours.get(key), theirs.get(key)) for key in ours.keys() | theirs.keys()}
            raise Violation(f"{name}: {[pair for pair in differ.values() if pair[0] != pair[1]]}")
        sides.agree()

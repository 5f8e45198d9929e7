"""Some of the crash points; `python -m tests.simulation --level crash` takes all of them."""

import pytest

from tests.simulation.crash_points import run_case
from tests.simulation.crash_rig import crash_rig


@pytest.mark.parametrize(
    ("case", "first", "every"),
    [("transfer of a small file", 4, 7), ("pull of what was added, renamed and deleted", 9, 16)],
)
def test_work_that_is_killed_at_a_request_is_finished_once(case: str, first: int, every: int):
    with crash_rig() as rig:
        report = run_case(rig, case, first=first, every=every)

    assert report.crash_points > 0

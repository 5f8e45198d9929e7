"""shared/model/runs.py: how a run ends, as a table, and what its parts add up to."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.runs import MAX_PROBLEMS, Count, Part, PartKind, PartState, Problem, Run, RunState, ending, summed
from tests.builders import a_part, a_run

DONE, PARTLY, FAILED, APPROVAL, CANCELLED = (
    PartState.DONE,
    PartState.PARTLY,
    PartState.FAILED,
    PartState.NEEDS_APPROVAL,
    PartState.CANCELLED,
)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), RunState.SUCCEEDED),
        ((DONE, DONE), RunState.SUCCEEDED),
        ((DONE, PARTLY), RunState.PARTLY),
        ((DONE, FAILED), RunState.PARTLY),
        ((PARTLY,), RunState.PARTLY),
        ((FAILED, FAILED), RunState.FAILED),
        ((FAILED, APPROVAL), RunState.PARTLY),
        ((DONE, APPROVAL), RunState.NEEDS_APPROVAL),
        ((APPROVAL,), RunState.NEEDS_APPROVAL),
    ],
)
def test_a_run_ends_as_its_parts_did(states: tuple[PartState, ...], expected: RunState) -> None:
    spread = a_part(kind=PartKind.SPREAD, state=DONE)

    assert ending(a_run(), [spread, *(a_part(state=state) for state in states)]) is expected


def test_a_run_whose_work_could_not_be_handed_out_failed() -> None:
    assert ending(a_run(), [a_part(kind=PartKind.SPREAD, state=FAILED)]) is RunState.FAILED


def test_a_plan_that_is_whole_is_planned_and_one_that_is_not_is_partly_so() -> None:
    plan = a_run(is_plan=True)

    assert [ending(plan, [a_part(state=state)]) for state in (DONE, PARTLY)] == [RunState.PLANNED, RunState.PARTLY]


@given(st.lists(st.sampled_from(PartState)))
def test_a_run_that_somebody_cancelled_is_cancelled_however_its_parts_ended(states: list[PartState]) -> None:
    run = a_run(cancel_wanted=True)

    assert ending(run, [a_part(state=state) for state in states]) is RunState.CANCELLED


counts = st.dictionaries(st.sampled_from(Count), st.integers(1, 1000)).map(Counter)
problems = st.lists(st.builds(Problem, st.text(max_size=9), st.text(max_size=9)), max_size=30).map(tuple)
parts = st.builds(lambda c, p: a_part(counts=c, problems=p), counts, problems)


@given(st.lists(parts, max_size=8))
def test_the_totals_are_all_counts_and_the_first_reasons(some: list[Part]) -> None:
    total, reasons = summed(some)

    assert total == sum((part.counts for part in some), Counter())
    assert list(reasons) == [each for part in some for each in part.problems][:MAX_PROBLEMS]


def test_a_new_run_is_running() -> None:
    run: Run = a_run()

    assert (run.state, run.ended_at) == (RunState.RUNNING, None)

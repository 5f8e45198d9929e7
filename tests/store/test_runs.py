"""shared/store/runs.py on a real Azurite: runs, parts with their marks, plans."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.plan import Action
from shared.model.runs import Count, Direction, Part, PartState, Problem, Run, RunState
from shared.store.runs import TableRuns
from tests.builders import AT, a_part, a_run


@pytest.fixture
def store(tables: TableServiceClient, own_table: str) -> TableRuns:
    return TableRuns(tables, own_table)


def parts_of(run: Run, number: int) -> list[Part]:
    return [a_part(run=run.id, key=f"library:c{n:03d}", customer=f"c{n:03d}") for n in range(number)]


def test_a_run_is_read_back_as_it_was_written(store: TableRuns) -> None:
    run = a_run(
        directions=(Direction.TO_SHAREPOINT, Direction.FROM_SHAREPOINT),
        customer="contoso",
        project="p1",
        counts=Counter({Count.TRANSFERS: 3}),
        problems=(Problem("a.txt", "It is “locked”."),),
        parts=4,
    )

    saved = store.create(run)

    assert store.find(run.id) == saved == replace(run, etag=saved.etag)


def test_a_run_that_ends_is_no_longer_active(store: TableRuns) -> None:
    run = store.create(a_run())
    assert list(store.active()) == [run.id]

    ended = store.save(run, replace(run, state=RunState.SUCCEEDED, ended_at=AT + timedelta(minutes=1)))

    assert list(store.active()) == []
    assert store.find(run.id) == ended


def test_a_run_that_was_saved_meanwhile_is_not_overwritten(store: TableRuns) -> None:
    run = store.create(a_run())
    store.save(run, replace(run, cancel_wanted=True))

    with pytest.raises(PreconditionFailed):
        store.save(run, replace(run, state=RunState.SUCCEEDED, ended_at=AT))

    found = store.find(run.id)
    assert found is not None
    assert found.cancel_wanted


def test_runs_are_listed_newest_first_in_pages(store: TableRuns) -> None:
    for number in (3, 1, 2):
        store.create(a_run(id=f"{number:015d}-a"))

    first = store.list(None, 2)
    second = store.list(first.next_token, 2)

    assert [run.id[:15] for run in (*first.items, *second.items)] == [f"{number:015d}" for number in (1, 2, 3)]
    assert second.next_token is None


def test_a_part_is_open_until_it_ends(store: TableRuns) -> None:
    run = a_run()
    parts = parts_of(run, 2)
    store.add_parts(parts)

    for part in parts:
        stored = store.find_part(run.id, part.key)
        assert stored is not None
        store.save_part(stored, replace(stored, cursor="half-way"))
        again = store.find_part(run.id, part.key)
        assert again is not None
        assert store.any_open(run.id)
        store.save_part(again, replace(again, state=PartState.DONE, counts=Counter({Count.BYTES: 5}), items=("f1",)))

    assert not store.any_open(run.id)
    assert [each.counts[Count.BYTES] for each in store.parts(run.id)] == [5, 5]


def test_parts_handed_out_twice_are_one_and_those_that_ended_stay_ended(store: TableRuns) -> None:
    run = a_run()
    parts = parts_of(run, 120)
    store.add_parts(parts[:70])
    ended = store.find_part(run.id, parts[0].key)
    assert ended is not None
    store.save_part(ended, replace(ended, state=PartState.DONE))

    open_keys = store.add_parts(parts)

    assert open_keys == [part.key for part in parts[1:]]
    assert len(list(store.parts(run.id))) == 120


def test_of_two_visits_of_a_part_the_first_to_be_saved_counts(store: TableRuns) -> None:
    run = a_run()
    store.add_parts(parts_of(run, 1))
    part = store.find_part(run.id, "library:c000")
    assert part is not None
    store.save_part(part, replace(part, state=PartState.DONE))

    with pytest.raises(PreconditionFailed):
        store.save_part(part, replace(part, state=PartState.FAILED))

    assert [each.state for each in store.parts(run.id)] == [PartState.DONE]


def test_reasons_of_any_length_fit(store: TableRuns) -> None:
    run = a_run(problems=tuple(Problem("n" * 5000, "r" * 5000) for _ in range(20)))

    store.create(run)

    found = store.find(run.id)
    assert found is not None
    assert len(found.problems) == 20


def test_a_plan_keeps_its_order_and_an_interrupted_one_is_taken_back(store: TableRuns) -> None:
    actions = [Action((Count.TRANSFERS,), "c", f"f{n}", f"{n}.txt", None, "moves") for n in range(250)]
    store.add_actions("r1", 0, actions[:3])
    store.clear_actions("r1")
    for start in (0, 100, 200):
        store.add_actions("r1", start, actions[start : start + 100])

    page = store.actions("r1", None, 100)

    assert list(page.items) == actions[:100]
    assert list(store.all_actions("r1")) == actions


def test_old_runs_are_forgotten_with_all_that_belongs_to_them(store: TableRuns) -> None:
    old, new = a_run(id="000000000000009-a"), a_run(id="000000000000001-a")
    for run in (old, new):
        store.add_parts(parts_of(run, 3))
        store.add_actions(run.id, 0, [Action((Count.TRANSFERS,), "c", "f", "n", None, "moves")])
        store.create(run)

    assert store.forget_before("000000000000005") == 1

    assert (store.find(old.id), list(store.parts(old.id)), list(store.all_actions(old.id))) == (None, [], [])
    assert store.find(new.id) is not None
    assert len(list(store.parts(new.id))) == 3
    assert list(store.active()) == [new.id]

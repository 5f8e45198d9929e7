"""shared/store/budget.py against Azurite: one row for all instances, and how seldom it is asked."""

import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed, Unavailable
from shared.graph.unit_budget import UnitBudget
from shared.model.budget import BudgetState, Limits, Taken, Wish, take
from shared.model.table_rows import MAX_PROPERTY_BYTES
from shared.store.budget import TableBudget
from tools.functions_host.azurite import Azurite

SOME = BudgetState(
    minute=(Taken(1_764_200_062.25, 10, False), Taken(1_764_200_062.25, 4, True)),
    day=(Taken(1_764_288_000.0, 14, False),),
    hold_until=1_764_200_030.5,
    people_until=1_764_200_040.0,
)


@pytest.fixture
def row() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def budget(tables: TableServiceClient, row: str) -> TableBudget:
    return TableBudget(tables, row=row)


def test_nothing_was_taken_as_long_as_there_is_no_row(budget: TableBudget) -> None:
    assert budget.read() == (BudgetState(), "")


def test_what_was_saved_is_read(budget: TableBudget) -> None:
    budget.save(SOME, "")

    state, etag = budget.read()

    assert state == SOME
    assert etag


def test_only_one_of_two_that_read_the_same_saves(budget: TableBudget) -> None:
    budget.save(SOME, "")
    _, etag = budget.read()
    budget.save(BudgetState(), etag)

    with pytest.raises(PreconditionFailed):
        budget.save(SOME, etag)
    assert budget.read()[0] == BudgetState()


def test_only_one_of_two_that_found_nothing_saves(budget: TableBudget) -> None:
    budget.save(SOME, "")

    with pytest.raises(PreconditionFailed):
        budget.save(BudgetState(), "")


def test_a_missing_table_is_no_reason_to_give_files_up(tables: TableServiceClient) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        TableBudget(tables, f"t{uuid.uuid4().hex}").read()


def test_the_row_of_the_busiest_minute_and_day_is_far_from_full(budget: TableBudget) -> None:
    limits, state = Limits(per_minute=1_000_000, per_day=1_000_000_000), BudgetState()
    for second in range(25 * 3600):
        at = 1_764_200_000.0 + second
        moments = (0.0, 0.25, 0.5, 0.75) if second >= 25 * 3600 - 63 else (0.0,) if second % 1800 == 0 else ()
        for moment in moments:
            for bulk in (False, True):
                state, _ = take(state, limits, Wish(1, 1000, bulk), at + moment)

    budget.save(state, "")

    assert len(state.minute) > 490
    assert len(state.day) > 48
    read, _ = budget.read()
    assert read == state
    assert len(repr(state)) < MAX_PROPERTY_BYTES


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def watched(azurite: Azurite, tables: TableServiceClient, asked: list[str]) -> Iterator[TableServiceClient]:
    with TableServiceClient.from_connection_string(
        azurite.connection_string, raw_request_hook=lambda request: asked.append(request.http_request.method)
    ) as service:
        yield service


def test_four_instances_use_up_a_minute_together_with_few_operations(
    watched: TableServiceClient, row: str, asked: list[str]
) -> None:
    limits = Limits(per_minute=1000, per_day=0)
    instances = [UnitBudget(TableBudget(watched, row=row), limits, time.time, time.sleep, lambda: 0.5) for _ in "1234"]
    taken = [0] * 16

    def work(number: int) -> None:
        while instances[number // 4].take(2) is None:
            taken[number] += 2
            time.sleep(0.02)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert 900 <= sum(taken) <= 1000
    assert len(asked) < 150

"""Several instances on one row: what they send together, what they ask of the row, and who learns of a hold."""

import heapq
import random
import threading
import time as real_time
from dataclasses import dataclass

import pytest

from shared.errors import PreconditionFailed, Unavailable
from shared.graph.pacing import Wait
from shared.graph.unit_budget import OwnRow, UnitBudget
from shared.model.budget import BLOCK_LIFE_S, BudgetState, Limits
from shared.model.urgency import bulk
from tests.graph.parts import UNCOUNTED, PassingTime, a_pacing

MINUTE = Limits(per_minute=100, per_day=0, bulk_percent=80)


@pytest.fixture
def time() -> PassingTime:
    """Later than a state that nobody has written yet."""
    time = PassingTime()
    time.now = 1000.0
    return time


class CountedRow(OwnRow):
    """Counts what Table Storage would bill, and can be out of reach."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = 0
        self.broken = False

    def read(self) -> tuple[BudgetState, str]:
        self.operations += 1
        if self.broken:
            raise Unavailable("Azure Storage could not be reached.")
        return super().read()

    def save(self, state: BudgetState, etag: str) -> None:
        self.operations += 1
        super().save(state, etag)


class ContestedRow(CountedRow):
    """Another instance saves in between, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def save(self, state: BudgetState, etag: str) -> None:
        if self.times:
            self.times -= 1
            super().save(self.read()[0], etag)
            raise PreconditionFailed("412")
        super().save(state, etag)


def waited(answer: Wait | None) -> Wait:
    assert answer is not None
    return answer


def test_a_block_serves_several_requests_with_two_operations(time):
    row = CountedRow()
    pacing = a_pacing(time, MINUTE, row)

    assert [pacing.take(2) for _ in range(5)] == [None] * 5
    assert row.operations == 2


def test_a_refusal_is_remembered_until_it_ends(time):
    row = CountedRow()
    pacing = a_pacing(time, MINUTE, row)
    while pacing.take(2) is None:
        pass
    asked = row.operations

    first = waited(pacing.take(2))
    time.now += 10
    second = waited(pacing.take(2))

    assert row.operations == asked
    assert second.seconds == first.seconds - 10
    assert not second.asked
    time.now += second.seconds
    assert pacing.take(2) is None


def test_a_smaller_request_may_fit_where_a_larger_one_was_refused(time):
    pacing = a_pacing(time, Limits(per_minute=5, per_day=0))
    assert pacing.take(2) is None

    assert pacing.take(4) is not None
    assert pacing.take(2) is None


def test_what_a_block_has_left_is_anothers_after_the_next_take(time):
    row = OwnRow()
    one, other = a_pacing(time, Limits(per_minute=12, per_day=0), row), a_pacing(time, Limits(12, 0), row)
    assert one.take(1) is None
    assert other.take(3) is not None

    time.now += BLOCK_LIFE_S
    assert one.take(1) is None
    time.now += BLOCK_LIFE_S
    assert one.take(2) is None
    time.now += 62

    assert other.take(3) is None


def test_a_hold_reaches_the_others_with_their_next_block(time):
    row = OwnRow()
    one, other = a_pacing(time, MINUTE, row), a_pacing(time, MINUTE, row)
    assert other.take(1) is None

    one.hold(30)
    one.hold(5)

    assert waited(one.take(1)) == Wait(30, "SharePoint asked us to wait before the next request.", asked=True)
    time.now += BLOCK_LIFE_S
    held = waited(other.take(1))
    assert held.asked
    assert held.seconds == 30 - BLOCK_LIFE_S
    time.now += held.seconds
    assert (one.take(1), other.take(1)) == (None, None)


@pytest.mark.parametrize(("limits", "units"), [(UNCOUNTED, 2), (MINUTE, 0)], ids=["not counted", "costs nothing"])
def test_a_hold_reaches_the_others_where_no_units_are_taken(time, limits: Limits, units: int):
    row = CountedRow()
    one, other = a_pacing(time, limits, row), a_pacing(time, limits, row)
    assert [other.take(units) for _ in range(100)] == [None] * 100
    assert row.operations == 1

    one.hold(30)
    time.now += BLOCK_LIFE_S

    held = waited(other.take(units))
    assert held.asked
    time.now += held.seconds
    assert other.take(units) is None


def test_what_costs_nothing_goes_out_while_the_budget_is_used_up_or_the_row_out_of_reach(time):
    row = CountedRow()
    pacing = a_pacing(time, MINUTE, row)
    assert pacing.take(100) is None
    assert waited(pacing.take(1)).asked is False

    assert pacing.take(0) is None
    time.now += BLOCK_LIFE_S
    row.broken = True
    assert pacing.take(0) is None


def test_threads_that_are_refused_together_tell_it_once(time):
    row = CountedRow()
    pacing = a_pacing(time, MINUTE, row)

    for _ in range(16):
        time.now += 0.01
        pacing.hold(29.5)

    assert row.operations == 2


def test_a_hold_is_obeyed_although_the_row_is_out_of_reach(time):
    row = CountedRow()
    row.broken = True
    pacing = a_pacing(time, MINUTE, row)

    pacing.hold(30)

    assert waited(pacing.take(1)).seconds == 30


def test_nothing_goes_out_uncounted_while_the_row_is_out_of_reach(time):
    row = CountedRow()
    row.broken = True
    pacing = a_pacing(time, MINUTE, row)

    with pytest.raises(Unavailable):
        pacing.take(1)
    row.broken = False
    assert pacing.take(1) is None


def test_what_sharepoint_says_is_left_is_shared_with_the_next_block(time):
    row = OwnRow()
    one, other = a_pacing(time, MINUTE, row), a_pacing(time, MINUTE, row)
    assert one.take(2) is None

    one.heard(20, 30)
    one.heard(0, 30)
    one.heard(10, 30)

    assert waited(one.take(2)).seconds == 30
    assert waited(other.take(2)).seconds == 30
    assert not waited(other.take(2)).asked
    time.now += 30
    assert other.take(2) is None


def test_what_is_heard_costs_no_operation(time):
    row = CountedRow()
    pacing = a_pacing(time, MINUTE, row)
    assert pacing.take(2) is None

    pacing.heard(15, 30)

    assert row.operations == 2


def test_another_instance_that_was_faster_is_no_reason_to_give_up(time):
    row = ContestedRow(3)

    assert a_pacing(time, MINUTE, row).take(2) is None
    assert 0 < sum(time.slept) < 1


def test_an_endless_race_is_given_back_to_the_queue(time):
    with pytest.raises(Unavailable) as lost:
        a_pacing(time, MINUTE, ContestedRow(1000)).take(2)

    assert lost.value.delay_s


def test_what_is_given_back_is_given_back_once_however_many_are_faster(time):
    row = ContestedRow(0)
    pacing = a_pacing(time, MINUTE, row)
    assert pacing.take(4) is None
    time.now += BLOCK_LIFE_S
    row.times = 3

    assert pacing.take(4) is None

    assert sum(each.units for each in row.read()[0].minute) == 14


def test_bulk_work_and_people_have_blocks_of_their_own(time):
    pacing = a_pacing(time, MINUTE)
    with bulk():
        while pacing.take(2) is None:
            pass
    sent = 0
    while pacing.take(2) is None:
        sent += 2

    assert sent == 20
    with bulk():
        time.now += 62.1
        assert waited(pacing.take(2)).reason.startswith("Bulk work waits")
    assert pacing.take(2) is None


def test_threads_share_blocks_without_losing_or_inventing_units():
    row = CountedRow()
    pacing = UnitBudget(row, Limits(1000, 0), lambda: 1000.0, real_time.sleep, lambda: 0.0)
    granted = [0] * 32

    def work(number: int) -> None:
        while pacing.take(2) is None:
            granted[number] += 2

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sum(granted) == 1000
    assert row.operations < 50


# A working day in a moment


@dataclass
class Day:
    """What instances did: when each unit was spent, by whom, and how often the row was asked."""

    spends: list[tuple[float, bool]]
    waits: list[tuple[float, bool]]
    operations: int

    def most_in_a_minute(self, *, only_bulk: bool = False) -> int:
        moments = [at for at, is_bulk in self.spends if is_bulk or not only_bulk]
        first = most = 0
        for last, at in enumerate(moments):
            while moments[first] <= at - 60:
                first += 1
            most = max(most, last - first + 1)
        return most


def work_through(
    limits: Limits, instances: int, threads: int, seconds: float, *, units_per_s: float, bulk_threads: int = 0
) -> Day:
    """Every thread wants to send one request after the other, each of two units; only virtual time passes."""
    draw = random.Random(1)
    time, row = PassingTime(), CountedRow()
    time.now = start = 1000.0
    pacings = [UnitBudget(row, limits, time.monotonic, lambda _: None, draw.random) for _ in range(instances)]
    day = Day([], [], 0)
    turns = [(start + draw.random(), each) for each in range(instances * threads)]
    while turns[0][0] < start + seconds:
        time.now, thread = heapq.heappop(turns)
        is_bulk = thread % threads < bulk_threads
        if is_bulk:
            with bulk():
                wait = pacings[thread // threads].take(2)
        else:
            wait = pacings[thread // threads].take(2)
        if wait is None:
            day.spends += [(time.now, is_bulk)] * 2
            heapq.heappush(turns, (time.now + 2 * threads * draw.uniform(0.5, 1.5) / units_per_s, thread))
        else:
            day.waits.append((wait.seconds, is_bulk))
            heapq.heappush(turns, (time.now + wait.seconds + 0.001, thread))
    day.operations = row.operations
    return day


@pytest.mark.parametrize(
    ("instances", "units_per_s", "operations_per_1000_units"),
    [
        pytest.param(1, 100, 70, id="one fast instance"),
        pytest.param(4, 200, 60, id="a burst each minute"),
        pytest.param(4, 10, 330, id="all the time a little too much"),
        pytest.param(40, 50, 250, id="many instances"),
    ],
)
def test_the_budget_is_used_and_never_exceeded(instances, units_per_s, operations_per_1000_units):
    day = work_through(Limits(1250, 0), instances, 8, 1200, units_per_s=units_per_s)

    assert day.most_in_a_minute() <= 1250
    assert len(day.spends) >= 0.95 * 1250 * 20
    assert day.operations <= operations_per_1000_units * len(day.spends) / 1000


def test_people_never_wait_within_the_share_that_bulk_work_leaves_them():
    day = work_through(Limits(1250, 0, 80), 4, 16, 1200, units_per_s=10, bulk_threads=15)

    peoples = [spend for spend in day.spends if not spend[1]]
    assert day.most_in_a_minute(only_bulk=True) <= 1000
    assert day.most_in_a_minute() <= 1250
    assert len(day.spends) - len(peoples) >= 0.95 * 1000 * 20
    assert len(peoples) >= 140 * 20
    assert all(is_bulk for _, is_bulk in day.waits)


def test_people_who_need_nearly_everything_get_most_of_it():
    day = work_through(Limits(1250, 0, 80), 4, 8, 1200, units_per_s=200, bulk_threads=4)

    assert day.most_in_a_minute() <= 1250
    assert sum(not is_bulk for _, is_bulk in day.spends) >= 0.9 * 1250 * 20

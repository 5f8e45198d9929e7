"""What may be taken of SharePoint's units, and when."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.budget import (
    BLOCK_LIFE_S,
    LARGEST_BLOCK_UNITS,
    SMALLEST_BLOCK_UNITS,
    Block,
    BudgetState,
    Limits,
    Refused,
    Why,
    Wish,
    corrected,
    given_back,
    held,
    next_block_units,
    take,
)

AT = 1_764_200_000.0
MINUTE = Limits(per_minute=100, per_day=0, bulk_percent=80)
LATER_THAN_A_MINUTE_S = 63.0


def wish(units: int = 2, block_units: int = 10, *, bulk: bool = False) -> Wish:
    return Wish(units, block_units, bulk)


def taken(units: int, *, bulk: bool = False, at: float = AT, state: BudgetState | None = None) -> BudgetState:
    after, block = take(state or BudgetState(), MINUTE, wish(units, units, bulk=bulk), at)
    assert isinstance(block, Block), block
    assert block.units == units
    return after


def refused(state: BudgetState, asked: Wish, at: float, limits: Limits = MINUTE) -> Refused:
    outcome = take(state, limits, asked, at)[1]
    assert isinstance(outcome, Refused), outcome
    return outcome


def test_a_whole_minute_may_be_used_at_once():
    taken(100)


def test_what_is_left_is_granted_where_it_is_less_than_a_block():
    _, block = take(taken(93), MINUTE, wish(2, 50), AT)

    assert block == Block(7, False, AT)


def test_a_refusal_says_when_a_small_block_will_be_free():
    state = taken(50, state=taken(2, state=taken(48), at=AT + 3), at=AT + 10)

    answer = refused(state, wish(), AT + 12)

    assert answer.why is Why.MINUTE
    assert 60 + BLOCK_LIFE_S <= answer.until - AT < LATER_THAN_A_MINUTE_S
    assert isinstance(take(state, MINUTE, wish(), answer.until)[1], Block)


def test_what_is_left_of_a_block_can_be_taken_again():
    state, block = take(BudgetState(), MINUTE, wish(2, 100), AT)
    assert isinstance(block, Block)

    state = given_back(state, Block(40, block.bulk, block.taken_at))

    assert take(state, MINUTE, wish(2, 100), AT + 2)[1] == Block(40, False, AT + 2)


def test_giving_back_what_counts_no_longer_changes_nothing():
    state = taken(100)

    assert given_back(state, Block(40, True, AT)) is state
    assert given_back(BudgetState(), Block(40, False, AT)) == BudgetState()


def test_bulk_work_leaves_people_their_share():
    state = taken(80, bulk=True)

    assert refused(state, wish(bulk=True), AT + 1).why is Why.MINUTE
    assert take(state, MINUTE, wish(2, 50), AT + 1)[1] == Block(20, False, AT + 1)


def test_bulk_work_uses_what_people_leave():
    assert take(taken(90), MINUTE, wish(2, 50, bulk=True), AT)[1] == Block(10, True, AT)


def test_bulk_work_does_not_overtake_people_who_wait():
    state, answer = take(taken(50, bulk=True, at=AT + 1, state=taken(50)), MINUTE, wish(), AT + 2)
    assert isinstance(answer, Refused)

    assert refused(state, wish(bulk=True), answer.until).why is Why.PEOPLE
    assert isinstance(take(state, MINUTE, wish(), answer.until)[1], Block)
    assert isinstance(take(state, MINUTE, wish(bulk=True), answer.until + 20)[1], Block)


def test_a_second_refusal_of_people_is_not_noted_again():
    full = taken(100)
    state, _ = take(full, MINUTE, wish(), AT + 1)

    assert state is not full
    assert take(state, MINUTE, wish(), AT + 2)[0] is state


def test_a_refusal_of_bulk_work_needs_no_saving():
    state = taken(80, bulk=True)

    assert take(state, MINUTE, wish(bulk=True), AT + 1)[0] is state


def test_a_hold_stops_everybody_and_a_shorter_one_does_not_end_it():
    state = held(held(taken(1), AT + 30), AT + 5)

    for bulk in (False, True):
        answer = refused(state, wish(bulk=bulk), AT + 29)
        assert (answer.why, answer.until) == (Why.HOLD, AT + 30)
    assert isinstance(take(state, MINUTE, wish(), AT + 30)[1], Block)


def test_the_day_is_counted_by_the_hour():
    limits, state = Limits(per_minute=0, per_day=100), BudgetState()
    for hour in range(10):
        state, block = take(state, limits, wish(10, 10), AT + 3600 * hour)
        assert isinstance(block, Block)

    answer = refused(state, wish(2), AT + 3600 * 9 + 60, limits)

    assert answer.why is Why.DAY
    assert 24 * 3600 <= answer.until - AT <= 25 * 3600 + 2
    assert isinstance(take(state, limits, wish(2), answer.until)[1], Block)


def test_nothing_is_counted_without_limits():
    state = BudgetState()

    after, block = take(state, Limits(per_minute=0, per_day=0), wish(5), AT)

    assert after is state
    assert isinstance(block, Block)
    assert block.units >= 100_000


def test_what_costs_more_than_the_whole_limit_goes_alone():
    limits = Limits(per_minute=1, per_day=0, bulk_percent=1)

    state, block = take(BudgetState(), limits, wish(4, bulk=True), AT)

    assert block == Block(4, True, AT)
    assert refused(state, wish(4, bulk=True), AT + 1, limits).until < AT + LATER_THAN_A_MINUTE_S


def test_use_by_others_is_learned_and_forgotten_at_the_reset():
    state = corrected(taken(50), MINUTE, remaining=5, reset_at=AT + 20, now=AT + 1)

    assert take(state, MINUTE, wish(2, 50), AT + 1)[1] == Block(5, False, AT + 1)
    assert take(state, MINUTE, wish(2, 100), AT + 20)[1] == Block(50, False, AT + 20)


@pytest.mark.parametrize(("remaining", "reset_at"), [(50, AT + 20), (80, AT + 20), (5, AT)])
def test_nothing_is_learned_where_sharepoint_sees_no_more_than_we_do_or_its_minute_is_over(remaining, reset_at):
    state = taken(50)

    assert corrected(state, MINUTE, remaining, reset_at, AT + 1) is state


@pytest.mark.parametrize(
    ("last", "spent", "in_s", "expected"),
    [
        (10, 0, 900, SMALLEST_BLOCK_UNITS),
        (10, 10, 0.01, 20),
        (40, 40, 1.5, 40),
        (40, 40, 0.75, 80),
        (100, 30, 1.5, 30),
        (100, 100, 0.1, LARGEST_BLOCK_UNITS),
    ],
)
def test_blocks_grow_and_shrink_with_the_demand(last, spent, in_s, expected):
    assert next_block_units(last, spent, in_s) == expected


# For any order of things


@dataclass
class Use:
    """Somebody's wish, and what becomes of the block: when its units are spent, and whether the rest is given back."""

    after_s: float
    units: int
    block_units: int
    bulk: bool
    spent_after: list[float]
    gives_back: bool


USES = st.lists(
    st.builds(
        Use,
        after_s=st.floats(0, 25),
        units=st.integers(1, 4),
        block_units=st.integers(1, 120),
        bulk=st.booleans(),
        spent_after=st.lists(st.floats(0, BLOCK_LIFE_S), max_size=120),
        gives_back=st.booleans(),
    ),
    max_size=60,
)


@given(USES, st.integers(20, 200), st.integers(20, 100))
def test_no_minute_ever_sees_more_than_the_limit_nor_bulk_work_more_than_its_share(uses, per_minute, percent):
    limits = Limits(per_minute, 0, percent)
    state, now, spends, unspent = BudgetState(), AT, [], []
    for use in uses:
        now += use.after_s
        for block in [each for each in unspent if each.until <= now]:
            unspent.remove(block)
            state = given_back(state, block)
        state, block = take(state, limits, wish(use.units, use.block_units, bulk=use.bulk), now)
        if isinstance(block, Block):
            moments = use.spent_after[: block.units]
            spends += [(now + each, use.bulk) for each in moments]
            if use.gives_back:
                unspent.append(Block(block.units - len(moments), block.bulk, block.taken_at))

    for only_bulk, cap in ((False, per_minute), (True, per_minute * percent // 100)):
        moments = sorted(moment for moment, bulk in spends if bulk or not only_bulk)
        for first, moment in enumerate(moments):
            assert sum(1 for each in moments[first:] if each < moment + 60) <= cap


@given(USES, st.integers(20, 200))
def test_a_refusal_is_over_when_it_says(uses, per_minute):
    limits, state, now = Limits(per_minute, 10_000, 50), BudgetState(), AT
    for use in uses:
        now += use.after_s
        asked = wish(use.units, use.block_units, bulk=use.bulk)
        state, answer = take(state, limits, asked, now)
        if isinstance(answer, Refused):
            assert now < answer.until < now + LATER_THAN_A_MINUTE_S + 20
            later = take(state, limits, asked, answer.until)[1]
            assert isinstance(later, Block) or later.until > answer.until

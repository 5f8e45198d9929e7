"""How many resource units of SharePoint may be taken now, by whom, and how long to wait otherwise. Pure.

All instances share one `BudgetState`. Units are taken in blocks; a block is spent by one process within
`BLOCK_LIFE_S`, and what is left of it then is given back with the next wish. The state is a log of what was taken: an
entry counts until no minute of SharePoint's, however it is aligned, can hold one of its units together with one that is
taken afterwards. So the whole minute may be used in a burst, and no minute sees more than the limit.

| A wish is | when |
|---|---|
| refused until the hold ends | SharePoint sent Retry-After to any instance |
| refused until people had their turn | it is bulk work, and people were refused a moment ago |
| refused until two seconds' worth has become free | it does not fit into the minute or the day, or bulk work's share |
| granted, a block or what there is of it | else |

Times are Unix seconds. Entries that end within the same quarter of a second, for the day within the same hour, are one,
so the state stays small whatever the traffic.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

BLOCK_LIFE_S = 1.5
"""A block is spent within this time. Every instance that sends anything reads the state that often, holds included."""
SMALLEST_BLOCK_UNITS = 10
LARGEST_BLOCK_UNITS = 100

_SLACK_S = 0.5
"""For clocks that differ, and for requests that take longer than others to arrive at SharePoint."""
_MINUTE_S = 60.0 + BLOCK_LIFE_S + _SLACK_S
_DAY_S = 86_400.0 + BLOCK_LIFE_S + _SLACK_S
_STEP_S = 0.25
_HOUR_S = 3600.0
_TURNS = 30
"""Into so many parts a used-up minute is cut: fewer, and units lie idle; more, and the state is read more often."""
_PEOPLES_TURN_S = 20.0
"""How long bulk work yields after people were refused: long enough that what becomes free is theirs."""
_UNCOUNTED_UNITS = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What the app may use, in resource units. The defaults are those of a tenant of up to 1,000 licences."""

    per_minute: int = 1250
    """In any 60 seconds. More than the tenant has makes SharePoint refuse requests. 0: not counted."""
    per_day: int = 1_200_000
    """In any 24 hours. 0: not counted."""
    bulk_percent: int = 80
    """The share of both that bulk work may use, 1 to 100; the rest is there for people at any time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Units that count until a moment."""

    until: float
    units: int
    bulk: bool


@dataclass(frozen=True, slots=True)
class BudgetState:
    """What was taken lately and who has to wait."""

    minute: tuple[Taken, ...] = ()
    day: tuple[Taken, ...] = ()
    hold_until: float = 0.0
    """Nothing goes out before: SharePoint said so."""
    people_until: float = 0.0
    """Bulk work takes nothing before: people were refused and come first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`units` are needed now; up to `block_units` would be welcome."""

    units: int
    block_units: int
    bulk: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Units to be spent within BLOCK_LIFE_S."""

    units: int
    bulk: bool
    taken_at: float

    @property
    def until(self) -> float:
        """When it ends."""
        return self.taken_at + BLOCK_LIFE_S


class Why(StrEnum):
    """Why nothing goes out, as people read it."""

    HOLD = "SharePoint asked us to wait before the next request."
    PEOPLE = "Bulk work waits until people have had their turn at SharePoint."
    MINUTE = "What SharePoint lets us do in a minute is used up."
    DAY = "What SharePoint lets us do in 24 hours is used up."


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was taken. Asking for as many units or more is of no use before `until`."""

    until: float
    units: int
    why: Why


def take(state: BudgetState, limits: Limits, wish: Wish, now: float) -> tuple[BudgetState, Block | Refused]:
    """Grant a block or refuse it. The state comes back as the same object where it need not be saved."""
    if state.hold_until > now:
        return state, Refused(state.hold_until, 0, Why.HOLD)
    if wish.bulk and state.people_until > now:
        return state, Refused(state.people_until, 0, Why.PEOPLE)
    caps = list(_caps(state, limits, wish))
    if not caps:
        return state, Block(_UNCOUNTED_UNITS, wish.bulk, now)
    free = min(cap.free(now) for cap in caps)
    if free < wish.units:
        enough = max(wish.units, SMALLEST_BLOCK_UNITS, limits.per_minute // _TURNS)
        until, why = max((cap.until(enough, now), cap.why) for cap in caps if cap.free(now) < wish.units)
        return _people_first(state, wish, until), Refused(until, wish.units, why)
    block = Block(min(free, max(wish.block_units, wish.units)), wish.bulk, now)
    minute, day = _entries(block)
    return replace(state, minute=_noted(state.minute, minute, now), day=_noted(state.day, day, now)), block


def given_back(state: BudgetState, unspent: Block) -> BudgetState:
    """What is left of a block that has ended no longer counts."""
    minute, day = _entries(unspent)
    after = replace(state, minute=_without(state.minute, minute), day=_without(state.day, day))
    return state if after == state else after


def held(state: BudgetState, until: float) -> BudgetState:
    """SharePoint asked to wait. A shorter hold never ends a longer one."""
    return replace(state, hold_until=until) if until > state.hold_until else state


def corrected(state: BudgetState, limits: Limits, remaining: int, reset_at: float, now: float) -> BudgetState:
    """SharePoint says how much of its minute is left until `reset_at`; where that is less than we think, it counts.

    So what others use, and costs that we guess wrong, are learned.
    """
    left = limits.per_minute - sum(each.units for each in state.minute if each.until > now)
    if not limits.per_minute or remaining >= left or reset_at <= now:
        return state
    unknown = Taken(_rounded_up(reset_at, _STEP_S), left - remaining, bulk=False)
    return replace(state, minute=_noted(state.minute, unknown, now))


def next_block_units(last_units: int, spent_units: int, in_s: float) -> int:
    """How large the next block should be after so many units were spent in so long: as much as its life needs."""
    in_s = min(max(in_s, 0.1), BLOCK_LIFE_S)
    fitting = math.ceil(spent_units / in_s * BLOCK_LIFE_S)
    return max(SMALLEST_BLOCK_UNITS, min(fitting, 2 * last_units, LARGEST_BLOCK_UNITS))


@dataclass(frozen=True, slots=True)
class _Cap:
    """A limit and what counts towards it."""

    limit: int
    taken: tuple[Taken, ...]
    why: Why

    def free(self, now: float) -> int:
        return self.limit - sum(each.units for each in self.taken if each.until > now)

    def until(self, units: int, now: float) -> float:
        """When so many are free, if nobody takes any."""
        free = self.free(now)
        for each in sorted(self.taken, key=lambda each: each.until):
            if free >= units:
                break
            if each.until > now:
                free, now = free + each.units, each.until
        return now


def _caps(state: BudgetState, limits: Limits, wish: Wish) -> Iterator[_Cap]:
    for limit, taken, why in ((limits.per_minute, state.minute, Why.MINUTE), (limits.per_day, state.day, Why.DAY)):
        if limit:
            # What costs more than the whole limit goes alone instead of never.
            yield _Cap(max(limit, wish.units), taken, why)
            if wish.bulk:
                share = max(limit * limits.bulk_percent // 100, wish.units)
                yield _Cap(share, tuple(each for each in taken if each.bulk), why)


def _people_first(state: BudgetState, wish: Wish, until: float) -> BudgetState:
    """Where people are refused, bulk work yields for a while; not noted for each refusal."""
    if wish.bulk or until < state.people_until:
        return state
    return replace(state, people_until=until + _PEOPLES_TURN_S)


def _entries(block: Block) -> tuple[Taken, Taken]:
    """What a block adds to the logs of the minute and of the day."""
    minute = Taken(_rounded_up(block.taken_at + _MINUTE_S, _STEP_S), block.units, block.bulk)
    return minute, replace(minute, until=_rounded_up(block.taken_at + _DAY_S, _HOUR_S))


def _noted(log: tuple[Taken, ...], new: Taken, now: float) -> tuple[Taken, ...]:
    """The log with the new entry, as one with another of the same end, and without what has ended."""
    live = [each for each in log if each.until > now]
    same = sum(each.units for each in live if _are_one(each, new))
    return (*(each for each in live if not _are_one(each, new)), replace(new, units=new.units + same))


def _without(log: tuple[Taken, ...], back: Taken) -> tuple[Taken, ...]:
    return tuple(replace(each, units=max(0, each.units - back.units)) if _are_one(each, back) else each for each in log)


def _are_one(one: Taken, other: Taken) -> bool:
    return (one.until, one.bulk) == (other.until, other.bulk)


def _rounded_up(moment: float, step: float) -> float:
    return math.ceil(moment / step) * step

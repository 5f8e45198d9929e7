"""The pacing that all instances share: what shared/model/budget.py decides, kept in one row with an ETag.

A process takes a block of units from the row with two operations and spends it among its threads; one thread at a time
asks the row, the others wait for what it brings. A refusal is remembered, so that until it ends nobody asks again. What
answers say of the remaining units goes to the row with the next block. A Retry-After goes there at once and is obeyed
here before; the other instances meet it with their next block, or with the next look of one that sends only what costs
no units (fragments of large files), within BLOCK_LIFE_S.
"""

import logging
import math
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Protocol

from shared.errors import MomentError, PreconditionFailed, Unavailable
from shared.graph.pacing import Wait
from shared.graph.purse import Purse
from shared.model.budget import (
    BLOCK_LIFE_S,
    Block,
    BudgetState,
    Limits,
    Refused,
    Why,
    corrected,
    given_back,
    held,
    take,
)
from shared.model.urgency import is_bulk

_ATTEMPTS = 10
_PAUSE_S = 0.05
_AGAIN_S = 2.0
_SLOW_ASKS = 3

_logger = logging.getLogger(__name__)


class BudgetRow(Protocol):
    """Where the state is."""

    def read(self) -> tuple[BudgetState, str]:
        """The state and its etag."""

    def save(self, state: BudgetState, etag: str) -> None:
        """Replace what was read. Raises PreconditionFailed when somebody else was faster, and only then."""


class OwnRow:
    """A row for one process alone, where there is no other instance."""

    def __init__(self) -> None:
        self._state, self._version = BudgetState(), 0

    def read(self) -> tuple[BudgetState, str]:
        """The state and its version."""
        return self._state, str(self._version)

    def save(self, state: BudgetState, etag: str) -> None:
        """Replace what was read; only ever called by one thread at a time."""
        if etag != str(self._version):
            raise PreconditionFailed("The budget was changed in between.")
        self._state, self._version = state, self._version + 1


class _Answer(Enum):
    GO = auto()
    ASK = auto()


class UnitBudget:
    """Matches `Pacing`. Safe for threads. `clock` gives Unix seconds, `jitter` a number from 0 to 1."""

    def __init__(
        self,
        row: BudgetRow,
        limits: Limits,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
    ) -> None:
        self._row = row
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._lock = threading.Lock()
        """Guards what follows; never held while the row is asked."""
        self._purses = {bulk: Purse(bulk) for bulk in (False, True)}
        self._hold_until = 0.0
        self._heard: tuple[int, float] | None = None
        self._asking = threading.Lock()
        """Whoever holds it asks the row, and may write what follows."""
        self._told_hold_until = 0.0
        self._told_used_up_until = dict.fromkeys(self._purses, 0.0)
        self._looked_until = 0.0
        """Until then the row need not be looked at for what costs no units."""

    def take(self, units: int) -> Wait | None:
        """Take the units of one request. Raises Unavailable or Throttled where the row can't be reached."""
        return self._pass(units, units)

    def ready(self, units: int) -> Wait | None:
        """Whether so many could be taken now. Raises as `take`."""
        return self._pass(units, 0)

    def hold(self, delay_s: float) -> None:
        """Let nothing out here from now on, and tell the other instances."""
        until = self._clock() + delay_s
        with self._lock:
            self._hold_until = max(self._hold_until, until)
        with self._asking:
            if until <= self._told_hold_until:
                return
            # Whole seconds, so that threads that are refused together tell it once.
            told_until = math.ceil(until)
            try:
                self._change(lambda state, _now: (held(state, told_until), None))
                self._told_hold_until = told_until
            except MomentError as error:
                # The request that was refused says so itself; the other instances learn by a refusal of their own.
                _logger.warning("hold not shared", extra={"reason": str(error)})

    def heard(self, remaining_units: int, reset_s: float) -> None:
        """Keep the lowest figure of SharePoint's minute for the next block; where nothing is left, end the blocks."""
        if not self._limits.per_minute:
            if not remaining_units:
                self.hold(reset_s)
            return
        with self._lock:
            now = self._clock()
            if self._heard is None or self._heard[1] <= now or remaining_units < self._heard[0]:
                self._heard = (remaining_units, now + reset_s)
            if not remaining_units:
                for purse in self._purses.values():
                    purse.end_blocks()

    def _pass(self, units: int, spent: int) -> Wait | None:
        purse = self._purses[is_bulk()]
        answer = self._at_hand(purse, units, spent)
        if answer is _Answer.ASK:
            with self._asking:
                answer = self._after_asking(purse, units, spent)
        return answer if isinstance(answer, Wait) else None

    def _after_asking(self, purse: Purse, units: int, spent: int) -> Wait | _Answer:
        for _ in range(_SLOW_ASKS):
            answer = self._at_hand(purse, units, spent)
            if answer is not _Answer.ASK:
                return answer
            if units:
                self._ask(purse, units)
            else:
                self._look()
        raise Unavailable("Azure Storage is too slow to share the SharePoint budget.", _AGAIN_S)

    def _at_hand(self, purse: Purse, units: int, spent: int) -> Wait | _Answer:
        """What can be answered without the row."""
        with self._lock:
            now = self._clock()
            if now < self._hold_until:
                return Wait(self._hold_until - now, Why.HOLD, asked=True)
            if not units:
                return _Answer.GO if now < self._looked_until else _Answer.ASK
            if purse.units_left(now) >= units:
                purse.spend(spent)
                return _Answer.GO
            refused = purse.refused
            if refused is not None and now < refused.until and units >= refused.units:
                return Wait(refused.until - now, refused.why, asked=False)
            return _Answer.ASK

    def _ask(self, purse: Purse, units: int) -> None:
        with self._lock:
            wish, ended = purse.wish(units, self._clock())
            heard, self._heard = self._heard, None

        def decide(state: BudgetState, now: float) -> tuple[BudgetState, Block | Refused]:
            for block in ended:
                state = given_back(state, block)
            if heard is not None:
                state = corrected(state, self._limits, *heard, now)
            return take(state, self._limits, wish, now)

        outcome = self._change(decide)
        if isinstance(outcome, Refused) and outcome.why is Why.DAY:
            self._tell_used_up(wish.bulk, outcome.until)
        with self._lock:
            if isinstance(outcome, Refused) and outcome.why is Why.HOLD:
                self._hold_until = max(self._hold_until, outcome.until)
            else:
                purse.note(outcome)

    def _tell_used_up(self, bulk: bool, until: float) -> None:
        """Once for all that are refused until then."""
        if self._clock() >= self._told_used_up_until[bulk]:
            self._told_used_up_until[bulk] = until
            told = {"per_day": self._limits.per_day, "is_bulk": bulk, "for_s": round(until - self._clock())}
            _logger.warning("budget is used up", extra=told)

    def _look(self) -> None:
        """For what costs no units; where the row is out of reach, SharePoint itself says whether to wait."""
        with suppress(MomentError):
            state, _ = self._row.read()
            with self._lock:
                self._hold_until = max(self._hold_until, state.hold_until)
        with self._lock:
            self._looked_until = self._clock() + BLOCK_LIFE_S

    def _change[T](self, decide: Callable[[BudgetState, float], tuple[BudgetState, T]]) -> T:
        """Read, decide, save; from the beginning where another instance saved in between."""
        for attempt in range(_ATTEMPTS):
            state, etag = self._row.read()
            after, outcome = decide(state, self._clock())
            try:
                if after is not state:
                    self._row.save(after, etag)
                return outcome
            except PreconditionFailed:
                self._sleep(self._jitter() * _PAUSE_S * (attempt + 1))
        raise Unavailable("Too many instances take from the SharePoint budget at the same moment.", _AGAIN_S)

"""What the checks saw: made by the looks, read by what decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.errors import MomentError
from shared.model.budget import BudgetState

type ByName = Mapping[str, MomentError | None]
"""What went wrong with each queue or table, by its name; None: nothing."""

type BySite = Mapping[str, MomentError | None]
"""What went wrong in each site of the settings, by its address; None: nothing."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Our time, and the times of others by name: None where none could be had."""

    ours: datetime
    theirs: Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Units:
    """What was taken of SharePoint's units, at a time in Unix seconds."""

    state: BudgetState
    now: float


@dataclass(frozen=True, slots=True)
class GivenUpSeen:
    """What was given up: entries (`is_more`: and others), and messages that nobody took from poison queues yet."""

    entries: Sequence[str]
    is_more: bool
    poison: Mapping[str, int]


@dataclass(slots=True)
class FilesSeen:
    """One site: the step that failed and with what; what could not be removed."""

    step: str = ""
    error: MomentError | None = None
    left_behind: str = ""


@dataclass(frozen=True, slots=True)
class Trip:
    """A notification that was waited for. `waited_s` None: there is no public address, so nothing was tried."""

    waited_s: float | None = None
    was_heard: bool = False
    left_behind: str = ""

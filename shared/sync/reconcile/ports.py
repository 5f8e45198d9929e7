"""What runs need from the world besides the other ports, and what their workers get and give back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shared.model.plan import Action
from shared.model.runs import Counts, Part, PartState, Problem, Run
from shared.model.stored import Page


class RunStore(Protocol):
    """Runs, their parts, and what a plan lists. A change needs the etag that was read."""

    def create(self, run: Run) -> Run:
        """Insert it; its first parts must be there already, or it would count as over.

        Raises PreconditionFailed where another run was asked for under its key.
        """

    def find_asked(self, asked_under: str) -> Run | None:
        """The run that was asked for under this key, while it is remembered."""

    def drop_parts(self, run_id: str) -> None:
        """Remove the parts of a run that was not created after all."""

    def find(self, run_id: str) -> Run | None:
        """One run, with its etag."""

    def save(self, before: Run, after: Run) -> Run:
        """Replace `before`. Raises PreconditionFailed."""

    def list(self, page_token: str | None, limit: int) -> Page[Run]:
        """Newest first."""

    def active(self) -> Iterable[str]:
        """The ids of the runs that have not ended."""

    def add_parts(self, parts: Sequence[Part]) -> Sequence[str]:
        """Insert those that are not there yet; gives the keys of all of them that are open."""

    def find_part(self, run_id: str, key: str) -> Part | None:
        """One part, with its etag."""

    def save_part(self, before: Part, after: Part) -> Part:
        """Replace `before`. Raises PreconditionFailed."""

    def parts(self, run_id: str) -> Iterable[Part]:
        """All parts of a run."""

    def page_of_parts(self, run_id: str, page_token: str | None, limit: int) -> Page[Part]:
        """The parts in pages."""

    def any_open(self, run_id: str) -> bool:
        """Whether a part has not ended."""

    def clear_actions(self, run_id: str) -> None:
        """Take back what an interrupted planning listed."""

    def add_actions(self, run_id: str, first: int, actions: Iterable[Action]) -> None:
        """What a plan would do, numbered from `first`."""

    def actions(self, run_id: str, page_token: str | None, limit: int) -> Page[Action]:
        """A plan in pages."""

    def all_actions(self, run_id: str) -> Iterable[Action]:
        """A plan, whole."""

    def forget_before(self, moment: str) -> int:
        """Remove the runs whose id sorts behind this one; gives their number."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a worker did with a part: the part as it is now and, where it has to come again, after how long."""

    part: Part
    again_in_s: float | None = None


class RunControl(Protocol):
    """What a worker may ask of the run it works for."""

    def add(self, parts: Sequence[Part]) -> None:
        """Hand work out: a message and a row for each. Harmless when repeated."""

    def is_cancelled(self) -> bool:
        """Whether somebody wants the run to end; asks the storage now and then, not each time."""


class Worker(Protocol):
    """Does one kind of part. Everything it does may be repeated: a part comes again after a crash."""

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """One visit. TransientError makes it come again, PermanentError and ProblemError end the part as failed."""


def again(part: Part, in_s: float = 0) -> Visit:
    """It comes again."""
    return Visit(part, in_s)


def look_later(part: Part, now: datetime) -> Visit:
    """It comes again, after a quarter of the time that it has waited: two seconds to a minute."""
    waited_s = (now - part.wanted_at).total_seconds()
    return Visit(part, min(max(2.0, waited_s / 4), 60.0))


def ended(part: Part, counts: Counts, problems: Sequence[Problem] = (), state: PartState | None = None) -> Visit:
    """It is over; what could not be done makes it `partly` done, unless another state is given."""
    every = (*part.problems, *problems)
    how = state or (PartState.PARTLY if every else PartState.DONE)
    return Visit(replace(part, state=how, counts=part.counts + counts, problems=every))

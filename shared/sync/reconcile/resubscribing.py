"""Subscriptions are dropped and made anew: a part of a run goes through libraries by drive, some at a visit.

What it did is in the part's cursor, the drive that was done last, so a crash repeats one visit at most. To subscribe
anew twice is harmless. A library that SharePoint does not have any more is left alone and said.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.errors import StaleError, TransientError
from shared.model.libraries import LibraryState, Stop, Watch
from shared.model.runs import MAX_PROBLEMS, Count, Counts, Part, PartState, Problem
from shared.sync.change_ports import Libraries
from shared.sync.reconcile.ports import RunControl, Visit, again, ended
from shared.sync.subscriptions import Subscriptions

_LIBRARIES_AT_ONCE = 20
"""Each costs two requests, and SharePoint calls the notification address before it answers."""


@dataclass(frozen=True, slots=True)
class Resubscribing:
    """Does it, for the part's customer, for all libraries where it names none."""

    libraries: Libraries
    subscriptions: Subscriptions

    def step(self, part: Part, control: RunControl) -> Visit:
        """Some libraries. What has to wait comes again with those that are left."""
        now, done = part, 0
        for state in self._left(part):
            if done == _LIBRARIES_AT_ONCE:
                return again(now)
            if control.is_cancelled():
                return ended(now, Counter(), state=PartState.CANCELLED)
            try:
                problem = self._anew(state)
            except (StaleError, TransientError):
                if not done:
                    raise
                return again(now)
            now, done = _with(now, state.drive_id, problem), done + 1
        return ended(now, Counter())

    def _left(self, part: Part) -> Iterator[LibraryState]:
        wanted = (each for each in self.libraries.all() if each.drive_id > part.cursor)
        return (each for each in sorted(wanted, key=_drive_of) if part.customer in {"", each.customer})

    def _anew(self, state: LibraryState) -> Problem | None:
        what = f"library of {state.customer}"
        if state.stop is Stop.GONE:
            return Problem(what, state.stopped_reason)
        renewed = self.subscriptions.subscribe_anew(state.drive_id)
        return Problem(what, renewed.watch_reason) if renewed and renewed.watch is Watch.POLLED else None


def _with(part: Part, drive_id: str, problem: Problem | None) -> Part:
    counts: Counts = Counter({Count.LIBRARIES: 1})
    problems = (*part.problems, problem)[:MAX_PROBLEMS] if problem else part.problems
    return replace(part, cursor=drive_id, counts=part.counts + counts, problems=problems)


def _drive_of(state: LibraryState) -> str:
    return state.drive_id

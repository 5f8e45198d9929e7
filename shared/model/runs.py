"""A sync run and its parts: what was asked for, how far it got, how it ended. Pure.

A run is one row; its work is cut into parts, each a queue message and a row of its own, so that a run of thousands of
libraries spreads over instances and none of them waits for another. How a run ends, from its parts:

    wanted to end  parts                                   the run is
    -------------  --------------------------------------  --------------
    yes            any                                     cancelled
    no             all failed                              failed
    no             one failed, or one could not do all     partly
    no             one waits for a person                  needs-approval
    no             all done                                succeeded, or planned where only a plan was asked for
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MAX_PROBLEMS = 20
"""How many reasons a run shows; the rest is in the files and libraries themselves."""


class RunKind(StrEnum):
    """Who began it."""

    DAILY = "daily"
    BY_HAND = "by-hand"


class Direction(StrEnum):
    """Which way changes are brought."""

    TO_SHAREPOINT = "to-sharepoint"
    FROM_SHAREPOINT = "from-sharepoint"


class RunTask(StrEnum):
    """What an administrator has done with libraries, as a run by hand."""

    FULL_WALK = "full-walk"
    """Everything in SharePoint is compared."""
    RE_SUBSCRIBE = "re-subscribe"
    """Subscriptions are dropped and made anew."""


class RunState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    PLANNED = "planned"
    SUCCEEDED = "succeeded"
    PARTLY = "partly"
    FAILED = "failed"
    NEEDS_APPROVAL = "needs-approval"
    CANCELLED = "cancelled"


class PartKind(StrEnum):
    """What a part does."""

    SPREAD = "spread"
    """Gives each customer a part."""
    LIBRARY = "library"
    """One customer: its changes in SharePoint, its edits to push, and parts for its untransferred files."""
    FILES = "files"
    """A page of untransferred files."""
    BLOBS = "blobs"
    """Blobs that no event told of."""
    SUBSCRIPTIONS = "subscriptions"
    """The health of all subscriptions."""
    PLAN = "plan"
    """Finds out what a run would do, and does nothing."""
    CARRY_OUT = "carry-out"
    """Does what a plan says."""


class PartState(StrEnum):
    """How far a part is."""

    OPEN = "open"
    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"
    NEEDS_APPROVAL = "needs-approval"
    CANCELLED = "cancelled"


class Count(StrEnum):
    """What a run counts; a plan counts the first eleven, releases and edits."""

    TRANSFERS = "transfers"
    NEW_RECORDS = "newRecords"
    RENAMES = "renames"
    MOVES = "moves"
    TAG_CHANGES = "tagChanges"
    CONTENT_CHANGES = "contentChanges"
    DELETES = "deletes"
    RESTORES = "restores"
    CONFLICTS = "conflicts"
    BYTES = "bytes"
    RESOURCE_UNITS = "resourceUnits"
    LIBRARIES = "libraries"
    RELEASES = "releases"
    """Blobs let go of whose content was in SharePoint already."""
    EDITS_SENT = "editsSent"
    """Edits made in Moment that were waiting to be pushed."""
    SESSIONS_CANCELLED = "sessionsCancelled"
    BLOBS_FOUND = "blobsFound"
    """Blobs that no event had told of and that have a record now."""
    BLOBS_UNPLACED = "blobsUnplaced"
    """Blobs that belong to nothing; `GET unplaced-blobs` lists them."""
    STILL_WAITING = "stillWaiting"
    BLOCKED = "blocked"
    MISSING_FOLDERS = "missingFolders"
    CHANGED_MEANWHILE = "changedMeanwhile"
    """Of a plan: not done, because it was no longer so."""


Counts = Counter[Count]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not succeed: a file, a library, a folder; and why, in a sentence."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `etag` is the stored row's, empty before the first save.

    While it runs, `counts`, `problems` and the numbers of parts are those of its parts; they are saved when it ends.
    """

    id: str
    kind: RunKind
    directions: tuple[Direction, ...]
    started_by: str
    started_at: datetime
    customer: str = ""
    """Of a run by hand; empty: all customers."""
    project: str = ""
    is_plan: bool = False
    """It only finds out what a run would do."""
    plan_of: str = ""
    """The id of the run whose plan this one carries out."""
    is_full: bool = False
    """It compares everything in SharePoint, not only what changed since the last pull."""
    state: RunState = RunState.RUNNING
    cancel_wanted: bool = False
    ended_at: datetime | None = None
    counts: Counts = field(default_factory=Counter)
    problems: tuple[Problem, ...] = ()
    parts: int = 0
    parts_ended: int = 0
    task: RunTask | None = None
    """What an administrator asked for; None: it is a sync."""
    asked_under: str = ""
    """Derived from the Idempotency-Key under which it was asked for; empty where there was none."""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a run, named by `key` within it. What it has to remember between its messages is here."""

    run: str
    key: str
    kind: PartKind
    wanted_at: datetime
    """When it was made: what is older than this does not count as done."""
    seen_at: datetime
    """Its last sign of life."""
    customer: str = ""
    cursor: str = ""
    """How far it got."""
    items: tuple[str, ...] = ()
    """The ids of its files that are not settled yet."""
    state: PartState = PartState.OPEN
    counts: Counts = field(default_factory=Counter)
    problems: tuple[Problem, ...] = ()
    failures: int = 0
    """Visits in a row that came to nothing."""
    given_up: bool = False
    """The platform tried it too often; its message, put back, opens it again."""
    etag: str = ""


def ending(run: Run, parts: Iterable[Part]) -> RunState:
    """How a run whose parts have all ended has ended; that the work was handed out alone says nothing."""
    states = {part.state for part in parts if (part.kind, part.state) != (PartKind.SPREAD, PartState.DONE)}
    if run.cancel_wanted:
        return RunState.CANCELLED
    if states == {PartState.FAILED}:
        return RunState.FAILED
    if states & {PartState.FAILED, PartState.PARTLY}:
        return RunState.PARTLY
    if PartState.NEEDS_APPROVAL in states:
        return RunState.NEEDS_APPROVAL
    return RunState.PLANNED if run.is_plan else RunState.SUCCEEDED


def summed(parts: Iterable[Part]) -> tuple[Counts, tuple[Problem, ...]]:
    """All counts, and the first reasons."""
    counts: Counts = Counter()
    problems: list[Problem] = []
    for part in parts:
        counts.update(part.counts)
        problems += part.problems[: MAX_PROBLEMS - len(problems)]
    return counts, tuple(problems)

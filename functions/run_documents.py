"""What the API takes and answers with about sync runs."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from functions.shapes import Document, Given, Id, SizeBytes, Time, Who
from shared.model.plan import Action, estimated_s
from shared.model.runs import (
    Count,
    Counts,
    Direction,
    Part,
    PartKind,
    PartState,
    Problem,
    Run,
    RunKind,
    RunState,
    RunTask,
)
from shared.sync.reconcile.by_hand import SyncOptions

type CountsDocument = Annotated[
    dict[str, int], Meta(description="How many of each, without those of which there were none.")
]


class SyncWish(Given):
    """What is to be synced, and how."""

    direction: Direction
    plan: Annotated[bool, Meta(description="Only say what would be done.")] = False
    full: Annotated[bool, Meta(description="Compare everything instead of what changed.")] = False
    by: Who | None = None


class TaskWish(Given):
    """What is to be done with libraries: of one customer, or of all where none is named."""

    task: Annotated[RunTask, Meta(description="Compare everything, or make the subscriptions anew.")]
    customer: Id | None = None
    by: Who | None = None


class OptionDocument(Document):
    """A direction that is offered; to SharePoint with what waits."""

    direction: Direction
    files: int | UnsetType = UNSET
    size_bytes: SizeBytes | UnsetType = UNSET
    is_exact: Annotated[bool, Meta(description="False: there are more.")] | UnsetType = UNSET


class OptionsDocument(Document):
    """The directions in which something can be synced now."""

    options: list[OptionDocument]


class ProblemDocument(Document):
    """Something that did not succeed, and why."""

    what: str
    reason: str


class ProgressDocument(Document):
    """How many of a run's parts have ended."""

    parts: int
    ended: int


class RunDocument(Document):
    """A run. Of one that has not ended, the numbers are those so far; in a list they are left out then."""

    id: Id
    kind: RunKind
    directions: list[Direction]
    customer: Id | None
    project: Id | None
    is_plan: bool
    plan_of: Annotated[str | None, Meta(description="The plan that it carries out.")]
    is_full: bool
    task: Annotated[RunTask | None, Meta(description="What an administrator asked for; null: it is a sync.")]
    state: RunState
    cancel_wanted: bool
    started_by: str
    started_at: Time
    ended_at: Time | None
    duration_seconds: float | None
    progress: ProgressDocument | UnsetType = UNSET
    counts: CountsDocument | UnsetType = UNSET
    problems: list[ProblemDocument] | UnsetType = UNSET
    estimated_seconds: Annotated[float, Meta(description="Of a plan: about how long it would take.")] | UnsetType = (
        UNSET
    )


class PartDocument(Document):
    """What became of a part of a run."""

    part: str
    kind: PartKind
    customer: Id | None
    state: PartState
    counts: CountsDocument
    problems: list[ProblemDocument]
    last_seen_at: Time | None


class ActionDocument(Document):
    """One action of a plan."""

    kinds: list[Count]
    file: str
    name: str
    customer: Id
    project: Id | None
    change: Annotated[str, Meta(description="What the file's history will say.")]
    who: str
    size_bytes: SizeBytes
    resource_units: int


def options_document(options: SyncOptions) -> OptionsDocument:
    """The directions that are offered, each with what it is about."""
    offered: list[OptionDocument] = []
    if options.untransferred is not None:
        found = options.untransferred
        offered.append(
            OptionDocument(
                direction=Direction.TO_SHAREPOINT,
                files=found.files,
                size_bytes=found.size_bytes,
                is_exact=found.is_exact,
            )
        )
    if options.from_sharepoint:
        offered.append(OptionDocument(direction=Direction.FROM_SHAREPOINT))
    return OptionsDocument(options=offered)


def run_document(run: Run, units_per_minute: int) -> RunDocument:
    """A run as callers see it."""
    has_numbers = run.ended_at is not None or bool(run.parts)
    units, size_bytes = run.counts[Count.RESOURCE_UNITS], run.counts[Count.BYTES]
    return RunDocument(
        id=run.id,
        kind=run.kind,
        directions=list(run.directions),
        customer=run.customer or None,
        project=run.project or None,
        is_plan=run.is_plan,
        plan_of=run.plan_of or None,
        is_full=run.is_full,
        task=run.task,
        state=run.state,
        cancel_wanted=run.cancel_wanted,
        started_by=run.started_by,
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration_seconds=round((run.ended_at - run.started_at).total_seconds(), 1) if run.ended_at else None,
        progress=ProgressDocument(parts=run.parts, ended=run.parts_ended) if has_numbers else UNSET,
        counts=_counts(run.counts) if has_numbers else UNSET,
        problems=_problems(run.problems) if has_numbers else UNSET,
        estimated_seconds=estimated_s(units, size_bytes, units_per_minute) if has_numbers and run.is_plan else UNSET,
    )


def part_document(part: Part) -> PartDocument:
    """A part as callers see it."""
    return PartDocument(
        part=part.key,
        kind=part.kind,
        customer=part.customer or None,
        state=part.state,
        counts=_counts(part.counts),
        problems=_problems(part.problems),
        last_seen_at=part.seen_at,
    )


def action_document(action: Action) -> ActionDocument:
    """An action as callers see it."""
    return ActionDocument(
        kinds=list(action.kinds),
        file=action.file,
        name=action.name,
        customer=action.customer,
        project=action.project,
        change=action.change,
        who=action.who,
        size_bytes=action.size_bytes,
        resource_units=action.units,
    )


def _counts(counts: Counts) -> dict[str, int]:
    return {count.value: counts[count] for count in Count if counts[count]}


def _problems(problems: tuple[Problem, ...]) -> list[ProblemDocument]:
    return [ProblemDocument(what=each.what, reason=each.reason) for each in problems]

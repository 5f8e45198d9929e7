"""The JSON of sync runs. camelCase; times in ISO 8601, UTC; sizes in bytes."""

from datetime import datetime

from functions.documents import Document
from shared.bootstrap import app
from shared.model.plan import Action, estimated_s
from shared.model.runs import Count, Counts, Part, Problem, Run
from shared.sync.reconcile.by_hand import SyncOptions


def options_document(options: SyncOptions) -> Document:
    """The directions that are offered, each with what it is about."""
    offered: list[Document] = []
    if options.untransferred is not None:
        found = options.untransferred
        about = {"files": found.files, "sizeBytes": found.size_bytes, "isExact": found.is_exact}
        offered.append({"direction": "to-sharepoint"} | about)
    if options.from_sharepoint:
        offered.append({"direction": "from-sharepoint"})
    return {"options": offered}


def run_document(run: Run) -> Document:
    """A run. Of one that has not ended, the numbers are those so far; in a list they are left out then."""
    document: Document = {
        "id": run.id,
        "kind": run.kind,
        "directions": list(run.directions),
        "customer": run.customer or None,
        "project": run.project or None,
        "isPlan": run.is_plan,
        "planOf": run.plan_of or None,
        "isFull": run.is_full,
        "state": run.state,
        "cancelWanted": run.cancel_wanted,
        "startedBy": run.started_by,
        "startedAt": run.started_at.isoformat(),
        "endedAt": _time(run.ended_at),
        "durationSeconds": round((run.ended_at - run.started_at).total_seconds(), 1) if run.ended_at else None,
    }
    if run.ended_at is None and not run.parts:
        return document
    document |= {
        "progress": {"parts": run.parts, "ended": run.parts_ended},
        "counts": _counts(run.counts),
        "problems": [_problem(each) for each in run.problems],
    }
    if run.is_plan:
        units, size_bytes = run.counts[Count.RESOURCE_UNITS], run.counts[Count.BYTES]
        document["estimatedSeconds"] = estimated_s(units, size_bytes, app().units_per_minute)
    return document


def part_document(part: Part) -> Document:
    """What became of a part of a run."""
    return {
        "part": part.key,
        "kind": part.kind,
        "customer": part.customer or None,
        "state": part.state,
        "counts": _counts(part.counts),
        "problems": [_problem(each) for each in part.problems],
        "lastSeenAt": _time(part.seen_at),
    }


def action_document(action: Action) -> Document:
    """One action of a plan."""
    return {
        "kinds": list(action.kinds),
        "file": action.file,
        "name": action.name,
        "customer": action.customer,
        "project": action.project,
        "change": action.change,
        "who": action.who,
        "sizeBytes": action.size_bytes,
        "resourceUnits": action.units,
    }


def _counts(counts: Counts) -> Document:
    return {count.value: counts[count] for count in Count if counts[count]}


def _problem(problem: Problem) -> Document:
    return {"what": problem.what, "reason": problem.reason}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

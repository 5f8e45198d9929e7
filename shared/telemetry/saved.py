"""What a saved change of a file or a library says to an operator. The stores call this after each: none is missed."""

import logging
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context

from shared.model.files import FileRecord, FileState
from shared.model.journal import Event, Side
from shared.model.libraries import LibraryState, Watch
from shared.model.runs import Run
from shared.telemetry.measures import change_followed, state_entered
from shared.telemetry.work import Field, Work, at_hand

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("moment")


def file_saved(before: FileRecord | None, after: FileRecord, event: Event) -> None:
    """A record was created (`before` is None) or replaced."""
    state = None if before is None else before.state
    if after.state is FileState.BLOCKED and state is not FileState.BLOCKED:
        cause = after.cause.value if after.cause else "other"
        _log.warning("file needs attention", extra={"customer": after.customer, "file": after.id, "cause": cause})
    if after.state is not state:
        state_entered(after.state.value)
    work = at_hand()
    if work is not None:
        _add(work, before, after, event)


def library_saved(before: LibraryState | None, after: LibraryState) -> None:
    """A library's row was created (`before` is None) or replaced."""
    if after.watch is Watch.QUIET and (before is None or before.watch is not Watch.QUIET):
        _log.warning("library is quiet", extra={"customer": after.customer, "drive": after.drive_id})
    work = at_hand()
    if work is None or work.name != "pull" or before is None or after.lease_owner in {"", before.lease_owner}:
        return
    work.fields["customer"] = after.customer
    work.since = None if before.walk_id else before.pulled_at


def run_ended(run: Run) -> None:
    """A sync run is over, with what its parts counted."""
    took_s = (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0.0
    counts: dict[str, Field] = {count.value: number for count, number in run.counts.items()}
    known: dict[str, Field] = {
        "run": run.id,
        "kind": run.kind.value,
        "is_plan": run.is_plan,
        "customer": run.customer,
        "outcome": run.state.value,
        "parts": run.parts,
        "problems": len(run.problems),
        "took_s": round(took_s, 3),
    }
    _log.info("sync run ended", extra=counts | known)
    if run.ended_at is not None:
        span = _tracer.start_span("sync run", Context(), attributes=known, start_time=_nanoseconds(run.started_at))
        span.end(_nanoseconds(run.ended_at))


def _add(work: Work, before: FileRecord | None, after: FileRecord, event: Event) -> None:
    work.files[after.id] = None
    if work.name == "transfer" and work.fields.get("file") == after.id:
        work.came_to(after.state.value, after.cause.value if after.cause else "")
    if work.name == "pull" and event.side is Side.SHAREPOINT:
        kind = "new" if before is None else "deleted" if after.state is FileState.DELETED else "changed"
        work.add(f"files_{kind}", 1)
        edited_at = work.edited_at
        # What is older than the pull before was not waiting for us: it was there before the library was followed.
        is_fresh = edited_at is not None and work.since is not None and edited_at > work.since
        change_followed(kind, work.seconds_since(edited_at) if edited_at is not None and is_fresh else None)


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000_000)

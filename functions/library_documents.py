"""What the API takes and answers with about libraries, deletions that wait, and what was given up."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from functions.shapes import Document, Given, Id, SizeBytes, Time, Who
from shared.model.files import FileRecord
from shared.model.given_up import GivenUpMessage
from shared.model.libraries import LibraryState, Stop, Watch


class Decision(Given):
    """Who decides, and what that person saw."""

    by: Who | None = None
    files: (
        Annotated[int, Meta(ge=0, description="The number that the person saw; another one now is refused.")] | None
    ) = None


class LibraryDocument(Document):
    """How a library is followed. Nothing secret of its subscription is shown."""

    customer: Id
    watch: Annotated[Watch, Meta(description="How its changes are heard of.")]
    reason: str
    stop: Stop
    stopped: bool
    stopped_at: Time | None
    pulled_at: Time | None
    notified_at: Time | None
    subscription_expires_at: Time | None


class ApprovalDocument(Document):
    """Deletions of a library that wait for a person."""

    customer: Id
    files: int
    library_files: int
    percent: int
    since: Time | None
    reason: str


class DeletionDocument(Document):
    """A file that would be marked deleted; `link` is where it was."""

    id: Id
    name: str
    project: Id | None
    activity: Id | None
    task: Id | None
    link: str | None
    size_bytes: SizeBytes | None
    modified_at: datetime
    modified_by: str


class GivenUpDocument(Document):
    """A message that failed too often: what it concerns, why, how often it was given up, and its text."""

    id: Id
    concerns: str
    reason: str
    first_at: Time
    last_at: Time
    times: int
    queue: str
    message: str


class PutBackDocument(Document):
    """How many were put back."""

    put_back: int


def library_document(state: LibraryState) -> LibraryDocument:
    """A library's state as callers see it."""
    return LibraryDocument(
        customer=state.customer,
        watch=state.watch,
        reason=state.stopped_reason or state.failure or _passed_over(state) or state.watch_reason,
        stop=state.stop,
        stopped=state.stop is not Stop.NONE,
        stopped_at=state.stopped_at,
        pulled_at=state.pulled_at,
        notified_at=state.notified_at,
        subscription_expires_at=state.subscription_expires_at,
    )


def _passed_over(state: LibraryState) -> str:
    told = f"SharePoint told of items in a way that can't be followed; they were passed over: {state.passed_over}."
    return told if state.passed_over else ""


def approval_document(state: LibraryState) -> ApprovalDocument:
    """The question that a library asks."""
    return ApprovalDocument(
        customer=state.customer,
        files=state.doomed_files,
        library_files=state.library_files,
        percent=round(100 * state.doomed_files / max(state.library_files, 1)),
        since=state.stopped_at,
        reason=state.stopped_reason,
    )


def deletion_document(record: FileRecord) -> DeletionDocument:
    """A file that the question is about."""
    return DeletionDocument(
        id=record.id,
        name=record.name,
        project=record.links.project,
        activity=record.links.activity,
        task=record.links.task,
        link=record.baseline.web_url if record.baseline else None,
        size_bytes=record.size_bytes,
        modified_at=record.modified_at or record.created_at,
        modified_by=record.modified_by or record.created_by,
    )


def given_up_document(entry: GivenUpMessage) -> GivenUpDocument:
    """An entry as callers see it."""
    return GivenUpDocument(
        id=entry.id,
        concerns=entry.concerns,
        reason=entry.reason,
        first_at=entry.first_at,
        last_at=entry.last_at,
        times=entry.times,
        queue=entry.queue,
        message=entry.body,
    )

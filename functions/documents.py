"""The JSON that the API answers with. camelCase; times in ISO 8601, UTC; sizes in bytes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.model.directory import Activity, Customer, DirectoryObject, Project, Task
from shared.model.files import FileRecord, FileState
from shared.model.given_up import GivenUpMessage
from shared.model.libraries import LibraryState, Stop
from shared.model.stored import Page, UnplacedBlob

type Document = dict[str, Any]


def page_document[T](page: Page[T], document: Callable[[T], Document]) -> Document:
    """`items` and, where there is more, `nextPage` to give back as `?page=`."""
    result: Document = {"items": [document(item) for item in page.items]}
    if page.next_token is not None:
        result["nextPage"] = page.next_token
    return result


def directory_document(thing: DirectoryObject) -> Document:
    """A customer, project, activity or task as the API shows and takes it."""
    match thing:
        case Customer():
            return {"id": thing.id, "name": thing.name, "storage": thing.storage}
        case Project():
            return {"id": thing.id, "name": thing.name, "number": thing.number, "storage": thing.storage}
        case Activity():
            return {"id": thing.id, "name": thing.name, "number": thing.number}
        case Task():
            return {
                "id": thing.id,
                "name": thing.name,
                "number": thing.number,
                "activity": thing.activity,
                "series": thing.series,
                "period": None if thing.period is None else str(thing.period),
            }


def file_document(record: FileRecord) -> Document:
    """A file: what it is, where it belongs, where it is now and why."""
    moved = record.baseline
    return {
        "id": record.id,
        "customer": record.customer,
        "project": record.links.project,
        "activity": record.links.activity,
        "task": record.links.task,
        "name": record.name,
        "requestedName": record.requested_name,
        "tags": list(record.tags),
        "sizeBytes": record.size_bytes,
        "contentType": record.content_type,
        "createdAt": record.created_at.isoformat(),
        "createdBy": record.created_by,
        "modifiedAt": record.modified_at.isoformat() if record.modified_at else None,
        "modifiedBy": record.modified_by,
        "period": record.period,
        "movedTo": record.moved_to or None,
        "changedAt": record.changed_at.isoformat(),
        "state": record.state,
        "reason": record.reason,
        "warning": record.warning,
        "inMomentCloud": record.blob_name is not None and record.state is not FileState.EXPECTED,
        "link": moved.web_url if moved else None,
        "proof": moved.proof if moved else None,
    }


def library_document(state: LibraryState) -> Document:
    """How a library is followed. Nothing secret of its subscription is shown."""
    return {
        "customer": state.customer,
        "watch": state.watch,
        "reason": state.stopped_reason or state.failure or state.watch_reason,
        "stop": state.stop,
        "stopped": state.stop is not Stop.NONE,
        "stoppedAt": _time(state.stopped_at),
        "pulledAt": _time(state.pulled_at),
        "notifiedAt": _time(state.notified_at),
        "subscriptionExpiresAt": _time(state.subscription_expires_at),
    }


def approval_document(state: LibraryState) -> Document:
    """Deletions of a library that wait for a person."""
    return {
        "customer": state.customer,
        "files": state.doomed_files,
        "libraryFiles": state.library_files,
        "percent": round(100 * state.doomed_files / max(state.library_files, 1)),
        "since": _time(state.stopped_at),
        "reason": state.stopped_reason,
    }


def deletion_document(record: FileRecord) -> Document:
    """A file that would be marked deleted; `link` is where it was."""
    return {
        "id": record.id,
        "name": record.name,
        "project": record.links.project,
        "activity": record.links.activity,
        "task": record.links.task,
        "link": record.baseline.web_url if record.baseline else None,
        "sizeBytes": record.size_bytes,
        "modifiedAt": _time(record.modified_at or record.created_at),
        "modifiedBy": record.modified_by or record.created_by,
    }


def unplaced_document(blob: UnplacedBlob) -> Document:
    """A blob without a record and why it has none."""
    return {"blob": blob.blob_name, "reason": blob.reason, "seenAt": blob.seen_at.isoformat()}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def given_up_document(entry: GivenUpMessage) -> Document:
    """A message that failed too often: what it concerns, why, how often it was given up, and its text."""
    return {
        "id": entry.id,
        "concerns": entry.concerns,
        "reason": entry.reason,
        "firstAt": entry.first_at.isoformat(),
        "lastAt": entry.last_at.isoformat(),
        "times": entry.times,
        "queue": entry.queue,
        "message": entry.body,
    }

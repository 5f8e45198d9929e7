"""What the API answers with about files, and how a record becomes that."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from functions.shapes import Document, Id, Name, SizeBytes, Time
from shared.model.causes import Cause
from shared.model.directory import Activity, Project, Task
from shared.model.editable import editable_etag
from shared.model.files import FileRecord, FileState, Proof
from shared.model.journal import Event, Side
from shared.model.stored import UnplacedBlob
from shared.sync.names import NamedPlace
from shared.sync.registration import Upload


class NamedDocument(Document):
    """An object by its name."""

    id: Id
    name: Name
    number: str | UnsetType | None = UNSET


class PlaceDocument(Document):
    """What a file belongs to, by name; null where it is not linked to one, or where that is gone."""

    customer: NamedDocument | None
    project: NamedDocument | None
    activity: NamedDocument | None
    task: NamedDocument | None


class FileDocument(Document):
    """A file: what it is, where it belongs, where it is now and why."""

    id: Id
    etag: Annotated[str, Meta(description="Of what an edit may change; for If-Match.")]
    customer: Id
    project: Id | None
    activity: Id | None
    task: Id | None
    name: Name
    requested_name: Annotated[str, Meta(description="What it was called before a name of that kind was found taken.")]
    tags: list[str]
    size_bytes: SizeBytes | None
    content_type: str
    created_at: Time
    created_by: str
    modified_at: Annotated[datetime | None, Meta(description="When its content last changed in SharePoint.")]
    modified_by: str
    period: Annotated[str | None, Meta(description="A period of its own; null: its task's.", examples=["11/2026"])]
    moved_to: Annotated[str | None, Meta(description="`customer/file` that goes on in another customer's library.")]
    changed_at: Time
    state: FileState
    reason: Annotated[
        str, Meta(description="Why it is in this state, in a sentence; empty where nothing is to be said.")
    ]
    cause: Annotated[Cause | None, Meta(description="What stands in its way, in a word.")]
    warning: Annotated[str, Meta(description="A remark that stops nothing.")]
    in_moment_cloud: bool
    undo_until: Annotated[datetime | None, Meta(description="Until then its deletion can be undone.")]
    link: Annotated[str | None, Meta(description="Its address in SharePoint.")]
    proof: Annotated[Proof | None, Meta(description="How it is known that SharePoint holds what was sent.")]
    place: Annotated[PlaceDocument, Meta(description="With `include=place`.")] | UnsetType = UNSET


class BlockDocument(Document):
    """A block of content that waits for its Put Block List."""

    id: str
    size_bytes: SizeBytes


class UploadUrl(Document):
    """Where the content goes: one request with this method and these headers, or blocks of Azure Blob Storage."""

    url: Annotated[str, Meta(description="Secret while it holds: it lets one blob be written, and nothing be read.")]
    method: str
    headers: dict[str, str]
    expires_at: Time
    blocks: Annotated[list[BlockDocument], Meta(description="Uploaded before, and not committed yet.")]


class AnnouncedFile(FileDocument, kw_only=True):
    """A new file, and where its content goes."""

    upload: UploadUrl


class HistoryLine(Document):
    """One thing that happened to a file."""

    at: Time
    side: Side
    who: str
    event: Annotated[str, Meta(description="What changed, from what to what, in a sentence.")]


class UnplacedDocument(Document):
    """A blob in Moment Cloud that belongs to nothing we know."""

    blob: str
    reason: str
    seen_at: Time


def file_document(record: FileRecord, place: NamedPlace | None = None) -> FileDocument:
    """A record as callers see it, with the names of its place where they are given."""
    moved = record.baseline
    return FileDocument(
        id=record.id,
        etag=editable_etag(record),
        customer=record.customer,
        project=record.links.project,
        activity=record.links.activity,
        task=record.links.task,
        name=record.name,
        requested_name=record.requested_name,
        tags=list(record.tags),
        size_bytes=record.size_bytes,
        content_type=record.content_type,
        created_at=record.created_at,
        created_by=record.created_by,
        modified_at=record.modified_at,
        modified_by=record.modified_by,
        period=record.period,
        moved_to=record.moved_to or None,
        changed_at=record.changed_at,
        state=record.state,
        reason=record.reason,
        cause=record.cause,
        warning=record.warning,
        in_moment_cloud=record.blob_name is not None and record.state is not FileState.EXPECTED,
        undo_until=record.undo_until,
        link=moved.web_url if moved else None,
        proof=moved.proof if moved else None,
        place=UNSET if place is None else place_document(place),
    )


def place_document(place: NamedPlace) -> PlaceDocument:
    """The objects of a place by name; those below a customer with their numbers."""
    customer = place.customer
    return PlaceDocument(
        customer=None if customer is None else NamedDocument(id=customer.id, name=customer.name),
        project=_named(place.project),
        activity=_named(place.activity),
        task=_named(place.task),
    )


def _named(thing: Project | Activity | Task | None) -> NamedDocument | None:
    return None if thing is None else NamedDocument(id=thing.id, name=thing.name, number=thing.number)


def announced_document(upload: Upload) -> AnnouncedFile:
    """A new record and its upload URL."""
    members = msgspec.structs.asdict(file_document(upload.record))
    return AnnouncedFile(**members, upload=upload_document(upload))


def upload_document(upload: Upload) -> UploadUrl:
    """Where its content goes. A single PUT needs the header; blocks go without it."""
    return UploadUrl(
        url=upload.url,
        method="PUT",
        headers={"x-ms-blob-type": "BlockBlob"},
        expires_at=upload.expires_at,
        blocks=[BlockDocument(id=each.id, size_bytes=each.size_bytes) for each in upload.blocks],
    )


def history_line(line: tuple[datetime, Event]) -> HistoryLine:
    """A line of the journal."""
    at, event = line
    return HistoryLine(at=at, side=event.side, who=event.who, event=event.text)


def unplaced_document(blob: UnplacedBlob) -> UnplacedDocument:
    """A blob without a record and why it has none."""
    return UnplacedDocument(blob=blob.blob_name, reason=blob.reason, seen_at=blob.seen_at)

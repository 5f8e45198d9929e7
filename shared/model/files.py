"""A file's record: what Moment knows of it for ever, and the state it is in.

States and what a person reads in them:

    expected        the record exists, its content has not arrived yet
    in-moment-cloud stored in Moment Cloud, where its customer or project keeps files
    waiting         stored in Moment Cloud, will be moved to SharePoint (the reason says what it waits for)
    moving          an instance has claimed it and is moving it
    in-sharepoint   its link is the SharePoint URL; the content there was proven
    blocked         needs attention: the reason says what is wrong and what helps
    deleted         deleted in SharePoint or Moment; out of sight, kept, and the same record when it is restored

`FileRecord.state` and `.reason` change only through the functions of shared/sync that save a record.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.model.causes import Cause, Reason
from shared.model.directory import Links

SEARCH_INDEX = 2
"""The version of the rows by which files are found: 1 within a customer (search_rows.py), 2 over all customers, too."""


class FileState(StrEnum):
    """Where a file is in its life."""

    EXPECTED = "expected"
    IN_MOMENT_CLOUD = "in-moment-cloud"
    WAITING = "waiting"
    MOVING = "moving"
    IN_SHAREPOINT = "in-sharepoint"
    BLOCKED = "blocked"
    DELETED = "deleted"


class Proof(StrEnum):
    """How we know that SharePoint holds the content."""

    IDENTICAL = "identical"
    """Size and quickXorHash are equal."""
    REWRITTEN = "rewritten, content equal"
    """SharePoint changed the file as it does; it was read back and its content is the same."""


class ReadBack(StrEnum):
    """When content is read back from SharePoint after it was sent."""

    WHEN_DIFFERENT = "when-different"
    """Only where SharePoint's fingerprint does not prove it."""
    ALWAYS = "always"
    """Every time, and compared byte by byte."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The state on which Moment and SharePoint last agreed, and where the file is in SharePoint."""

    drive_id: str
    item_id: str
    web_url: str
    name: str
    parent_id: str | None
    e_tag: str
    c_tag: str | None
    size_bytes: int
    quick_xor_hash: str | None
    """SharePoint's own hash after its rewriting, base64."""
    sent_size_bytes: int
    sent_quick_xor_hash: str
    """Of the bytes that we sent, base64."""
    blob_etag: str
    """The version of the blob whose content was proven; only this version may be released."""
    proof: Proof | None
    """None for a file that came from SharePoint: nothing of ours had to be proven."""
    tags: tuple[str, ...] = ()
    activity: str | None = None
    """What the column momentActivity says; likewise the next two."""
    year: str | None = None
    period: str | None = None
    sent_sha256: str | None = None
    """Of the bytes that we sent, hex; None where a large upload went on in another process (content_hash.py)."""
    changed_there: bool = False
    """Its content was changed in SharePoint, and a pull followed that, since content last arrived in Moment."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer under way: who claimed the record until when, and what a successor needs to go on.

    `upload_url` is a secret. `hashed_bytes` and `hash_state` (base64) are quickXorHash's state at a fragment's end.
    """

    owner: str
    claimed_until: datetime
    blob_etag: str
    name: str
    """The name under which this attempt sends the file."""
    asked_name: str = ""
    """The record's name when the transfer began; one that differs later is a rename that waits for the transfer."""
    drive_id: str | None = None
    parent_id: str | None = None
    """The folder it is being sent to; with `name` it tells our own new item from a person's when the delta shows it."""
    item_id: str | None = None
    """Set when the file was created in SharePoint but is not yet proven."""
    upload_url: str | None = field(default=None, repr=False)
    upload_expires_at: datetime | None = None
    hashed_bytes: int = 0
    hash_state: str = ""


@dataclass(frozen=True, slots=True)
class HeldDeletion:
    """A deletion made in Moment that may still be undone: since when it may be carried out, and what was before it."""

    until: datetime
    state: FileState
    reason: str = ""
    cause: Cause | None = None
    begun: bool = False
    """Its content in Moment Cloud is being deleted, so that nobody is told any more that the deletion was undone."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file. `version` counts saved changes; `etag` is the stored row's, empty before the first save."""

    customer: str
    id: str
    name: str
    requested_name: str
    links: Links
    created_at: datetime
    changed_at: datetime
    created_by: str = ""
    tags: tuple[str, ...] = ()
    content_type: str = "application/octet-stream"
    size_bytes: int | None = None
    state: FileState = FileState.EXPECTED
    reason: str = ""
    cause: Cause | None = None
    """Of the reason, where something stands in the way; set and cleared with it."""
    blob_name: str | None = None
    """The blob that holds content not yet released; None once SharePoint alone has it."""
    transfer: Transfer | None = None
    baseline: Baseline | None = None
    attempts: int = 0
    """Tries since the last success, for back-off."""
    period: str | None = None
    """A period of its own, `2026` or `11/2026`; None: its task's."""
    modified_by: str = ""
    """Who last changed the content in SharePoint, and when."""
    modified_at: datetime | None = None
    place_pending: bool = False
    """Moment linked the file to another object; its move in SharePoint is still to be done."""
    delete_pending: bool = False
    """Moment deleted the file; what is left of it in SharePoint or Moment Cloud is still to be deleted."""
    held: HeldDeletion | None = None
    """Of a pending deletion; shared/model/undo.py."""
    missing: bool = False
    """It was deleted in SharePoint and a person dismissed that: the record is kept, its content is not there."""
    moved_to: str = ""
    """`customer/file` of the record that took over when the file moved to another customer's library."""
    may_pass: bool = True
    """Of a blocked file: whether its reason may pass by itself, so that a sync tries again."""
    asked_as: str = ""
    """Of a file that was announced under an Idempotency-Key: the fingerprint of what was asked for."""
    search_index: int = SEARCH_INDEX
    """Which version of the search rows the record has; 0: none yet, written before there was a search."""
    version: int = 0
    etag: str = ""

    @property
    def why(self) -> Reason:
        """The reason and its cause."""
        return Reason(self.reason, self.cause)

    @property
    def undo_until(self) -> datetime | None:
        """Until when the deletion can be undone for sure; None where nothing can be undone."""
        return None if self.held is None else self.held.until

    @property
    def warning(self) -> str:
        """A remark for people that stops nothing; empty where there is none."""
        return "" if "." in self.name.strip(".") else "This file has no extension, so it may not open with a click."

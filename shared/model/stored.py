"""What the stores hand out beside records: blobs, pages of a list, folder links, the report of unplaced blobs.

Both the use cases (shared/sync/ports.py names them) and the adapters (shared/store) import them from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BlobFacts:
    """A blob in Moment Cloud. `etag` has no quotes; `metadata` is what its uploader set."""

    name: str
    etag: str
    size_bytes: int
    content_type: str
    metadata: dict[str, str]
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UploadedBlock:
    """A block of a blob that is being uploaded. `id` as Put Block was given it, base64."""

    id: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page of a list and the opaque token of the next; None on the last page."""

    items: Sequence[T]
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class Reindexed:
    """A step of giving records their search rows: how many were looked at and written, and behind which id to go on."""

    looked_at: int
    written: int
    last: str | None
    """None: that was all."""


@dataclass(frozen=True, slots=True)
class FolderLink:
    """A Moment object's folder (or, with the key "library", a customer's library) in SharePoint, by id."""

    customer: str
    key: str
    drive_id: str
    item_id: str
    """The folder's drive item id; "root" for a library."""
    list_id: str | None = None
    web_url: str = ""
    site_id: str | None = None
    """The site of a library; with `list_id` it addresses the list."""


@dataclass(frozen=True, slots=True)
class UnplacedBlob:
    """A blob that was dropped into the container and can't be given a record; it stays where it is."""

    blob_name: str
    reason: str
    seen_at: datetime

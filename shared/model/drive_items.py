"""What the product knows of SharePoint's things: drive items, libraries, upload sessions.

Graph's JSON is turned into these at the adapter's edge; nothing above it reads raw JSON.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DriveItem:
    """A file or folder as Graph describes it (resources/driveitem). `quick_xor_hash` is base64 and may be absent."""

    drive_id: str
    id: str
    name: str
    web_url: str
    e_tag: str
    c_tag: str | None = None
    size_bytes: int = 0
    quick_xor_hash: str | None = None
    parent_id: str | None = None
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """A customer's document library: its list and its drive."""

    list_id: str
    drive_id: str
    name: str
    web_url: str


@dataclass(frozen=True, slots=True)
class UploadSession:
    """An open upload session (driveitem-createuploadsession).

    `url` is pre-authenticated, so it is a secret: it is stored, never logged and never shown.
    """

    url: str = field(repr=False)
    expires_at: datetime
    next_byte: int = 0


@dataclass(frozen=True, slots=True)
class FragmentReply:
    """The answer to one fragment: the finished item, or the next byte that the session expects."""

    next_byte: int
    item: DriveItem | None = None

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
    is_root: bool = False
    created_by: str = ""
    """Display name of the person or app."""
    created_by_app: str | None = None
    """Application id of the app that created it; None for a person."""
    modified_by: str = ""
    modified_by_app: str | None = None
    """Application id of the app that changed it last; None for a person."""
    created_at: datetime | None = None
    modified_at: datetime | None = None
    request_id: str = field(default="", compare=False)
    """Graph's id of the write that answered with it, for a question to Microsoft; empty where it was only read."""


@dataclass(frozen=True, slots=True)
class Written:
    """The answer to a write of columns: the item's new eTag, and Graph's id of the request."""

    e_tag: str
    request_id: str = ""


def unique_id_of(e_tag: str) -> str:
    """The item's UniqueId, lower case: the GUID in an eTag `"{GUID},n"`, by which list items and drive items join."""
    return e_tag.strip('"').partition(",")[0].strip("{}").lower()


def version_of(e_tag: str) -> int | None:
    """The n of an eTag `"{GUID},n"`, which every write of the item or its columns raises; None where it has none.

    Graph calls eTags opaque, so this may be a reason to read the item again, never to leave something out.
    """
    number = e_tag.strip('"').rpartition(",")[2]
    return int(number) if number.isdecimal() else None


def before_all_of(e_tag: str) -> str:
    """An eTag of the same item that none of its versions has: for an item of which not all was read yet."""
    unique_id, comma, _ = e_tag.rpartition(",")
    return f'{unique_id},0"' if comma else e_tag


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One entry of a drive delta (driveitem-delta). `item` None: deleted. The last entry of an id counts."""

    id: str
    item: DriveItem | None
    is_unreadable: bool = False
    """It is there, but was told of in a way that can't be followed: `item` is None and nothing becomes of it."""


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One entry of a list-item delta (listitem-delta): the columns of the item with this unique id, as they are now."""

    unique_id: str
    activity: str | None = None
    year: str | None = None
    period: str | None = None
    tags: tuple[str, ...] = ()
    e_tag: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ChangePage[T]:
    """A page of a delta. `link` is called next (verbatim); `is_last`: it is the delta link, for the next pull."""

    entries: tuple[T, ...]
    link: str
    is_last: bool
    passed_over: tuple[str, ...] = ()
    """What was told of in a way that can't be followed, each in words."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as Graph lists it (resources/subscription)."""

    id: str
    resource: str
    notification_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Library:
    """A customer's document library: its site, its list and its drive."""

    site_id: str
    list_id: str
    drive_id: str
    name: str
    web_url: str


@dataclass(frozen=True, slots=True)
class Target:
    """The folder that a file goes to. `parent_id` "root" is the library's root."""

    drive_id: str
    parent_id: str


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

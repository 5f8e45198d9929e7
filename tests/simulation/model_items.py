"""Items of a document library as SharePoint keeps them, and as Graph describes them (resources/driveitem)."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from shared.model.content_hash import ContentHash
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes; `app` None: a person."""

    name: str
    app: str | None = None


@dataclass(slots=True)
class Item:
    """A file or folder. `changed` and `columns_changed` are its last places in the two deltas."""

    id: str
    unique_id: str
    name: str
    parent_id: str | None
    is_folder: bool
    author: Author
    created_at: datetime
    content: bytes = b""
    e: int = 1
    c: int = 1
    columns: Columns = field(default_factory=Columns)
    modified_by: Author = field(default_factory=lambda: Author("nobody"))
    modified_at: datetime | None = None
    versions: list[bytes] = field(default_factory=list)
    locked_until: datetime | None = None
    changed: int = 0
    columns_changed: int = 0

    @property
    def e_tag(self) -> str:
        return f'"{{{self.unique_id}}},{self.e}"'


@dataclass(slots=True)
class Deleted:
    """An entry of the recycle bin: the item that was deleted, and what lay below it."""

    items: list[Item]


@lru_cache(maxsize=4096)
def quick_xor_hash(content: bytes) -> str:
    hasher = ContentHash()
    hasher.update(content)
    return hasher.fingerprints().quick_xor_hash


def described(item: Item, drive_id: str) -> DriveItem:
    """As Graph describes it; a root has no parent."""
    return DriveItem(
        drive_id=drive_id,
        id=item.id,
        name=item.name,
        web_url=f"https://contoso.sharepoint.com/{drive_id}/{item.id}",
        e_tag=item.e_tag,
        c_tag=f'"c:{{{item.unique_id}}},{item.c}"',
        size_bytes=0 if item.is_folder else len(item.content),
        quick_xor_hash=None if item.is_folder else quick_xor_hash(item.content),
        parent_id=item.parent_id,
        is_folder=item.is_folder,
        is_root=item.parent_id is None,
        created_by=item.author.name,
        created_by_app=item.author.app,
        modified_by=item.modified_by.name,
        modified_by_app=item.modified_by.app,
        created_at=item.created_at,
        modified_at=(item.modified_at or item.created_at).replace(microsecond=0),
    )

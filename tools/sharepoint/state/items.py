"""The driveItem: a file or folder in a library, which is a row of the library's list at the same time.

https://learn.microsoft.com/graph/api/resources/driveitem and https://learn.microsoft.com/graph/api/resources/listitem
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.sharepoint.state.content import StoredContent


@dataclass(slots=True)
class ItemVersion:
    """What a file was before its last change."""

    number: int
    modified_at: float
    modified_by: str
    content: StoredContent | None


@dataclass(slots=True)
class DriveItem:
    """A file or folder. Times are seconds since 1970; the ``fs_`` ones are the client's, the others the service's."""

    unique_id: str
    item_id: str
    list_item_id: int
    name: str
    parent_id: str | None
    is_folder: bool
    content_type_id: str
    created_at: float
    created_by: str
    modified_at: float
    modified_by: str
    fs_created_at: float
    fs_modified_at: float
    e_tag_number: int = 1
    c_tag_number: int = 1
    version_number: int = 1
    content: StoredContent | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    versions: list[ItemVersion] = field(default_factory=list)
    hidden_until: float = 0.0
    locked_until: float = 0.0

    @property
    def e_tag(self) -> str:
        """Moves on every change of the item itself."""
        return f'"{{{self.unique_id.upper()}}},{self.e_tag_number}"'

    @property
    def c_tag(self) -> str:
        """Moves on changes of the content only."""
        return f'"c:{{{self.unique_id.upper()}}},{self.c_tag_number}"'

    @property
    def size_bytes(self) -> int:
        """Size of the current content; 0 for folders."""
        return self.content.size_bytes if self.content else 0

    def remember_version(self) -> None:
        """Keep the present state as an older version; every content PUT and metadata PATCH does so."""
        self.versions.append(ItemVersion(self.version_number, self.modified_at, self.modified_by, self.content))
        self.version_number += 1

    def touch(self, now: float, who: str) -> None:
        """Note a change of the item itself."""
        self.e_tag_number += 1
        self.modified_at = now
        self.modified_by = who

    def set_fields(self, values: Mapping[str, Any], now: float, who: str) -> None:
        """Write column values; every such write makes a version and moves the eTag."""
        self.remember_version()
        for name, value in values.items():
            if value is None:
                self.fields.pop(name, None)
            else:
                self.fields[name] = value
        self.touch(now, who)

"""A document library: a list with columns and content types, and the drive with its tree of items.

https://learn.microsoft.com/graph/api/resources/list and https://learn.microsoft.com/graph/api/resources/drive

Invariants: sibling names are unique without regard to case; ids stay the same through renames and moves; list item
numbers are never used twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.sharepoint.state import identifiers, names
from tools.sharepoint.state.changes import LibraryChanges
from tools.sharepoint.state.columns import Column
from tools.sharepoint.state.content_types import ContentType
from tools.sharepoint.state.errors import invalid_request, item_not_found, name_already_exists
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.items import DriveItem


@dataclass(slots=True)
class Library:
    """A document library. ``name`` is its address and fixed; ``display_name`` is its title and can change."""

    list_id: str
    drive_id: str
    name: str
    display_name: str
    description: str
    created_at: float
    created_by: str
    modified_at: float
    site_path: str
    columns: list[Column]
    content_types: list[ContentType]
    e_tag_number: int = 1
    next_list_item_id: int = 1
    root_id: str = ""
    items: dict[str, DriveItem] = field(default_factory=dict)
    children: dict[str, dict[str, str]] = field(default_factory=dict)
    by_number: dict[int, str] = field(default_factory=dict)
    changes: LibraryChanges = field(default_factory=LibraryChanges)

    # reading the tree

    def get_item(self, item_id: str) -> DriveItem:
        """Return an item by id; ``root`` is the root folder."""
        item = self.items.get(self.root_id if item_id == "root" else item_id)
        if item is None:
            raise item_not_found()
        return item

    def get_list_item(self, number: str) -> DriveItem:
        """Return an item by its number in the list."""
        item_id = self.by_number.get(int(number)) if number.isdecimal() else None
        if item_id is None:
            raise item_not_found("The specified list item was not found")
        return self.items[item_id]

    def find_child(self, folder: DriveItem, name: str) -> DriveItem | None:
        """Return the child of this name, in whatever case, or nothing."""
        item_id = self.children.get(folder.item_id, {}).get(names.key(name))
        return self.items[item_id] if item_id else None

    def find_path(self, start: DriveItem, path: tuple[str, ...]) -> DriveItem | None:
        """Follow names from a folder."""
        item: DriveItem | None = start
        for name in path:
            item = self.find_child(item, name) if item else None
        return item

    def list_children(self, folder: DriveItem) -> list[DriveItem]:
        """Return the children in the order of their names."""
        return [self.items[item_id] for _, item_id in sorted(self.children.get(folder.item_id, {}).items())]

    def iter_subtree(self, item: DriveItem) -> Iterator[DriveItem]:
        """Yield an item and all that lies below it, parents first."""
        yield item
        for item_id in list(self.children.get(item.item_id, {}).values()):
            yield from self.iter_subtree(self.items[item_id])

    def path_of(self, item: DriveItem) -> tuple[str, ...]:
        """Return the names from the root down to the item, the root's left out."""
        reversed_names: list[str] = []
        current = item
        while current.parent_id is not None:
            reversed_names.append(current.name)
            current = self.items[current.parent_id]
        return tuple(reversed(reversed_names))

    # changing the tree

    def create_item(
        self, folder: DriveItem, name: str, *, is_folder: bool, now: float, who: str, hidden_until: float = 0.0
    ) -> DriveItem:
        """Make an empty item; the caller has checked that the name is free."""
        self.check_place(folder, name, is_folder=is_folder)
        unique_id = new_guid()
        item = DriveItem(
            unique_id=unique_id,
            item_id=identifiers.item_id(self.list_id, unique_id),
            list_item_id=self.next_list_item_id,
            name=name,
            parent_id=folder.item_id,
            is_folder=is_folder,
            content_type_id=self.default_content_type(is_folder=is_folder).content_type_id,
            created_at=now,
            created_by=who,
            modified_at=now,
            modified_by=who,
            fs_created_at=now,
            fs_modified_at=now,
            hidden_until=hidden_until,
        )
        self.next_list_item_id += 1
        self._attach(item)
        self.by_number[item.list_item_id] = item.item_id
        self.changes.note(item, now)
        return item

    def touch(self, item: DriveItem, now: float, who: str) -> None:
        """Note that somebody changed an item: its eTag moves, and delta and notifications tell of it."""
        item.touch(now, who)
        self.changes.note(item, now)

    def set_fields(
        self, item: DriveItem, values: Mapping[str, Any], now: float, who: str, *, in_drive_delta: bool = True
    ) -> None:
        """Write column values; whether drive delta tells of it as list delta does is not documented."""
        item.set_fields(values, now, who)
        self.changes.note(item, now, in_drive=in_drive_delta)
        self.modified_at = now

    def check_place(self, folder: DriveItem, name: str, *, is_folder: bool) -> None:
        """Raise if a child of this name is not allowed here."""
        if not folder.is_folder:
            raise invalid_request("The parent is not a folder")
        names.check_name(name, is_folder=is_folder, at_root=folder.parent_id is None)
        names.check_path_length("/".join((self.site_path, self.name, *self.path_of(folder), name)))

    def free_name(self, folder: DriveItem, name: str) -> str:
        """Return the name, or ``name 1``, ``name 2``: the first that no sibling has."""
        candidate, number = name, 0
        while self.find_child(folder, candidate) is not None:
            number += 1
            candidate = names.suffixed(name, number)
        return candidate

    def relocate(self, item: DriveItem, folder: DriveItem, name: str) -> None:
        """Rename or move an item; its id stays, and nothing below it changes."""
        if item.parent_id is None:
            raise invalid_request("The root folder cannot be renamed or moved")
        if item in (folder, *self._ancestors(folder)):
            raise invalid_request("A folder cannot be moved into itself")
        other = self.find_child(folder, name)
        if other is not None and other is not item:
            raise name_already_exists()
        self.check_place(folder, name, is_folder=item.is_folder)
        del self.children[item.parent_id][names.key(item.name)]
        item.name, item.parent_id = name, folder.item_id
        self._attach(item)

    def remove(self, item: DriveItem) -> list[DriveItem]:
        """Take an item and all below it out of the tree and return them."""
        if item.parent_id is None:
            raise invalid_request("The root folder cannot be deleted")
        gone = list(self.iter_subtree(item))
        del self.children[item.parent_id][names.key(item.name)]
        for each in gone:
            del self.items[each.item_id]
            self.by_number.pop(each.list_item_id, None)
            self.children.pop(each.item_id, None)
        return gone

    def bring_back(self, items: list[DriveItem], folder: DriveItem) -> None:
        """Put what :meth:`remove` returned into a folder, under the ids it had; a taken name gets a number."""
        top = items[0]
        top.name, top.parent_id = self.free_name(folder, top.name), folder.item_id
        known = {each.content_type_id for each in self.content_types}
        for each in items:
            if each.content_type_id not in known:  # it was removed while nothing used it
                each.content_type_id = self.default_content_type(is_folder=each.is_folder).content_type_id
            self._attach(each)
            self.by_number[each.list_item_id] = each.item_id

    def _attach(self, item: DriveItem) -> None:
        self.items[item.item_id] = item
        if item.parent_id is not None:
            self.children.setdefault(item.parent_id, {})[names.key(item.name)] = item.item_id

    def _ancestors(self, item: DriveItem) -> Iterator[DriveItem]:
        while item.parent_id is not None:
            item = self.items[item.parent_id]
            yield item

    # content types and columns

    def default_content_type(self, *, is_folder: bool = False) -> ContentType:
        """Return what new items get: the first content type of their kind."""
        return next(each for each in self.content_types if each.is_folder == is_folder)

    def get_content_type(self, content_type_id: str) -> ContentType:
        """Return a content type of this library."""
        for content_type in self.content_types:
            if content_type.content_type_id == content_type_id:
                return content_type
        raise item_not_found("The specified content type was not found")

    def add_content_type(self, source: ContentType) -> ContentType:
        """Copy a site content type here; its columns become columns of the library."""
        if any(each.base_id == source.content_type_id and each.name == source.name for each in self.content_types):
            raise name_already_exists(f"The content type {source.name} is already in this list")
        copied = ContentType(
            identifiers.child_content_type_id(source.content_type_id),
            source.name,
            source.description,
            source.group,
            list(source.columns),
            source.content_type_id,
        )
        self.content_types.insert(len(self.content_types) - 1, copied)
        known = {column.name for column in self.columns}
        self.columns.extend(column for column in copied.columns if column.name not in known)
        return copied

    def remove_content_type(self, content_type_id: str) -> None:
        """Take a content type off this library, unless an item uses it or it is the last one."""
        content_type = self.get_content_type(content_type_id)
        if any(item.content_type_id == content_type_id for item in self.items.values()):
            raise invalid_request("The content type is in use.")
        if sum(each.is_folder == content_type.is_folder for each in self.content_types) == 1:
            raise invalid_request("The last content type of a list cannot be deleted")
        self.content_types.remove(content_type)

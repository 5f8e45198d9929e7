"""A document library as SharePoint keeps it: items by id, eTags and cTags, versions, the recycle bin, and what changed.

Pure state with the documented semantics; every author works on it through the same methods, people and the app:

    every write moves the eTag; a write of content moves the cTag, too (resources/driveitem)
    a sibling of the same name, without case, is a conflict; nothing is overwritten (driveitem-update, -put-content)
    If-Match with another eTag is 412; an item that somebody has open, or that a session writes, is 423
    new content is a new version; a deleted item, and all below it, lies in the recycle bin with its versions
    a restored item keeps its id; a folder that is missing above it is made again, and a taken name gets a number
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from shared.errors import Locked, NameTaken, NotFound, PreconditionFailed
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem
from shared.model.names import numbered
from tests.simulation.model_items import Author, Deleted, Item, described

ROOT = "root"


class Drive:
    """One library. `number` makes its ids its own; `moves_c_tag`: writes of metadata move the cTag as well."""

    def __init__(
        self, number: int, clock: Callable[[], datetime], *, moves_c_tag: bool, tells_descendants: bool
    ) -> None:
        self.id = f"b!drive{number}"
        self.list_id = f"list{number}"
        self.site_id = "site"
        self._clock = clock
        self._moves_c_tag = moves_c_tag
        self._tells_descendants = tells_descendants
        self._number = number
        self._ids = count(1)
        self._changes = count(1)
        self.last_change = 0
        self.writes = 0
        self.bin: list[Deleted] = []
        self.ever_deleted: set[str] = set()
        self.tombstones: dict[str, int] = {}
        self.hidden_tombstones = 0
        self.items: dict[str, Item] = {}
        root = self._new(ROOT, None, Author("SharePoint"), is_folder=True)
        self.root_id = root.id

    @property
    def now(self) -> datetime:
        return self._clock()

    def find(self, item_id: str) -> Item | None:
        return self.items.get(self.root_id if item_id == ROOT else item_id)

    def get(self, item_id: str) -> Item:
        found = self.find(item_id)
        if found is None:
            raise NotFound("The item does not exist.")
        return found

    def child(self, parent_id: str, name: str) -> Item | None:
        parent = self.get(parent_id).id
        wanted = name.casefold()
        return next((each for each in self.children(parent) if each.name.casefold() == wanted), None)

    def children(self, parent_id: str) -> list[Item]:
        return [each for each in self.items.values() if each.parent_id == parent_id]

    def below(self, item: Item) -> list[Item]:
        """The item and all below it, parents first."""
        found = [item]
        for each in found:
            found += self.children(each.id)
        return found

    def create(self, parent_id: str, name: str, author: Author, content: bytes | None) -> Item:
        """A new file, or a folder where `content` is None. Raises NotFound, NameTaken."""
        parent = self.get(parent_id)
        if self.child(parent.id, name) is not None:
            raise NameTaken(f"{name!r} exists.")
        item = self._new(name, parent.id, author, is_folder=content is None)
        item.content = content or b""
        return item

    def write(self, item: Item, content: bytes, author: Author, e_tag: str = "") -> None:
        """New content: a new version."""
        self._check(item, e_tag)
        item.versions.append(item.content)
        item.content = content
        item.c += 1
        self._touched(item, author)

    def update(self, item: Item, author: Author, e_tag: str, name: str | None, parent_id: str | None) -> None:
        """Rename or move, in one. Raises NotFound (the folder), NameTaken, PreconditionFailed, Locked."""
        self._check(item, e_tag)
        parent = self.get(parent_id) if parent_id else self.get(item.parent_id or ROOT)
        if parent in self.below(item):
            raise NameTaken("A folder can't be moved below itself.")
        namesake = self.child(parent.id, name or item.name)
        if namesake is not None and namesake is not item:
            raise NameTaken(f"{name or item.name!r} exists.")
        item.name, item.parent_id = name or item.name, parent.id
        item.c += self._moves_c_tag
        self._touched(item, author)

    def set_columns(self, item: Item, author: Author, e_tag: str, columns: Columns) -> None:
        """All four of them."""
        self._check(item, e_tag)
        item.columns = columns
        item.c += self._moves_c_tag
        self._touched(item, author)

    def touch(self, item: Item) -> None:
        """SharePoint does something of its own, so that the eTag moves and nothing else."""
        item.e += 1
        self._changed(item)

    def rewrite(self, item: Item, content: bytes) -> None:
        """SharePoint promotes properties into the file; nobody is its author."""
        item.content = content
        item.e, item.c = item.e + 1, item.c + 1
        self._changed(item)

    def delete(self, item: Item, e_tag: str = "") -> None:
        """To the recycle bin, with all below it. Raises PreconditionFailed, Locked."""
        self._check(item, e_tag)
        gone = self.below(item)
        for each in gone:
            self._check(each, "")
        for each in gone:
            del self.items[each.id]
        self.bin.append(Deleted(gone))
        self.ever_deleted |= {each.id for each in gone}
        self.writes += 1
        if self.hidden_tombstones:
            self.hidden_tombstones -= 1
            return
        for each in gone if self._tells_descendants else gone[:1]:
            self.tombstones[each.id] = self._next_change()

    def restore(self, entry: Deleted) -> None:
        """Back to where it was, with all below it and the same ids."""
        self.bin.remove(entry)
        top = entry.items[0]
        if self.find(top.parent_id or ROOT) is None:
            top.parent_id = self._made_again(top.parent_id or ROOT).id
        number = 2
        name = top.name
        while self.child(top.parent_id or ROOT, name) is not None:
            name = numbered(top.name, number)
            number += 1
        top.name = name
        for each in entry.items:
            self.items[each.id] = each
            self.tombstones.pop(each.id, None)
            self._changed(each)
        self.writes += 1

    def lock(self, item: Item, seconds: float) -> None:
        item.locked_until = self.now + timedelta(seconds=seconds)

    def all_content(self) -> list[bytes]:
        """Whatever anybody can still reach: current, older versions, the recycle bin."""
        binned = [item for entry in self.bin for item in entry.items]
        return [content for item in (*self.items.values(), *binned) for content in (item.content, *item.versions)]

    def shown(self, item: Item) -> DriveItem:
        """As Graph describes it."""
        return described(item, self.id)

    def _made_again(self, folder_id: str) -> Item:
        old = next((each for entry in self.bin for each in entry.items if each.id == folder_id), None)
        name = old.name if old else "Restored"
        there = self.child(ROOT, name)
        if there is not None and there.is_folder:
            return there
        return self.create(ROOT, name if there is None else f"{name} again", Author("SharePoint"), None)

    def _new(self, name: str, parent_id: str | None, author: Author, *, is_folder: bool) -> Item:
        n = next(self._ids)
        unique_id = f"{self._number:08x}-0000-4000-8000-{n:012x}"
        item = Item(f"01{self._number}{n:04d}", unique_id, name, parent_id, is_folder, author, self.now)
        item.modified_by, item.modified_at = author, self.now
        self.items[item.id] = item
        self.writes += 1
        self._changed(item)
        return item

    def _check(self, item: Item, e_tag: str) -> None:
        if e_tag and e_tag != item.e_tag:
            raise PreconditionFailed("The item was changed.")
        if item.locked_until is not None and item.locked_until > self.now:
            raise Locked("Somebody has the file open.")

    def _touched(self, item: Item, author: Author) -> None:
        item.e += 1
        item.modified_by, item.modified_at = author, self.now
        self.writes += 1
        self._changed(item)

    def _changed(self, item: Item) -> None:
        item.changed = item.columns_changed = self._next_change()

    def _next_change(self) -> int:
        self.last_change = next(self._changes)
        return self.last_change

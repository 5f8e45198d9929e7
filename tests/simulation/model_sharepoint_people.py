"""What people do in SharePoint. Each takes two numbers that choose whom and what, and says in a sentence what it did.

An empty sentence: there was nothing to do it to, or SharePoint refused it, as it refuses people too.
"""

from collections.abc import Callable
from dataclasses import replace

from shared.errors import MomentError
from shared.model.directory import Columns
from tests.simulation.model_drive import ROOT, Drive
from tests.simulation.model_items import Author, Item
from tests.simulation.model_world import SMALL_FILE_MAX_BYTES, ModelWorld

type Act = Callable[[int, int], str]

_GRACE = Author("Grace Hopper")
NAMES = ("a.txt", "b.txt", "A.TXT", "c.pdf", "d.txt", "e.pdf", "f.txt")
_FOLDERS = ("Harbour", "Tower", "Design", "Old", "New")
SIZES = (0, 0, 0, SMALL_FILE_MAX_BYTES + 250)


class SharePointPeople:
    """People with a browser, in the library of the one or the other customer."""

    def __init__(self, world: ModelWorld) -> None:
        self._world = world
        self.tags_added: dict[str, set[str]] = {}
        """By drive item: what was added and never taken away."""

    def acts(self) -> dict[str, tuple[Act, int]]:
        """Each by its name, with how often it is done compared with others."""
        return {
            "sharepoint add": (self.add, 4),
            "sharepoint add folder": (self.add_folder, 1),
            "sharepoint rename": (self.rename, 4),
            "sharepoint move": (self.move, 4),
            "sharepoint write": (self.write, 4),
            "sharepoint tag": (self.tag, 3),
            "sharepoint untag": (self.untag, 1),
            "sharepoint set period": (self.set_period, 1),
            "sharepoint delete": (self.delete, 3),
            "sharepoint restore": (self.restore, 3),
            "sharepoint change folder": (self.change_folder, 2),
            "sharepoint delete folder": (self.delete_folder, 1),
            "sharepoint open": (self.open, 1),
            "sharepoint touch": (self.touch, 1),
            "sharepoint promote": (self.promote, 1),
            "sharepoint take to another library": (self.take_across, 1),
        }

    def _drive(self, b: int) -> Drive | None:
        drives = list(self._world.sharepoint.drives.values())
        return drives[0 if b % 5 else -1] if drives else None

    def _file(self, a: int, b: int) -> tuple[Drive, Item] | None:
        drive = self._drive(b)
        files = [each for each in drive.items.values() if not each.is_folder] if drive else []
        return (drive, files[a % len(files)]) if drive and files else None

    def _folder(self, drive: Drive, a: int) -> Item:
        folders = [each for each in drive.items.values() if each.is_folder]
        return folders[a % len(folders)]

    def _told(self, drive: Drive, b: int) -> None:
        """Notifications are lost, come once, or come twice."""
        for _ in range(b // 5 % 3):
            self._world.queues.put("changes", f"notified:{drive.id}", b // 15 % 3)

    def _takes_away(self, *items: Item) -> None:
        """What Moment sent and does not know yet, for the answer got lost: it will be sent again, and be there twice.

        Nobody can tell the first one from a file of that person's, who moved, renamed or deleted it.
        """
        for item in items:
            is_known = any(self._world.stores.files.find_by_item(each, item.id) for each in self._world.customers)
            if item.author.app is not None and not item.is_folder and not is_known:
                self._world.witness.copied(item.content)

    def _do(self, drive: Drive, b: int, act: Callable[[], object], done: str) -> str:
        try:
            act()
        except MomentError:
            return ""
        self._told(drive, b)
        return done

    def add(self, a: int, b: int) -> str:
        drive = self._drive(b)
        if drive is None:
            return ""
        name, folder = NAMES[a % len(NAMES)], self._folder(drive, a // 7)
        if drive.child(folder.id, name) is not None:
            return ""
        content = self._world.witness.new_content("sharepoint", SIZES[a // 3 % 4])
        done = f"{name} to {folder.name}"
        return self._do(drive, b, lambda: drive.create(folder.id, name, _GRACE, content), done)

    def add_folder(self, a: int, b: int) -> str:
        drive = self._drive(b)
        if drive is None:
            return ""
        name, folder = _FOLDERS[a % len(_FOLDERS)], self._folder(drive, a // 5)
        return self._do(drive, b, lambda: drive.create(folder.id, name, _GRACE, None), f"{name} to {folder.name}")

    def rename(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        drive, item = found
        before, name = item.name, NAMES[a // 11 % len(NAMES)]
        self._takes_away(item)
        return self._do(drive, b, lambda: drive.update(item, _GRACE, "", name, None), f"{before} {item.id} to {name}")

    def move(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        drive, item = found
        to = self._folder(drive, a // 11)
        self._takes_away(item)
        return self._do(
            drive, b, lambda: drive.update(item, _GRACE, "", None, to.id), f"{item.name} {item.id} to {to.name}"
        )

    def write(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        drive, item = found
        content = self._world.witness.new_content("sharepoint", SIZES[a // 11 % 4])
        done = self._do(drive, b, lambda: drive.write(item, content, _GRACE), f"{item.name} {item.id}")
        if not done:
            self._world.witness.never_written(content)
        return done

    def tag(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        drive, item = found
        tag = f"s{drive.last_change}"
        columns = replace(item.columns, tags=(*item.columns.tags, tag))
        done = self._do(drive, b, lambda: drive.set_columns(item, _GRACE, "", columns), f"{item.id} + {tag}")
        if done:
            self.tags_added.setdefault(item.id, set()).add(tag)
        return done

    def untag(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None or not found[1].columns.tags:
            return ""
        drive, item = found
        gone = item.columns.tags[0]
        columns = replace(item.columns, tags=item.columns.tags[1:])
        done = self._do(drive, b, lambda: drive.set_columns(item, _GRACE, "", columns), f"{item.id} - {gone}")
        if done:
            self._world.witness.tags_removed.add(gone)
        return done

    def set_period(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        drive, item = found
        columns = Columns(item.columns.activity, "2027", f"0{a % 9 + 1}/2027", item.columns.tags)
        return self._do(drive, b, lambda: drive.set_columns(item, _GRACE, "", columns), f"{item.id} {columns.period}")

    def delete(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        drive, item = found
        self._takes_away(item)
        return self._do(drive, b, lambda: drive.delete(item), f"{item.name} {item.id}")

    def restore(self, a: int, b: int) -> str:
        drive = self._drive(b)
        if drive is None or not drive.bin:
            return ""
        entry = drive.bin[a % len(drive.bin)]
        return self._do(drive, b, lambda: drive.restore(entry), f"{entry.items[0].name} {entry.items[0].id}")

    def change_folder(self, a: int, b: int) -> str:
        drive = self._drive(b)
        if drive is None:
            return ""
        folder, to = self._folder(drive, a), self._folder(drive, a // 7)
        if folder.id == drive.root_id:
            return ""
        name = _FOLDERS[a // 3 % len(_FOLDERS)] if a % 2 else None
        done = f"{folder.name} {folder.id} to {name or to.name}"
        return self._do(drive, b, lambda: drive.update(folder, _GRACE, "", name, None if name else to.id), done)

    def delete_folder(self, a: int, b: int) -> str:
        drive = self._drive(b)
        folder = self._folder(drive, a) if drive else None
        if drive is None or folder is None or folder.id == drive.root_id:
            return ""
        self._takes_away(*drive.below(folder))
        return self._do(drive, b, lambda: drive.delete(folder), f"{folder.name} {folder.id}")

    def open(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        found[0].lock(found[1], 20 + a % 100)
        return f"{found[1].name} {found[1].id}"

    def touch(self, a: int, b: int) -> str:
        if (found := self._file(a, b)) is None:
            return ""
        found[0].touch(found[1])
        return found[1].id

    def promote(self, a: int, b: int) -> str:
        """SharePoint rewrites a PDF some time after it came."""
        if (found := self._file(a, b)) is None or not found[1].name.endswith(".pdf"):
            return ""
        drive, item = found
        drive.rewrite(item, item.content + b"\ntrailer << /Prev 8 >>\nstartxref\n8\n%%EOF\n")
        return item.id

    def take_across(self, a: int, b: int) -> str:
        """Into another library it is copied, and the old one recycled: new ids."""
        drives = list(self._world.sharepoint.drives.values())
        found = self._file(a, b)
        if found is None or len(drives) < 2:
            return ""
        drive, item = found
        other = next(each for each in drives if each is not drive)
        try:
            other.create(ROOT, item.name, _GRACE, item.content)
        except MomentError:
            return ""
        self._world.witness.copied(item.content)
        self._told(other, b)
        return self._do(drive, b, lambda: drive.delete(item), f"{item.name} {item.id}")

"""Rows about a library of 1,000 files that both know: nothing changed, one file did, the folder of all was renamed.

Both libraries are filled by the local SharePoint's control plane. The app learns of the files by the notification that
follows, rclone by a first run. A change is a person's, at Graph under another application's id; the clock starts when
SharePoint has answered that person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tools.bench.arena import Arena, Reading
from tools.bench.measured import Measured
from tools.bench.ours import PATIENCE_S, App, now
from tools.bench.peer import AT_ONCE
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST, Contestant, Row
from tools.bench.samples import folder_name
from tools.stack.graph_editor import GraphEditor
from tools.stack.graph_reader import Json

FILES = 1000
FOLDERS = 50
DELTA = ("--fast-list", "--onedrive-delta")
"""rclone's best where nothing or little changed: the whole delta, from the beginning, instead of each folder's list."""
_SAFE = ("--force", "--ignore-listing-checksum")
"""bisync refuses to go on where most files seem changed; and the two sides have no hash in common."""
_CHANGED = "File 1.txt"
_LOOK_S = 0.25

type Change = Callable[["Person"], None]


@dataclass(slots=True)
class Person:
    """Somebody who works in one library."""

    graph: GraphEditor
    library: str
    folder: str
    turns: int = 0
    saved_bytes: int = 0

    def edits_a_file(self) -> None:
        """Saves one file with other content."""
        self.turns += 1
        folder = self._find(f"{self.library}/{self.folder}")
        content = f"edited {self.turns} times, {self.library}\n".encode() * (self.turns + 1)
        self.saved_bytes = self.graph.add(folder, _CHANGED, content)["size"]

    def renames_the_folder(self) -> None:
        """Gives the folder of all files another name."""
        self.turns += 1
        folder = self._find(f"{self.library}/{self.folder}")
        self.folder = f"Renamed {self.turns}"
        self.graph.rename(folder, self.folder)

    def _find(self, path: str) -> Json:
        found = self.graph.find(path)
        if found is None:
            raise LookupError(path)
        return found


def _fill(arena: Arena, library: str, folders: int) -> Person:
    files = arena.scaled(FILES)
    for number in range(folders):
        count = files * (number + 1) // folders - files * number // folders
        arena.world.ledger.ask("files", {"list": library, "folder": folder_name(number), "count": count})
        arena.say("a library is filled", number + 1, folders)
    graph = GraphEditor(arena.world.sharepoint_url, arena.world.login_url, arena.world.ca_bundle)
    return Person(graph, library, folder_name(0))


class KnownToTheApp:
    """A customer whose library was filled by people and followed."""

    def __init__(self, arena: Arena, folders: int) -> None:
        self._arena = arena
        self.app = App(arena)
        self.customer = self.app.company(0)
        self.person = _fill(arena, f"Customer {self.customer}", folders)
        files = arena.scaled(FILES) + 1

        def are_known() -> bool:
            known = sum(1 for _ in arena.world.stores.files.items(self.customer))
            arena.say("the app learns of the library", known, files)
            return known >= files

        arena.when(are_known, "records of all files", PATIENCE_S, _LOOK_S)
        self.app.until_quiet(arena.say)

    def looks(self) -> Measured:
        """Sync by hand in both directions, with nothing to do."""
        with self._arena.measuring() as reading:
            began = now()
            runs = [self.app.sync(self.customer, way) for way in ("from-sharepoint", "to-sharepoint")]
            reading.wall_s = now() - began
            self.app.until_quiet(self._arena.say)
        if any(run["state"] != "succeeded" for run in runs):
            raise RuntimeError(f"a sync with nothing to do did not succeed: {runs}")
        return reading.of_the_app()

    def follows(self, change: Change, is_brought_in: Callable[[], bool]) -> Measured:
        """Let a person change something, and wait until Moment shows it."""
        with self._arena.measuring() as reading:
            change(self.person)
            began = now()
            self._arena.when(is_brought_in, "the change in Moment", PATIENCE_S)
            reading.wall_s = now() - began
            self.app.until_quiet(self._arena.say)
        return reading.of_the_app(**_pages(reading))

    def shows_the_edit(self) -> bool:
        """Whether the record of the file that is edited has its new size."""
        record = self._arena.world.stores.files.find(self.customer, self._a_file())
        return record is not None and record.size_bytes == self.person.saved_bytes

    def shows_the_folder(self) -> bool:
        """Whether Moment's link of a file leads through the folder's new name."""
        shown = self._arena.world.product().get(f"customers/{self.customer}/files/{self._a_file()}")
        return quote(self.person.folder) in (shown["link"] or "")

    def _a_file(self) -> str:
        """One of those in the folder."""
        item = self.person.graph.find(f"{self.person.library}/{self.person.folder}/{_CHANGED}")
        found = self._arena.world.stores.files.find_by_item(self.customer, item["id"]) if item else None
        if found is None:
            raise LookupError(_CHANGED)
        return found


class KnownToRclone:
    """A library and a container that rclone has made equal."""

    def __init__(self, arena: Arena, name: str, folders: int, *, bisync: bool) -> None:
        self._arena = arena
        self._container = f"bench-{name}"
        library, self._drive = arena.new_library()
        self.person = _fill(arena, library, folders)
        arena.rclone.make_container(self._container)
        arena.say("rclone learns of the library", 0, 0)
        arena.rclone.run(self._drive, "copy", "sp:", f"az:{self._container}", "--transfers", "16")
        if bisync:
            arena.rclone.run(self._drive, *self._bisync(), "--resync")

    def looks(self, flags: tuple[str, ...]) -> Measured:
        """Sync with nothing to do."""
        with self._arena.measuring() as reading:
            ended = self._arena.rclone.run(self._drive, "sync", f"az:{self._container}", "sp:", *flags)
        return reading.of_rclone(ended)

    def follows(self, change: Change, flags: tuple[str, ...]) -> Measured:
        """bisync after a person's change."""
        with self._arena.measuring() as reading:
            change(self.person)
            ended = self._arena.rclone.run(self._drive, *self._bisync(), *flags)
        return reading.of_rclone(ended)

    def _bisync(self) -> tuple[str, ...]:
        return ("bisync", f"az:{self._container}", "sp:", *_SAFE)


def _pages(reading: Reading) -> dict[str, float]:
    """Pages of the drive's delta; those of the list's delta come when something changed."""
    pages = [each for each in reading.entries if each["route"].endswith("/items/{item}/delta")]
    return {"delta pages": float(len(pages))}


def _unchanged(arena: Arena) -> Mapping[str, Contestant]:
    folders = arena.scaled(FOLDERS)
    app = KnownToTheApp(arena, folders)
    rclone = KnownToRclone(arena, "unchanged", folders, bisync=False)
    return {
        RCLONE: lambda: rclone.looks(()),
        MOMENT: app.looks,
        RCLONE_BEST: lambda: rclone.looks(DELTA),
    }


def _one_changed(arena: Arena) -> Mapping[str, Contestant]:
    folders = arena.scaled(FOLDERS)
    app = KnownToTheApp(arena, folders)
    rclone = KnownToRclone(arena, "one-changed", folders, bisync=True)
    return {
        RCLONE: lambda: rclone.follows(Person.edits_a_file, ()),
        MOMENT: lambda: app.follows(Person.edits_a_file, app.shows_the_edit),
        RCLONE_BEST: lambda: rclone.follows(Person.edits_a_file, DELTA),
    }


def _folder_rename(arena: Arena) -> Mapping[str, Contestant]:
    """Not in rclone's delta mode: there it misses files whose folder comes after them, as a renamed one does here."""
    app = KnownToTheApp(arena, 1)
    rclone = KnownToRclone(arena, "folder-rename", 1, bisync=True)
    return {
        RCLONE: lambda: rclone.follows(Person.renames_the_folder, ()),
        MOMENT: lambda: app.follows(Person.renames_the_folder, app.shows_the_folder),
        RCLONE_BEST: lambda: rclone.follows(Person.renames_the_folder, AT_ONCE),
    }


FOLLOWED = (
    Row("unchanged", "1,000 files in 50 folders, nothing changed", _unchanged),
    Row("one-changed", "1 of 1,000 changed in SharePoint, brought into the system (rclone: bisync)", _one_changed),
    Row("folder-rename", "one folder renamed, 1,000 files below (rclone: bisync)", _folder_rename),
)

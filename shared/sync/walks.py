"""The full walk: everything in a library is compared with what we know, once in a while and after a lost delta link.

A walk reads both deltas from the start, so that every item and its columns are followed like any other change; what is
as we know it changes nothing. What the walk did not meet is asked for by id when all pages are in:

    not met            there              not there
    -----------------  -----------------  ------------------------------------------------------------
    folder of our tree into the tree      marked gone, with all that lies in it
    file of a record   followed           marked gone (not asked for where its folder is, nor where a
                                          person dismissed its deletion)
    object's folder    nothing            reported; its link is kept, because it may be restored

What is marked gone is decided as after any pull (shared/sync/deletions.py). Ids are read in their order beside those
that the walk met, a thousand to a request, so that memory is bounded; `LibraryState.walk_cursor` says how far that got,
so that a walk that is cut off goes on there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shared.errors import Claimed, PermanentError, UnknownObject
from shared.model.directory import Placement
from shared.model.following import is_doomed
from shared.model.libraries import LibraryState, Stop, TreeFolder
from shared.sync.change_ports import FolderTree, KeyQueue, Libraries, LinkedDirectory, PulledFiles, PulledSharePoint
from shared.sync.ingest_items import ItemIngest
from shared.sync.placement import Placements
from shared.sync.ports import Clock, Folders

_FOLDERS, _FILES = "folder", "file"
_ROOT = "root"
_MOST_REPORTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """Begins walks and ends them; shared/sync/ingest.py reads the pages between."""

    libraries: Libraries
    files: PulledFiles
    tree: FolderTree
    folders: Folders
    directory: LinkedDirectory
    placements: Placements
    sharepoint: PulledSharePoint
    items: ItemIngest
    pulls: KeyQueue
    clock: Clock
    new_id: Callable[[], str]

    def start(self, drive_id: str) -> None:
        """Have the library's next pull be a full walk; one that is under way goes on. Nothing for one that is gone.

        Raises Claimed while a pull holds the library, PreconditionFailed where one just took it.
        """
        state = self.libraries.find(drive_id)
        if state is None or state.stop is Stop.GONE:
            return
        if rest_s := state.leased_for_s(self.clock()):
            raise Claimed("The library is being pulled.", rest_s + 1)
        if not state.walk_id:
            self.libraries.save(state, state.walking(self.new_id()))
        self.pulls.send(f"poll:{drive_id}")

    def look_again(self, drive_id: str) -> None:
        """Follow a library again that was gone, in case that it is back; one request, and a full walk where it is."""
        state = self.libraries.find(drive_id)
        if state is None or state.stop is not Stop.GONE:
            return
        try:
            is_back = self.sharepoint.find_item(drive_id, _ROOT) is not None
        except PermanentError:
            is_back = False
        if is_back:
            self.libraries.save(state, state.back(self.new_id()))
            self.pulls.send(f"poll:{drive_id}")

    def probe_unseen(self, state: LibraryState, is_late: Callable[[], bool]) -> str:
        """Ask for what the walk did not meet; gives the cursor to go on from when the time is up, "" at the end."""
        kind, _, after = state.walk_cursor.partition(":")
        if kind != _FILES:
            for folder_id in self._unseen_folders(state, after):
                self._probe_folder(state, folder_id)
                if is_late():
                    return f"{_FOLDERS}:{folder_id}"
            after = ""
        gone = frozenset(self.tree.gone(state.customer))
        for item_id, file_id in self._unseen_files(state, after):
            self._probe_file(state, item_id, file_id, gone)
            if is_late():
                return f"{_FILES}:{item_id}"
        return ""

    def missing_folders(self, state: LibraryState) -> list[str]:
        """After a walk: the folders of objects that are not in SharePoint, each in words, a hundred at most.

        What was made while the walk went on is not in the tree yet, so that those that seem missing are asked for.
        """
        gone = frozenset(self.tree.gone(state.customer))
        missing = []
        for link in self.folders.list(state.customer):
            if link.drive_id != state.drive_id or link.item_id == _ROOT:
                continue
            if link.item_id not in gone and self.tree.find(state.customer, link.item_id) is not None:
                continue
            words = self._in_words(state.customer, link.key)
            if words and self.sharepoint.find_item(state.drive_id, link.item_id) is None:
                missing.append(words)
                if len(missing) == _MOST_REPORTED:
                    break
        return missing

    def forget(self, state: LibraryState) -> None:
        """After a walk, when its end is saved: what it met, and what walks met whose place it took."""
        self.tree.forget_seen(state.customer)

    def _unseen_folders(self, state: LibraryState, after: str) -> Iterator[str]:
        known = ((folder_id, folder_id) for folder_id in self.tree.ids(state.customer, after))
        return (folder_id for folder_id, _ in unseen(known, self.tree.seen(state.customer, state.walk_id, after)))

    def _unseen_files(self, state: LibraryState, after: str) -> Iterator[tuple[str, str]]:
        return unseen(self.files.items(state.customer, after), self.tree.seen(state.customer, state.walk_id, after))

    def _probe_folder(self, state: LibraryState, folder_id: str) -> None:
        item = self.sharepoint.find_item(state.drive_id, folder_id)
        if item is None:
            self.tree.mark_gone(state.customer, [folder_id])
        else:
            self.tree.put(state.customer, TreeFolder(folder_id, item.name, item.parent_id or ""))

    def _probe_file(self, state: LibraryState, item_id: str, file_id: str, gone: frozenset[str]) -> None:
        record = self.files.find(state.customer, file_id)
        baseline = record.baseline if record is not None and is_doomed(record) else None
        if baseline is None or (baseline.drive_id, baseline.item_id) != (state.drive_id, item_id):
            return
        if baseline.parent_id in gone:
            return
        item = self.sharepoint.find_item(state.drive_id, item_id)
        if item is None:
            self.tree.mark_gone(state.customer, [item_id])
        else:
            self.items.file(state.customer, item)

    def _in_words(self, customer: str, key: str) -> str | None:
        """Whose folder it is; None where the object is gone, too."""
        links = self.directory.links_of(customer, key)
        try:
            return _owner(self.placements.of(links), key) if links else None
        except UnknownObject:
            return None


def _owner(place: Placement, key: str) -> str:
    project = f"project {place.project.name}" if place.project else f"customer {place.customer.name}"
    if key.startswith("series~"):
        return f"folder of a recurring task of {project}"
    if place.task:
        return f"folder of task #{place.task.number} {place.task.name} of {project}"
    return f"folder of activity {place.activity.name} of {project}" if place.activity else f"folder of {project}"


def unseen(known: Iterable[tuple[str, str]], seen: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is known by an id that was not seen; both come in the order of their ids."""
    met = iter(seen)
    latest: str | None = next(met, None)
    for item_id, what in known:
        while latest is not None and latest < item_id:
            latest = next(met, None)
        if latest != item_id:
            yield item_id, what

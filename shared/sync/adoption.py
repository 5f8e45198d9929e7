"""Gives folders that were in SharePoint before their objects to those objects, by name.

    a folder without an object   whose name, without case, is that of   becomes the folder of
    ---------------------------  -------------------------------------  ---------------------
    in the library's root        a project                              that project
    in a project's folder        an activity, a task or a series there  that one
    in an activity's folder      a task or a series there               that one
    anywhere else, or where the object has a folder already             nothing: it stays a person's own

Folders come in any order: one whose parent is nobody's yet is looked at again when its parent is given away, or when
the root is first met. What lies in a folder comes first and its own link last, so that a process that dies in between
finds it still without one when the same page, or the same transfer, comes again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shared.errors import PreconditionFailed
from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from shared.model.files import FileState
from shared.model.journal import Event
from shared.model.libraries import LibraryState, TreeFolder
from shared.model.stored import FolderLink
from shared.sync.change_ports import FolderTree, LinkedDirectory, PulledFiles
from shared.sync.places import LIBRARY, Places
from shared.sync.ports import Folders

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Adoption:
    """Adopts folders. Harmless to repeat; three point reads for a folder that stays nobody's."""

    files: PulledFiles
    tree: FolderTree
    folders: Folders
    directory: LinkedDirectory
    places: Places

    def look_at(self, state: LibraryState, root_id: str, met: Iterable[DriveItem]) -> None:
        """The folders that a pull met, which are in the tree already; `root_id` where it is known by now."""
        if root_id != state.root_id:
            for folder in self.tree.children(state.customer, root_id):
                self._give_away(state, folder, LIBRARY)
        for item in met:
            parent_id = item.parent_id or ""
            parent_key = (
                LIBRARY if root_id and parent_id == root_id else self.folders.owner_of(state.customer, parent_id)
            )
            if parent_key is not None:
                self._give_away(state, TreeFolder(item.id, item.name, parent_id), parent_key)

    def before_link(self, link: FolderLink) -> None:
        """A folder that was there before is about to become an object's: adopt below it, and link its files."""
        for folder in self.tree.children(link.customer, link.item_id):
            self._give_away(link, folder, link.key)
        links = self.directory.links_of(link.customer, link.key)
        if links is not None:
            for file_id in self._files_below(link.customer, link.item_id):
                self._link_file(link, file_id, links)

    def _give_away(self, library: LibraryState | FolderLink, folder: TreeFolder, parent_key: str) -> None:
        customer = library.customer
        if self.folders.owner_of(customer, folder.item_id) is not None:
            return
        key = self.directory.find_by_folder_name(customer, parent_key, folder.name)
        if key is None or self.folders.find(customer, key) is not None:
            return
        link = FolderLink(customer, key, library.drive_id, folder.item_id)
        self.before_link(link)
        self.folders.save(link)

    def _files_below(self, customer: str, folder_id: str) -> Iterator[str]:
        """The files in the folder and in those below it that are nobody's own.

        Moves come one page at a time, so for a while a folder may seem to lie below itself.
        """
        waiting, met = [folder_id], {folder_id}
        while waiting:
            current = waiting.pop()
            yield from self.files.ids_in_folder(customer, current)
            for child in self.tree.children(customer, current):
                if child.item_id not in met and self.folders.owner_of(customer, child.item_id) is None:
                    met.add(child.item_id)
                    waiting.append(child.item_id)

    def _link_file(self, link: FolderLink, file_id: str, links: Links) -> None:
        """One of a series' tasks stays the file's own; so does a place that Moment is still moving it to."""
        for attempt in range(_TRIES):
            record = self.files.find(link.customer, file_id)
            if record is None or record.state is FileState.DELETED or record.place_pending:
                return
            if self.places.key_of_links(record.links) == link.key:
                return
            event = Event(f"Its folder is now that of {_in_words(links)}.")
            try:
                self.files.save(record, replace(record, links=links), event)
            except PreconditionFailed:
                if attempt == _TRIES - 1:
                    raise
            else:
                return


def _in_words(links: Links) -> str:
    if links.task is not None:
        return f"task {links.task}"
    return f"activity {links.activity}" if links.activity is not None else f"project {links.project}"

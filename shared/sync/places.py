"""Where a SharePoint folder leads in Moment: the nearest folder above that belongs to an object.

Links and paths are computed from the folder tree when they are read, so a folder that a person renames or moves is one
row, however many files lie in it.
"""

from dataclasses import replace
from urllib.parse import quote, unquote

from shared.model.directory import Links, folder_of
from shared.model.files import Baseline, FileRecord, FileState
from shared.model.stored import FolderLink
from shared.sync.change_ports import FolderTree, LinkedDirectory
from shared.sync.ports import Folders

LIBRARY = "library"
_DEEPEST = 200
_BY_ID = "/_layouts/"


class Places:
    """Looks places up; keeps nothing, so it is never stale."""

    def __init__(self, tree: FolderTree, folders: Folders, directory: LinkedDirectory) -> None:
        self._tree = tree
        self._folders = folders
        self._directory = directory

    def remembering(self) -> "Places":
        """The same, asking for each folder and each customer's library once: for one page of a list, not for longer."""
        return _RememberingPlaces(self._tree, self._folders, self._directory)

    def key_of_folder(self, customer: str, folder_id: str | None) -> str:
        """The key of the object whose folder this is or lies in; "library" where none is above it."""
        met: set[str] = set()
        while folder_id is not None and _is_new(folder_id, met):
            key = self._folders.owner_of(customer, folder_id)
            if key is not None:
                return key
            folder = self._tree.find(customer, folder_id)
            folder_id = folder.parent_id if folder else None
        return LIBRARY

    def links_in(self, record: FileRecord, folder_id: str | None) -> Links:
        """What the record is linked to when its file lies in this folder; its own links where they lead there."""
        key = self.key_of_folder(record.customer, folder_id)
        if key == self.key_of_links(record.links):
            return record.links
        return self.links_of_key(record.customer, key)

    def links_of_key(self, customer: str, key: str) -> Links:
        """What a file in the folder of this key is linked to; the customer alone where the object is gone."""
        return self._directory.links_of(customer, key) or Links(customer)

    def shown(self, record: FileRecord) -> FileRecord:
        """The record with the links of the place where its file is now."""
        if record.state is not FileState.IN_SHAREPOINT or record.place_pending or record.baseline is None:
            return record
        baseline = replace(record.baseline, web_url=self._address(record.customer, record.baseline))
        return replace(record, links=self.links_in(record, record.baseline.parent_id), baseline=baseline)

    def folder_path(self, customer: str, folder_id: str | None) -> tuple[str, ...] | None:
        """The names of the folders from the library's root to this one; empty for the root, None where not known."""
        library = self._library(customer)
        names = self._names_down_to(customer, folder_id)
        if names is None and library is not None and self.key_of_folder(customer, folder_id) == LIBRARY:
            return ()
        return None if names is None else tuple(names)

    def _address(self, customer: str, baseline: Baseline) -> str:
        """The file's URL where it is now. One that names the document by id (Office) holds whatever is renamed."""
        library = self._library(customer)
        names = self._names_down_to(customer, baseline.parent_id)
        if library is None or not library.web_url or names is None or _BY_ID in baseline.web_url:
            return baseline.web_url
        address = "/".join([library.web_url, *(quote(name, safe="") for name in (*names, baseline.name))])
        return baseline.web_url if unquote(address) == unquote(baseline.web_url) else address

    def _names_down_to(self, customer: str, folder_id: str | None) -> list[str] | None:
        """The names of the folders from the library's root; None where the folder is not known."""
        names: list[str] = []
        met: set[str] = set()
        while folder_id and _is_new(folder_id, met):
            folder = self._tree.find(customer, folder_id)
            if folder is None:
                break
            names.insert(0, folder.name)
            folder_id = folder.parent_id
        return names or None

    def _library(self, customer: str) -> FolderLink | None:
        return self._folders.find(customer, LIBRARY)

    def key_of_links(self, links: Links) -> str | None:
        """The key of the folder that a file with these links belongs in; None where its task is gone."""
        if links.project is None:
            return LIBRARY
        if links.task is not None:
            task = self._directory.find_task(links.customer, links.project, links.task)
            return folder_of(task).key if task else None
        return f"activity~{links.project}~{links.activity}" if links.activity else f"project~{links.project}"


def _is_new(folder_id: str, met: set[str]) -> bool:
    """Moves come one page at a time, so for a while a folder may seem to lie below itself."""
    if folder_id in met or len(met) == _DEEPEST:
        return False
    met.add(folder_id)
    return True


class _RememberingPlaces(Places):
    def __init__(self, tree: FolderTree, folders: Folders, directory: LinkedDirectory) -> None:
        super().__init__(tree, folders, directory)
        self._keys: dict[tuple[str, str | None], str] = {}
        self._own_keys: dict[Links, str | None] = {}
        self._names: dict[tuple[str, str | None], list[str] | None] = {}
        self._libraries: dict[str, FolderLink | None] = {}

    def _library(self, customer: str) -> FolderLink | None:
        if customer not in self._libraries:
            self._libraries[customer] = super()._library(customer)
        return self._libraries[customer]

    def key_of_folder(self, customer: str, folder_id: str | None) -> str:
        place = (customer, folder_id)
        if place not in self._keys:
            self._keys[place] = super().key_of_folder(customer, folder_id)
        return self._keys[place]

    def key_of_links(self, links: Links) -> str | None:
        if links not in self._own_keys:
            self._own_keys[links] = super().key_of_links(links)
        return self._own_keys[links]

    def _names_down_to(self, customer: str, folder_id: str | None) -> list[str] | None:
        place = (customer, folder_id)
        if place not in self._names:
            self._names[place] = super()._names_down_to(customer, folder_id)
        return self._names[place]

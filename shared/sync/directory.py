"""Creating, renaming and deleting customers, projects, activities and tasks.

`if_match` is the eTag (shared/model/editable.py) that the caller saw. It is held against the row that is replaced, so
nobody's change is lost; Changed carries the object as it is. What is stored just so already counts as done.
"""

from shared.errors import Changed, Collision
from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, Task
from shared.model.editable import directory_etag
from shared.sync.placement import Placements
from shared.sync.ports import Check, Directory, Files
from shared.sync.rename_folders import RenameFolders


class DirectoryChanges:
    """The rules around the directory: parents exist, siblings differ, nothing that is in use is deleted."""

    def __init__(self, directory: Directory, files: Files, folders: RenameFolders) -> None:
        self._directory = directory
        self._folders = folders
        self._files = files
        self._placements = Placements(directory)

    def put(self, thing: DirectoryObject, *, if_match: str | None = None, only_create: bool = False) -> bool:
        """Create or change; True when it was created.

        Raises UnknownObject (no such parent), Collision (a sibling has the same folder name), and Changed where the
        eTag does not fit, or where the object is there and was only to be created.
        """
        parent = _parent_links(thing)
        if parent is not None:
            self._placements.of(parent)
        was_created = self._directory.put(thing, _check(thing, if_match, only_create=only_create))
        if not was_created:
            self._folders.wanted(_own_links(thing))
        return was_created

    def get(self, links: Links) -> DirectoryObject:
        """The most specific object that the links name."""
        placement = self._placements.of(links)
        return placement.task or placement.activity or placement.project or placement.customer

    def remove(self, thing: DirectoryObject, *, if_match: str | None = None) -> None:
        """Delete an object that nothing belongs to any more. Raises Collision while something does, and Changed."""
        if self._directory.has_children(thing):
            raise Collision("It still has projects, activities or tasks; delete those first.")
        if self._files.any_in(thing):
            raise Collision("Files still belong to it; move or delete those first.")
        self._directory.remove(thing, _check(None, if_match))


def _check(
    wanted: DirectoryObject | None, if_match: str | None, *, only_create: bool = False
) -> Check[DirectoryObject] | None:
    """What is held against the stored object; a condition that was asked for and is met already is no fault."""

    def check(stored: DirectoryObject | None) -> None:
        if only_create and stored is not None:
            raise Changed("It exists already.", stored)
        if if_match is None or stored == wanted:
            return
        if stored is None or directory_etag(stored) != if_match:
            raise Changed("It was changed meanwhile; look at it again.", stored)

    return check if only_create or if_match is not None else None


def _own_links(thing: DirectoryObject) -> Links:
    match thing:
        case Customer():
            return Links(thing.id)
        case Project():
            return Links(thing.customer, thing.id)
        case Activity():
            return Links(thing.customer, thing.project, thing.id)
        case Task():
            return Links(thing.customer, thing.project, thing.activity, thing.id)


def _parent_links(thing: DirectoryObject) -> Links | None:
    match thing:
        case Customer():
            return None
        case Project():
            return Links(thing.customer)
        case Activity():
            return Links(thing.customer, thing.project)
        case Task():
            return Links(thing.customer, thing.project, thing.activity)

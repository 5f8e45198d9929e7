"""Creating, renaming and deleting customers, projects, activities and tasks."""

from shared.errors import Collision
from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, Task
from shared.sync.placement import Placements
from shared.sync.ports import Directory, Files
from shared.sync.rename_folders import RenameFolders


class DirectoryChanges:
    """The rules around the directory: parents exist, siblings differ, nothing that is in use is deleted."""

    def __init__(self, directory: Directory, files: Files, folders: RenameFolders) -> None:
        self._directory = directory
        self._folders = folders
        self._files = files
        self._placements = Placements(directory)

    def put(self, thing: DirectoryObject) -> bool:
        """Create or change; True when it was created.

        Raises UnknownObject (no such parent) and Collision (a sibling has the same folder name).
        """
        parent = _parent_links(thing)
        if parent is not None:
            self._placements.of(parent)
        was_created = self._directory.put(thing)
        if not was_created:
            self._folders.wanted(_own_links(thing))
        return was_created

    def get(self, links: Links) -> DirectoryObject:
        """The most specific object that the links name."""
        placement = self._placements.of(links)
        return placement.task or placement.activity or placement.project or placement.customer

    def remove(self, thing: DirectoryObject) -> None:
        """Delete an object that nothing belongs to any more. Raises Collision while something does."""
        if self._directory.has_children(thing):
            raise Collision("It still has projects, activities or tasks; delete those first.")
        if self._files.any_in(thing):
            raise Collision("Files still belong to it; move or delete those first.")
        self._directory.remove(thing)


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

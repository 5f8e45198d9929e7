"""A site: its libraries, site columns, content types and recycle bin.

https://learn.microsoft.com/graph/api/resources/site
"""

import itertools
from dataclasses import dataclass, field

from tools.sharepoint.state import identifiers, names
from tools.sharepoint.state.columns import Column, title_column
from tools.sharepoint.state.content_types import ContentType, built_in
from tools.sharepoint.state.errors import invalid_request, item_not_found, list_limit_reached, name_already_exists
from tools.sharepoint.state.identifiers import SiteIds, site_ids
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.new_library import new_library

MAX_LISTS = 2_000
SITE_QUOTA_BYTES = 25 * 1024**4


@dataclass(slots=True)
class RecycledItem:
    """Something deleted, with all that lay below it, as the recycle bin keeps it for 93 days."""

    list_id: str
    path: str
    deleted_at: float
    deleted_by: str
    items: list[DriveItem]
    recycled_id: str = field(default_factory=identifiers.new_guid)


@dataclass(slots=True)
class Site:
    """One site collection with one web."""

    hostname: str
    path: str
    display_name: str
    created_at: float
    ids: SiteIds = field(default_factory=SiteIds)
    columns: list[Column] = field(default_factory=list)
    content_types: list[ContentType] = field(default_factory=list)
    libraries: dict[str, Library] = field(default_factory=dict)
    recycle_bin: list[RecycledItem] = field(default_factory=list)
    quota_bytes: int = SITE_QUOTA_BYTES
    used_bytes: int = 0  # all that was ever stored: versions and the recycle bin count towards the quota

    @property
    def site_id(self) -> str:
        """Return ``hostname,site collection,web``."""
        return f"{self.hostname},{self.ids.collection},{self.ids.web}"

    def get_library(self, key: str) -> Library:
        """Return a library by list id or by title."""
        library = self.libraries.get(key.lower())
        if library is None:
            library = self.find_by_title(key)
        if library is None:
            raise item_not_found("The specified list was not found")
        return library

    def find_by_title(self, title: str) -> Library | None:
        """Return the library with this title, in whatever case."""
        wanted = names.key(title)
        return next((each for each in self.libraries.values() if names.key(each.display_name) == wanted), None)

    def find_by_address(self, name: str) -> Library | None:
        """Return the library whose URL segment this is."""
        wanted = names.key(name)
        return next((each for each in self.libraries.values() if names.key(each.name) == wanted), None)

    def default_library(self) -> Library:
        """Return the library that ``/sites/{site}/drive`` means."""
        return next(iter(self.libraries.values()))

    def create_library(
        self, title: str, description: str, *, now: float, who: str, name: str = "", limit: int = MAX_LISTS
    ) -> Library:
        """Make a document library; its address is derived from the title once and for all."""
        if not title:
            raise invalid_request("displayName must not be empty")
        if len(title) > names.MAX_SEGMENT_CHARACTERS:
            raise invalid_request("displayName must have at most 255 characters")
        if self.find_by_title(title) is not None:
            raise name_already_exists("A list with this name already exists in this site")
        if len(self.libraries) >= limit:
            raise list_limit_reached(limit)
        address = self._free_address(name or names.url_segment(title))
        library = new_library(title, address, description, self.path, self.ids, now=now, who=who)
        self.libraries[library.list_id] = library
        return library

    def fill(self, title: str, count: int, now: float) -> None:
        """Make many plain libraries at once, called by the title and a number."""
        taken = {
            names.key(each) for library in self.libraries.values() for each in (library.display_name, library.name)
        }
        numbered = (f"{names.url_segment(title)} {number}" for number in itertools.count(1))
        for name in itertools.islice((each for each in numbered if names.key(each) not in taken), count):
            library = new_library(name, name, "", self.path, self.ids, now=now, who="")
            self.libraries[library.list_id] = library

    def delete_library(self, library: Library) -> None:
        """Remove a library."""
        del self.libraries[library.list_id]

    def recycle(self, library: Library, item: DriveItem, now: float, who: str, *, untold: bool = False) -> None:
        """Delete an item into the recycle bin; ``untold`` is a fault: delta never shows the deletion."""
        path = "/".join((library.name, *library.path_of(item)))
        gone = library.remove(item)
        type_names = {each.content_type_id: each.name for each in library.content_types}
        library.changes.note_deleted(gone, type_names, now, untold=untold)
        self.recycle_bin.append(RecycledItem(library.list_id, path, now, who, gone))

    def find_recycled(self, key: str) -> RecycledItem | None:
        """Return the newest entry of the recycle bin with this id, or for the item of this id."""
        return next(
            (each for each in reversed(self.recycle_bin) if key in (each.recycled_id, each.items[0].item_id)), None
        )

    def restore(self, key: str, now: float, who: str, *, tell_descendants: bool = True) -> DriveItem:
        """Bring something back from the recycle bin, by the id of its entry or of the item.

        All ids stay the same; folders above it that are gone meanwhile are made again.
        """
        entry = self.find_recycled(key)
        if entry is None or entry.list_id not in self.libraries:
            raise item_not_found("There is nothing of this id in the recycle bin")
        library = self.libraries[entry.list_id]
        folder = library.items.get(entry.items[0].parent_id or "") or _folder_again(library, entry, now, who)
        library.bring_back(entry.items, folder)
        library.changes.note_restored(entry.items, now, descendants=tell_descendants)
        self.recycle_bin.remove(entry)
        return entry.items[0]

    def get_content_type(self, content_type_id: str) -> ContentType:
        """Return a content type of the site."""
        for content_type in self.content_types:
            if content_type.content_type_id == content_type_id:
                return content_type
        raise item_not_found("The specified content type was not found")

    def create_content_type(self, name: str, base_id: str, description: str, group: str) -> ContentType:
        """Derive a content type from another one of the site."""
        if any(each.name.lower() == name.lower() for each in self.content_types):
            raise name_already_exists(f"A content type with the name {name} already exists")
        base = self.get_content_type(base_id)
        made = ContentType(
            identifiers.child_content_type_id(base.content_type_id),
            name,
            description,
            group,
            list(base.columns),
            base.content_type_id,
        )
        self.content_types.append(made)
        return made

    def _free_address(self, name: str) -> str:
        candidate, number = name, 0
        while self.find_by_address(candidate) is not None:
            number += 1
            candidate = f"{name}{number}"
        return candidate


def _folder_again(library: Library, entry: RecycledItem, now: float, who: str) -> DriveItem:
    folder = library.get_item("root")
    for name in entry.path.split("/")[1:-1]:
        found = library.find_child(folder, name)
        folder = found or library.create_item(folder, name, is_folder=True, now=now, who=who)
    return folder


def new_site(hostname: str, path: str, *, now: float) -> Site:
    """Make a site with the default library; its title comes from the path: ``/sites/moment-2`` is "Moment 2"."""
    columns = [title_column()]
    title = path.rpartition("/")[2].replace("-", " ").capitalize()
    site = Site(hostname, path, title, now, site_ids(path), columns, built_in(columns))
    site.create_library("Documents", "", now=now, who="", name="Shared Documents")
    return site

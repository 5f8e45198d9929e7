"""The sites of the tenant: which one an address means, and which one holds a drive, a list or an item.

https://learn.microsoft.com/graph/api/site-get and https://learn.microsoft.com/graph/api/site-getbypath
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.sharepoint.state import identifiers
from tools.sharepoint.state.errors import invalid_request, item_not_found
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.site import Site, new_site

_PATH = re.compile(r"/sites/[A-Za-z0-9._-]+")


def is_site_path(path: str) -> bool:
    """Whether a site can be at this path."""
    return _PATH.fullmatch(path) is not None


@dataclass(slots=True)
class Sites:
    """Each site is a site collection of its own with one web; the first is the one that ``root`` means."""

    hostname: str
    by_path: dict[str, Site] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Site]:
        return iter(self.by_path.values())

    @property
    def first(self) -> Site:
        """The site that was named first."""
        return next(iter(self))

    def add(self, path: str, now: float) -> Site:
        """Make a site, unless the path has one already; return the one that is there."""
        if not is_site_path(path):
            raise invalid_request("The path of a site must look like /sites/name")
        if path.lower() not in self.by_path:
            self.by_path[path.lower()] = new_site(self.hostname, path, now=now)
        return self.by_path[path.lower()]

    def at(self, path: str) -> Site:
        """Return the site at a path."""
        site = self.by_path.get(path.lower())
        if site is None:
            raise item_not_found("Requested site could not be found")
        return site

    def find(self, key: str, path: tuple[str, ...] | None = None) -> Site:
        """Return the site that Graph's address means: ``root``, an id, or a hostname with a path."""
        if path is not None:
            return self.at("/" + "/".join(path) if key.lower() == self.hostname else "")
        if key == "root":
            return self.first
        for site in self:
            if key == site.site_id:
                return site
        raise item_not_found("Requested site could not be found")

    def of(self, library: Library) -> Site:
        """Return the site that holds a library."""
        return self.by_path[library.site_path.lower()]

    def libraries(self) -> Iterator[Library]:
        """Yield the libraries of every site."""
        for site in self:
            yield from site.libraries.values()

    def find_list(self, list_id: str) -> Library | None:
        """Return a library by its list id, in whatever site it is."""
        return next((site.libraries[list_id] for site in self if list_id in site.libraries), None)

    def get_drive(self, drive_id: str) -> Library:
        """Return a library by its drive id."""
        library = self.find_list(identifiers.list_id_of(drive_id))
        if library is None or library.drive_id != drive_id:
            raise item_not_found("The drive was not found")
        return library

    def get_item(self, item_id: str) -> tuple[Library, DriveItem]:
        """Return an item by its id, in whatever library it lies; a root is not meant by that."""
        for library in self.libraries():
            item = library.items.get(item_id)
            if item is not None and item.parent_id is not None:
                return library, item
        raise item_not_found()

    def with_recycled(self, key: str) -> Site:
        """Return the site whose recycle bin has this entry, or this item."""
        for site in self:
            if site.find_recycled(key) is not None:
                return site
        raise item_not_found("There is nothing of this id in the recycle bin")


def new_sites(hostname: str, paths: Iterable[str], now: float) -> Sites:
    """Make the sites that a tenant begins with."""
    sites = Sites(hostname)
    for path in paths:
        sites.add(path, now)
    return sites

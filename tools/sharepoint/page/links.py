"""The addresses of the page: a folder is at its ``webUrl``, everything else hangs on it as a query."""

from urllib.parse import quote, urlencode

from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.site import Site

OPTIONS = "web download version item page moving done do"  # what may follow the ``?`` of a webUrl
LAYOUTS = "/_layouts/15"


def site(of: Site, **options: str) -> str:
    """Return where the site's libraries are listed."""
    return quote(of.path) + _query(options)


def item(library: Library, of: DriveItem, **options: str) -> str:
    """Return the address of a folder, or of a file's bytes."""
    names = (library.name, *library.path_of(of))
    return "/".join((quote(library.site_path), *(quote(name, safe="") for name in names))) + _query(options)


def root(library: Library, **options: str) -> str:
    """Return the address of a library."""
    return item(library, library.get_item("root"), **options)


def details(library: Library, of: DriveItem, **options: str) -> str:
    """Return where an item's details are shown: beside the folder it lies in."""
    folder = library.get_item(of.parent_id or "root")
    return item(library, folder, item=of.item_id, **options) + "#details"


def layouts(of: Site, name: str, **options: str) -> str:
    """Return the address of something that belongs to no library."""
    return f"{quote(of.path)}{LAYOUTS}/{name}{_query(options)}"


def _query(options: dict[str, str]) -> str:
    return f"?{urlencode(options)}" if options else ""

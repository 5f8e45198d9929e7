"""Where in the site a request is, and what is to be shown there."""

from dataclasses import dataclass, field

from tools.sharepoint.resources.call import Call
from tools.sharepoint.state.errors import item_not_found
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.site import Site

Form = dict[str, list[str]]


@dataclass(slots=True)
class Place:
    """A folder on the page: an item whose details are open, one on its way to another folder, and what went wrong.

    ``failed`` is the action that was refused, and ``typed`` what the person had filled in.
    """

    call: Call
    library: Library
    folder: DriveItem
    selected: DriveItem | None = None
    moving: DriveItem | None = None
    problem: str = ""
    status: int = 200
    failed: str = ""
    typed: Form = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """The site."""
        return self.call.tenant.site

    def children(self) -> list[DriveItem]:
        """Return what lies in the folder, folders first."""
        children = self.library.list_children(self.folder)
        return sorted(
            (each for each in children if each.hidden_until <= self.call.now), key=lambda it: not it.is_folder
        )

    def was_typed(self, action: str, name: str, otherwise: str) -> str:
        """Return what the person typed into a field of the form that was refused, so that nothing is typed twice."""
        values = self.typed.get(name) if self.failed == action else None
        return values[0] if values else otherwise

    def is_locked(self, item: DriveItem) -> bool:
        """Whether somebody has the file open."""
        return item.locked_until > self.call.now


def check_site(call: Call) -> Site:
    """Return the site, or raise 404 if the address names another one."""
    site = call.tenant.site
    if f"/sites/{call.params['site']}".lower() != site.path.lower():
        raise item_not_found("There is no such site")
    return site


def find(call: Call) -> tuple[Library, DriveItem]:
    """Return what lies at the address."""
    names = tuple(name for name in call.paths["path"] if name)
    library = check_site(call).find_by_address(names[0])
    item = library.find_path(library.get_item("root"), names[1:]) if library else None
    if library is None or item is None or item.hidden_until > call.now:
        raise item_not_found()
    return library, item


def find_anywhere(site: Site, item_id: str) -> tuple[Library, DriveItem]:
    """Return an item by its id, in whatever library it lies; a root is not meant by that."""
    for library in site.libraries.values():
        item = library.items.get(item_id)
        if item is not None and item.parent_id is not None:
            return library, item
    raise item_not_found()

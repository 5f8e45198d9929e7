"""Where in a site a request is, and what is to be shown there."""

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
        return self.call.site_of(self.library)

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


def find(call: Call) -> tuple[Library, DriveItem]:
    """Return what lies at the address."""
    names = tuple(name for name in call.paths["path"] if name)
    library = call.site_at_path().find_by_address(names[0])
    item = library.find_path(library.get_item("root"), names[1:]) if library else None
    if library is None or item is None or item.hidden_until > call.now:
        raise item_not_found()
    return library, item

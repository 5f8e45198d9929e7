"""What a person can do: one function for each button. Each returns where the browser goes next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tools.sharepoint.page import links
from tools.sharepoint.page.as_person import ask
from tools.sharepoint.page.column_fields import SAVE, read_changes
from tools.sharepoint.page.forms import field
from tools.sharepoint.page.moving import move
from tools.sharepoint.page.place import Form, Place
from tools.sharepoint.resources.drive_items import create_folder, delete_item, update_item
from tools.sharepoint.resources.list_items import update_fields
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library

_OPEN_FOR_S = 60 * 60.0


@dataclass(slots=True)
class Wish:
    """What somebody wants done: the form, and the item it is about with its library."""

    place: Place
    form: Form
    library: Library
    item: DriveItem

    def shown(self, done: str) -> str:
        """Return the address that shows the item after it was done."""
        return links.details(self.library, self.item, done=done)


Action = Callable[[Wish], Awaitable[str]]


async def make_folder(place: Place, form: Form) -> str:
    """Make a folder in the one that is shown."""
    body = {"name": field(form, "name"), "folder": {}}
    await ask(place.call, create_folder, place.library, place.folder, body)
    return links.item(place.library, place.folder, done="folder")


async def _rename(wish: Wish) -> str:
    await ask(wish.place.call, update_item, wish.library, wish.item, {"name": field(wish.form, "name")})
    return wish.shown("renamed")


async def _save_columns(wish: Wish) -> str:
    body = read_changes(wish.library, wish.item, wish.form)
    if not body:
        return wish.shown("unchanged")
    await ask(wish.place.call, update_fields, wish.library, wish.item, body, if_match=field(wish.form, "seen"))
    return wish.shown("saved")


async def _move(wish: Wish) -> str:
    arrived = await move(wish.place, wish.library, wish.item)
    return links.details(wish.place.library, arrived, done="moved")


async def _lock(wish: Wish) -> str:
    wish.item.locked_until = wish.place.call.now + _OPEN_FOR_S
    return wish.shown("locked")


async def _unlock(wish: Wish) -> str:
    wish.item.locked_until = 0.0
    return wish.shown("unlocked")


async def _delete(wish: Wish) -> str:
    folder = wish.library.get_item(wish.item.parent_id or "root")
    await ask(wish.place.call, delete_item, wish.library, wish.item)
    return links.item(wish.library, folder, done="deleted")


ITEM_ACTIONS: dict[str, Action] = {
    "rename": _rename,
    SAVE: _save_columns,
    "move": _move,
    "lock": _lock,
    "unlock": _unlock,
    "delete": _delete,
}

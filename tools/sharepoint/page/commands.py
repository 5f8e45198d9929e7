"""The bar above a folder: new folder and upload, or, with an item on its way, where it is to go."""

from tools.sharepoint.page import links
from tools.sharepoint.page.markup import Markup, element
from tools.sharepoint.page.place import Place
from tools.sharepoint.state.items import DriveItem

_CLASHES = {
    "fail": "say so and leave it",
    "replace": "replace it (a new version)",
    "rename": "keep both",
}


def command_bar(place: Place) -> Markup:
    """Return the forms that add something to the folder."""
    return element("div", _upload(place), _new_folder(place), class_="bar")


def _upload(place: Place) -> Markup:
    chosen = place.was_typed("upload", "clash", "fail")
    options = [element("option", text, value=value, selected=value == chosen) for value, text in _CLASHES.items()]
    form = element(
        "form",
        element("label", "If the name is taken", for_="clash"),
        element("select", options, name="clash", id="clash"),
        element("label", "Files", for_="files"),
        element("input", type="file", name="files", id="files", multiple=True, required=True),
        element("button", "Upload", class_="primary"),
        method="post",
        action=_post(place, "upload"),
        enctype="multipart/form-data",
    )
    return _drawer(place, "upload", "Upload", form)


def _new_folder(place: Place) -> Markup:
    typed = place.was_typed("new-folder", "name", "")
    form = element(
        "form",
        element("label", "Name", for_="folder-name"),
        element("input", name="name", id="folder-name", value=typed, required=True, autocomplete="off"),
        element("button", "Create", class_="primary"),
        method="post",
        action=_post(place, "new-folder"),
    )
    return _drawer(place, "new-folder", "New folder", form)


def _drawer(place: Place, action: str, text: str, form: Markup) -> Markup:
    is_open = place.failed == action
    return element("details", element("summary", text), form, name="command", open=is_open, id=f"do-{action}")


def moving_bar(place: Place, item: DriveItem) -> Markup:
    """Return what to do with the item that is on its way."""
    form = element(
        "form",
        element("p", "Go to the folder where ", element("b", item.name), " is to lie."),
        element("input", type="hidden", name="item", value=item.item_id),
        element("button", "Move here", class_="primary", disabled=item.parent_id == place.folder.item_id),
        element("a", "Cancel", href=links.item(place.library, place.folder), class_="button"),
        method="post",
        action=_post(place, "move"),
    )
    return element("div", form, class_="bar moving")


def _post(place: Place, action: str) -> str:
    return links.item(place.library, place.folder, do=action)

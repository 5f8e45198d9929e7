"""The details of an item beside its folder, with everything that can be done to it."""

from tools.sharepoint.page import column_fields, links, wording
from tools.sharepoint.page.markup import Child, Markup, element
from tools.sharepoint.page.place import Place
from tools.sharepoint.page.versions import versions_table
from tools.sharepoint.state.items import DriveItem


def details(place: Place, item: DriveItem) -> Markup:
    """Return the pane."""
    close = element(
        "a", "×", href=links.item(place.library, place.folder), class_="dots", aria_label="Close", id="close"
    )
    return element(
        "aside",
        element("div", element("h2", item.name, tabindex="-1", id="details"), close, class_="title"),
        _actions(place, item),
        _facts(place, item),
        _rename(place, item),
        None if item.is_folder else _columns(place, item),
        None if item.is_folder else versions_table(place, item),
        _delete(place, item),
        aria_label=f"Details of {item.name}",
    )


def _actions(place: Place, item: DriveItem) -> Markup:
    library = place.library
    move = element("a", "Move", href=links.item(library, place.folder, moving=item.item_id), class_="button")
    address = links.item(library, item)
    if item.is_folder:
        return element("div", element("a", "Open", href=address, class_="button"), move, class_="actions")
    action, text = ("unlock", "Close (unlock)") if place.is_locked(item) else ("lock", "Lock as open")
    return element(
        "div",
        element("a", "Open", href=address, class_="button"),
        element("a", "Download", href=links.item(library, item, download="1"), class_="button"),
        move,
        _form(place, item, action, element("button", text)),
        class_="actions",
    )


def _facts(place: Place, item: DriveItem) -> Markup:
    facts: list[tuple[str, Child]] = [
        ("Kind", wording.kind(item)),
        ("Modified", [wording.when(item.modified_at), f" by {wording.by(item.modified_by)}"]),
        ("Created", [wording.when(item.created_at), f" by {wording.by(item.created_by)}"]),
    ]
    if not item.is_folder:
        facts.insert(1, ("Size", wording.size(item.size_bytes)))
    if place.is_locked(item):
        facts.append(("Open", ["until ", wording.when(item.locked_until), ", or until it is closed here"]))
    return element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in facts])


def _rename(place: Place, item: DriveItem) -> Markup:
    typed = place.was_typed("rename", "name", item.name)
    field = element("input", name="name", id="new-name", value=typed, required=True, autocomplete="off")
    label = element("label", "Name", for_="new-name")
    line = element("div", field, element("button", "Rename"), class_="line")
    return _form(place, item, "rename", element("div", label, line, class_="field"))


def _columns(place: Place, item: DriveItem) -> Markup:
    seen = element("input", type="hidden", name="seen", value=item.e_tag)
    save = element("button", "Save")
    return _form(place, item, column_fields.SAVE, seen, *column_fields.fields(place, item), save)


def _delete(place: Place, item: DriveItem) -> Markup:
    what = "the folder and all that lies in it" if item.is_folder else "the file"
    button = element("button", f"Delete {what}", class_="danger")
    return element("details", element("summary", "Delete"), _form(place, item, "delete", button), class_="section")


def _form(place: Place, item: DriveItem, action: str, *content: Child) -> Markup:
    """Return a form about the item; it holds the id, so that it works however others rename and move meanwhile."""
    which = element("input", type="hidden", name="item", value=item.item_id)
    return element("form", which, *content, method="post", action=links.root(place.library, do=action))

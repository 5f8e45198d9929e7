"""The site's libraries, and a folder as a table."""

import hashlib

from tools.sharepoint.page import column_fields, links, wording
from tools.sharepoint.page.commands import command_bar, moving_bar
from tools.sharepoint.page.details import details
from tools.sharepoint.page.layout import notice, page
from tools.sharepoint.page.markup import Markup, element, join
from tools.sharepoint.page.place import Place
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.state.columns import Column
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library

ROWS_PER_PAGE = 100


def libraries_page(call: Call) -> Reply:
    """Return the site's libraries."""
    site = call.site_at_path()
    moving = call.query.get("moving", "")
    carry = {"moving": moving} if moving else {}
    rows = [
        element(
            "tr",
            element("td", element("a", each.display_name, href=links.root(each, **carry)), class_="name"),
            element("td", wording.when(each.modified_at)),
            element("td", _count(len(each.children.get(each.root_id, {}))), class_="number"),
        )
        for each in site.libraries.values()
    ]
    head = [element("th", text, scope="col") for text in ("Library", "Modified", "Contents")]
    table = element("table", element("thead", element("tr", head)), element("tbody", rows))
    hint = element("p", "Choose the library to move to.", class_="notice") if moving else None
    content = (element("h1", "Libraries"), hint, element("div", table, class_="list"))
    return page(call, site, "Libraries", *content, moving=moving)


def folder_page(place: Place) -> Reply:
    """Return a folder, with the details of an item beside it if one is chosen."""
    call, children = place.call, place.children()
    number = max(1, int(asked) if (asked := call.query.get("page", "1")).isdecimal() else 1)
    rows = children[(number - 1) * ROWS_PER_PAGE : number * ROWS_PER_PAGE]
    content = [
        _breadcrumb(place),
        notice(place.problem, call.query.get("done", "")),
        moving_bar(place, place.moving) if place.moving else command_bar(place),
        element(
            "div",
            details(place, place.selected) if place.selected else None,
            element("div", _table(place, rows), _pager(place, number, len(children)), class_="list"),
            class_="split" if place.selected else "whole",
        ),
    ]
    title = place.folder.name if place.folder.parent_id else place.library.display_name
    moving = place.moving.item_id if place.moving else ""
    return page(call, place.site, title, *content, status=place.status, moving=moving, here=place.library.list_id)


def stamp(place: Place) -> str:
    """Return what changes whenever the folder's table would look different."""
    seen = hashlib.sha256()
    for each in place.children():
        count = len(place.library.children.get(each.item_id, {}))
        seen.update(f"{each.item_id} {each.e_tag_number} {place.is_locked(each)} {count}\n".encode())
    return seen.hexdigest()[:16]


def _carry(place: Place) -> dict[str, str]:
    return {"moving": place.moving.item_id} if place.moving else {}


def _breadcrumb(place: Place) -> Markup:
    library, chain = place.library, [place.folder]
    while (parent_id := chain[0].parent_id) is not None:
        chain.insert(0, library.get_item(parent_id))
    texts = [library.display_name, *(each.name for each in chain[1:])]
    steps = [
        element("li", element("a", text, href=links.item(library, each, **_carry(place))))
        for text, each in zip(texts[:-1], chain[:-1], strict=True)
    ]
    steps.append(element("li", element("h1", texts[-1])))
    return element("nav", element("ol", steps), aria_label="Breadcrumb", class_="breadcrumb")


def _table(place: Place, rows: list[DriveItem]) -> Markup:
    columns = column_fields.shown(place.library)
    heads = [
        element("th", "Name", scope="col"),
        element("th", element("span", "Details", class_="unseen"), scope="col"),
        element("th", "Modified", scope="col"),
        *(element("th", text, scope="col", class_="more") for text in ("Modified by", "Size")),
        *(element("th", column_fields.heading(each), scope="col", class_="more") for each in columns),
    ]
    empty = element("tr", element("td", "This folder is empty.", colspan=len(heads), class_="empty"))
    body = [_row(place, each, columns) for each in rows] or [empty]
    watched = links.layouts(place.site, "stamp.aspx", folder=place.folder.item_id)
    return element(
        "table",
        element("caption", "Files and folders", class_="unseen"),
        element("thead", element("tr", heads)),
        element("tbody", body, id="rows", data_watch=watched, data_stamp=stamp(place)),
    )


def _row(place: Place, item: DriveItem, columns: list[Column]) -> Markup:
    library = place.library
    is_link = item.is_folder or not place.moving
    address = links.item(library, item, **_carry(place))
    name = element("a", item.name, href=address) if is_link else element("span", item.name, class_="dim")
    lock = element("span", "open", class_="lock", title="Somebody has it open") if place.is_locked(item) else None
    more = element("a", "⋯", href=links.details(library, item), class_="dots", aria_label=f"Details of {item.name}")
    return element(
        "tr",
        element("td", element("div", wording.icon(item), element("span", name, lock)), class_="name"),
        element("td", None if place.moving else more, class_="open"),
        element("td", wording.when(item.modified_at), class_="when"),
        element("td", wording.by(item.modified_by), class_="more by"),
        element("td", _amount(library, item), class_="more number"),
        *(element("td", column_fields.cell(each, item), class_="more") for each in columns),
        aria_selected="true" if item is place.selected else None,
    )


def _amount(library: Library, item: DriveItem) -> str:
    return _count(len(library.children.get(item.item_id, {}))) if item.is_folder else wording.size(item.size_bytes)


def _count(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _pager(place: Place, number: int, total: int) -> Markup:
    pages = -(-total // ROWS_PER_PAGE)
    if pages < 2:
        return join()

    def link(text: str, to: int) -> Markup:
        if not 1 <= to <= pages:
            return element("span", text, class_="dim")
        return element("a", text, href=links.item(place.library, place.folder, page=str(to), **_carry(place)))

    where = element("span", f"Page {number} of {pages}, {_count(total)}")
    return element("nav", link("Back", number - 1), where, link("Next", number + 1), class_="pager", aria_label="Pages")

"""The recycle bin: what was deleted, by whom, and back to where it was."""

from tools.sharepoint.page import links, wording
from tools.sharepoint.page.as_person import in_persons_name
from tools.sharepoint.page.forms import check_same_origin, field, read_form
from tools.sharepoint.page.layout import RECYCLE_BIN, notice, page
from tools.sharepoint.page.markup import Markup, element
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.resources.control_recycle_bin import bring_back
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.site import RecycledItem, Site

_SHOWN = 200
_HEADS = ("Name", "Where it was", "Deleted", "Deleted by", "Size", "Action")


async def show_recycle_bin(call: Call) -> Reply:
    """GET /sites/{site}/_layouts/15/RecycleBin.aspx."""
    return _page(call, call.site_at_path())


async def restore_from_recycle_bin(call: Call) -> Reply:
    """POST to the same address: bring one entry back, then show it where it lies."""
    site, name = call.site_at_path(), ""
    try:
        check_same_origin(call)
        recycled_id = field(await read_form(call), "entry")
        name = next((each.items[0].name for each in site.recycle_bin if each.recycled_id == recycled_id), "")
        item = bring_back(in_persons_name(call), site, recycled_id)
    except GraphError as error:
        return _page(call, site, wording.refusal(error, name), error.status)
    library, _ = call.tenant.sites.get_item(item.item_id)
    return Reply(303, headers={"Location": links.details(library, item, done="restored")})


def _page(call: Call, site: Site, problem: str = "", status: int = 200) -> Reply:
    entries = site.recycle_bin[: -_SHOWN - 1 : -1]
    body = [_row(site, each) for each in entries]
    if not entries:
        body = [element("tr", element("td", "The recycle bin is empty.", colspan=len(_HEADS), class_="empty"))]
    head = element("tr", [element("th", text, scope="col", class_=_class(text)) for text in _HEADS])
    table = element("table", element("thead", head), element("tbody", body))
    left_out = len(site.recycle_bin) - len(entries)
    parts = [
        element("h1", "Recycle bin"),
        notice(problem, ""),
        element("div", table, class_="list"),
        element("p", f"{left_out} older entries are not shown.", class_="dim") if left_out else None,
    ]
    return page(call, site, "Recycle bin", *parts, status=status, here=RECYCLE_BIN)


def _class(head: str) -> str | None:
    return "more" if head in ("Where it was", "Deleted by", "Size") else None


def _row(site: Site, entry: RecycledItem) -> Markup:
    top = entry.items[0]
    library = site.libraries.get(entry.list_id)
    form: Markup | str = "Its library is gone"
    if library is not None:
        form = element(
            "form",
            element("input", type="hidden", name="entry", value=entry.recycled_id),
            element("button", "Restore", aria_label=f"Restore {top.name}"),
            method="post",
            action=links.layouts(site, RECYCLE_BIN),
        )
    amount = wording.size(sum(each.size_bytes for each in entry.items))
    if top.is_folder:
        amount = f"{len(entry.items) - 1} below, {amount}"
    return element(
        "tr",
        element("td", element("div", wording.icon(top), element("span", top.name)), class_="name"),
        element("td", entry.path.rpartition("/")[0], class_="more"),
        element("td", wording.when(entry.deleted_at)),
        element("td", wording.by(entry.deleted_by), class_="more"),
        element("td", amount, class_="more number"),
        element("td", form),
    )

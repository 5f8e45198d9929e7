"""A file's versions: the list, and the bytes of an old one as long as they are kept."""

from dataclasses import replace

from tools.sharepoint.page import links, wording
from tools.sharepoint.page.markup import Child, Markup, element
from tools.sharepoint.page.place import Place
from tools.sharepoint.resources.call import Call
from tools.sharepoint.state.content import StoredContent
from tools.sharepoint.state.errors import item_not_found
from tools.sharepoint.state.items import DriveItem, ItemVersion


def versions_table(place: Place, item: DriveItem) -> Markup:
    """Return the versions, newest first."""
    present = ItemVersion(item.version_number, item.modified_at, item.modified_by, item.content)
    rows = [_row(place, item, each) for each in (present, *reversed(item.versions))]
    head = element("tr", [element("th", text, scope="col") for text in ("Version", "Modified", "Size")])
    table = element("table", element("thead", head), element("tbody", rows))
    return element("details", element("summary", f"Versions ({len(rows)})"), table, class_="section")


def _row(place: Place, item: DriveItem, version: ItemVersion) -> Markup:
    number = str(version.number)
    name: Child = element("a", f"{number}.0", href=links.item(place.library, item, version=number))
    if not _is_kept(place.call, version.content):
        name = [f"{number}.0 ", element("small", "no longer kept")]
    return element(
        "tr",
        element("td", name),
        element("td", wording.when(version.modified_at), element("br"), wording.by(version.modified_by)),
        element("td", wording.size(version.content.size_bytes) if version.content else "", class_="number"),
    )


def at_version(call: Call, item: DriveItem, number: str) -> DriveItem:
    """Return the file as it was in a version; only its content is that of then."""
    content = item.content
    if number != str(item.version_number):
        found = next((each for each in item.versions if str(each.number) == number), None)
        content = found.content if found else None
    if not _is_kept(call, content):
        raise item_not_found(f"The content of version {number} is not kept")
    return replace(item, content=content)


def _is_kept(call: Call, content: StoredContent | None) -> bool:
    return content is not None and call.tenant.contents.path(content.blob).exists()

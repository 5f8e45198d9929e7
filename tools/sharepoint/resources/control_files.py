"""Many small files at once, in the control plane: a library of any size without an upload for each file."""

from tools.sharepoint.resources.call import Call, Reply, only, text_of
from tools.sharepoint.state.content import StoredContent
from tools.sharepoint.state.errors import invalid_request
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.people import GRACE

_MOST_AT_ONCE = 10_000
"""About a second, in which nobody else is answered."""


async def fill_library(call: Call) -> Reply:
    """POST /_local/files {"list": id or title, "site": path, "folder": name, "count": n}: "File 1.txt" and so on.

    They are a person's, each with a content of its own, in a folder of this name (made if it is missing; the root
    without one). Delta and notifications tell of them as of any file. The answer says how many items the library has.
    """
    body = await call.json()
    only(body, "list", "site", "folder", "count")
    site = call.tenant.sites.at(text_of(body, "site", call.tenant.site.path))
    library, count = site.get_library(text_of(body, "list")), body.get("count", 1)
    if type(count) is not int or not 0 <= count <= _MOST_AT_ONCE:
        raise invalid_request(f"count must be a number of files, at most {_MOST_AT_ONCE}")
    folder = _folder(call, library, text_of(body, "folder", ""))
    for number in range(1, count + 1):
        item = _add(call, library, folder, library.free_name(folder, f"File {number}.txt"))
        site.used_bytes += item.size_bytes
    call.tenant.changed = True
    return Reply(201, {"items": len(library.items)})


def _folder(call: Call, library: Library, name: str) -> DriveItem:
    root = library.get_item("root")
    if not name:
        return root
    found = library.find_child(root, name)
    return found or library.create_item(root, name, is_folder=True, now=call.now, who=GRACE.account)


def _add(call: Call, library: Library, folder: DriveItem, name: str) -> DriveItem:
    item = library.create_item(folder, name, is_folder=False, now=call.now, who=GRACE.account)
    item.content = _stored(call, f"{item.unique_id}\n".encode())
    return item


def _stored(call: Call, content: bytes) -> StoredContent:
    writer = call.tenant.contents.writer()
    writer.write(content)
    return writer.finish()

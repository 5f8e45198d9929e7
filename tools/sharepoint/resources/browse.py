"""Opening a ``webUrl`` as a person's browser does: the bytes of a file, the page of a folder, and what its forms post.

Nobody has to sign in here.
"""

from urllib.parse import quote

from tools.sharepoint.page.forms import check_same_origin
from tools.sharepoint.page.layout import sorry
from tools.sharepoint.page.listing import folder_page, libraries_page
from tools.sharepoint.page.place import Place, find
from tools.sharepoint.page.posts import fulfil
from tools.sharepoint.page.versions import at_version
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.resources.content import file_reply
from tools.sharepoint.state.errors import GraphError, invalid_request
from tools.sharepoint.state.items import DriveItem


async def open_web_url(call: Call) -> Reply:
    """GET /sites/{site}/{library}/{path}."""
    try:
        return _open(call)
    except GraphError as error:
        return sorry(call, error)


def _open(call: Call) -> Reply:
    if not any(call.paths["path"]):
        return libraries_page(call)
    library, item = find(call)
    if not item.is_folder:
        return _file(call, item)
    place = Place(call, library, item)
    if moving := call.query.get("moving"):
        place.moving = call.tenant.sites.get_item(moving)[1]
    chosen = library.items.get(call.query.get("item", ""))
    if chosen is not None and chosen.parent_id == item.item_id:
        place.selected = chosen
    return folder_page(place)


def _file(call: Call, item: DriveItem) -> Reply:
    version = call.query.get("version", "")
    if version:
        item = at_version(call, item, version)
    elif call.headers.get("If-None-Match", "") == item.e_tag:
        return Reply(304, headers={"ETag": item.e_tag})
    reply = file_reply(call, item)
    manner = "attachment" if call.query.get("download") else "inline"
    reply.headers["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(item.name, safe='')}"
    reply.headers["Cache-Control"] = "private, no-cache"
    return reply


async def post_form(call: Call) -> Reply:
    """POST to the address of a folder, where ``?do=`` names the button: 303 to what it led to."""
    try:
        check_same_origin(call)
        library, folder = find(call)
        if not folder.is_folder:
            raise invalid_request("This is no folder")
        call.tenant.changed = True
        return await fulfil(Place(call, library, folder), call.query.get("do", ""))
    except GraphError as error:
        return sorry(call, error)

"""List items and their fields: https://learn.microsoft.com/graph/api/listitem-list, .../listitem-update."""

from tools.sharepoint.resources import list_shapes, odata, shapes
from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.state import names
from tools.sharepoint.state.columns import read_values
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.uploads import check_if_match, check_lock

_EXPANDABLE = ("fields", "driveItem")


def _body(call: Call, library: Library, item: DriveItem) -> Json:
    expanded = odata.expand(call.query.get("$expand", ""), _EXPANDABLE)
    body = shapes.list_item_body(call, library, item, expanded)
    return {name: value for name, value in body.items() if name in expanded} | odata.select(call, body)


async def list_items(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/items: every file and folder of the library, in the order they were made."""
    library = call.library()
    rows = [item for item in library.items.values() if item.parent_id is not None and item.hidden_until <= call.now]
    return Reply(body=odata.page(call, rows, lambda item: _body(call, library, item)))


async def get_list_item(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/items/{n}, and the listItem of a drive item."""
    return Reply(body=_body(call, *call.item()))


async def get_drive_item(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/items/{n}/driveItem."""
    return Reply(body=odata.select(call, shapes.item_body(call, *call.item())))


async def update_list_item(call: Call) -> Reply:
    """PATCH /sites/{site}/lists/{list}/items/{n}: give the item another content type of the list."""
    body = await call.json()
    only(body, "contentType")
    library, item = _writable(call)
    content_type = library.get_content_type(text_of(body.get("contentType", {}), "id"))
    item.content_type_id = content_type.content_type_id
    library.set_fields(item, {}, call.now, call.application_id, in_drive_delta=_told_by_drive(call))
    return Reply(body=_body(call, library, item))


async def get_fields(call: Call) -> Reply:
    """GET .../fields."""
    library, item = call.item()
    return Reply(body=list_shapes.fields_body(library, item, call.query.get("$select", "")))


async def update_fields(call: Call) -> Reply:
    """PATCH .../fields: a flat object of internal column names."""
    body = await call.json()
    library, item = _writable(call)
    new_name = body.pop("FileLeafRef", None)
    values = read_values(body, library.columns)
    _check_unique(library, item, values)
    told = _told_by_drive(call)
    if isinstance(new_name, str) and item.parent_id is not None and names.key(new_name) != names.key(item.name):
        library.relocate(item, library.get_item(item.parent_id), new_name)
        told = True
    library.set_fields(item, values, call.now, call.application_id, in_drive_delta=told)
    return Reply(body=list_shapes.fields_body(library, item))


def _writable(call: Call) -> tuple[Library, DriveItem]:
    library, item = call.item()
    check_lock(item, call.now)
    check_if_match(call.headers.get("If-Match", ""), item)
    return library, item


def _told_by_drive(call: Call) -> bool:
    return call.tenant.settings.field_edits_in_drive_delta


def _check_unique(library: Library, item: DriveItem, values: Json) -> None:
    unique = {column.name for column in library.columns if column.enforce_unique_values}
    for name in unique & values.keys():
        for other in library.items.values():
            if other is not item and values[name] is not None and other.fields.get(name) == values[name]:
                raise GraphError(400, "invalidRequest", f"The value of field '{name}' is already in use")

"""Content types: https://learn.microsoft.com/graph/api/site-post-contenttypes, .../contenttype-post-columns and
.../contenttype-addcopy."""

from tools.sharepoint.resources import list_shapes, odata
from tools.sharepoint.resources.call import Call, Reply, only, text_of
from tools.sharepoint.state.content_types import ContentType
from tools.sharepoint.state.errors import invalid_request, item_not_found, name_already_exists
from tools.sharepoint.state.library import Library


def _page(call: Call, content_types: list[ContentType], library: Library | None = None) -> Reply:
    matches = odata.equality(call, "name", "id")
    bodies = [list_shapes.content_type_body(each, library) for each in content_types]
    found = [body for body in bodies if matches(body)]
    return Reply(body=odata.page(call, found, lambda body: odata.select(call, body)))


async def list_site_content_types(call: Call) -> Reply:
    """GET /sites/{site}/contentTypes."""
    return _page(call, call.site().content_types)


async def get_site_content_type(call: Call) -> Reply:
    """GET /sites/{site}/contentTypes/{contentType}."""
    content_type = call.site().get_content_type(call.params["contentType"])
    return Reply(body=odata.select(call, list_shapes.content_type_body(content_type)))


async def create_site_content_type(call: Call) -> Reply:
    """POST /sites/{site}/contentTypes."""
    body, site = await call.json(), call.site()
    only(body, "name", "description", "group", "base", "id")
    base = body.get("base")
    if not isinstance(base, dict) or "id" not in base:
        raise invalid_request("A content type needs a base with an id")
    content_type = site.create_content_type(
        text_of(body, "name"),
        text_of(base, "id"),
        text_of(body, "description", ""),
        text_of(body, "group", "Custom Content Types"),
    )
    return Reply(201, list_shapes.content_type_body(content_type))


async def list_content_type_columns(call: Call) -> Reply:
    """GET /sites/{site}/contentTypes/{contentType}/columns."""
    content_type = call.site().get_content_type(call.params["contentType"])
    return Reply(body=odata.page(call, content_type.columns, list_shapes.column_body))


async def add_content_type_column(call: Call) -> Reply:
    """POST /sites/{site}/contentTypes/{contentType}/columns: attach a site column; the documented status is 200."""
    body, site = await call.json(), call.site()
    content_type = site.get_content_type(call.params["contentType"])
    only(body, "sourceColumn@odata.bind")
    column_id = text_of(body, "sourceColumn@odata.bind").rpartition("/columns/")[2].strip("/'()")
    column = next((each for each in site.columns if each.column_id == column_id), None)
    if column is None:
        raise item_not_found("The specified column was not found")
    if any(each.column_id == column_id for each in content_type.columns):
        raise name_already_exists(f"The column {column.name} is already in this content type")
    content_type.columns.append(column)
    return Reply(200, list_shapes.column_body(column))


async def list_list_content_types(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/contentTypes; the first one is what new files get."""
    library = call.library()
    return _page(call, library.content_types, library)


async def get_list_content_type(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/contentTypes/{contentType}."""
    library = call.library()
    content_type = library.get_content_type(call.params["contentType"])
    return Reply(body=odata.select(call, list_shapes.content_type_body(content_type, library)))


async def list_list_content_type_columns(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/contentTypes/{contentType}/columns."""
    content_type = call.library().get_content_type(call.params["contentType"])
    return Reply(body=odata.page(call, content_type.columns, list_shapes.column_body))


async def add_copy(call: Call) -> Reply:
    """POST /sites/{site}/lists/{list}/contentTypes/addCopy: the copy has an id of its own."""
    body, library = await call.json(), call.library()
    only(body, "contentType")
    content_type_id = text_of(body, "contentType").rpartition("/")[2]
    copied = library.add_content_type(call.site().get_content_type(content_type_id))
    return Reply(201, list_shapes.content_type_body(copied, library))


async def remove_list_content_type(call: Call) -> Reply:
    """DELETE /sites/{site}/lists/{list}/contentTypes/{contentType}."""
    call.library().remove_content_type(call.params["contentType"])
    return Reply(204)

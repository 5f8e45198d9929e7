"""Lists, which here are document libraries: https://learn.microsoft.com/graph/api/resources/list.

Rename and delete are not on the list's documentation page but in the v1.0 metadata; both work on the real service.
"""

from tools.sharepoint.resources import odata, shapes
from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.state import names
from tools.sharepoint.state.columns import define_column
from tools.sharepoint.state.errors import invalid_request, not_supported
from tools.sharepoint.state.library import Library

_EXPANDABLE = ("drive", "columns", "contentTypes")


def _body(call: Call, library: Library) -> Json:
    expanded = odata.expand(call.query.get("$expand", ""), _EXPANDABLE)
    body = shapes.list_body(call, call.site(), library, expanded)
    return {name: value for name, value in body.items() if name in expanded} | odata.select(call, body)


async def list_lists(call: Call) -> Reply:
    """GET /sites/{site}/lists."""
    site = call.site()
    matches = odata.equality(call, "displayName", "name")
    found = [each for each in site.libraries.values() if matches({"displayName": each.display_name, "name": each.name})]
    return Reply(body=odata.page(call, found, lambda each: _body(call, each)))


async def create_list(call: Call) -> Reply:
    """POST /sites/{site}/lists (https://learn.microsoft.com/graph/api/list-create)."""
    body, site = await call.json(), call.site()
    if "name" in body:
        raise invalid_request("The name of a list is assigned by the server; use displayName")
    only(body, "displayName", "description", "columns", "list")
    _check_template(body.get("list", {}))
    library = site.create_library(
        text_of(body, "displayName"),
        text_of(body, "description", ""),
        now=call.now,
        who=call.application_id,
        limit=call.tenant.settings.lists_per_site,
    )
    for definition in body.get("columns", []):
        library.columns.append(define_column(definition, library.columns))
    return Reply(201, _body(call, library))


def _check_template(facet: Json) -> None:
    only(facet, "template", "contentTypesEnabled", "hidden")
    template = facet.get("template", "genericList")
    if template == "genericList":
        raise not_supported("lists other than document libraries")
    if template != "documentLibrary":
        raise invalid_request("One of the provided arguments is not acceptable")


async def get_list(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}."""
    return Reply(body=_body(call, call.library()))


async def update_list(call: Call) -> Reply:
    """PATCH /sites/{site}/lists/{list}; a rename changes the title, never the address."""
    body, library = await call.json(), call.library()
    only(body, "displayName", "description")
    title = text_of(body, "displayName", library.display_name)
    if not 0 < len(title) <= names.MAX_SEGMENT_CHARACTERS:
        raise invalid_request("displayName must have 1 to 255 characters")
    library.display_name = title
    library.description = text_of(body, "description", library.description)
    library.e_tag_number += 1
    library.modified_at = call.now
    return Reply(body=_body(call, library))


async def delete_list(call: Call) -> Reply:
    """DELETE /sites/{site}/lists/{list}."""
    call.site().delete_library(call.library())
    return Reply(204)

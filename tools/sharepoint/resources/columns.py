"""Columns of the site and of lists: https://learn.microsoft.com/graph/api/site-post-columns, .../list-post-columns."""

from tools.sharepoint.resources import list_shapes, odata
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.state.columns import Column, define_column
from tools.sharepoint.state.errors import item_not_found


def _page(call: Call, columns: list[Column]) -> Reply:
    matches = odata.equality(call, "name", "displayName")
    found = [each for each in columns if matches(list_shapes.column_body(each))]
    return Reply(body=odata.page(call, found, lambda each: odata.select(call, list_shapes.column_body(each))))


def _one(call: Call, columns: list[Column]) -> Reply:
    for column in columns:
        if call.params["column"] in (column.column_id, column.name):
            return Reply(body=odata.select(call, list_shapes.column_body(column)))
    raise item_not_found("The specified column was not found")


async def list_site_columns(call: Call) -> Reply:
    """GET /sites/{site}/columns."""
    return _page(call, call.site().columns)


async def get_site_column(call: Call) -> Reply:
    """GET /sites/{site}/columns/{column}."""
    return _one(call, call.site().columns)


async def create_site_column(call: Call) -> Reply:
    """POST /sites/{site}/columns."""
    site = call.site()
    column = define_column(await call.json(), site.columns)
    site.columns.append(column)
    return Reply(201, list_shapes.column_body(column))


async def list_list_columns(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/columns."""
    return _page(call, call.library().columns)


async def get_list_column(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/columns/{column}."""
    return _one(call, call.library().columns)


async def create_list_column(call: Call) -> Reply:
    """POST /sites/{site}/lists/{list}/columns."""
    library = call.library()
    column = define_column(await call.json(), library.columns)
    library.columns.append(column)
    return Reply(201, list_shapes.column_body(column))

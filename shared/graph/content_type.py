"""The site's content type `Moment Document` and its four columns.

https://learn.microsoft.com/graph/api/site-post-columns, …/site-post-contenttypes, …/contenttype-post-columns
Everything is recognised by its name, so this may run any number of times, also in two instances at once: what another
one has just made answers 409 and is read again.
"""

from collections.abc import Callable

from shared.errors import NameTaken, PermanentError
from shared.graph import wire
from shared.graph.paging import rows
from shared.graph.request import GraphTransport

NAME = "Moment Document"
_ABOUT = "A file of Moment, with its activity, period and tags."


def ensure_content_type(transport: GraphTransport, site_id: str) -> str:
    """The id of the site's content type, complete with its columns."""
    site = {"site": site_id}

    def find() -> str | None:
        found = rows(transport, "/sites/{site}/contentTypes", site, wire.NAME_FIELDS)
        return next((each["id"] for each in found if each["name"] == NAME), None)

    content_type_id = find() or _create(
        transport, "/sites/{site}/contentTypes", site, wire.content_type_body(NAME, _ABOUT), find
    )
    _ensure_columns(transport, site_id, content_type_id)
    return content_type_id


def _ensure_columns(transport: GraphTransport, site_id: str, content_type_id: str) -> None:
    place = {"site": site_id, "type": content_type_id}
    route = "/sites/{site}/contentTypes/{type}/columns"
    present = {each["name"] for each in rows(transport, route, place)}
    missing = [name for name in wire.COLUMN_BODIES if name not in present]
    if not missing:
        return
    site_columns = _site_columns(transport, site_id)
    for name in missing:
        column_id = site_columns.get(name) or _create_column(transport, site_id, name)
        url = f"{transport.base_url}/sites/{site_id}/columns/{column_id}"
        try:
            transport.request("POST", route, place, json=wire.source_column_body(url))
        except NameTaken:
            continue


def _site_columns(transport: GraphTransport, site_id: str) -> dict[str, str]:
    found = rows(transport, "/sites/{site}/columns", {"site": site_id}, wire.NAME_FIELDS)
    return {each["name"]: each["id"] for each in found}


def _create_column(transport: GraphTransport, site_id: str, name: str) -> str:
    return _create(
        transport,
        "/sites/{site}/columns",
        {"site": site_id},
        wire.COLUMN_BODIES[name],
        lambda: _site_columns(transport, site_id).get(name),
    )


def _create(
    transport: GraphTransport, route: str, values: dict[str, str], body: wire.Json, find: Callable[[], str | None]
) -> str:
    """The id of the new thing, or of the one that was made in between."""
    try:
        return wire.read(transport.request("POST", route, values, json=body), wire.identifier)
    except PermanentError:
        # A duplicate column is reported with 400 as well as with 409.
        found = find()
        if found is None:
            raise
        return found

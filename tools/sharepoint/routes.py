"""The route table: every request the local SharePoint answers, what it costs, and which query options it takes.

``{item}`` may be followed by a path between colons (``{item}:/{path}:``), ``{site}`` as well. ``root`` stands for
``items/root``, and the drive and list of a site or drive lead to the routes of that drive or list.
The charge is in resource units (single item 1, several items and writes 2).
"""

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import NoReturn

from tools.sharepoint.addressing import Segment
from tools.sharepoint.page import assets, links, recycle_bin
from tools.sharepoint.resources import (
    batch,
    browse,
    columns,
    content,
    content_types,
    control,
    control_contents,
    control_files,
    control_recycle_bin,
    control_sites,
    delta,
    device_login,
    directory,
    drive_items,
    list_items,
    lists,
    login,
    sessions,
    sites,
    subscriptions,
)
from tools.sharepoint.resources.call import Handler
from tools.sharepoint.state.errors import not_supported


class Surface(Enum):
    """Who answers: Graph needs a token and costs units, the others do not. The control plane and what people do in
    the page stay out of faults and the ledger."""

    GRAPH = "graph"
    LOGIN = "login"
    CONTROL = "control"
    STORAGE = "storage"
    PAGE = "page"


@dataclass(slots=True, frozen=True)
class Route:
    """One line of the table."""

    method: str
    template: str
    handler: Handler
    charge: int = 0
    options: str = ""
    surface: Surface = Surface.GRAPH


_CONFLICT = "@microsoft.graph.conflictBehavior"
_PAGE = "$top $skiptoken"
_DELTA = "token $select $expand $top"
_SITE = "/sites/{site}"
_LIST = "/sites/{site}/lists/{list}"
_ITEM = "/drives/{drive}/items/{item}"
_SUBSCRIPTION = "/subscriptions/{subscription}"

GRAPH_ROUTES = [
    Route("POST", "/$batch", batch.run_batch),
    # sites
    Route("GET", _SITE, sites.get_site, 1, "$select"),
    Route("GET", f"{_SITE}/drive", sites.get_default_drive, 1, "$select"),
    Route("GET", f"{_SITE}/drives", sites.list_drives, 2, f"$select {_PAGE}"),
    Route("GET", f"{_SITE}/columns", columns.list_site_columns, 2, f"$select $filter {_PAGE}"),
    Route("POST", f"{_SITE}/columns", columns.create_site_column, 2),
    Route("GET", f"{_SITE}/columns/{{column}}", columns.get_site_column, 1, "$select"),
    Route("GET", f"{_SITE}/contentTypes", content_types.list_site_content_types, 2, f"$select $filter {_PAGE}"),
    Route("POST", f"{_SITE}/contentTypes", content_types.create_site_content_type, 2),
    Route("GET", f"{_SITE}/contentTypes/{{contentType}}", content_types.get_site_content_type, 1, "$select"),
    Route("GET", f"{_SITE}/contentTypes/{{contentType}}/columns", content_types.list_content_type_columns, 2, _PAGE),
    Route("POST", f"{_SITE}/contentTypes/{{contentType}}/columns", content_types.add_content_type_column, 2),
    # lists
    Route("GET", f"{_SITE}/lists", lists.list_lists, 2, f"$select $expand $filter {_PAGE}"),
    Route("POST", f"{_SITE}/lists", lists.create_list, 2, "$select $expand"),
    Route("GET", _LIST, lists.get_list, 1, "$select $expand"),
    Route("PATCH", _LIST, lists.update_list, 2),
    Route("DELETE", _LIST, lists.delete_list, 2),
    Route("GET", f"{_LIST}/drive", sites.get_drive, 1, "$select"),
    Route("GET", f"{_LIST}/columns", columns.list_list_columns, 2, f"$select $filter {_PAGE}"),
    Route("POST", f"{_LIST}/columns", columns.create_list_column, 2),
    Route("GET", f"{_LIST}/columns/{{column}}", columns.get_list_column, 1, "$select"),
    Route("GET", f"{_LIST}/contentTypes", content_types.list_list_content_types, 2, f"$select $filter {_PAGE}"),
    Route("POST", f"{_LIST}/contentTypes/addCopy", content_types.add_copy, 2),
    Route("GET", f"{_LIST}/contentTypes/{{contentType}}", content_types.get_list_content_type, 1, "$select"),
    Route("DELETE", f"{_LIST}/contentTypes/{{contentType}}", content_types.remove_list_content_type, 2),
    Route(
        "GET", f"{_LIST}/contentTypes/{{contentType}}/columns", content_types.list_list_content_type_columns, 2, _PAGE
    ),
    # list items
    Route("GET", f"{_LIST}/items", list_items.list_items, 2, f"$select $expand {_PAGE}"),
    Route("GET", f"{_LIST}/items/delta", delta.list_delta, 2, _DELTA),
    Route("GET", f"{_LIST}/items/{{number}}", list_items.get_list_item, 1, "$select $expand"),
    Route("PATCH", f"{_LIST}/items/{{number}}", list_items.update_list_item, 2),
    Route("GET", f"{_LIST}/items/{{number}}/driveItem", list_items.get_drive_item, 1, "$select"),
    Route("GET", f"{_LIST}/items/{{number}}/fields", list_items.get_fields, 1, "$select"),
    Route("PATCH", f"{_LIST}/items/{{number}}/fields", list_items.update_fields, 2),
    # drives and drive items
    Route("GET", "/drives/{drive}", sites.get_drive, 1, "$select"),
    Route("GET", _ITEM, drive_items.get_item, 1, "$select $expand"),
    Route("PATCH", _ITEM, drive_items.update_item, 2, "$select"),
    Route("DELETE", _ITEM, drive_items.delete_item, 2),
    Route("GET", f"{_ITEM}/children", drive_items.list_children, 2, f"$select $expand {_PAGE}"),
    Route("POST", f"{_ITEM}/children", drive_items.create_folder, 2, "$select"),
    Route("GET", f"{_ITEM}/content", content.get_content, 1),
    Route("PUT", f"{_ITEM}/content", content.put_content, 2, f"{_CONFLICT} $select"),
    Route("POST", f"{_ITEM}/createUploadSession", sessions.create_session, 2),
    Route("GET", f"{_ITEM}/listItem", list_items.get_list_item, 1, "$select $expand"),
    Route("GET", f"{_ITEM}/listItem/fields", list_items.get_fields, 1, "$select"),
    Route("PATCH", f"{_ITEM}/listItem/fields", list_items.update_fields, 2),
    Route("GET", f"{_ITEM}/versions", drive_items.list_versions, 2),
    Route("POST", f"{_ITEM}/versions/{{version}}/restoreVersion", drive_items.refuse, 2),
    Route("GET", f"{_ITEM}/delta", delta.drive_delta, 2, _DELTA),
    Route("POST", f"{_ITEM}/copy", drive_items.refuse, 2),
    # subscriptions
    Route("POST", "/subscriptions", subscriptions.create_subscription, 2),
    Route("GET", "/subscriptions", subscriptions.list_subscriptions, 2, _PAGE),
    Route("GET", _SUBSCRIPTION, subscriptions.get_subscription, 1),
    Route("PATCH", _SUBSCRIPTION, subscriptions.update_subscription, 2),
    Route("DELETE", _SUBSCRIPTION, subscriptions.delete_subscription, 2),
    Route("POST", f"{_SUBSCRIPTION}/reauthorize", subscriptions.reauthorize, 2),
    *(Route(method, template, handler, 0, options) for method, template, handler, options in directory.REQUESTS),
]

_UPLOAD_URL = "/sites/{site}/_api/v2.0/drives/{drive}/items/{item}/uploadSession"
_UPLOAD_OPTIONS = "guid overwrite rename dc tempauth"
_AUTHORITY = "/{tenant}"
_LAYOUTS = "/sites/{site}" + links.LAYOUTS

OTHER_ROUTES = [
    Route("PUT", _UPLOAD_URL, sessions.put_fragment, 0, _UPLOAD_OPTIONS, Surface.STORAGE),
    Route("GET", _UPLOAD_URL, sessions.get_status, 0, _UPLOAD_OPTIONS, Surface.STORAGE),
    Route("POST", _UPLOAD_URL, sessions.complete, 0, _UPLOAD_OPTIONS, Surface.STORAGE),
    Route("DELETE", _UPLOAD_URL, sessions.cancel, 0, _UPLOAD_OPTIONS, Surface.STORAGE),
    Route("GET", "/sites/{site}/_layouts/15/download.aspx", content.download, 0, "UniqueId tempauth", Surface.STORAGE),
    Route("GET", f"{_LAYOUTS}/page.css", assets.show_style, surface=Surface.PAGE),
    Route("GET", f"{_LAYOUTS}/page.js", assets.show_script, surface=Surface.PAGE),
    Route("GET", f"{_LAYOUTS}/stamp.aspx", assets.show_stamp, options="folder", surface=Surface.PAGE),
    Route("GET", f"{_LAYOUTS}/RecycleBin.aspx", recycle_bin.show_recycle_bin, surface=Surface.PAGE),
    Route("POST", f"{_LAYOUTS}/RecycleBin.aspx", recycle_bin.restore_from_recycle_bin, surface=Surface.PAGE),
    Route("POST", "/{tenant}/oauth2/v2.0/token", login.issue_token, surface=Surface.LOGIN),
    Route("POST", "/oauth2/v2.0/token", login.issue_token, surface=Surface.LOGIN),
    Route("POST", "/{tenant}/oauth2/v2.0/devicecode", device_login.start, surface=Surface.LOGIN),
    Route(
        "GET",
        "/{tenant}/v2.0/.well-known/openid-configuration",
        login.openid_configuration,
        options="appid",
        surface=Surface.LOGIN,
    ),
    Route(
        "GET",
        "/common/discovery/instance",
        login.instance_discovery,
        options="api-version authorization_endpoint",
        surface=Surface.LOGIN,
    ),
    Route("POST", "/_local/reset", control.reset, surface=Surface.CONTROL),
    Route("GET", "/_local/health", control.show_health, surface=Surface.CONTROL),
    Route("GET", "/_local/requests", control.show_requests, options="since", surface=Surface.CONTROL),
    Route("DELETE", "/_local/requests", control.clear_requests, surface=Surface.CONTROL),
    Route("GET", "/_local/faults", control.show_faults, surface=Surface.CONTROL),
    Route("POST", "/_local/faults", control.add_fault, surface=Surface.CONTROL),
    Route("DELETE", "/_local/faults", control.clear_faults, surface=Surface.CONTROL),
    Route("POST", "/_local/clock", control.move_clock, surface=Surface.CONTROL),
    Route("POST", "/_local/latency", control.set_latency, surface=Surface.CONTROL),
    Route("POST", "/_local/settings", control.change_settings, surface=Surface.CONTROL),
    Route("GET", "/_local/sites", control_sites.show_sites, surface=Surface.CONTROL),
    Route("POST", "/_local/sites", control_sites.add_site, surface=Surface.CONTROL),
    Route("POST", "/_local/lists", control_sites.fill_site, surface=Surface.CONTROL),
    Route("POST", "/_local/files", control_files.fill_library, surface=Surface.CONTROL),
    Route("GET", "/_local/notifications", subscriptions.show_notifications, options="since", surface=Surface.CONTROL),
    Route("POST", "/_local/lifecycle", subscriptions.cause_lifecycle_event, surface=Surface.CONTROL),
    Route("GET", "/_local/contents/{id}", control_contents.show_contents, surface=Surface.CONTROL),
    Route("GET", "/_local/recycle-bin", control_recycle_bin.show_recycle_bin, surface=Surface.CONTROL),
    Route("POST", "/_local/recycle-bin/{id}/restore", control_recycle_bin.restore, surface=Surface.CONTROL),
]

_WEB_URL = "/sites/{site}/{path}"
WEB_URLS = {
    "GET": Route("GET", _WEB_URL, browse.open_web_url, options=links.OPTIONS, surface=Surface.STORAGE),
    "POST": Route("POST", _WEB_URL, browse.post_form, options="do", surface=Surface.PAGE),
}


@dataclass(slots=True)
class Match:
    """A route with what the address holds."""

    route: Route
    params: dict[str, str]
    paths: dict[str, tuple[str, ...]]


_DELTA_FUNCTION = re.compile(r"delta\((?:token='((?:[^']|'')*)')?\)")

Index = dict[tuple[str, int], list[tuple[Route, list[str]]]]


def _index(routes: list[Route]) -> Index:
    found: Index = {}
    for route in routes:
        parts = route.template.strip("/").split("/")
        found.setdefault((route.method, len(parts)), []).append((route, parts))
    return found


_GRAPH_INDEX = _index(GRAPH_ROUTES)
_OTHER_INDEX = _index(OTHER_ROUTES)


def find_graph_route(method: str, segments: list[Segment]) -> Match:
    """Return the Graph route of a request, or raise 501 naming it."""
    segments[-1].text = segments[-1].text.removeprefix("microsoft.graph.")
    function = _DELTA_FUNCTION.fullmatch(segments[-1].text)
    if function is not None:
        segments[-1].text = "delta"
    match = _lookup(_GRAPH_INDEX, method, segments) or _refuse(method, segments)
    if function is not None and function[1]:
        match.params["token"] = function[1].replace("''", "'")
    return match


def find_other_route(method: str, segments: list[Segment]) -> Match:
    """Return the route of a request outside Graph; what is left under the site's path is a ``webUrl``."""
    match = _lookup(_OTHER_INDEX, method, segments)
    if match is None and method in WEB_URLS and len(segments) > 1 and segments[0].text == "sites":
        path = tuple(segment.text for segment in segments[2:])
        return Match(WEB_URLS[method], {"site": segments[1].text}, {"path": path})
    return match or _refuse(method, segments)


def _refuse(method: str, segments: list[Segment]) -> NoReturn:
    raise not_supported(f"{method} /{'/'.join(segment.text for segment in segments)}")


def _lookup(index: Index, method: str, segments: list[Segment]) -> Match | None:
    for route, parts in index.get((method, len(segments)), ()):
        match = _match(route, parts, segments)
        if match is not None:
            return match
    return None


def _match(route: Route, parts: list[str], segments: list[Segment]) -> Match | None:
    params: dict[str, str] = {}
    paths: dict[str, tuple[str, ...]] = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith("{"):
            name = part[1:-1]
            params[name] = segment.text
            if segment.path is not None:
                if name not in ("item", "site"):
                    return None
                paths[name] = segment.path
        elif part != segment.text or segment.path is not None:
            return None
    if "item" in paths:
        route = replace(route, template=route.template.replace("{item}", "{item}:/{path}:"))
    return Match(route, params, paths)


def check_options(route: Route, query: dict[str, str]) -> None:
    """Raise 501 for a query option that the route does not take."""
    allowed = route.options.split()
    for name in query:
        if name not in allowed:
            raise not_supported(f"the query option '{name}' of {route.method} {route.template}")

"""Drive items other than their content: https://learn.microsoft.com/graph/api/resources/driveitem."""

from tools.sharepoint.resources import odata, shapes
from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.state.clock import from_iso, iso
from tools.sharepoint.state.errors import invalid_request, item_not_found, name_already_exists, not_supported
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.uploads import BEHAVIORS, check_if_match, check_lock

_EXPANDABLE = ("listItem",)


def body_of(call: Call, library: Library, item: DriveItem) -> Json:
    """Return the driveItem with the query options of the call applied."""
    expanded = odata.expand(call.query.get("$expand", ""), _EXPANDABLE)
    body = shapes.item_body(call, library, item, expanded)
    return {name: value for name, value in body.items() if name in expanded} | odata.select(call, body)


async def get_item(call: Call) -> Reply:
    """GET /drives/{drive}/items/{item} (https://learn.microsoft.com/graph/api/driveitem-get)."""
    library, item = call.item()
    if call.headers.get("If-None-Match", "") in (item.e_tag, item.c_tag):
        return Reply(304)
    body = body_of(call, library, item)
    body["@odata.context"] = call.graph_url("/$metadata#drives/$entity")
    return Reply(body=body)


async def list_children(call: Call) -> Reply:
    """GET .../children (https://learn.microsoft.com/graph/api/driveitem-list-children)."""
    library, folder = call.item()
    rows = [item for item in library.list_children(folder) if item.hidden_until <= call.now]
    return Reply(body=odata.page(call, rows, lambda item: body_of(call, library, item)))


async def create_folder(call: Call) -> Reply:
    """POST .../children (https://learn.microsoft.com/graph/api/driveitem-post-children)."""
    body = await call.json()
    behavior = take_behavior(body, "fail")
    only(body, "name", "folder", "description")
    if body.get("folder") is None:
        raise not_supported("POST children of anything but a folder")
    library, parent = call.item()
    name = text_of(body, "name")
    existing = library.find_child(parent, name)
    if existing is not None and behavior == "rename":
        name, existing = library.free_name(parent, name), None
    if existing is not None:
        if behavior == "fail" or not existing.is_folder:
            raise name_already_exists()
        return Reply(200, body_of(call, library, existing))
    folder = library.create_item(
        parent, name, is_folder=True, now=call.now, who=call.application_id, hidden_until=call.tenant.hidden_until()
    )
    return Reply(201, body_of(call, library, folder))


def take_behavior(body: Json, default: str) -> str:
    """Take the conflictBehavior annotation out of a body; rclone spells it ``@name.conflictBehavior``."""
    found = default
    for name in [name for name in body if name.startswith("@") and name.endswith(".conflictBehavior")]:
        found = body.pop(name)
    return checked_behavior(found)


def checked_behavior(behavior: str) -> str:
    """Return the behaviour if it is one."""
    if behavior not in BEHAVIORS:
        raise invalid_request("conflictBehavior must be fail, replace or rename")
    return behavior


def read_file_system_info(facet: Json) -> tuple[float | None, float | None]:
    """Return the created and modified times a client sets."""
    only(facet, "createdDateTime", "lastModifiedDateTime", "lastAccessedDateTime")
    try:
        created, modified = (facet.get(name) for name in ("createdDateTime", "lastModifiedDateTime"))
        return (from_iso(created) if created else None), (from_iso(modified) if modified else None)
    except (TypeError, ValueError):
        raise invalid_request("fileSystemInfo must hold ISO 8601 times") from None


async def update_item(call: Call) -> Reply:
    """PATCH: rename, move, set the client's times (https://learn.microsoft.com/graph/api/driveitem-update)."""
    body = await call.json()
    behavior = take_behavior(body, "fail")
    only(body, "name", "parentReference", "fileSystemInfo", "id")
    library, item = call.item()
    check_lock(item, call.now)
    check_if_match(call.headers.get("If-Match", ""), item)
    created, modified = read_file_system_info(body.get("fileSystemInfo") or {})
    came_from = item.parent_id
    if "name" in body or "parentReference" in body:
        _relocate(library, item, body, behavior)
    if not item.is_folder:
        item.remember_version()
    item.fs_created_at = created if created is not None else item.fs_created_at
    item.fs_modified_at = modified if modified is not None else item.fs_modified_at
    library.touch(item, call.now, call.application_id)
    if item.parent_id != came_from:
        call.tenant.age_moved_in(item)
    return Reply(body=body_of(call, library, item))


def _relocate(library: Library, item: DriveItem, body: Json, behavior: str) -> None:
    folder = _new_parent(library, item, body.get("parentReference") or {})
    name = text_of(body, "name", item.name)
    other = library.find_child(folder, name)
    if other is not None and other is not item and behavior == "rename":
        name = library.free_name(folder, name)
    elif other is not None and other is not item and behavior == "replace":
        raise not_supported("conflictBehavior=replace for a move")
    library.relocate(item, folder, name)


def _new_parent(library: Library, item: DriveItem, reference: Json) -> DriveItem:
    only(reference, "id", "driveId", "path", "driveType", "siteId", "name")
    if reference.get("driveId", library.drive_id) != library.drive_id:
        raise invalid_request("An item cannot be moved to another drive")
    if "id" in reference:
        if reference["id"] == "root":
            raise invalid_request("The id of the new parent must be a real id")
        return library.get_item(text_of(reference, "id"))
    if "path" in reference:
        raise not_supported("a move by parentReference.path")
    if item.parent_id is None:
        raise invalid_request("The root folder cannot be renamed or moved")
    return library.get_item(item.parent_id)


async def delete_item(call: Call) -> Reply:
    """DELETE: into the recycle bin, a folder with all below it."""
    library, item = call.item()
    check_if_match(call.headers.get("If-Match", ""), item)
    for each in library.iter_subtree(item):
        check_lock(each, call.now)
    untold = call.tenant.change_faults.take("missing_tombstones")
    call.site_of(library).recycle(library, item, call.now, call.application_id, untold=untold)
    return Reply(204)


async def list_versions(call: Call) -> Reply:
    """GET .../versions (https://learn.microsoft.com/graph/api/driveitem-list-versions), newest first."""
    _, item = call.item()
    if item.is_folder:
        raise item_not_found("Folders have no versions")
    present = [(item.version_number, item.modified_at, item.modified_by, item.content)]
    older = [(each.number, each.modified_at, each.modified_by, each.content) for each in reversed(item.versions)]
    value = [
        {
            "id": f"{number}.0",
            "lastModifiedDateTime": iso(modified_at),
            "lastModifiedBy": shapes.identity(modified_by),
            "size": content.size_bytes if content else 0,
        }
        for number, modified_at, modified_by, content in present + older
    ]
    return Reply(body={"value": value})


async def refuse(call: Call) -> Reply:
    """Answer 501 for what is known and comes later."""
    raise not_supported(f"{call.method} {call.route}")

"""Moving an item to another folder, also to one in another library or another site.

Inside a library the item stays the same. Between libraries SharePoint copies and deletes: what arrives has new ids, a
new history and the columns that exist on both sides, and what was there goes to the recycle bin.
"""

from typing import Any

from tools.sharepoint.page.as_person import ask, in_persons_name
from tools.sharepoint.page.place import Place
from tools.sharepoint.resources.call import Call
from tools.sharepoint.resources.content import check_quota
from tools.sharepoint.resources.drive_items import create_folder, delete_item, update_item
from tools.sharepoint.resources.list_items import update_fields
from tools.sharepoint.state.errors import name_already_exists
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.uploads import Upload, UploadTarget, check_lock, commit


async def move(place: Place, source: Library, item: DriveItem) -> DriveItem:
    """Move an item into the folder of the place; return what lies there afterwards."""
    if source is place.library:
        await ask(place.call, update_item, source, item, {"parentReference": {"id": place.folder.item_id}})
        return item
    _check(place, source, item)
    arrived = await _copy(place.call, source, item, place.library, place.folder)
    await ask(place.call, delete_item, source, item)
    return arrived


def _check(place: Place, source: Library, item: DriveItem) -> None:
    """Refuse what would get stuck halfway."""
    if place.library.find_child(place.folder, item.name) is not None:
        raise name_already_exists()
    below = list(source.iter_subtree(item))
    for each in below:
        check_lock(each, place.call.now)
    check_quota(place.site, sum(each.size_bytes for each in below))


async def _copy(call: Call, source: Library, item: DriveItem, target: Library, folder: DriveItem) -> DriveItem:
    if not item.is_folder:
        return await _copy_file(call, item, target, folder)
    await ask(call, create_folder, target, folder, {"name": item.name, "folder": {}})
    copied = target.find_child(folder, item.name)
    assert copied is not None
    for child in source.list_children(item):
        await _copy(call, source, child, target, copied)
    return copied


async def _copy_file(call: Call, item: DriveItem, target: Library, folder: DriveItem) -> DriveItem:
    asked = in_persons_name(call)
    assert item.content is not None
    content = call.tenant.contents.share(item.content)
    place = UploadTarget(folder.item_id, (), item.name, "fail")
    place.fs_created_at, place.fs_modified_at = item.fs_created_at, item.fs_modified_at
    copied, _ = commit(target, place, content, Upload(call.now, asked.application_id, call.tenant.hidden_until()))
    call.site_of(target).used_bytes += copied.size_bytes
    call.tenant.age_moved_in(copied)
    if values := _carried_values(item, target):
        await ask(call, update_fields, target, copied, values)
    return copied


def _carried_values(item: DriveItem, target: Library) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for column in target.columns:
        value = item.fields.get(column.name)
        if value is not None and not column.read_only:
            body[column.name] = value
            if column.is_multi_choice:
                body[f"{column.name}@odata.type"] = "Collection(Edm.String)"
    return body

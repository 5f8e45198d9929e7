"""Where an upload goes and whether it may: the rules that PUT content and upload sessions have in common.

https://learn.microsoft.com/graph/api/driveitem-put-content and the conflictBehavior annotation of
https://learn.microsoft.com/graph/api/resources/driveitem
"""

from dataclasses import dataclass

from tools.sharepoint.state.content import StoredContent
from tools.sharepoint.state.errors import (
    entity_tag_does_not_match,
    invalid_request,
    item_not_found,
    name_already_exists,
    resource_locked,
)
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.names import check_name

BEHAVIORS = ("replace", "fail", "rename")


@dataclass(slots=True)
class UploadTarget:
    """A place for content. ``folders`` are missing parents that an upload by path creates on the way."""

    start_id: str
    folders: tuple[str, ...]
    name: str
    behavior: str = "replace"
    if_match: str = ""
    if_none_match: str = ""
    fs_created_at: float | None = None
    fs_modified_at: float | None = None


@dataclass(slots=True)
class Upload:
    """Who uploads, when, and until when the new item stays invisible."""

    now: float
    who: str
    hidden_until: float = 0.0


def target_of_item(library: Library, item: DriveItem) -> UploadTarget:
    """Return the target that replaces an existing file."""
    if item.is_folder or item.parent_id is None:
        raise invalid_request("File name not provided in url")
    return UploadTarget(library.get_item(item.parent_id).item_id, (), item.name)


def admit(library: Library, target: UploadTarget, now: float, *, creates_folders: bool = True) -> DriveItem | None:
    """Raise if the upload is not allowed; return the file it would replace, if there is one."""
    start = library.get_item(target.start_id)
    folder = library.find_path(start, target.folders)
    if folder is None:
        if not creates_folders:
            raise item_not_found("The parent folder does not exist")
        for name in target.folders:
            check_name(name, is_folder=True, at_root=False)
        check_name(target.name, is_folder=False, at_root=False)
        existing = None
    else:
        library.check_place(folder, target.name, is_folder=False)
        existing = library.find_child(folder, target.name)
    _check_tags(target, existing)
    if existing is None or target.behavior == "rename":
        return None
    if target.behavior == "fail" or existing.is_folder:
        raise name_already_exists()
    check_lock(existing, now)
    return existing


def _check_tags(target: UploadTarget, existing: DriveItem | None) -> None:
    check_if_match(target.if_match, existing)
    if existing is not None and target.if_none_match in ("*", existing.e_tag, existing.c_tag):
        raise entity_tag_does_not_match()


def check_if_match(if_match: str, item: DriveItem | None) -> None:
    """Raise 412 unless the header is absent or names the item's present eTag or cTag."""
    if not if_match:
        return
    if item is None or if_match not in ("*", item.e_tag, item.c_tag):
        raise entity_tag_does_not_match()


def check_lock(item: DriveItem, now: float) -> None:
    """Raise 423 while a person has the file open."""
    if item.locked_until > now:
        raise resource_locked()


def commit(
    library: Library, target: UploadTarget, content: StoredContent, upload: Upload
) -> tuple[DriveItem, StoredContent | None]:
    """Put content in its place; return the item and, if it is new, ``None`` for the content it had before."""
    item = admit(library, target, upload.now)
    if item is None:
        item, before = _create(library, target, content, upload), None
    else:
        before = item.content
        item.remember_version()
        item.content = content
        item.c_tag_number += 1
        library.touch(item, upload.now, upload.who)
    item.fs_created_at = target.fs_created_at if target.fs_created_at is not None else item.fs_created_at
    item.fs_modified_at = target.fs_modified_at if target.fs_modified_at is not None else upload.now
    library.modified_at = upload.now
    return item, before


def _create(library: Library, target: UploadTarget, content: StoredContent, upload: Upload) -> DriveItem:
    folder = library.get_item(target.start_id)
    for name in target.folders:
        child = library.find_child(folder, name)
        folder = child or library.create_item(folder, name, is_folder=True, now=upload.now, who=upload.who)
    name = library.free_name(folder, target.name)
    item = library.create_item(
        folder, name, is_folder=False, now=upload.now, who=upload.who, hidden_until=upload.hidden_until
    )
    item.content = content
    return item

"""The content of files: https://learn.microsoft.com/graph/api/driveitem-put-content and .../driveitem-get-content."""

import asyncio
from urllib.parse import quote

from tools.sharepoint.resources import shapes
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.resources.drive_items import body_of, checked_behavior
from tools.sharepoint.state import promotion
from tools.sharepoint.state.content import StoredContent
from tools.sharepoint.state.errors import invalid_request, item_not_found, quota_limit_reached, too_large
from tools.sharepoint.state.identifiers import item_id
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.site import Site
from tools.sharepoint.state.uploads import Upload, UploadTarget, admit, commit, target_of_item

MAX_PUT_BYTES = 262_144_000
_BACKGROUND: set[asyncio.Task[None]] = set()  # asyncio itself keeps weak references only


async def put_content(call: Call) -> Reply:
    """PUT .../content: create or replace a file in one request."""
    library = call.library()
    target = upload_target(call, library, creates_folders=call.params["item"] == "root")
    target.if_match = call.headers.get("If-Match", "")
    admit(library, target, call.now)
    check_quota(call.site_of(library), call.content_length or 0)
    _check_size(call.content_length or 0)
    content = await _receive(call)
    item, created = await place(call, library, target, content)
    return Reply(201 if created else 200, body_of(call, library, item))


def upload_target(call: Call, library: Library, *, creates_folders: bool) -> UploadTarget:
    """Return where the address of an upload leads."""
    start = library.get_item(call.params["item"])
    path = call.paths.get("item", ())
    target = UploadTarget(start.item_id, path[:-1], path[-1]) if path else target_of_item(library, start)
    target.behavior = checked_behavior(call.query.get("@microsoft.graph.conflictBehavior", "replace"))
    if path and not creates_folders and library.find_path(start, path[:-1]) is None:
        raise item_not_found("The parent folder does not exist")
    return target


def check_quota(site: Site, size_bytes: int) -> None:
    """Raise 507 if the site has no room left."""
    if size_bytes > site.quota_bytes - site.used_bytes:
        raise quota_limit_reached()


def _check_size(size_bytes: int) -> None:
    if size_bytes > MAX_PUT_BYTES:
        raise too_large(f"The request body is larger than {MAX_PUT_BYTES} bytes")


async def _receive(call: Call) -> StoredContent:
    writer = call.tenant.contents.writer()
    try:
        async for piece in call.chunks:
            writer.write(piece)
            _check_size(writer.size_bytes)
    except BaseException:
        writer.discard()
        raise
    return writer.finish()


async def place(call: Call, library: Library, target: UploadTarget, content: StoredContent) -> tuple[DriveItem, bool]:
    """Commit content to its place, let SharePoint rewrite it, and tell whether the file is new."""
    settings = call.tenant.settings
    rewrites = settings.rewrite and content.size_bytes > 0 and promotion.is_promoted(target.name)
    rewritten = None
    if rewrites and not settings.rewrite_asynchronously:
        rewritten = await _rewritten(call, library, target.name, content)
    upload = Upload(call.now, call.application_id, call.tenant.hidden_until())
    item, before = commit(library, target, rewritten or content, upload)
    call.site_of(library).used_bytes += item.size_bytes
    if before is None:
        call.tenant.age_moved_in(item)
    if rewritten is not None:
        item.e_tag_number += 1
    elif rewrites and settings.rewrite_asynchronously:
        _rewrite_soon(call, library, item, content)
    return item, before is None


async def _rewritten(call: Call, library: Library, name: str, content: StoredContent) -> StoredContent | None:
    store = call.tenant.contents
    scratch = store.scratch()
    content_type_id = library.default_content_type().content_type_id
    done = await asyncio.to_thread(promotion.promote, store.path(content.blob), scratch, name, content_type_id)
    if not done:
        return None
    result = await asyncio.to_thread(store.adopt, scratch)
    store.remove(content.blob)
    return result


def _rewrite_soon(call: Call, library: Library, item: DriveItem, content: StoredContent) -> None:
    async def rewrite() -> None:
        await asyncio.sleep(call.tenant.settings.rewrite_delay_ms / 1000)
        if item.content is not content or call.tenant.sites.find_list(library.list_id) is not library:
            return
        rewritten = await _rewritten(call, library, item.name, content)
        if rewritten is not None and item.content is content:
            item.content = rewritten
            item.e_tag_number += 1
            library.changes.note(item, call.now)

    task = asyncio.get_running_loop().create_task(rewrite())
    _BACKGROUND.add(task)
    task.add_done_callback(_BACKGROUND.discard)


async def get_content(call: Call) -> Reply:
    """GET .../content: 302 to a URL that needs no token."""
    library, item = call.item()
    if item.is_folder:
        raise invalid_request("A folder has no content")
    return Reply(302, headers={"Location": shapes.download_url(call, library, item)})


async def download(call: Call) -> Reply:
    """GET of a download URL."""
    unique_id = call.query.get("UniqueId", "")
    call.tenant.check_download(unique_id, call.query.get("tempauth", ""))
    for library in call.site_at_path().libraries.values():
        item = library.items.get(item_id(library.list_id, unique_id))
        if item is not None:
            reply = file_reply(call, item)
            reply.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(item.name, safe='')}"
            return reply
    raise item_not_found()


def file_reply(call: Call, item: DriveItem) -> Reply:
    """Return the bytes of a file, or the range that was asked for."""
    content = item.content
    if content is None:
        raise item_not_found()
    media_type = shapes.mime_type(item.name)
    headers = {"ETag": item.e_tag, "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    if media_type != "application/pdf":  # browsers do not show PDF in a sandbox, and it cannot run scripts on the page
        headers["Content-Security-Policy"] = "sandbox"
    reply = Reply(
        200,
        headers=headers,
        content_type=media_type,
        file=call.tenant.contents.path(content.blob),
        length=content.size_bytes,
    )
    wanted = call.headers.get("Range", "")
    if wanted:
        _narrow(reply, wanted, content.size_bytes)
    return reply


def _narrow(reply: Reply, wanted: str, size: int) -> None:
    first_text, dash, last_text = wanted.removeprefix("bytes=").partition("-")
    if not dash or not (first_text or last_text) or not (first_text + last_text).isdecimal():
        return  # several ranges or nonsense: the whole file is a correct answer
    if first_text:
        first, last = int(first_text), min(int(last_text or size), size - 1)
    else:
        first, last = max(0, size - int(last_text)), size - 1
    if first > last:
        reply.status, reply.length, reply.file = 416, 0, None
        reply.headers["Content-Range"] = f"bytes */{size}"
        return
    reply.status, reply.first, reply.length = 206, first, last - first + 1
    reply.headers["Content-Range"] = f"bytes {first}-{last}/{size}"

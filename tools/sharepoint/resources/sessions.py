"""Upload sessions over HTTP: https://learn.microsoft.com/graph/api/driveitem-createuploadsession.

The uploadUrl is pre-authenticated; an Authorization header on it is answered with 401, as the real one may.
"""

import secrets

from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.resources.content import check_quota, place, upload_target
from tools.sharepoint.resources.drive_items import body_of, read_file_system_info, take_behavior
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.content import ContentWriter
from tools.sharepoint.state.errors import invalid_request, unauthenticated
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.names import key
from tools.sharepoint.state.upload_sessions import (
    SLIDING_EXPIRY_S,
    Fragment,
    UploadSession,
    check_fragment,
    read_content_range,
)
from tools.sharepoint.state.uploads import UploadTarget, admit


async def create_session(call: Call) -> Reply:
    """POST .../createUploadSession."""
    body = await call.json()
    library = call.library()
    only(body, "item", "deferCommit")
    target = upload_target(call, library, creates_folders=False)
    _apply(target, dict(body.get("item") or {}))
    target.if_match = call.headers.get("If-Match", "")
    target.if_none_match = call.headers.get("If-None-Match", "")
    existing = admit(library, target, call.now)
    session = _new_session(call, library.drive_id, target, defer_commit=bool(body.get("deferCommit", False)))
    _drop_expired(call)
    call.tenant.sessions.open(session, call.now)
    if existing is not None:
        existing.e_tag_number += 1  # opening a session shows as a change of the file
        library.changes.note(existing, call.now)
    target.if_match = target.if_none_match = ""
    start = library.get_item(target.start_id).item_id
    url = (
        f"{call.base_url}{library.site_path}/_api/v2.0/drives/{library.drive_id}/items/{start}/uploadSession"
        f"?guid='{session.guid}'&overwrite={target.behavior == 'replace'}&rename={target.behavior == 'rename'}"
        f"&dc=0&tempauth={session.tempauth}"
    )
    return Reply(200, _status(session) | {"uploadUrl": url})


def _apply(target: UploadTarget, item: Json) -> None:
    target.behavior = take_behavior(item, target.behavior)
    for name in ("@odata.type", "size"):
        if name in item:
            raise invalid_request(f"The property '{name}' is not allowed in 'item'")
    only(item, "name", "fileSystemInfo")
    if key(text_of(item, "name", target.name)) != key(target.name):
        raise invalid_request("Name from path does not match name from body")
    target.fs_created_at, target.fs_modified_at = read_file_system_info(item.get("fileSystemInfo") or {})


def _new_session(call: Call, drive_id: str, target: UploadTarget, *, defer_commit: bool) -> UploadSession:
    writer = call.tenant.contents.writer()
    session = UploadSession(
        guid=new_guid(),
        tempauth=f"v1.{secrets.token_urlsafe(48)}",
        drive_id=drive_id,
        target=target,
        who=call.application_id,
        created_at=call.now,
        expires_at=call.now + SLIDING_EXPIRY_S,
        blob=writer.blob,
        defer_commit=defer_commit,
    )
    call.tenant.writers[session.guid] = writer
    return session


def _drop_expired(call: Call) -> None:
    for session in call.tenant.sessions.expired(call.now):
        _end(call, session)


def _end(call: Call, session: UploadSession) -> None:
    writer = call.tenant.writers.pop(session.guid, None)
    if writer is not None:
        writer.discard()
    call.tenant.sessions.close(session)


def _status(session: UploadSession) -> Json:
    ranges = [] if session.total is not None and session.received >= session.total else [f"{session.received}-"]
    return {"expirationDateTime": iso(session.expires_at), "nextExpectedRanges": ranges}


def _session(call: Call) -> UploadSession:
    if "Authorization" in call.headers:
        raise unauthenticated("The upload URL is pre-authenticated; Authorization must not be sent")
    session = call.tenant.sessions.get(call.query.get("guid", "").strip("'"), call.query.get("tempauth", ""), call.now)
    call.application_id = session.who
    return session


def _writer(call: Call, session: UploadSession) -> ContentWriter:
    writer = call.tenant.writers.get(session.guid)
    if writer is None:
        writer = call.tenant.writers[session.guid] = call.tenant.contents.reopen(session.blob)
        session.received = min(session.received, writer.size_bytes)
    return writer


async def get_status(call: Call) -> Reply:
    """GET uploadUrl."""
    return Reply(200, _status(_session(call)))


async def cancel(call: Call) -> Reply:
    """DELETE uploadUrl."""
    _end(call, _session(call))
    return Reply(204)


async def put_fragment(call: Call) -> Reply:
    """PUT uploadUrl: the next byte range."""
    session = _session(call)
    fragment = read_content_range(call.headers.get("Content-Range", ""), call.content_length)
    async with call.tenant.sessions.lock(session):
        check_fragment(session, fragment)
        if fragment.first == 0:
            check_quota(call.site_of(call.library()), fragment.total)
        await _receive(call, session, fragment)
        if session.received < fragment.total or session.defer_commit:
            return Reply(202, _status(session))
        return await _commit(call, session)


def _check_length(size_bytes: int, fragment: Fragment) -> None:
    if size_bytes != fragment.last + 1:
        raise invalid_request("The fragment is shorter than its Content-Range", "fragmentLengthMismatch")


async def _receive(call: Call, session: UploadSession, fragment: Fragment) -> None:
    writer = _writer(call, session)
    before = writer.hash.copy()
    try:
        async for piece in call.chunks:
            writer.write(piece)
        _check_length(writer.size_bytes, fragment)
    except BaseException:
        writer.go_back_to(before)
        raise
    writer.close()
    session.total = fragment.total
    session.received = writer.size_bytes
    session.expires_at = call.now + SLIDING_EXPIRY_S


async def complete(call: Call) -> Reply:
    """POST uploadUrl with an empty body: commit a session that was opened with ``deferCommit``."""
    session = _session(call)
    if session.total is None or session.received < session.total:
        raise invalid_request("The upload session is not complete")
    return await _commit(call, session)


async def _commit(call: Call, session: UploadSession) -> Reply:
    library = call.tenant.sites.get_drive(session.drive_id)
    writer = _writer(call, session)
    admit(library, session.target, call.now)  # a late clash leaves the session as it is
    content = writer.finish()
    call.tenant.writers.pop(session.guid, None)
    call.tenant.sessions.close(session)
    item, created = await place(call, library, session.target, content)
    return Reply(201 if created else 200, body_of(call, library, item))

"""Graph's JSON and our types: the only place that knows Graph's camelCase names.

Reading takes what https://learn.microsoft.com/graph/api/resources/driveitem, …/list and …/uploadsession promise for
SharePoint; anything else in an answer is left alone. `read` turns an answer of another shape into Unavailable.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import requests

from shared.errors import Unavailable, UploadSessionGone
from shared.graph.classify import request_id
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem, FragmentReply, Library, UploadSession

type Json = dict[str, Any]

ITEM_FIELDS = {"$select": "id,name,webUrl,eTag,cTag,size,file,folder,parentReference"}
LIST_FIELDS = {"$select": "id,displayName,description,webUrl,list"}
ID_FIELD = {"$select": "id"}
NAME_FIELDS = {"$select": "id,name"}
INDEX_FIELDS = {"$select": "id,name,indexed"}

FAIL_IF_TAKEN = {"@microsoft.graph.conflictBehavior": "fail"}
"""As a query parameter of PUT content and as a member of bodies; the default of PUT would be to replace."""


def read[T](response: requests.Response, take: Callable[[Json], T]) -> T:
    """What `take` makes of the answer's JSON."""
    try:
        return take(response.json())
    except (requests.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as exc:
        trace = request_id(response.headers)
        raise Unavailable(f"SharePoint's answer could not be read (request-id {trace}).") from exc


def drive_item(body: Json) -> DriveItem:
    """A file or folder."""
    parent = body.get("parentReference", {})
    return DriveItem(
        drive_id=parent["driveId"],
        id=body["id"],
        name=body["name"],
        web_url=body.get("webUrl", ""),
        e_tag=body.get("eTag", ""),
        c_tag=body.get("cTag"),
        size_bytes=int(body.get("size", 0)),
        quick_xor_hash=body.get("file", {}).get("hashes", {}).get("quickXorHash"),
        parent_id=parent.get("id"),
        is_folder="folder" in body,
    )


def library(body: Json, drive_id: str) -> Library:
    """A document library, from its list."""
    return Library(list_id=body["id"], drive_id=drive_id, name=body["displayName"], web_url=body["webUrl"])


def is_library(body: Json) -> bool:
    """Whether a list is a document library."""
    return bool(body["list"]["template"] == "documentLibrary")


def description(body: Json) -> str:
    """A list's description."""
    return str(body.get("description") or "")


def identifier(body: Json) -> str:
    """The id of anything."""
    return str(body["id"])


def page(body: Json) -> tuple[list[Json], str | None]:
    """The rows of a page and the link to the next (concepts/paging)."""
    return list(body["value"]), body.get("@odata.nextLink")


def new_session(body: Json) -> UploadSession:
    """The answer to createUploadSession."""
    return UploadSession(body["uploadUrl"], _time(body["expirationDateTime"]), _next_byte(body) or 0)


def session_status(body: Json, url: str) -> UploadSession:
    """The answer to GET uploadUrl; a session that expects nothing any more can't be gone on with."""
    next_byte = _next_byte(body)
    if next_byte is None:
        raise UploadSessionGone("The upload session no longer says which bytes it expects.")
    return UploadSession(url, _time(body["expirationDateTime"]), next_byte)


def fragment_reply(body: Json, end: int) -> FragmentReply:
    """The finished item, or where to go on; `end` is the byte after the fragment, if the answer does not say."""
    if "id" in body:
        item = drive_item(body)
        return FragmentReply(item.size_bytes, item)
    next_byte = _next_byte(body)
    return FragmentReply(end if next_byte is None else next_byte)


def folder_body(name: str) -> Json:
    """driveitem-post-children."""
    return {"name": name, "folder": {}, **FAIL_IF_TAKEN}


def session_body(name: str) -> Json:
    """driveitem-createuploadsession for a new file. SharePoint refuses members it does not know, such as size."""
    return {"item": {"name": name, **FAIL_IF_TAKEN}}


def replace_session_body() -> Json:
    """driveitem-createuploadsession for an existing file."""
    return {"item": {"@microsoft.graph.conflictBehavior": "replace"}}


def fields_body(columns: Columns) -> Json:
    """listitem-update: the columns that have a value. A multi-choice needs its type spelled out."""
    texts = {"momentActivity": columns.activity, "momentYear": columns.year, "momentPeriod": columns.period}
    body: Json = {name: value for name, value in texts.items() if value}
    if columns.tags:
        body |= {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": list(columns.tags)}
    return body


def list_body(name: str, about: str) -> Json:
    """list-create. `name` is the server's to choose: sending it is refused."""
    return {"displayName": name, "description": about, "list": {"template": "documentLibrary"}}


def content_type_body(name: str, about: str) -> Json:
    """site-post-contenttypes, derived from Document."""
    return {"name": name, "description": about, "group": "Moment", "base": {"id": "0x0101", "name": "Document"}}


def _text_column(name: str, label: str) -> Json:
    text = {"allowMultipleLines": False, "maxLength": 255}
    return {"name": name, "displayName": label, "columnGroup": "Moment", "indexed": True, "text": text}


COLUMN_BODIES: Mapping[str, Json] = {
    "momentActivity": _text_column("momentActivity", "Moment activity"),
    "momentYear": _text_column("momentYear", "Moment year"),
    "momentPeriod": _text_column("momentPeriod", "Moment period"),
    # SharePoint has no index over a multi-choice, and shows one as check boxes: that is how Graph says "several".
    "momentTags": {
        "name": "momentTags",
        "displayName": "Moment tags",
        "columnGroup": "Moment",
        "choice": {"allowTextEntry": True, "choices": [], "displayAs": "checkBoxes"},
    },
}
"""site-post-columns, by internal name."""

INDEX_BODY: Json = {"indexed": True}


def source_column_body(url: str) -> Json:
    """contenttype-post-columns."""
    return {"sourceColumn@odata.bind": url}


def add_copy_body(url: str) -> Json:
    """contenttype-addcopy."""
    return {"contentType": url}


def _next_byte(body: Json) -> int | None:
    """The first byte expected: `26-` and `26-99` are both seen."""
    starts = [int(each.partition("-")[0]) for each in body.get("nextExpectedRanges") or []]
    return min(starts, default=None)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)

"""Graph's JSON and our types: only here, in item_wire.py and change_wire.py are Graph's camelCase names known.

Reading takes what https://learn.microsoft.com/graph/api/resources/driveitem, …/list and …/uploadsession promise for
SharePoint; anything else in an answer is left alone. `read` turns an answer of another shape into Unavailable.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import requests

from shared.errors import Unavailable, UploadSessionGone
from shared.graph.classify import request_id
from shared.graph.item_wire import drive_item, time_of
from shared.model.directory import Columns
from shared.model.drive_items import FragmentReply, Library, UploadSession

type Json = dict[str, Any]

ITEM_FIELDS = {
    "$select": "id,name,webUrl,eTag,cTag,size,file,folder,root,parentReference,"
    "createdBy,lastModifiedBy,createdDateTime,lastModifiedDateTime"
}
LIST_FIELDS = {"$select": "id,displayName,description,webUrl,list"}
ID_FIELD = {"$select": "id"}
NAME_FIELDS = {"$select": "id,name"}
INDEX_FIELDS = {"$select": "id,name,indexed"}

FAIL_IF_TAKEN = {"@microsoft.graph.conflictBehavior": "fail"}
"""As a query parameter of PUT content and as a member of bodies; the default of PUT would be to replace."""

_E_TAG = re.compile(r'"?\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?,(\d+)"?', re.IGNORECASE)


def read[T](response: requests.Response, take: Callable[[Json], T]) -> T:
    """What `take` makes of the answer's JSON."""
    try:
        return take(response.json())
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as exc:
        trace = request_id(response.headers)
        raise Unavailable(f"SharePoint's answer could not be read (request-id {trace}).") from exc


def library(body: Json, site_id: str, drive_id: str) -> Library:
    """A document library, from its list."""
    return Library(site_id, list_id=body["id"], drive_id=drive_id, name=body["displayName"], web_url=body["webUrl"])


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
    link = body.get("@odata.nextLink")
    return list(body["value"]), None if link is None else str(link)


def new_session(body: Json) -> UploadSession:
    """The answer to createUploadSession."""
    return UploadSession(body["uploadUrl"], time_of(body["expirationDateTime"]), _next_byte(body) or 0)


def session_status(body: Json, url: str) -> UploadSession:
    """The answer to GET uploadUrl; a session that expects nothing any more can't be gone on with."""
    next_byte = _next_byte(body)
    if next_byte is None:
        raise UploadSessionGone("The upload session no longer says which bytes it expects.")
    return UploadSession(url, time_of(body["expirationDateTime"]), next_byte)


def fragment_reply(body: Json, end: int) -> FragmentReply:
    """The finished item, or where to go on; `end` is the byte after the fragment, if the answer does not say."""
    if "id" in body:
        item = drive_item(body)
        return FragmentReply(item.size_bytes, item)
    next_byte = _next_byte(body)
    return FragmentReply(end if next_byte is None else next_byte)


def if_match(e_tag: str) -> dict[str, str]:
    """The header that makes a write a 412 where the item has another eTag; none for an empty one."""
    return {"If-Match": e_tag} if e_tag else {}


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


def all_fields_body(columns: Columns) -> Json:
    """listitem-update: all four columns; null, and an empty list of its type, clear a value."""
    return {
        "momentActivity": columns.activity or None,
        "momentYear": columns.year or None,
        "momentPeriod": columns.period or None,
        "momentTags@odata.type": "Collection(Edm.String)",
        "momentTags": list(columns.tags),
    }


def new_e_tag(body: Json) -> str:
    """The eTag that writing the fields gave the item, spelled as its drive item spells it.

    Both are the item's UniqueId and version; a list item may show the GUID in lower case and without braces.
    """
    text = str(body["@odata.etag"])
    found = _E_TAG.fullmatch(text.removeprefix("W/"))
    return f'"{{{found[1].upper()}}},{found[2]}"' if found else text


def move_body(name: str | None, parent_id: str | None) -> Json:
    """driveitem-update and driveitem-move in one; a name that is taken is refused without being asked to."""
    body: Json = {} if name is None else {"name": name}
    return body if parent_id is None else body | {"parentReference": {"id": parent_id}}


def title_body(name: str) -> Json:
    """A list's new display name."""
    return {"displayName": name}


def description_body(about: str) -> Json:
    """A list's new description."""
    return {"description": about}


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

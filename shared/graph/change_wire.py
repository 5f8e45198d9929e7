"""Graph's JSON of deltas and subscriptions, and our types; wire.py has the rest and the rules.

https://learn.microsoft.com/graph/api/driveitem-delta, …/listitem-delta and …/resources/subscription
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from shared.graph.item_wire import UnreadableError, drive_item, identifier, is_identifier, text, time_of
from shared.graph.wire import Json
from shared.model.drive_items import ChangePage, ColumnChange, ItemChange, Subscription, unique_id_of

ITEM_CHANGES = {
    "$select": "id,name,webUrl,eTag,cTag,size,file,folder,root,parentReference,deleted,"
    "createdBy,lastModifiedBy,createdDateTime,lastModifiedDateTime",
    "$top": "200",
}
COLUMN_CHANGES = {"$expand": "fields($select=momentActivity,momentYear,momentPeriod,momentTags)"}
_UNIQUE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOLDER = "0x0120"
"""The content type Folder; the id of one that inherits from another begins with that one's (Content Type IDs,
https://learn.microsoft.com/previous-versions/office/developer/sharepoint-2010/aa543822(v=office.14))."""
_MAX_COLUMN_LENGTH = 255
_MOST_SHOWN = 60
NO_PARENTS = {"deltaExcludeParent": "true", "Prefer": "deltaExcludeParent"}
"""Without it each changed item brings its folders up to the root. Documented as a header, seen as a preference."""


def item_changes(body: Json, drive_id: str) -> ChangePage[ItemChange]:
    """A page of a drive's delta. Of a deleted item only the id is sure. What can't be read does not stop the others."""
    entries: list[ItemChange] = []
    passed_over: list[str] = []
    for each in body["value"]:
        try:
            entries.append(_item_change(each, drive_id))
        except UnreadableError as error:
            passed_over.append(_in_words(each, error))
            item_id = each.get("id") if isinstance(each, Mapping) else None
            if is_identifier(item_id):
                entries.append(ItemChange(item_id, None, is_unreadable=True))
    return ChangePage(tuple(entries), *_next(body), tuple(passed_over))


def column_changes(body: Json) -> ChangePage[ColumnChange]:
    """A page of a list's delta, without deleted items and folders: the drive's delta tells of them.

    "Every fields object has @odata.etag", so an item without one says nothing of its columns, least of all that they
    are empty.
    """
    items = [each for each in body["value"] if isinstance(each, Mapping) and not _is_deleted(each)]
    known = [each for each in items if each.get("eTag") and each.get("fields") and not _is_folder(each)]
    entries: list[ColumnChange] = []
    passed_over: list[str] = []
    for each in known:
        try:
            entries.append(column_change(each))
        except UnreadableError as error:
            passed_over.append(_in_words(each, error))
    link, is_last = _next(body)
    return ChangePage(tuple(entries), with_columns(link), is_last, tuple(passed_over))


def column_change(body: Mapping[str, Any]) -> ColumnChange:
    """A list item's columns. Raises UnreadableError."""
    fields, unique_id = body.get("fields"), unique_id_of(text(body.get("eTag")))
    if not isinstance(fields, Mapping) or not _UNIQUE_ID.fullmatch(unique_id):
        raise UnreadableError("its columns can't be read")
    return ColumnChange(
        unique_id=unique_id,
        activity=_text(fields.get("momentActivity")),
        year=_text(fields.get("momentYear")),
        period=_text(fields.get("momentPeriod")),
        tags=_tags(fields.get("momentTags")),
        e_tag=text(body.get("eTag")),
    )


def _is_folder(body: Mapping[str, Any]) -> bool:
    content_type = body.get("contentType")
    return isinstance(content_type, Mapping) and text(content_type.get("id")).lower().startswith(_FOLDER)


def with_columns(link: str) -> str:
    """The link of a list's delta, with the columns expanded even if it has lost that."""
    query = urlsplit(link).query
    if not link or "$expand" in parse_qs(query):
        return link
    return f"{link}{'&' if query else '?'}{urlencode(COLUMN_CHANGES)}"


def subscription(body: Json) -> Subscription:
    """A subscription; some kinds have no URL."""
    return Subscription(
        id=body["id"],
        resource=body.get("resource") or "",
        notification_url=body.get("notificationUrl") or "",
        expires_at=time_of(body["expirationDateTime"]),
    )


def subscription_body(drive_id: str, url: str, client_state: str, expires_at: datetime) -> Json:
    """subscription-post-subscriptions. Drives know `updated` only; a URL for lifecycle events can't be added later."""
    return {
        "changeType": "updated",
        "resource": f"/drives/{drive_id}/root",
        "notificationUrl": url,
        "lifecycleNotificationUrl": url,
        "clientState": client_state,
        "latestSupportedTlsVersion": "v1_2",
        **renewal_body(expires_at),
    }


def renewal_body(expires_at: datetime) -> Json:
    """subscription-update."""
    return {"expirationDateTime": expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _next(body: Json) -> tuple[str, bool]:
    """Where to go on, and whether that is for the next pull: a page has exactly one of the links."""
    link = body.get("@odata.nextLink")
    return (str(link), False) if link else (str(body["@odata.deltaLink"]), True)


def _item_change(entry: Any, drive_id: str) -> ItemChange:
    if not isinstance(entry, Mapping):
        raise UnreadableError("it is no object")
    item_id = identifier(entry.get("id"))
    return ItemChange(item_id, None if _is_deleted(entry) else drive_item(entry, drive_id))


def _in_words(entry: Any, error: UnreadableError) -> str:
    """An entry that can't be followed, for the library's state and the log; no more of it than a person needs."""
    told = entry if isinstance(entry, Mapping) else {}
    name, item_id = (text(told.get(member))[:_MOST_SHOWN] for member in ("name", "id"))
    return f"{name!r} (id {item_id!r}): {error}"


def _is_deleted(body: Mapping[str, Any]) -> bool:
    return body.get("deleted") is not None


def _text(value: Any) -> str | None:
    """A column's text; SharePoint has no more than 255 characters in one."""
    if value in (None, ""):
        return None
    if isinstance(value, (list, dict)) or len(str(value)) > _MAX_COLUMN_LENGTH:
        raise UnreadableError("a column of it holds what no column can")
    return text(str(value))


def _tags(value: Any) -> tuple[str, ...]:
    """A multi-choice is a list; where an administrator made the column a text, tags are parted by semicolons."""
    parts = value if isinstance(value, list) else str(value or "").split(";")
    if isinstance(value, dict) or any(isinstance(part, list | dict) for part in parts):
        raise UnreadableError("its tags can't be read")
    return tuple(tag for part in parts if part is not None and (tag := text(str(part)).strip()))

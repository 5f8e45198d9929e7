"""Graph's JSON of deltas and subscriptions, and our types; wire.py has the rest and the rules.

https://learn.microsoft.com/graph/api/driveitem-delta, …/listitem-delta and …/resources/subscription
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from shared.graph.wire import Json, drive_item
from shared.model.drive_items import ChangePage, ColumnChange, ItemChange, Subscription, unique_id_of

ITEM_CHANGES = {
    "$select": "id,name,webUrl,eTag,cTag,size,file,folder,root,parentReference,deleted,"
    "createdBy,lastModifiedBy,createdDateTime,lastModifiedDateTime",
    "$top": "200",
}
COLUMN_CHANGES = {"$expand": "fields($select=momentActivity,momentYear,momentPeriod,momentTags)"}
NO_PARENTS = {"deltaExcludeParent": "true", "Prefer": "deltaExcludeParent"}
"""Without it each changed item brings its folders up to the root. Documented as a header, seen as a preference."""


def item_changes(body: Json, drive_id: str) -> ChangePage[ItemChange]:
    """A page of a drive's delta. Of a deleted item only the id is sure."""
    entries = tuple(
        ItemChange(each["id"], None if _is_deleted(each) else drive_item(each, drive_id)) for each in body["value"]
    )
    return ChangePage(entries, *_next(body))


def column_changes(body: Json) -> ChangePage[ColumnChange]:
    """A page of a list's delta, without the deleted items: the drive's delta tells of them.

    "Every fields object has @odata.etag", so an item without one says nothing of its columns, least of all that they
    are empty.
    """
    known = (each for each in body["value"] if not _is_deleted(each) and each.get("eTag") and each.get("fields"))
    link, is_last = _next(body)
    return ChangePage(tuple(column_change(each) for each in known), with_columns(link), is_last)


def column_change(body: Json) -> ColumnChange:
    """A list item's columns."""
    fields = body["fields"]
    return ColumnChange(
        unique_id=unique_id_of(body["eTag"]),
        activity=_text(fields.get("momentActivity")),
        year=_text(fields.get("momentYear")),
        period=_text(fields.get("momentPeriod")),
        tags=_tags(fields.get("momentTags")),
    )


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
        expires_at=datetime.fromisoformat(body["expirationDateTime"]),
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


def _is_deleted(body: Json) -> bool:
    return body.get("deleted") is not None


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _tags(value: Any) -> tuple[str, ...]:
    """A multi-choice is a list; where an administrator made the column a text, tags are parted by semicolons."""
    parts = value if isinstance(value, list) else str(value or "").split(";")
    return tuple(tag for tag in (str(part).strip() for part in parts) if tag)

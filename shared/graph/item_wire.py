"""Graph's JSON of a driveItem, read so that no member of it can do harm (resources/driveitem); wire.py has the rest.

An item counts only with what we can't do without: an id and a parent's id of the shape that ids have, a name, and a
size that is a size. Anything else that is not as promised counts as missing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from shared.model.drive_items import DriveItem

_ID = re.compile(r"[A-Za-z0-9!_=-][A-Za-z0-9!_=.-]{0,249}")
"""Ids go into paths and table keys as they are. SharePoint's are `01` and 32 letters and digits, a drive's `b!` and
base64; "treat as opaque" still leaves out what would be another path."""
_NOT_IN_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MAX_SIZE_BYTES = 2**63 - 1
_FIRST_YEAR = 1601
"""SharePoint says the year 1 where it does not know; tables know no time before 1601."""


class UnreadableError(ValueError):
    """The item can't be followed; the text says what is wrong with it, for people."""


def drive_item(body: Mapping[str, Any], drive_id: str | None = None) -> DriveItem:
    """A file or folder. What is neither, such as a notebook, counts as a file. `drive_id`: where it is known anyway.

    Raises UnreadableError.
    """
    parent = body.get("parentReference")
    parent = parent if isinstance(parent, Mapping) else {}
    name = text(body.get("name"))
    if not name:
        raise UnreadableError("it has no name")
    return DriveItem(
        drive_id=identifier(parent.get("driveId")) if drive_id is None else drive_id,
        id=identifier(body.get("id")),
        name=name,
        web_url=text(body.get("webUrl")),
        e_tag=text(body.get("eTag")),
        c_tag=text(body.get("cTag")) or None,
        size_bytes=_size(body.get("size")),
        quick_xor_hash=_inner(body, "file", "hashes", "quickXorHash"),
        parent_id=identifier(parent["id"]) if parent.get("id") is not None else None,
        is_folder=body.get("folder") is not None,
        is_root=body.get("root") is not None,
        created_by=_name_of(body, "createdBy"),
        created_by_app=_inner(body, "createdBy", "application", "id"),
        modified_by=_name_of(body, "lastModifiedBy"),
        modified_by_app=_inner(body, "lastModifiedBy", "application", "id"),
        created_at=_known_time(body.get("createdDateTime")),
        modified_at=_known_time(body.get("lastModifiedDateTime")),
    )


def identifier(value: Any) -> str:
    """The id of a drive or of an item in it. Raises UnreadableError for what could be no id."""
    if not is_identifier(value):
        raise UnreadableError("its id or its folder's id has a shape that no id has")
    return value


def is_identifier(value: Any) -> TypeGuard[str]:
    """Whether it has the shape of an id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def text(value: Any) -> str:
    """A text without what can't be stored or sent everywhere; empty for anything else."""
    return _NOT_IN_TEXT.sub("\ufffd", value) if isinstance(value, str) else ""


def time_of(value: str) -> datetime:
    """A time; one without a time zone is in UTC. Raises ValueError."""
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _known_time(value: Any) -> datetime | None:
    """None where SharePoint does not know, or says what is no time."""
    try:
        moment = time_of(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def _size(value: Any) -> int:
    """Bytes; none said is none."""
    try:
        size_bytes = int(value or 0)
    except (TypeError, ValueError, OverflowError):
        size_bytes = -1
    if not 0 <= size_bytes <= _MAX_SIZE_BYTES:
        raise UnreadableError("its size is no size")
    return size_bytes


def _inner(body: Mapping[str, Any], *names: str) -> str | None:
    """The text inside objects each of which may be missing."""
    found: Any = body
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return text(found) or None


def _name_of(body: Mapping[str, Any], by: str) -> str:
    return _inner(body, by, "user", "displayName") or _inner(body, by, "application", "displayName") or ""

"""Ids with the look of the real ones; clients must treat them as opaque, but logs and joins read better this way.

https://learn.microsoft.com/graph/api/resources/driveitem and https://learn.microsoft.com/graph/api/resources/sharepointids
"""

import base64
import os
import uuid
from dataclasses import dataclass

FIRST_SITE = "/sites/moment"
TENANT_ID = "6f1c0f7e-9d0b-4c35-8a7e-2f4b7d1e5a90"
SITE_COLLECTION_ID = "2c712604-1370-44e7-a1f5-426573fda80a"
WEB_ID = "2d2244c3-251a-49ea-93a8-39e1c3a060fe"
ROOT_UNIQUE_ID = "ea8cc6be-ffdb-43d7-976f-bc7da445c639"  # the root of every drive ends in 6Y2GOVW7725BZO354PWSELRRZ


def new_guid() -> str:
    """Return a fresh GUID in lower case, as Graph writes list and column ids."""
    return str(uuid.UUID(bytes=os.urandom(16), version=4))


@dataclass(slots=True, frozen=True)
class SiteIds:
    """The GUIDs of a site collection and of its one web."""

    collection: str = SITE_COLLECTION_ID
    web: str = WEB_ID


def site_ids(path: str) -> SiteIds:
    """Return the GUIDs of the site at a path: always the same ones, so that they outlive a reset."""
    if path.lower() == FIRST_SITE:
        return SiteIds()
    collection = uuid.uuid5(uuid.UUID(SITE_COLLECTION_ID), path.lower())
    return SiteIds(str(collection), str(uuid.uuid5(collection, "web")))


def drive_id(site: SiteIds, list_id: str) -> str:
    """Return the drive id of a library: three GUIDs in .NET byte order behind ``b!``."""
    packed = b"".join(uuid.UUID(guid).bytes_le for guid in (site.collection, site.web, list_id))
    return "b!" + base64.urlsafe_b64encode(packed).decode("ascii")


def list_id_of(drive: str) -> str:
    """Return the list id inside a drive id, or nothing if it is not one."""
    try:
        return str(uuid.UUID(bytes_le=base64.urlsafe_b64decode(drive.removeprefix("b!"))[32:]))
    except ValueError:
        return ""


def item_id(list_id: str, unique_id: str) -> str:
    """Return a drive item id: ``01`` and, in base32, four bytes of the drive and the item's unique id."""
    packed = uuid.UUID(list_id).bytes[:4] + uuid.UUID(unique_id).bytes_le
    return "01" + base64.b32encode(packed).decode("ascii")


def child_content_type_id(parent_id: str) -> str:
    """Return the id of a content type derived from another: the parent's id, ``00`` and a GUID."""
    return f"{parent_id}00{uuid.UUID(new_guid()).hex.upper()}"

"""What we keep for each customer's library: how far its changes were read, and how we hear of new ones.

A library's description says whose it is, so that one is known again whose making or adoption a crash interrupted.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_MARKER = "Files of the Moment customer "
_MARKED = re.compile(_MARKER + r"([A-Za-z0-9][A-Za-z0-9_.-]*)")


def marker_of(customer: str) -> str:
    """The whole description of a library that we made for this customer."""
    return _MARKER + customer


def marked_customer(description: str) -> str | None:
    """The customer that a library's description names."""
    found = _MARKED.search(description)
    return found[1] if found else None


def adopted_description(description: str, customer: str) -> str:
    """The description of a library that people made, marked as this customer's; never that of one that we made."""
    return f"{description.strip() or 'Made before Moment came.'} {marker_of(customer)}"


class Watch(StrEnum):
    """How we hear of changes."""

    NEW = "new"
    """No subscription has been tried yet."""
    SUBSCRIBED = "subscribed"
    QUIET = "quiet"
    """Its changes came without notification: it is subscribed anew and polled meanwhile."""
    POLLED = "polled"
    """There is no permission, or no public address, to subscribe: it is polled."""


@dataclass(frozen=True, slots=True)
class LibraryState:
    """One library. `etag` is the stored row's, empty before the first save."""

    drive_id: str
    customer: str
    list_id: str
    site_id: str = ""
    changes_link: str = field(default="", repr=False)
    """The drive's delta link, or the next link of a pull that goes on; empty: everything is read from the start."""
    fields_link: str = field(default="", repr=False)
    """The same for the list items' columns."""
    walk_id: str = ""
    """Set during a full walk (first pull, 410): ids that the walk does not meet are probed at its end."""
    in_pull: bool = False
    """`changes_link` is a next link: a pull was cut off and goes on from there."""
    watch: Watch = Watch.NEW
    watch_reason: str = ""
    subscription_id: str = ""
    client_state: str = field(default="", repr=False)
    subscription_expires_at: datetime | None = None
    notified_at: datetime | None = None
    pulled_at: datetime | None = None
    """When the last finished pull began."""
    stopped_reason: str = ""
    """Set by the deletion guard: nothing is marked deleted until a person approves."""
    approved: bool = False
    """A person approved the deletions that the guard stopped."""
    lease_owner: str = ""
    lease_until: datetime | None = None
    root_id: str = ""
    """The drive item id of the library's root; empty until a pull has met it."""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class TreeFolder:
    """A folder of a library, by id. `parent_id` is the library's root's id for a folder in the root."""

    item_id: str
    name: str
    parent_id: str

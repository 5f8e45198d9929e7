"""What we keep for each customer's library: how far its changes were read, and how we hear of new ones.

A library's description says whose it is, so that one is known again whose making or adoption a crash interrupted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.model.drive_items import DriveItem

_NOTIFICATION_TAKES = timedelta(minutes=5)
"""Notifications of drive changes come within five minutes at most (change-notifications-overview)."""
_CLOCKS_DIFFER = timedelta(seconds=5)
"""The storage's and ours, when a wish is held against a pull's beginning."""
_DATES_ARE_CUT = timedelta(seconds=1)
"""SharePoint's dates are whole seconds."""
_MOST_NOTED = 1000
"""Characters of what was passed over, beyond which nothing is added."""
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


class Stop(StrEnum):
    """Why something of a library waits."""

    NONE = "none"
    DELETIONS = "deletions"
    """Too much of it vanished at once: a person approves or dismisses that. Everything else goes on being followed."""
    GONE = "gone"
    """SharePoint does not have it any more: it rests until somebody restores it there."""


class Answer(StrEnum):
    """What a person said to deletions that waited, while it is carried out."""

    NONE = "none"
    APPROVED = "approved"
    DISMISSED = "dismissed"


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
    """Set during a full walk, which compares everything: what it does not meet is probed at its end."""
    walk_cursor: str = ""
    """How far the probing at the end of the walk got (shared/sync/walks.py)."""
    in_pull: bool = False
    """A pull has something to finish: further pages, columns or deletions."""
    watch: Watch = Watch.NEW
    watch_reason: str = ""
    subscription_id: str = ""
    client_state: str = field(default="", repr=False)
    subscription_expires_at: datetime | None = None
    notified_at: datetime | None = None
    deciding_at: datetime | None = None
    """When a pull last began to decide on deletions. A transfer whose record did not know its item yet looks for it."""
    pulled_at: datetime | None = None
    """When the last finished pull began."""
    failure: str = ""
    """Why the last pull could not be finished; empty once one was."""
    stop: Stop = Stop.NONE
    stopped_reason: str = ""
    """The same as a sentence for people; empty where nothing is stopped."""
    stopped_at: datetime | None = None
    doomed_files: int = 0
    """While deletions wait: so many files would be marked deleted,"""
    library_files: int = 0
    """of so many that the library had."""
    missing_folders: str = ""
    """What the last full walk found: folders of Moment objects that are not in SharePoint, each in words."""
    passed_over: str = ""
    """What was told of since the last full walk began and can't be followed, in words; the first few."""
    answer: Answer = Answer.NONE
    answered_by: str = ""
    answered_files: int = 0
    """The answer is good for so many files; where there are more, the person is asked again."""
    lease_owner: str = ""
    lease_until: datetime | None = None
    root_id: str = ""
    """The drive item id of the library's root; empty until a pull has met it."""
    etag: str = ""

    def was_pulled_after(self, wanted_at: datetime) -> bool:
        """Whether a pull that began after this time of the storage's has read all that there was."""
        began = self.pulled_at
        return began is not None and began - _CLOCKS_DIFFER > wanted_at and not self.in_pull

    def leased_for_s(self, now: datetime) -> float:
        """How long a pull still holds the library; 0 where none does."""
        return max((self.lease_until - now).total_seconds(), 0) if self.lease_until else 0

    def walking(self, walk_id: str, link: str = "") -> "LibraryState":
        """At the beginning of a full walk, which starts at `link`; it reads the columns of all files, too."""
        anew = replace(self, walk_id=walk_id, walk_cursor="", changes_link=link, fields_link="", in_pull=True)
        return replace(anew, passed_over="")

    def noting(self, passed_over: Iterable[str]) -> "LibraryState":
        """With what could not be followed, each once, as long as there is room."""
        noted = self.passed_over
        for each in passed_over:
            if each not in noted and len(noted) < _MOST_NOTED:
                noted = f"{noted}; {each}" if noted else each
        return self if noted == self.passed_over else replace(self, passed_over=noted)

    def asking(self, reason: str, files: int, library_files: int, now: datetime) -> "LibraryState":
        """With deletions that wait for a person; an answer that was not good enough is over."""
        since = self.stopped_at if self.stop is Stop.DELETIONS else now
        return replace(
            self.decided(),
            stop=Stop.DELETIONS,
            stopped_reason=reason,
            stopped_at=since,
            doomed_files=files,
            library_files=library_files,
        )

    def answered(self, answer: Answer, by: str, files: int) -> "LibraryState":
        """With a person's answer, which the next pull carries out."""
        return replace(self.decided(), answer=answer, answered_by=by, answered_files=files, in_pull=True)

    def gone(self, now: datetime) -> "LibraryState":
        """Not there any more in SharePoint."""
        reason = "The library is gone in SharePoint. Its files are kept as they were."
        return replace(self, stop=Stop.GONE, stopped_reason=reason, stopped_at=now)

    def back(self, walk_id: str) -> "LibraryState":
        """There again: nobody knows what it missed, so that everything is compared."""
        return replace(self, stop=Stop.NONE, stopped_reason="", stopped_at=None).walking(walk_id)

    def decided(self) -> "LibraryState":
        """With no deletions that wait, nor an answer to any."""
        return replace(
            self,
            stop=Stop.NONE,
            stopped_reason="",
            stopped_at=None,
            doomed_files=0,
            library_files=0,
            answer=Answer.NONE,
            answered_by="",
            answered_files=0,
        )


@dataclass(frozen=True, slots=True)
class TreeFolder:
    """A folder of a library, by id. `parent_id` is the library's root's id for a folder in the root."""

    item_id: str
    name: str
    parent_id: str


def came_unannounced(before: LibraryState, changed: Iterable[DriveItem], began: datetime) -> bool:
    """Whether a pull that no notification asked for met changes that are older than any notification takes.

    `before` is the library as the pull found it; one that went on from another says nothing.
    """
    if before.in_pull or before.watch is not Watch.SUBSCRIBED or before.pulled_at is None:
        return False
    since = max(before.pulled_at, before.notified_at or before.pulled_at) - _DATES_ARE_CUT
    overdue = began - _NOTIFICATION_TAKES
    return any(item.modified_at and since < item.modified_at < overdue for item in changed)

"""What following SharePoint's changes needs besides shared/sync/ports.py: deltas, subscriptions, edits, folders.

The same rules hold: errors of shared/errors.py only, `find_` gives None where nothing is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from shared.model.directory import Columns, Links
from shared.model.drive_items import ChangePage, ColumnChange, DriveItem, ItemChange, Subscription, Written
from shared.model.files import FileRecord
from shared.model.given_up import GivenUpMessage
from shared.model.journal import Event
from shared.model.libraries import LibraryState, TreeFolder
from shared.model.stored import Page
from shared.model.unfinished import Unfinished
from shared.sync.ports import Directory, Files, SharePoint


class PulledSharePoint(Protocol):
    """The sites, as far as a pull reads them."""

    def changes(self, drive_id: str, link: str) -> ChangePage[ItemChange]:
        """A page of the drive's delta; an empty link starts from nothing. Raises ResyncRequired."""

    def column_changes(self, site_id: str, list_id: str, link: str) -> ChangePage[ColumnChange]:
        """A page of the list items' delta with the four columns. Raises ResyncRequired."""

    def find_item(self, drive_id: str, item_id: str) -> DriveItem | None:
        """One item by id."""

    def find_columns(self, drive_id: str, item_id: str) -> ColumnChange | None:
        """One item's columns as they are now."""


class FollowedSharePoint(PulledSharePoint, SharePoint, Protocol):
    """The sites, with what tells of changes and what edits."""

    def update_item(
        self, drive_id: str, item_id: str, e_tag: str, name: str | None = None, parent_id: str | None = None
    ) -> DriveItem:
        """Rename or move with If-Match, in one request. Raises PreconditionFailed, NameTaken, Locked, NotFound."""

    def delete_item(self, drive_id: str, item_id: str, e_tag: str) -> str:
        """Delete with If-Match, to the recycle bin; harmless where it is gone. Raises PreconditionFailed, Locked.

        Gives Graph's id of the request, empty where it was gone.
        """

    def write_columns(self, drive_id: str, item_id: str, e_tag: str, columns: Columns) -> Written:
        """Set all four columns, empty ones to nothing, with If-Match; gives the new eTag. Raises PreconditionFailed."""

    def rename_library(self, site_id: str, list_id: str, name: str) -> None:
        """Another display name. Raises NameTaken."""

    def subscribe(self, drive_id: str, url: str, client_state: str, expires_at: datetime) -> Subscription:
        """Have changes of the drive told to `url`, lifecycle events too. Raises AccessDenied, NameTaken (it exists)."""

    def renew_subscription(self, subscription_id: str, expires_at: datetime) -> Subscription:
        """Prolong (and reauthorize) a subscription. Raises NotFound."""

    def unsubscribe(self, subscription_id: str) -> None:
        """End a subscription; nothing happens where it is gone."""

    def subscriptions(self) -> Iterable[Subscription]:
        """All subscriptions of this app."""


class Watching(Protocol):
    """How a library's changes are heard of, as far as a pull has to do with it (shared/sync/subscriptions.py)."""

    def ensure(self, state: LibraryState) -> LibraryState:
        """Subscribe to the library anew; gives its saved state."""

    def heard(self, state: LibraryState) -> LibraryState:
        """A notification arrived."""

    def went_quiet(self, state: LibraryState) -> None:
        """Changes came that no notification announced."""

    def renew(self, drive_id: str) -> None:
        """Prolong a library's subscription."""


class PulledFiles(Protocol):
    """The records, as far as a pull reads and writes them; Files says more of the first four."""

    def find(self, customer: str, file_id: str) -> FileRecord | None:
        """The record, with its etag."""

    def find_by_item(self, customer: str, item_id: str) -> str | None:
        """The id of the file that this drive item belongs to."""

    def create(self, record: FileRecord, event: Event | str) -> FileRecord:
        """Insert a new record. Raises PreconditionFailed."""

    def save(self, before: FileRecord, after: FileRecord, event: Event | str) -> FileRecord:
        """Replace `before`. Raises PreconditionFailed."""

    def find_by_unique_id(self, customer: str, unique_id: str) -> str | None:
        """The id of the file whose drive item has this UniqueId."""

    def is_being_sent(self, customer: str, parent_id: str, name: str) -> bool:
        """Whether a transfer is sending a file of this name (compared without case) to this folder."""

    def is_sending(self, customer: str) -> bool:
        """Whether a transfer is sending any file of this customer."""

    def ids_in_folder(self, customer: str, parent_id: str) -> Iterable[str]:
        """The ids of the files that lie directly in this SharePoint folder and are not deleted."""

    def items(self, customer: str, after: str = "") -> Iterable[tuple[str, str]]:
        """The drive items of all records, deleted ones too, with the files' ids; ordered, from behind `after`."""

    def live(self, customer: str) -> Iterable[FileRecord]:
        """All files of the customer that are not deleted, as a list shows them (no etag)."""

    def note_departed(self, fingerprint: str, customer: str, file_id: str) -> None:
        """Remember a file that left its library, so that it is known again in another one."""

    def find_departed(self, fingerprint: str) -> tuple[str, str] | None:
        """The customer and id of a file of this fingerprint (content and name) that left its library lately."""

    def forget_departed(self, fingerprint: str) -> None:
        """It arrived, or came back."""


class FollowedFiles(PulledFiles, Files, Protocol):
    """The records, with what a sync asks of them."""

    def unfinished(self, customer: str, project: str | None = None) -> Iterable[Unfinished]:
        """The files with something left to do, those of one project where it is named."""


class LinkedDirectory(Directory, Protocol):
    """The directory, read from a folder's side."""

    def links_of(self, customer: str, folder_key: str) -> Links | None:
        """What a file in the folder of this key is linked to; None where the object is gone.

        A task brings its activity; a series its project and activity, but no single task.
        """

    def find_by_folder_name(self, customer: str, parent_key: str, name: str) -> str | None:
        """The key of the folder that an object or series of this name has, or would have, under this parent's.

        `parent_key` is the parent's own folder key, "library" for the root. Names are compared by `name_key`.
        """


class Libraries(Protocol):
    """The libraries' states. One row each; a change needs the etag that was read."""

    def find(self, drive_id: str) -> LibraryState | None:
        """One library, by its drive."""

    def find_by_subscription(self, subscription_id: str) -> LibraryState | None:
        """The library that this subscription watches."""

    def create(self, state: LibraryState) -> LibraryState:
        """Insert it; gives it back with its etag. Raises PreconditionFailed where it exists."""

    def save(self, before: LibraryState, after: LibraryState) -> LibraryState:
        """Replace `before`; keeps the row by subscription id in step. Raises PreconditionFailed."""

    def all(self) -> Iterable[LibraryState]:
        """Every library."""


class FolderTree(Protocol):
    """The folders of customers' libraries by id, and what a pull has to remember between its pages."""

    def find(self, customer: str, item_id: str) -> TreeFolder | None:
        """One folder."""

    def put(self, customer: str, folder: TreeFolder) -> bool:
        """Insert or replace a folder; False (and nothing written) when it is stored just so already."""

    def remove(self, customer: str, item_id: str) -> None:
        """Forget a folder."""

    def children(self, customer: str, item_id: str) -> Iterable[TreeFolder]:
        """The folders directly in this one."""

    def ids(self, customer: str, after: str = "") -> Iterable[str]:
        """The ids of all folders in their order, from behind `after`."""

    def mark_gone(self, customer: str, item_ids: Iterable[str]) -> None:
        """Remember items that the delta called deleted, until the pull's end decides."""

    def unmark_gone(self, customer: str, item_ids: Iterable[str]) -> None:
        """They were seen alive after all, or are dealt with. Harmless for those not marked."""

    def gone(self, customer: str) -> Iterable[str]:
        """The items marked gone, in the order of their ids."""

    def mark_seen(self, customer: str, walk_id: str, item_ids: Iterable[str]) -> None:
        """Remember what a full walk met."""

    def seen(self, customer: str, walk_id: str, after: str = "") -> Iterable[str]:
        """What the walk met, in the order of the ids, from behind `after`."""

    def forget_seen(self, customer: str) -> None:
        """What any walk met: the one that is over, and those that it took the place of."""


class KeyQueue(Protocol):
    """A queue of keys: drive ids of libraries to pull, or `customer/file` of files to push."""

    def send(self, key: str, delay_s: float = 0) -> None:
        """Look at this key after the delay."""


class GivenUpMessages(Protocol):
    """The messages that the platform gave up. One row each; a change needs the etag that was read."""

    def find(self, message_id: str) -> GivenUpMessage | None:
        """One entry, with its etag."""

    def create(self, message: GivenUpMessage) -> GivenUpMessage:
        """Insert it. Raises PreconditionFailed where it exists."""

    def save(self, message: GivenUpMessage) -> GivenUpMessage:
        """Replace what has its etag. Raises PreconditionFailed."""

    def remove(self, message: GivenUpMessage) -> None:
        """Delete exactly this version. Raises PreconditionFailed where it changed or is gone."""

    def list(self, page_token: str | None, limit: int) -> Page[GivenUpMessage]:
        """All entries, without their etags."""


class MessageBodies(Protocol):
    """Every queue of the app, by name."""

    def send(self, queue: str, body: str) -> None:
        """Put a message on a queue again, by its text. Raises NotFound for a queue that is none of the app's."""

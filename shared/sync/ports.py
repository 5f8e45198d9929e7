"""What the use cases need from the world, as Protocols. shared/graph and shared/store match them; bootstrap joins both.

Every method raises the errors of shared/errors.py and nothing else on purpose. `find_` gives None where nothing is.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, Protocol

from shared.model.bodies import Sendable
from shared.model.directory import Activity, Columns, Customer, DirectoryObject, Project, Task
from shared.model.drive_items import DriveItem, FragmentReply, Library, UploadSession, Written
from shared.model.files import FileRecord
from shared.model.journal import Event
from shared.model.stored import BlobFacts, FolderLink, Page, UnplacedBlob, UploadedBlock

type Check[T] = Callable[[T | None], None]
"""Looks at what is stored (None: nothing) right before it is replaced, and raises to leave it as it is."""


class Files(Protocol):
    """The records. Each change is one entity group transaction: record, index rows, journal row."""

    def find(self, customer: str, file_id: str) -> FileRecord | None:
        """The record, with its etag."""

    def find_by_blob(self, customer: str, blob_name: str) -> FileRecord | None:
        """The record whose unreleased content is in this blob."""

    def find_by_item(self, customer: str, item_id: str) -> str | None:
        """The id of the file that this drive item belongs to."""

    def create(self, record: FileRecord, event: Event | str) -> FileRecord:
        """Insert a new record; gives it back with version and etag.

        Raises PreconditionFailed where the id, the blob or the drive item already has a record.
        """

    def save(self, before: FileRecord, after: FileRecord, event: Event | str) -> FileRecord:
        """Replace `before` (by its etag) with `after`; gives it back with version and etag.

        `event` is the journal's line; a text alone is the app's own.
        Raises PreconditionFailed when somebody saved in between.
        """

    def list(self, customer: str, state: str | None, page_token: str | None, limit: int) -> Page[FileRecord]:
        """Newest first, optionally of one state only."""

    def any_in(self, thing: DirectoryObject) -> bool:
        """Whether a file is linked to this object."""

    def journal(self, customer: str, file_id: str) -> Iterable[tuple[datetime, Event]]:
        """What happened to the file, oldest first."""

    def journal_page(
        self, customer: str, file_id: str, page_token: str | None, limit: int
    ) -> Page[tuple[datetime, Event]]:
        """The same in pages, newest first. Raises InvalidInput for a bad token."""


class Directory(Protocol):
    """Customers, projects, activities and tasks. Sibling names are unique by `folder_key` of their folder names."""

    def find_customer(self, customer: str) -> Customer | None:
        """One customer."""

    def find_project(self, customer: str, project: str) -> Project | None:
        """One project."""

    def find_activity(self, customer: str, project: str, activity: str) -> Activity | None:
        """One activity."""

    def find_task(self, customer: str, project: str, task: str) -> Task | None:
        """One task."""

    def put(self, thing: DirectoryObject, check: Check[DirectoryObject] | None = None) -> bool:
        """Create or replace exactly what `check` saw; True when it was created. One transaction with its name row.

        Raises Collision (naming the other object) when a sibling has the same folder name, StaleError on a race.
        """

    def remove(self, thing: DirectoryObject, check: Check[DirectoryObject] | None = None) -> None:
        """Delete exactly what `check` saw, and its name row."""

    def has_children(self, thing: DirectoryObject) -> bool:
        """Whether a project, activity or task belongs to this object."""

    def list_customers(self, page_token: str | None, limit: int) -> Page[Customer]:
        """All customers by id."""

    def list_projects(self, customer: str, page_token: str | None, limit: int) -> Page[Project]:
        """A customer's projects by id."""

    def list_activities(self, customer: str, project: str, page_token: str | None, limit: int) -> Page[Activity]:
        """A project's activities by id."""

    def list_tasks(self, customer: str, project: str, page_token: str | None, limit: int) -> Page[Task]:
        """A project's tasks by id."""


class Folders(Protocol):
    """Which drive item is whose folder."""

    def find(self, customer: str, key: str) -> FolderLink | None:
        """The link of one object's folder."""

    def owner_of(self, customer: str, item_id: str) -> str | None:
        """The key of the object whose folder this drive item is."""

    def list(self, customer: str) -> Iterable[FolderLink]:
        """All links of a customer, its library's too."""

    def save(self, link: FolderLink) -> None:
        """Remember a link; replaces an older one of the same key."""

    def forget(self, customer: str, key: str) -> None:
        """Drop a link whose folder is gone."""


class Blobs(Protocol):
    """Moment Cloud: the container of contents not yet in SharePoint."""

    def find(self, blob_name: str) -> BlobFacts | None:
        """The blob as it is now."""

    def list(self, prefix: str, page_token: str | None, limit: int) -> Page[BlobFacts]:
        """The blobs whose names begin so, in pages, by name."""

    def read(self, blob_name: str, etag: str, start: int, size_bytes: int) -> bytes:
        """A range of exactly this version. Raises PreconditionFailed or NotFound when it is no longer that version."""

    def release(self, blob_name: str, etag: str) -> None:
        """Delete exactly this version; nothing happens where the blob is gone already. Raises PreconditionFailed."""

    def uncommitted_blocks(self, blob_name: str) -> Sequence[UploadedBlock]:
        """The blocks that were uploaded and are not part of the blob yet; none where there is no blob."""

    def upload_url(self, blob_name: str, expires_at: datetime) -> str:
        """A write-only URL for this one blob."""

    def read_url(self, blob_name: str, expires_at: datetime, file_name: str) -> str:
        """A read-only URL for this one blob, which downloads under `file_name`."""


class UnplacedBlobs(Protocol):
    """The report of blobs that could not be placed."""

    def report(self, blob: UnplacedBlob) -> None:
        """Add or refresh an entry."""

    def forget(self, blob_name: str) -> None:
        """The blob was placed after all, or is gone."""

    def list(self, page_token: str | None, limit: int) -> Page[UnplacedBlob]:
        """All entries."""


class TransferQueue(Protocol):
    """The queue of files to look at again."""

    def send(self, customer: str, file_id: str, delay_s: float = 0) -> None:
        """Look at this file again after the delay (7 days at most)."""


class SharePoint(Protocol):
    """The sites whose libraries hold the files, through Microsoft Graph.

    Content that is read while it is sent may fail to be read: SourceFailed passes through all methods that take it.
    """

    def wait_for_turn(self) -> None:
        """Wait until requests may go out. Raises TransientError with its delay where that takes too long."""

    def create_library(self, name: str, description: str) -> Library:
        """A document library with the Moment content type and its columns, in the first site that has room.

        Raises NameTaken where that site has a list of this name, or another site a library; QuotaExceeded.
        """

    def find_library(self, name: str) -> tuple[Library, str] | None:
        """The library of this display name and its description, in the first site that has one."""

    def complete_library(self, library: Library, *, made_here: bool) -> None:
        """Give a library what it still lacks of content type and columns. Harmless when complete.

        `made_here`: an interrupted `create_library` left it; in any other nothing that people made is taken away.
        """

    def describe_library(self, library: Library, description: str) -> None:
        """Another description."""

    def create_folder(self, drive_id: str, parent_id: str, name: str) -> DriveItem:
        """A new folder. Raises NameTaken, NotFound (parent gone)."""

    def find_child(self, drive_id: str, parent_id: str, name: str) -> DriveItem | None:
        """The child of this name, compared without case."""

    def find_item(self, drive_id: str, item_id: str) -> DriveItem | None:
        """One item by id."""

    def put_file(self, drive_id: str, parent_id: str, name: str, content: Sendable) -> DriveItem:
        """Create a file in one request. Raises NameTaken, NotFound (parent gone), TooLarge (it wants a session)."""

    def replace_file(self, drive_id: str, item_id: str, content: Sendable, e_tag: str = "") -> DriveItem:
        """New content for an existing file, a new version; with If-Match. Raises PreconditionFailed, TooLarge."""

    def open_upload_session(self, drive_id: str, parent_id: str, name: str) -> UploadSession:
        """A session that creates a new file. Raises NameTaken, NotFound (parent gone)."""

    def open_replace_session(self, drive_id: str, item_id: str) -> UploadSession:
        """A session that gives an existing file new content."""

    def upload_session(self, url: str) -> UploadSession:
        """Where an open session expects to go on. Raises UploadSessionGone."""

    def send_fragment(self, url: str, content: Sendable, start: int, total_bytes: int) -> FragmentReply:
        """One fragment. Raises UploadSessionGone, NameTaken (late clash), StaleError on 416."""

    def cancel_upload_session(self, url: str) -> None:
        """End a session; nothing happens where it is gone already."""

    def set_columns(self, drive_id: str, item_id: str, columns: Columns, e_tag: str = "") -> Written | None:
        """One PATCH of the columns that have a value; gives the item's new eTag, None where nothing was sent.

        With an eTag (If-Match) raises PreconditionFailed where the item was changed, or is being changed.
        """

    def open_content(self, drive_id: str, item_id: str) -> AbstractContextManager[BinaryIO]:
        """The item's current content as a stream."""


class Clock(Protocol):
    """The time, always with a time zone."""

    def __call__(self) -> datetime:
        """Now."""

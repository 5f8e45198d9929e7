"""What the doctor needs of the outside. The adapters are in shared/store and shared/graph."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, Protocol

from shared.model.budget import BudgetState
from shared.model.drive_items import DriveItem, Subscription
from shared.model.given_up import GivenUpMessage
from shared.model.libraries import LibraryState
from shared.model.schema import SchemaVersion
from shared.model.stored import Page


class ExaminedStorage(Protocol):
    """Moment's storage account. Methods raise NotFound, AccessDenied, Unavailable and their like."""

    @property
    def account(self) -> str:
        """The account's name."""

    @property
    def tables(self) -> Sequence[str]:
        """The names of the tables that there have to be."""

    def date(self) -> str:
        """The time by the storage's clock, as HTTP writes it."""

    def try_container(self) -> None:
        """Read, write and sign, so that nobody sees it."""

    def try_queue(self, name: str) -> None:
        """Read and write, so that nobody sees it."""

    def try_table(self, name: str) -> None:
        """Read and write, so that nobody sees it."""

    def messages_in(self, queue: str) -> int:
        """About how many messages a queue has; 0 where there is no such queue."""


class ReadSchema(Protocol):
    """The tables' version."""

    def read(self) -> SchemaVersion | None:
        """What the tables say; None where they say nothing."""


class ExaminedSharePoint(Protocol):
    """SharePoint, read afresh."""

    def graph_date(self) -> str:
        """The time by Graph's clock, as HTTP writes it."""

    def permissions(self) -> tuple[str, ...] | None:
        """The application permissions that our token names; None where it can't be read."""

    def find_site(self, address: str) -> str:
        """The id of a site of the settings."""

    def complete_content_type(self, site_id: str) -> str:
        """Make the content type and its columns where they are missing."""

    def count_lists(self, site_id: str) -> int:
        """How many lists and libraries a site has."""

    def drives(self, site_id: str) -> Iterable[str]:
        """The drives of a site's libraries, the default one first."""

    def describe_again(self, site_id: str, drive_id: str) -> None:
        """Give a library the description that it has."""

    def create_folder(self, drive_id: str, parent_id: str, name: str) -> DriveItem:
        """A new folder. Raises NameTaken."""

    def find_child(self, drive_id: str, parent_id: str, name: str) -> DriveItem | None:
        """The child of this name."""

    def put_file(self, drive_id: str, parent_id: str, name: str, content: bytes) -> DriveItem:
        """A new small file."""

    def open_content(self, drive_id: str, item_id: str) -> AbstractContextManager[BinaryIO]:
        """A file's content."""

    def update_item(
        self, drive_id: str, item_id: str, e_tag: str, name: str | None = None, parent_id: str | None = None
    ) -> DriveItem:
        """Rename or move."""

    def delete_item(self, drive_id: str, item_id: str, e_tag: str) -> str:
        """Delete; harmless where it is gone."""

    def subscribe(self, drive_id: str, url: str, client_state: str, expires_at: datetime) -> Subscription:
        """Have changes told. Raises NameTaken."""

    def unsubscribe(self, subscription_id: str) -> None:
        """End a subscription; harmless where it is gone."""

    def subscriptions(self) -> Iterable[Subscription]:
        """All of this app."""


class Echoes(Protocol):
    """Notifications that are waited for."""

    def expect(self, client_state: str, now: datetime) -> None:
        """Wait for one."""

    def was_heard(self, client_state: str) -> bool:
        """Whether it came."""

    def forget(self, client_state: str) -> None:
        """Wait no longer."""


class KnownLibraries(Protocol):
    """The libraries of customers."""

    def find(self, drive_id: str) -> LibraryState | None:
        """One, by its drive."""


class ReadBudget(Protocol):
    """What was taken of SharePoint's units."""

    def read(self) -> tuple[BudgetState, str]:
        """The state and its etag."""


class ListedGivenUp(Protocol):
    """What was given up."""

    def list(self, page_token: str | None, limit: int) -> Page[GivenUpMessage]:
        """Entries, in pages."""


type AskHealth = Callable[[str], int]
"""The status that an address answers to a GET. Raises Unavailable."""

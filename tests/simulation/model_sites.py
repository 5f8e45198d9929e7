"""The sites of SharePoint as the use cases know them: libraries, subscriptions, and all that only reads."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import BinaryIO

from shared.errors import NameTaken, NotFound
from shared.model.drive_items import ChangePage, ColumnChange, DriveItem, ItemChange, Library, Subscription
from tests.simulation.model_delta import Deltas, columns_of
from tests.simulation.model_drive import Drive
from tests.simulation.model_hosts import Network, System


class ModelSites:
    """One site, with a drive for each library that was made."""

    def __init__(self, network: Network, *, moves_c_tag: bool, tells_descendants: bool) -> None:
        self._network = network
        self._variant = {"moves_c_tag": moves_c_tag, "tells_descendants": tells_descendants}
        self.drives: dict[str, Drive] = {}
        self.deltas: dict[str, Deltas] = {}
        self._libraries: dict[str, tuple[Library, str]] = {}
        self._numbers = count(1)
        self._subscriptions: dict[str, Subscription] = {}

    def _ask[T](self, act: Callable[[], T], *, writes: bool = True) -> T:
        return self._network.ask(System.SHAREPOINT, act, writes=writes)

    @property
    def writes(self) -> int:
        return sum(drive.writes for drive in self.drives.values())

    def wait_for_turn(self) -> None:
        return None

    def create_library(self, name: str, description: str) -> Library:
        def make() -> Library:
            if any(name.casefold() == library.name.casefold() for library, _ in self._libraries.values()):
                raise NameTaken(f"{name!r} exists.")
            drive = Drive(len(self.drives) + 1, self._network.clock, **self._variant)
            self.drives[drive.id], self.deltas[drive.id] = drive, Deltas(drive)
            library = Library(drive.site_id, drive.list_id, drive.id, name, f"https://contoso.sharepoint.com/{name}")
            self._libraries[drive.id] = library, description
            return library

        return self._ask(make)

    def find_library(self, name: str) -> tuple[Library, str] | None:
        found = [each for each in self._libraries.values() if each[0].name.casefold() == name.casefold()]
        return self._ask(lambda: next(iter(found), None), writes=False)

    def complete_library(self, library: Library, *, made_here: bool) -> None:
        self._ask(lambda: None)

    def describe_library(self, library: Library, description: str) -> None:
        self._ask(lambda: self._libraries.update({library.drive_id: (library, description)}))

    def rename_library(self, site_id: str, list_id: str, name: str) -> None:
        self._ask(lambda: None)

    def subscribe(self, drive_id: str, url: str, client_state: str, expires_at: datetime) -> Subscription:
        def make() -> Subscription:
            if drive_id in self._subscriptions:
                raise NameTaken("It is subscribed already.")
            made = Subscription(f"sub{next(self._numbers)}", f"/drives/{drive_id}/root", url, expires_at)
            self._subscriptions[drive_id] = made
            return made

        return self._ask(make)

    def renew_subscription(self, subscription_id: str, expires_at: datetime) -> Subscription:
        def renew() -> Subscription:
            for drive_id, each in self._subscriptions.items():
                if each.id == subscription_id:
                    self._subscriptions[drive_id] = replace(each, expires_at=expires_at)
                    return self._subscriptions[drive_id]
            raise NotFound("There is no such subscription.")

        return self._ask(renew)

    def unsubscribe(self, subscription_id: str) -> None:
        def end() -> None:
            self._subscriptions = {k: each for k, each in self._subscriptions.items() if each.id != subscription_id}

        self._ask(end)

    def subscriptions(self) -> list[Subscription]:
        return self._ask(lambda: list(self._subscriptions.values()), writes=False)

    def find_item(self, drive_id: str, item_id: str) -> DriveItem | None:
        def read() -> DriveItem | None:
            drive = self.drives[drive_id]
            item = drive.find(item_id)
            return drive.shown(item) if item else None

        return self._ask(read, writes=False)

    def find_child(self, drive_id: str, parent_id: str, name: str) -> DriveItem | None:
        def read() -> DriveItem | None:
            drive = self.drives[drive_id]
            item = drive.child(parent_id, name) if drive.find(parent_id) else None
            return drive.shown(item) if item else None

        return self._ask(read, writes=False)

    def find_columns(self, drive_id: str, item_id: str) -> ColumnChange | None:
        def read() -> ColumnChange | None:
            item = self.drives[drive_id].find(item_id)
            return columns_of(item) if item else None

        return self._ask(read, writes=False)

    def changes(self, drive_id: str, link: str) -> ChangePage[ItemChange]:
        return self._ask(lambda: self.deltas[drive_id].changes(link), writes=False)

    def column_changes(self, site_id: str, list_id: str, link: str) -> ChangePage[ColumnChange]:
        drive = next(each for each in self.drives.values() if each.list_id == list_id)
        return self._ask(lambda: self.deltas[drive.id].column_changes(link), writes=False)

    @contextmanager
    def open_content(self, drive_id: str, item_id: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._ask(lambda: self.drives[drive_id].get(item_id).content, writes=False))

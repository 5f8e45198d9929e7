"""The app's settings. This is the only place that reads the environment, once, from bootstrap.

`Settings.from_environ` collects every problem and raises one SettingsError. What there is to set: groups.py.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import SettingsError
from shared.model.budget import Limits
from shared.settings.groups import (
    DailySyncSettings,
    FollowSettings,
    GraphSettings,
    PageSettings,
    SignInSettings,
    StorageSettings,
    TransferSettings,
)
from shared.settings.place import Place, read_place
from shared.settings.reader import Reader
from shared.settings.reading import (
    BLOB_TRIGGER_SOURCES,
    FRAGMENT_UNIT_BYTES,
    STORAGE_CONNECTION,
    is_schedule,
    page_of,
    read_daily_sync,
    read_follow,
    read_graph,
    read_pacing,
    read_sign_in,
    read_storage,
    read_transfer,
)

__all__ = [
    "BLOB_TRIGGER_SOURCES",
    "CHANGES_QUEUE",
    "FRAGMENT_UNIT_BYTES",
    "INDEXING_QUEUE",
    "MOMENT_CLOUD_CONTAINER",
    "NOTIFICATIONS_PATH",
    "PUSHES_QUEUE",
    "STORAGE_CONNECTION",
    "SYNCS_QUEUE",
    "TRANSFERS_QUEUE",
    "DailySyncSettings",
    "FollowSettings",
    "GraphSettings",
    "PageSettings",
    "Place",
    "Settings",
    "SignInSettings",
    "StorageSettings",
    "TransferSettings",
    "blob_trigger_source",
    "daily_sync_schedule",
    "place",
]

MOMENT_CLOUD_CONTAINER = "moment-cloud"
TRANSFERS_QUEUE = "transfers"
CHANGES_QUEUE = "changes"
"""Libraries whose changes are to be read, by drive id."""
PUSHES_QUEUE = "pushes"
"""Files whose edits in Moment are to be brought to SharePoint."""

SYNCS_QUEUE = "syncs"
"""Parts of sync runs, by run and part."""

INDEXING_QUEUE = "indexing"
"""Customers whose files' changes the search over all customers is to follow."""

NOTIFICATIONS_PATH = "/api/sharepoint/notifications"
"""Where Graph posts to, below the public URL."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the app reads from its environment."""

    storage: StorageSettings
    graph: GraphSettings
    transfer: TransferSettings
    follow: FollowSettings
    daily_sync: DailySyncSettings
    pacing: Limits
    sign_in: SignInSettings

    @property
    def page(self) -> PageSettings:
        """What the Files page may reach."""
        return page_of(self.storage, self.graph)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check; raises SettingsError that lists every problem."""
        reader = Reader(os.environ if environ is None else environ)
        settings = cls(
            storage=read_storage(reader),
            graph=read_graph(reader),
            transfer=read_transfer(reader),
            follow=read_follow(reader),
            daily_sync=read_daily_sync(reader),
            pacing=read_pacing(reader),
            sign_in=read_sign_in(reader),
        )
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings


def place(environ: Mapping[str, str] | None = None) -> Place:
    """Where the app runs. Never fails."""
    return read_place(os.environ if environ is None else environ)


def blob_trigger_source(environ: Mapping[str, str] | None = None) -> str:
    """BLOB_TRIGGER_SOURCE: `EventGrid` (default; the only one on Flex Consumption) or `LogsAndContainerScan`.

    Read when the triggers are declared, so it must never fail: an unknown value counts as the default here and is
    reported by `Settings.from_environ`.
    """
    value = (os.environ if environ is None else environ).get("BLOB_TRIGGER_SOURCE", "")
    return value if value in BLOB_TRIGGER_SOURCES else BLOB_TRIGGER_SOURCES[0]


def daily_sync_schedule(environ: Mapping[str, str] | None = None) -> str:
    """DAILY_SYNC_SCHEDULE: six fields, UTC (NCRONTAB). Default: every night at 01:30.

    Read when the triggers are declared, so it must never fail: what can't be a schedule counts as the default here and
    is reported by `Settings.from_environ`.
    """
    value = (os.environ if environ is None else environ).get("DAILY_SYNC_SCHEDULE", "").strip()
    return value if is_schedule(value) else "0 30 1 * * *"

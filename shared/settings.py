"""The app's settings. This is the only place that reads the environment, once, from bootstrap.

`Settings.from_environ` collects every problem and raises one SettingsError. Each field says its unit, its default
and what follows. Secrets are left out of `repr`.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shared.errors import SettingsError
from shared.model.budget import Limits

STORAGE_CONNECTION = "MOMENT_STORAGE"
"""The setting (or prefix of settings) that names Moment's storage account; the triggers name it too."""

MOMENT_CLOUD_CONTAINER = "moment-cloud"
TRANSFERS_QUEUE = "transfers"
CHANGES_QUEUE = "changes"
"""Libraries whose changes are to be read, by drive id."""
PUSHES_QUEUE = "pushes"
"""Files whose edits in Moment are to be brought to SharePoint."""

SYNCS_QUEUE = "syncs"
"""Parts of sync runs, by run and part."""

NOTIFICATIONS_PATH = "/api/sharepoint/notifications"
"""Where Graph posts to, below the public URL."""

FRAGMENT_UNIT_BYTES = 327_680
"""Fragments are multiples of 320 KiB (driveitem-createuploadsession)."""

BLOB_TRIGGER_SOURCES = ("EventGrid", "LogsAndContainerScan")


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Moment's storage account: a connection string (local), or service URIs opened with a managed identity."""

    connection_string: str = field(default="", repr=False)
    blob_uri: str = ""
    queue_uri: str = ""
    table_uri: str = ""
    client_id: str = ""
    """The user-assigned managed identity that opens the URIs."""


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """Where Microsoft Graph is and who we are there."""

    url: str
    """Without a version, `https://graph.microsoft.com`; another host for a national cloud or the local SharePoint."""
    login_url: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    """For local use. In Azure leave it empty and give `managed_identity_client_id`."""
    managed_identity_client_id: str = ""
    ca_bundle: str = ""
    """A file of extra trusted authorities; empty trusts the usual ones."""
    sites: tuple[str, ...] = ()
    """`hostname:/sites/path` of each site that holds libraries; new ones go into the first that has room."""
    lists_per_site: int = 1900
    """With so many lists and libraries a site counts as full. SharePoint supports 2,000; below them is room for its own
    lists and for libraries that other instances make before this one counts again. Default 1,900."""


@dataclass(frozen=True, slots=True)
class TransferSettings:
    """How files move."""

    small_file_max_bytes: int
    """Up to here one PUT, above an upload session. A small file is held in memory whole. Default 4 MiB."""
    fragment_bytes: int
    """Size of a fragment, a multiple of 320 KiB below 60 MiB; a transfer holds two of them. Default 10 MiB."""
    time_limit_s: int
    """After this the rest of a large file goes on from the queue. Default 240."""
    claim_s: int
    """How long a claim holds without being renewed; a crashed transfer is taken over after it. Default 120."""
    large_at_once: int
    """Large files that one process sends side by side; bounds its memory. Default 3."""
    upload_url_minutes: int
    """How long an upload URL works. Default 60."""
    read_url_minutes: int
    """How long a link into Moment Cloud works. Default 5."""


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How changes made in SharePoint come in."""

    public_url: str
    """Where Graph reaches the app, `https://…`; empty: libraries are polled. Default: the platform's host name."""
    pull_lease_s: int
    """How long a pull holds its library without a sign of life. Default 120."""
    pull_time_limit_s: int
    """After this the rest of a pull goes on from the queue. Default 120."""
    guard_files: int
    """So many files may be marked deleted at once without a question. Default 50."""
    guard_percent: int
    """Beyond `guard_files`, this part of a library's files may be. Default 20."""


@dataclass(frozen=True, slots=True)
class DailySyncSettings:
    """What the daily job does; DAILY_SYNC_SCHEDULE, which says when, is read by `daily_sync_schedule`."""

    to_sharepoint: bool
    """Whether it brings untransferred files and waiting edits to SharePoint. Default true."""
    from_sharepoint: bool
    """Whether it brings in what changed in SharePoint. Default true."""
    runs_kept_days: int
    """How long runs are remembered. Default 90."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the app reads from its environment."""

    storage: StorageSettings
    graph: GraphSettings
    transfer: TransferSettings
    follow: FollowSettings
    daily_sync: DailySyncSettings
    pacing: Limits

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check; raises SettingsError that lists every problem."""
        reader = _Reader(os.environ if environ is None else environ)
        settings = cls(
            _storage(reader), _graph(reader), _transfer(reader), _follow(reader), _daily_sync(reader), _pacing(reader)
        )
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings


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
    return value if _is_schedule(value) else "0 30 1 * * *"


class _Reader:
    """Reads values and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def required(self, name: str, meaning: str) -> str:
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is missing: {meaning}")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            self.problems.append(f"{name} must be a whole number from {low} to {high}, not {raw!r}")
            return default
        return int(raw)

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.text(name, str(default)).lower()
        if raw not in {"true", "false"}:
            self.problems.append(f"{name} must be true or false, not {raw!r}")
        return raw == "true"

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
            self.problems.append(f"{name} must be an https URL (http only for this machine), not {value!r}")
        return value

    def check(self, name: str, fault: str, is_good: Callable[[str], bool]) -> str:
        value = self.text(name)
        if value and not is_good(value):
            self.problems.append(f"{name} {fault}, not {value!r}")
        return value


def _storage(reader: _Reader) -> StorageSettings:
    name = STORAGE_CONNECTION
    storage = StorageSettings(
        connection_string=reader.text(name),
        blob_uri=reader.text(f"{name}__blobServiceUri"),
        queue_uri=reader.text(f"{name}__queueServiceUri"),
        table_uri=reader.text(f"{name}__tableServiceUri"),
        client_id=reader.text(f"{name}__clientId"),
    )
    if not storage.connection_string and not (storage.blob_uri and storage.queue_uri and storage.table_uri):
        reader.problems.append(
            f"{name} is missing: give a connection string, or {name}__blobServiceUri, "
            f"{name}__queueServiceUri and {name}__tableServiceUri"
        )
    return storage


def _graph(reader: _Reader) -> GraphSettings:
    settings = GraphSettings(
        url=reader.url("GRAPH_URL", "https://graph.microsoft.com"),
        login_url=reader.url("GRAPH_LOGIN_URL", "https://login.microsoftonline.com"),
        tenant_id=reader.required("GRAPH_TENANT_ID", "the id of the Microsoft Entra tenant"),
        client_id=reader.required("GRAPH_CLIENT_ID", "the id of the app registration"),
        client_secret=reader.text("GRAPH_CLIENT_SECRET"),
        managed_identity_client_id=reader.text("GRAPH_MANAGED_IDENTITY_CLIENT_ID"),
        ca_bundle=reader.text("GRAPH_CA_BUNDLE"),
        sites=_sites(reader),
        lists_per_site=reader.number("LISTS_PER_SITE", 1900, 1, 2000),
    )
    if not settings.client_secret and not settings.managed_identity_client_id:
        reader.problems.append(
            "GRAPH_MANAGED_IDENTITY_CLIENT_ID is missing: the identity that stands for the app registration "
            "(on a developer's machine GRAPH_CLIENT_SECRET does)"
        )
    return settings


def _sites(reader: _Reader) -> tuple[str, ...]:
    name, like = "SHAREPOINT_SITES", "contoso.sharepoint.com:/sites/moment"
    given = reader.required(name, f"the sites that hold the libraries, {like}, separated by commas")
    sites = tuple(site.strip().rstrip("/") for site in given.split(",")) if given else ()
    reader.problems += [f"{name} must have sites like {like}, not {site!r}" for site in sites if not _is_site(site)]
    addresses = [site.lower() for site in sites]
    twice = [site for place, site in enumerate(sites) if addresses.index(site.lower()) < place]
    reader.problems += [f"{name} names {site!r} twice" for site in twice]
    return sites


def _is_site(value: str) -> bool:
    host, separator, path = value.partition(":")
    return bool(host and separator and path.startswith("/") and not path.startswith("//") and " " not in value)


def _follow(reader: _Reader) -> FollowSettings:
    host_name = reader.text("WEBSITE_HOSTNAME")
    given = reader.text("PUBLIC_URL") or (f"https://{host_name}" if host_name and ":" not in host_name else "")
    return FollowSettings(
        public_url=reader.url("PUBLIC_URL", given) if given else "",
        pull_lease_s=reader.number("PULL_LEASE_S", 120, 1, 3600),
        pull_time_limit_s=reader.number("PULL_TIME_LIMIT_S", 120, 1, 1500),
        guard_files=reader.number("DELETION_GUARD_FILES", 50, 0, 1_000_000),
        guard_percent=reader.number("DELETION_GUARD_PERCENT", 20, 0, 100),
    )


def _daily_sync(reader: _Reader) -> DailySyncSettings:
    reader.check("DAILY_SYNC_SCHEDULE", "must have six fields, like 0 30 1 * * *", _is_schedule)
    return DailySyncSettings(
        to_sharepoint=reader.flag("DAILY_SYNC_TO_SHAREPOINT", default=True),
        from_sharepoint=reader.flag("DAILY_SYNC_FROM_SHAREPOINT", default=True),
        runs_kept_days=reader.number("RUNS_KEPT_DAYS", 90, 1, 3650),
    )


def _is_schedule(value: str) -> bool:
    return re.fullmatch(r"[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+){5}", value) is not None


def _pacing(reader: _Reader) -> Limits:
    usual = Limits()
    return Limits(
        per_minute=reader.number("SHAREPOINT_UNITS_PER_MINUTE", usual.per_minute, 0, 1_000_000),
        per_day=reader.number("SHAREPOINT_UNITS_PER_DAY", usual.per_day, 0, 1_000_000_000),
        bulk_percent=reader.number("BULK_SHARE_PERCENT", usual.bulk_percent, 1, 100),
    )


def _transfer(reader: _Reader) -> TransferSettings:
    fragment_bytes = reader.number(
        "FRAGMENT_BYTES", 32 * FRAGMENT_UNIT_BYTES, FRAGMENT_UNIT_BYTES, 60 * 1024 * 1024 - 1
    )
    if fragment_bytes % FRAGMENT_UNIT_BYTES:
        reader.problems.append(f"FRAGMENT_BYTES must be a multiple of {FRAGMENT_UNIT_BYTES}, not {fragment_bytes}")
    reader.check("BLOB_TRIGGER_SOURCE", "must be EventGrid or LogsAndContainerScan", BLOB_TRIGGER_SOURCES.__contains__)
    return TransferSettings(
        small_file_max_bytes=reader.number("SMALL_FILE_MAX_BYTES", 4 * 1024 * 1024, 0, 60 * 1024 * 1024),
        fragment_bytes=fragment_bytes,
        time_limit_s=reader.number("TRANSFER_TIME_LIMIT_S", 240, 1, 1500),
        claim_s=reader.number("TRANSFER_CLAIM_S", 120, 1, 3600),
        large_at_once=reader.number("LARGE_TRANSFERS_AT_ONCE", 3, 1, 64),
        upload_url_minutes=reader.number("UPLOAD_URL_MINUTES", 60, 1, 1440),
        read_url_minutes=reader.number("READ_URL_MINUTES", 5, 1, 60),
    )

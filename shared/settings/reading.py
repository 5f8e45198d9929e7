"""Reads each group of settings: names, defaults and bounds."""

import re
from urllib.parse import urlsplit

from shared.model.budget import Limits
from shared.model.files import ReadBack
from shared.settings.groups import (
    DailySyncSettings,
    FollowSettings,
    GraphSettings,
    PageSettings,
    SignInSettings,
    StorageSettings,
    TransferSettings,
)
from shared.settings.reader import Reader

STORAGE_CONNECTION = "MOMENT_STORAGE"
"""The setting (or prefix of settings) that names Moment's storage account; the triggers name it too."""

FRAGMENT_UNIT_BYTES = 327_680
"""Fragments are multiples of 320 KiB (driveitem-createuploadsession)."""

BLOB_TRIGGER_SOURCES = ("EventGrid", "LogsAndContainerScan")


def read_storage(reader: Reader) -> StorageSettings:
    """Moment's storage account."""
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


def read_graph(reader: Reader) -> GraphSettings:
    """Where Graph is and who we are there."""
    settings = GraphSettings(
        url=reader.url("GRAPH_URL", "https://graph.microsoft.com"),
        login_url=reader.url("GRAPH_LOGIN_URL", "https://login.microsoftonline.com"),
        tenant_id=reader.required("GRAPH_TENANT_ID", "the id of the Microsoft Entra tenant"),
        client_id=reader.required("GRAPH_CLIENT_ID", "the id of the app registration"),
        client_secret=reader.text("GRAPH_CLIENT_SECRET"),
        managed_identity_client_id=reader.text("GRAPH_MANAGED_IDENTITY_CLIENT_ID"),
        certificate=reader.text("GRAPH_CERTIFICATE"),
        ca_bundle=reader.text("GRAPH_CA_BUNDLE"),
        sites=_sites(reader),
        lists_per_site=reader.number("LISTS_PER_SITE", 1900, 1, 2000),
    )
    if not settings.client_secret and not settings.managed_identity_client_id and not settings.certificate:
        reader.problems.append(
            "GRAPH_MANAGED_IDENTITY_CLIENT_ID is missing: the identity that stands for the app registration "
            "(GRAPH_CERTIFICATE is the alternative, on a developer's machine GRAPH_CLIENT_SECRET does)"
        )
    return settings


def _sites(reader: Reader) -> tuple[str, ...]:
    name, like = "SHAREPOINT_SITES", "contoso.sharepoint.com:/sites/moment"
    given = reader.required("SHAREPOINT_SITES", f"the sites that hold the libraries, {like}, separated by commas")
    sites = tuple(site.strip().rstrip("/") for site in given.split(",")) if given else ()
    reader.problems += [f"{name} must have sites like {like}, not {site!r}" for site in sites if not _is_site(site)]
    addresses = [site.lower() for site in sites]
    twice = [site for place, site in enumerate(sites) if addresses.index(site.lower()) < place]
    reader.problems += [f"{name} names {site!r} twice" for site in twice]
    return sites


def _is_site(value: str) -> bool:
    host, separator, path = value.partition(":")
    return bool(host and separator and path.startswith("/") and not path.startswith("//") and " " not in value)


def read_follow(reader: Reader) -> FollowSettings:
    """How changes made in SharePoint come in."""
    host_name = reader.text("WEBSITE_HOSTNAME")
    given = reader.text("PUBLIC_URL") or (f"https://{host_name}" if host_name and ":" not in host_name else "")
    return FollowSettings(
        public_url=reader.url("PUBLIC_URL", given) if given else "",
        pull_lease_s=reader.number("PULL_LEASE_S", 120, 1, 3600),
        pull_time_limit_s=reader.number("PULL_TIME_LIMIT_S", 120, 1, 1500),
        guard_files=reader.number("DELETION_GUARD_FILES", 50, 0, 1_000_000),
        guard_percent=reader.number("DELETION_GUARD_PERCENT", 20, 0, 100),
    )


def read_daily_sync(reader: Reader) -> DailySyncSettings:
    """What the daily job does."""
    reader.check("DAILY_SYNC_SCHEDULE", "must have six fields, like 0 30 1 * * *", is_schedule)
    return DailySyncSettings(
        to_sharepoint=reader.flag("DAILY_SYNC_TO_SHAREPOINT", default=True),
        from_sharepoint=reader.flag("DAILY_SYNC_FROM_SHAREPOINT", default=True),
        runs_kept_days=reader.number("RUNS_KEPT_DAYS", 90, 1, 3650),
    )


def is_schedule(value: str) -> bool:
    """Whether a text has the six fields of NCRONTAB."""
    return re.fullmatch(r"[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+){5}", value) is not None


def read_pacing(reader: Reader) -> Limits:
    """How many resource units the app may use."""
    usual = Limits()
    return Limits(
        per_minute=reader.number("SHAREPOINT_UNITS_PER_MINUTE", usual.per_minute, 0, 1_000_000),
        per_day=reader.number("SHAREPOINT_UNITS_PER_DAY", usual.per_day, 0, 1_000_000_000),
        bulk_percent=reader.number("BULK_SHARE_PERCENT", usual.bulk_percent, 1, 100),
    )


def read_transfer(reader: Reader) -> TransferSettings:
    """How files move."""
    fragment_bytes = reader.number(
        "FRAGMENT_BYTES", 32 * FRAGMENT_UNIT_BYTES, FRAGMENT_UNIT_BYTES, 60 * 1024 * 1024 - 1
    )
    if fragment_bytes % FRAGMENT_UNIT_BYTES:
        reader.problems.append(f"FRAGMENT_BYTES must be a multiple of {FRAGMENT_UNIT_BYTES}, not {fragment_bytes}")
    reader.check("BLOB_TRIGGER_SOURCE", "must be EventGrid or LogsAndContainerScan", BLOB_TRIGGER_SOURCES.__contains__)
    return TransferSettings(
        small_file_max_bytes=reader.number("SMALL_FILE_MAX_BYTES", 10 * 1024 * 1024, 0, 60 * 1024 * 1024),
        fragment_bytes=fragment_bytes,
        time_limit_s=reader.number("TRANSFER_TIME_LIMIT_S", 240, 1, 1500),
        claim_s=reader.number("TRANSFER_CLAIM_S", 120, 1, 3600),
        large_at_once=reader.number("LARGE_TRANSFERS_AT_ONCE", 3, 1, 64),
        read_back=_read_back(reader),
        upload_url_minutes=reader.number("UPLOAD_URL_MINUTES", 60, 1, 1440),
        read_url_minutes=reader.number("READ_URL_MINUTES", 5, 1, 60),
    )


def _read_back(reader: Reader) -> ReadBack:
    name, known = "PROOF_READ_BACK", tuple(ReadBack)
    reader.check(name, f"must be {' or '.join(known)}", lambda given: given in known)
    given = reader.text(name)
    return ReadBack(given) if given in known else ReadBack.WHEN_DIFFERENT


def read_sign_in(reader: Reader) -> SignInSettings:
    """Who may call. The platform says by WEBSITE_AUTH_ENABLED that it authenticates, by WEBSITE_INSTANCE_ID that it is
    Azure (https://learn.microsoft.com/azure/app-service/reference-app-settings).
    """
    user = reader.text("DEVELOPMENT_USER")
    if user and reader.text("WEBSITE_INSTANCE_ID"):
        reader.problems.append(
            "DEVELOPMENT_USER lets everybody in without a sign-in: it is for a developer's machine, never for Azure"
        )
    return SignInSettings(
        tenant_id=reader.text("GRAPH_TENANT_ID"),
        is_trusted=reader.text("WEBSITE_AUTH_ENABLED").lower() == "true",
        development_user=user,
    )


def page_of(storage: StorageSettings, graph: GraphSettings) -> PageSettings:
    """What follows from where storage and SharePoint are. The local SharePoint's links lead to itself."""
    hosts = [site.partition(":")[0] for site in graph.sites]
    own = urlsplit(graph.url)
    hosts += [own.netloc] if own.scheme == "http" else []
    return PageSettings(upload_origin=_origin(storage), sharepoint_hosts=tuple(dict.fromkeys(hosts)))


def _origin(storage: StorageSettings) -> str:
    """https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string"""
    parts = dict(part.split("=", 1) for part in storage.connection_string.split(";") if "=" in part)
    suffix = parts.get("EndpointSuffix", "core.windows.net")
    address = (
        storage.blob_uri
        or parts.get("BlobEndpoint")
        or ("http://127.0.0.1:10000" if "UseDevelopmentStorage" in parts else "")
        or f"https://{parts.get('AccountName', '')}.blob.{suffix}"
    )
    found = urlsplit(address)
    return f"{found.scheme}://{found.netloc}"

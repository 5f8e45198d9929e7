"""The settings by what they are for. Each field says its unit, its default and what follows; no secret is in a repr."""

from dataclasses import dataclass, field

from shared.model.files import ReadBack


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
    certificate: str = field(default="", repr=False)
    """PEM with private key and certificate, or the path of such a file. Where it is given it counts, not the others."""
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
    """Up to here one PUT, above an upload session. Default 10 MiB: a session would send it in one fragment, too."""
    fragment_bytes: int
    """Size of a fragment, a multiple of 320 KiB below 60 MiB: what is sent again after a break. Default 10 MiB."""
    time_limit_s: int
    """After this the rest of a large file goes on from the queue. Default 240."""
    claim_s: int
    """How long a claim holds without being renewed; a crashed transfer is taken over after it. Default 120."""
    large_at_once: int
    """Upload sessions that one process has side by side. Default 3."""
    read_back: ReadBack
    """When content is read back from SharePoint to be proven: `when-different` (its fingerprint does not prove it) or
    `always`, byte by byte, which costs a request and the file's bytes more for each file. Default when-different."""
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
class SignInSettings:
    """Who may call the API and open the page."""

    tenant_id: str
    """People and programs of this tenant of Microsoft Entra only; GRAPH_TENANT_ID."""
    is_trusted: bool
    """The platform authenticates (WEBSITE_AUTH_ENABLED), so its header says who it is. Without that nobody gets in."""
    development_user: str = ""
    """On a developer's machine: everybody is this administrator. Refused in Azure."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the Files page may reach besides the app."""

    upload_origin: str
    """Scheme and host of Moment Cloud, where browsers put content."""
    sharepoint_hosts: tuple[str, ...]
    """Where links into SharePoint may lead."""

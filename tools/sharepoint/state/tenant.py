"""Everything the local SharePoint holds: the tenant with its sites, tokens and sessions, and what the control plane
set."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from tools.sharepoint.options import Options
from tools.sharepoint.state import identifiers
from tools.sharepoint.state.clock import Clock
from tools.sharepoint.state.content import ContentStore, ContentWriter
from tools.sharepoint.state.delta_faults import DAY_S, ChangeFaults
from tools.sharepoint.state.directory import Directory
from tools.sharepoint.state.endpoints import Endpoint
from tools.sharepoint.state.errors import unauthenticated
from tools.sharepoint.state.faults import Faults
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.ledger import Ledger
from tools.sharepoint.state.notification_log import NotificationLog
from tools.sharepoint.state.site import MAX_LISTS, Site
from tools.sharepoint.state.sites import Sites, new_sites
from tools.sharepoint.state.subscriptions import Courier, Subscriptions
from tools.sharepoint.state.throttling import Budget
from tools.sharepoint.state.tokens import Tokens
from tools.sharepoint.state.upload_sessions import OpenSessions

DOWNLOAD_LIFE_S = 3600
HOSTNAME = "contoso.sharepoint.com"


@dataclass(slots=True)
class Settings:
    """What the control plane can change while the server runs."""

    latency_ms: float = 0.0
    rewrite: bool = True
    rewrite_asynchronously: bool = False
    rewrite_delay_ms: float = 200.0
    hide_new_items_ms: float = 0.0
    fragment_ru: int = 0
    lists_per_site: int = MAX_LISTS
    app_roles: str = "Sites.Selected"
    client_secret: str = ""
    # a person who connects an application: what came of the device code, and the roles in Entra
    device_sign_in: str = "accepted"
    directory_roles: str = "Application Administrator, Privileged Role Administrator, SharePoint Administrator"
    # delta: what the documentation leaves open, or what the real service was seen to do differently
    delta_parent_path: bool = False
    delta_c_tag: bool = False
    delta_page_size: int = 200
    delta_token_life_s: float = 30.0 * DAY_S
    descendant_tombstones: bool = False
    restored_descendants: bool = True
    short_lived_tombstones: bool = True
    field_edits_in_drive_delta: bool = True
    # subscriptions and notifications; a burst of 0 means one notification however many changes came together
    subscriptions_forbidden: bool = False
    validation_timeout_s: float = 10.0
    notification_delay_ms: float = 200.0
    notification_burst: int = 0
    notification_timeout_s: float = 30.0
    notification_retry_ms: float = 500.0
    notification_attempts: int = 8
    slow_reply_s: float = 10.0
    slow_delay_s: float = 10.0
    slow_minimum_replies: int = 100
    reauthorization_grace_s: float = 300.0


class Tenant:
    """The tenant; one for each server."""

    def __init__(self, options: Options, folder: Path) -> None:
        self.options = options
        self.tenant_id = identifiers.TENANT_ID
        self.clock = Clock()
        self.contents = ContentStore(folder / "content")
        self.tokens = Tokens()
        self.directory = Directory()
        self.device_codes: dict[str, str] = {}
        self.ledger = Ledger()
        self.faults = Faults()
        self.change_faults = ChangeFaults()
        self.subscriptions = Subscriptions()
        self.notifications = NotificationLog()
        self.endpoints: dict[str, Endpoint] = {}
        self.courier: Courier | None = None  # set by the server
        self.budget = Budget(options.ru_per_minute, options.ru_per_day)
        self.sessions = OpenSessions()
        self.writers: dict[str, ContentWriter] = {}
        self.settings = self._first_settings()
        self.sites: Sites = new_sites(HOSTNAME, options.sites, self.clock.now())
        self.http_base = ""  # set once the port is known: links shown to people lead here
        self.changed = True
        self._secret = secrets.token_bytes(16)

    def reset(self) -> None:
        """Go back to the default content; tokens stay good, as they are not SharePoint's."""
        self.clock.reset()
        self.contents.clear()
        self.directory = Directory()
        self.ledger.clear()
        self.faults = Faults()
        self.change_faults = ChangeFaults()
        self.subscriptions = Subscriptions()
        self.notifications = NotificationLog()
        self.endpoints = {}
        self.sessions = OpenSessions()
        self.writers = {}
        self.settings = self._first_settings()
        self.budget = Budget(self.options.ru_per_minute, self.options.ru_per_day)
        self.sites = new_sites(HOSTNAME, self.options.sites, self.clock.now())
        self.changed = True

    @property
    def site(self) -> Site:
        """The first site."""
        return self.sites.first

    def hidden_until(self) -> float:
        """Return until when an item made now cannot be read yet."""
        return self.clock.now() + self.settings.hide_new_items_ms / 1000 if self.settings.hide_new_items_ms else 0.0

    def age_moved_in(self, item: DriveItem) -> None:
        """Give a file that has just come in the dates it had elsewhere, if that fault is pending."""
        if item.is_folder or not self.change_faults.take("old_dates"):
            return
        age_s = self.change_faults.old_dates_days * DAY_S
        item.created_at, item.modified_at = item.created_at - age_s, item.modified_at - age_s
        item.fs_created_at, item.fs_modified_at = item.fs_created_at - age_s, item.fs_modified_at - age_s

    def download_signature(self, unique_id: str) -> str:
        """Return the ``tempauth`` that lets anybody read a file for an hour."""
        expires_at = int(self.clock.now()) + DOWNLOAD_LIFE_S
        return f"v1.{expires_at}.{self._sign(unique_id, expires_at)}"

    def check_download(self, unique_id: str, tempauth: str) -> None:
        """Raise 401 unless the signature is ours and still good."""
        parts = tempauth.split(".")
        if len(parts) != 3 or not parts[1].isdecimal() or int(parts[1]) < self.clock.now():
            raise unauthenticated("The download URL is not valid or has expired")
        if not hmac.compare_digest(parts[2], self._sign(unique_id, int(parts[1]))):
            raise unauthenticated("The download URL is not valid")

    def _sign(self, unique_id: str, expires_at: int) -> str:
        return hmac.new(self._secret, f"{unique_id}.{expires_at}".encode(), hashlib.sha256).hexdigest()[:32]

    def _first_settings(self) -> Settings:
        return Settings(latency_ms=self.options.latency_ms, rewrite=self.options.rewrite_office)

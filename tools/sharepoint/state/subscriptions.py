"""Subscriptions to changes of a drive or a list.

https://learn.microsoft.com/graph/api/resources/subscription and
https://learn.microsoft.com/graph/api/subscription-post-subscriptions
"""

import re
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from tools.sharepoint.state.changes import ChangeLog
from tools.sharepoint.state.clock import from_iso
from tools.sharepoint.state.errors import GraphError, invalid_request
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.sites import Sites

MAX_MINUTES = 42_300
MIN_MINUTES = 45
MAX_CLIENT_STATE = 128
TLS_VERSIONS = ("v1_0", "v1_1", "v1_2", "v1_3")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_DRIVE = re.compile(r"/?drives/([^/]+)/root/?")
_LIST = re.compile(r"/?sites/([^/]+)/lists/([^/]+)/?")


@dataclass(slots=True)
class Subscription:
    """Who wants to be told of what. ``told`` is the number of the last change that was told of."""

    subscription_id: str
    application_id: str
    resource: str
    notification_url: str
    lifecycle_url: str
    client_state: str | None
    expires_at: float
    tls_version: str
    list_id: str
    of_list: bool
    told: int
    paused_from: float | None = None

    @property
    def kind(self) -> str:
        """The OData type in a notification's ``resourceData``."""
        return "#Microsoft.Graph.ListItem" if self.of_list else "#Microsoft.Graph.DriveItem"

    def log(self, library: Library) -> ChangeLog:
        """Return the change log that is watched."""
        return library.changes.rows if self.of_list else library.changes.drive


@dataclass(slots=True)
class Subscriptions:
    """Those that exist; what has expired is not found any more."""

    by_id: dict[str, Subscription] = field(default_factory=dict)

    def live(self, now: float) -> list[Subscription]:
        """Drop the expired ones and return the others."""
        for subscription in [each for each in self.by_id.values() if each.expires_at <= now]:
            del self.by_id[subscription.subscription_id]
        return list(self.by_id.values())

    def get(self, subscription_id: str, now: float, application_id: str | None = None) -> Subscription:
        """Return a subscription; an application sees its own only."""
        for subscription in self.live(now):
            is_visible = application_id in (None, subscription.application_id)
            if subscription.subscription_id == subscription_id and is_visible:
                return subscription
        raise GraphError(404, "ResourceNotFound", "The object was not found.")

    def check_new(self, wanted: Subscription, now: float) -> None:
        """Raise 409 if the application watches this already."""
        for each in self.live(now):
            same = (each.application_id, each.list_id, each.of_list)
            if same == (wanted.application_id, wanted.list_id, wanted.of_list):
                raise GraphError(
                    409,
                    "InvalidRequest",
                    f"Subscription Id {each.subscription_id} already exists for the requested combination",
                )


class Courier(Protocol):
    """Who carries requests to the subscribers."""

    async def validate(self, url: str) -> None:
        """Raise 400 unless the endpoint echoes a validation token."""

    def send_lifecycle(self, subscription: Subscription, event: str) -> None:
        """Send a lifecycle notification in the background."""


def find_resource(sites: Sites, resource: str) -> tuple[Library, bool]:
    """Return the library a subscription is for, and whether it is for the list."""
    if found := _DRIVE.fullmatch(resource):
        return sites.get_drive(found[1]), False
    if found := _LIST.fullmatch(resource):
        return sites.find(found[1]).get_library(found[2]), True
    raise invalid_request(f"The resource '{resource}' is not supported")


def read_expiry(value: Any, now: float) -> float:
    """Return the time a subscription ends: at most 42,300 minutes ahead, at least 45."""
    try:
        expires_at = from_iso(value)
    except (TypeError, ValueError):
        raise invalid_request("expirationDateTime must be an ISO 8601 time") from None
    if expires_at <= now:
        raise invalid_request("expirationDateTime must lie in the future")
    if expires_at > now + MAX_MINUTES * 60:
        raise invalid_request(f"Subscription expiration can only be {MAX_MINUTES} minutes in the future.")
    return max(expires_at, now + MIN_MINUTES * 60)


def read_url(value: Any, name: str) -> str:
    """Return an endpoint's URL: https, or, as an exception of this server, http on the loopback interface."""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or not parts.hostname:
        raise invalid_request(f"{name} must be a URL")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return str(value)
    raise invalid_request(f"{name} must begin with https")

"""Builds the SharePoint adapter from settings; bootstrap calls it once per process. Opens no connection."""

import uuid
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from shared.graph.connection import Connection
from shared.graph.pacing import Pacing, ProcessGate
from shared.graph.request import GraphTransport, RetryPolicy
from shared.graph.sharepoint import GraphSharePoint
from shared.graph.site import Sites
from shared.graph.tokens import GraphCredentials, MsalTokens
from shared.settings import GraphSettings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def connect(
    settings: GraphSettings,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    *,
    new_id: Callable[[], str] | None = None,
    pacing: Pacing | None = None,
    retry: RetryPolicy | None = None,
) -> GraphSharePoint:
    """The adapter for the settings' sites.

    `new_id` gives hexadecimal UUIDs for client-request-id, which is left out without it. `pacing` is this process's own
    gate unless another is given.
    """

    def seconds() -> float:
        return clock().timestamp()

    verify = settings.ca_bundle or True
    transport = GraphTransport(
        settings.url,
        MsalTokens(credentials_of(settings), seconds),
        Connection(new_id=(lambda: str(uuid.UUID(new_id()))) if new_id else None, verify=verify),
        pacing or ProcessGate(seconds),
        sleep=sleep,
        retry=retry,
    )
    return GraphSharePoint(transport, Sites(transport, settings.sites, settings.lists_per_site, seconds))


def credentials_of(settings: GraphSettings) -> GraphCredentials:
    """Who the settings say we are. The managed identity wins over a secret."""
    return GraphCredentials(
        authority_url=settings.login_url,
        tenant_id=settings.tenant_id,
        client_id=settings.client_id,
        scope=f"https://{_graph_host(settings.url)}/.default",
        verify=settings.ca_bundle or True,
        managed_identity_client_id=settings.managed_identity_client_id or None,
        client_secret=settings.client_secret or None,
    )


def _graph_host(url: str) -> str:
    """The host that tokens are for (concepts/deployments); a local SharePoint stands for the global one."""
    host = urlsplit(url).hostname or ""
    return "graph.microsoft.com" if host in _LOOPBACK else host

"""Builds the SharePoint adapter from settings; bootstrap calls it once per process. Opens no connection."""

import uuid
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from shared.graph.connection import Connection
from shared.graph.pacing import Pacing
from shared.graph.request import GraphTransport, RetryPolicy
from shared.graph.sharepoint import GraphSharePoint
from shared.graph.site import Sites
from shared.graph.tokens import GraphCredentials, MsalTokens
from shared.graph.unit_budget import BudgetRow, OwnRow, UnitBudget
from shared.model.budget import Limits
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

    `new_id` gives hexadecimal UUIDs for client-request-id, which is left out without it. Without `pacing` nothing is
    counted, and only this process waits after a Retry-After.
    """

    def seconds() -> float:
        return clock().timestamp()

    verify = settings.ca_bundle or True
    transport = GraphTransport(
        settings.url,
        MsalTokens(credentials_of(settings), seconds),
        Connection(new_id=(lambda: str(uuid.UUID(new_id()))) if new_id else None, verify=verify),
        pacing or pace(OwnRow(), Limits(per_minute=0, per_day=0), clock, sleep, lambda: 0.0),
        sleep=sleep,
        retry=retry,
        site_hosts=frozenset(each.partition(":")[0].partition(",")[0].lower() for each in settings.sites),
    )
    return GraphSharePoint(transport, Sites(transport, settings.sites, settings.lists_per_site, seconds))


def pace(
    row: BudgetRow,
    limits: Limits,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    jitter: Callable[[], float],
) -> Pacing:
    """The pacing that every instance with this row shares. `jitter` gives numbers from 0 to 1."""
    return UnitBudget(row, limits, lambda: clock().timestamp(), sleep, jitter)


def credentials_of(settings: GraphSettings) -> GraphCredentials:
    """Who the settings say we are. A certificate wins over the managed identity, and that over a secret."""
    return GraphCredentials(
        authority_url=settings.login_url,
        tenant_id=settings.tenant_id,
        client_id=settings.client_id,
        scope=f"https://{_graph_host(settings.url)}/.default",
        verify=settings.ca_bundle or True,
        certificate=settings.certificate or None,
        managed_identity_client_id=settings.managed_identity_client_id or None,
        client_secret=settings.client_secret or None,
    )


def _graph_host(url: str) -> str:
    """The host that tokens are for (concepts/deployments); a local SharePoint stands for the global one."""
    host = urlsplit(url).hostname or ""
    return "graph.microsoft.com" if host in _LOOPBACK else host

"""The adapter on the local SharePoint of tests/conftest.py."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.graph.connect import connect
from shared.graph.request import RetryPolicy
from shared.graph.sharepoint import GraphSharePoint
from shared.model.drive_items import Library
from shared.settings import GraphSettings
from tools.sharepoint.running import LocalSharePoint

SECRET = "local"
CLIENT_ID = "5b1f1c5e-0000-4000-8000-000000000001"


def settings_for(local: LocalSharePoint, **changes: Any) -> GraphSettings:
    settings: dict[str, Any] = {
        "url": local.url,
        "login_url": local.tls_url,
        "ca_bundle": str(local.ca_path),
        "tenant_id": local.tenant_id,
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "sites": (f"{local.site_hostname}:{local.site_path}",),
    }
    return GraphSettings(**settings | changes)


@dataclass
class Sleeps:
    """Writes down what is slept and lets the local SharePoint's clock pass instead."""

    local: LocalSharePoint
    slept: float = 0.0

    def __call__(self, seconds: float) -> None:
        self.slept += seconds
        self.local.advance(seconds)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.slept, UTC)


@pytest.fixture
def sleeps(sharepoint: LocalSharePoint) -> Sleeps:
    return Sleeps(sharepoint)


@pytest.fixture
def graph(sharepoint: LocalSharePoint, sleeps: Sleeps) -> GraphSharePoint:
    """The adapter of a new process."""
    return connect(
        settings_for(sharepoint),
        sleeps.now,
        sleeps,
        new_id=lambda: uuid.uuid4().hex,
        retry=RetryPolicy(delays_s=(0.5, 1.0), stale_read_delays_s=(0.5, 1.0)),
    )


@pytest.fixture
def library(graph: GraphSharePoint) -> Library:
    return graph.create_library("Contoso", "Files of the Moment customer contoso")

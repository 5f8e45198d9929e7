"""The deployed app's entry points under the local Functions host, which lives as long as its folder's tests."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import moments_storage
from tests.world import environ_for
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

ROOT = Path(__file__).parents[2]


@dataclass
class Api:
    """A caller of the API; without `headers` the developer of this machine."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **arguments: Any
    ) -> requests.Response:
        return requests.request(
            method,
            f"{self.url}/api/{path}",
            headers=self.headers | (headers or {}),
            timeout=60,
            allow_redirects=False,
            **arguments,
        )

    def customer(self, **body: Any) -> str:
        """A customer that no other test knows; gives its id."""
        customer = f"c{uuid.uuid4().hex[:12]}"
        answer = self.call("PUT", f"customers/{customer}", json={"name": f"Customer {customer}"} | body)
        assert answer.status_code == 201, answer.text
        return customer


def host_settings(azurite: Azurite, sharepoint: LocalSharePoint, **changes: str) -> dict[str, str]:
    """The app settings of a host that uses these two servers."""
    return environ_for(
        azurite.connection_string,
        sharepoint,
        AzureWebJobsStorage=azurite.connection_string,
        FUNCTIONS_WORKER_RUNTIME="python",
        BLOB_TRIGGER_SOURCE="LogsAndContainerScan",
        PYTHON_THREADPOOL_THREAD_COUNT="8",
        **changes,
    )


@pytest.fixture(scope="package")
def host_storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture(scope="package")
def host_sharepoint() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


@pytest.fixture(scope="package")
def host(host_storage: Azurite, host_sharepoint: LocalSharePoint) -> Iterator[LocalHost]:
    with LocalHost(
        app=ROOT,
        settings=host_settings(host_storage, host_sharepoint),
        options=["--poll-interval-ms", "200", "--queue-poll-ms", "200"],
    ) as running:
        yield running


@pytest.fixture
def api(host: LocalHost) -> Api:
    return Api(host.url)

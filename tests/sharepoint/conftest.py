"""A real server on a free port, started once in each test process and reset before each test."""

from collections.abc import Iterator

import pytest

from tests.sharepoint.graph_client import Graph
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture(scope="session")
def running() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as sharepoint:
        yield sharepoint


@pytest.fixture(autouse=True)
def _no_certificates_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """requests prefers these over the ``verify`` of its session, so a machine that sets them could not trust ours."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sharepoint(running: LocalSharePoint) -> LocalSharePoint:
    running.reset()
    return running


@pytest.fixture
def graph(sharepoint: LocalSharePoint) -> Iterator[Graph]:
    with Graph(sharepoint) as session:
        sharepoint.clear_requests()
        yield session

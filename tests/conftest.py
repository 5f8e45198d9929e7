"""Real servers on loopback, one of each per test process: Azurite and the local SharePoint."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings

from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, StorageSettings
from shared.store.connect import open_clients
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint

# A busy machine is no failure: what takes long is a matter of the benchmark.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

SMALL_FILE_MAX_BYTES = 200_000
FRAGMENT_BYTES = 327_680


@contextmanager
def moments_storage(*, access_log: bool = False) -> Iterator[Azurite]:
    """An Azurite with the app's storage. A host needs one of its own: it takes every blob and message that it finds."""
    with Azurite(access_log=access_log) as running:
        account = StorageSettings(connection_string=running.connection_string)
        open_clients(account, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).create_storage()
        yield running


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture(scope="session")
def shared_sharepoint() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


@pytest.fixture
def sharepoint(shared_sharepoint: LocalSharePoint) -> LocalSharePoint:
    """The local SharePoint as new."""
    shared_sharepoint.reset()
    return shared_sharepoint


@pytest.fixture
def world(azurite: Azurite, sharepoint: LocalSharePoint) -> World:
    """The product on both, with small limits so that a few hundred kilobytes are a large file."""
    environ = environ_for(
        azurite.connection_string,
        sharepoint,
        SMALL_FILE_MAX_BYTES=str(SMALL_FILE_MAX_BYTES),
        FRAGMENT_BYTES=str(FRAGMENT_BYTES),
    )
    return World.start(environ, sharepoint)

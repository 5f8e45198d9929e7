"""The adapters on a real Azurite; each test has customers, tables and containers of its own."""

import itertools
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient

from shared.store.blobs import LARGEST_READ_BYTES, MomentCloud
from shared.store.directory import TableDirectory
from shared.store.files import TableFiles
from shared.store.folders import TableFolders
from shared.store.tables import ensure_tables
from tests.builders import AT
from tests.store.secure_azurite import secure  # noqa: F401 - a fixture
from tools.functions_host.azurite import Azurite

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def tables(azurite: Azurite) -> Iterator[TableServiceClient]:
    with TableServiceClient.from_connection_string(azurite.connection_string) as service:
        ensure_tables(service)
        yield service


@pytest.fixture
def own_table(tables: TableServiceClient) -> str:
    """The name of a table that no other test uses."""
    name = f"t{uuid.uuid4().hex}"
    ensure_tables(tables, [name])
    return name


@pytest.fixture
def customer() -> str:
    """A customer id that no other test uses."""
    return f"c{next(_numbers)}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def files(tables: TableServiceClient) -> TableFiles:
    return TableFiles(tables, lambda: AT)


@pytest.fixture
def directory(tables: TableServiceClient) -> TableDirectory:
    return TableDirectory(tables)


@pytest.fixture
def folders(tables: TableServiceClient) -> TableFolders:
    return TableFolders(tables)


@pytest.fixture
def container(azurite: Azurite) -> Iterator[ContainerClient]:
    with ContainerClient.from_connection_string(
        azurite.connection_string,
        f"box{uuid.uuid4().hex}",
        max_single_get_size=LARGEST_READ_BYTES,
        max_chunk_get_size=LARGEST_READ_BYTES,
    ) as client:
        client.create_container()
        yield client


@pytest.fixture
def cloud(container: ContainerClient) -> MomentCloud:
    return MomentCloud(container, lambda: datetime.now(UTC))

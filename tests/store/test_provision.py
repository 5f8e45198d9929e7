"""shared/store/provision.py against Azurite."""

import uuid
from collections.abc import Iterator

import pytest
import requests
from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from shared.store.provision import allow_uploads, create_storage
from tools.functions_host.azurite import Azurite


def test_storage_is_created_and_creating_it_again_is_harmless(azurite: Azurite, tables: TableServiceClient) -> None:
    name = f"n{uuid.uuid4().hex}"
    with (
        ContainerClient.from_connection_string(azurite.connection_string, name) as container,
        QueueClient.from_connection_string(azurite.connection_string, name) as queue,
    ):
        create_storage(tables, container, [queue], [name])
        create_storage(tables, container, [queue], [name])

        assert container.exists()
        assert queue.get_queue_properties().name == name
        assert list(tables.get_table_client(name).list_entities()) == []


PAGE, STRANGER = "http://127.0.0.1:7071", "http://stranger.example"


@pytest.fixture(scope="module")
def shared_with_a_page() -> Iterator[ContainerClient]:
    """An Azurite of its own: CORS rules are the whole account's."""
    with (
        Azurite() as running,
        TableServiceClient.from_connection_string(running.connection_string) as tables,
        ContainerClient.from_connection_string(running.connection_string, "box") as container,
    ):
        create_storage(tables, container, [], ["table"], origins=[PAGE])
        yield container


def preflight(container: ContainerClient, origin: str, method: str = "PUT") -> requests.Response:
    """What a browser asks before it puts a block."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "x-ms-blob-type,x-ms-version,content-type",
    }
    return requests.options(f"{container.url}/c1/f1/a.bin?comp=block&blockid=MDAwMDA%3D", headers=headers, timeout=10)


def test_a_browser_may_put_blocks_from_the_page_and_from_nowhere_else(shared_with_a_page: ContainerClient) -> None:
    allowed = preflight(shared_with_a_page, PAGE)

    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == PAGE
    assert "PUT" in allowed.headers["Access-Control-Allow-Methods"]
    assert preflight(shared_with_a_page, STRANGER).status_code == 403
    assert preflight(shared_with_a_page, PAGE, "DELETE").status_code == 403


def test_setting_the_origins_again_replaces_them(shared_with_a_page: ContainerClient) -> None:
    service = shared_with_a_page._get_blob_service_client()
    allow_uploads(service, [STRANGER])
    try:
        assert [preflight(shared_with_a_page, each).status_code for each in (PAGE, STRANGER)] == [403, 200]
    finally:
        allow_uploads(service, [PAGE])
    assert len(service.get_service_properties()["cors"]) == 1

"""The look at Moment Cloud as an identity of Entra, over TLS, as in Azure."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from shared.store.examined import ExaminedStorage
from tests.store.secure_azurite import AnyoneToken, secure  # noqa: F401 - the fixture
from tools.functions_host.azurite import Azurite


def test_an_identity_asks_for_a_key_to_sign_with_at_each_look(secure: tuple[str, Path], azurite: Azurite):  # noqa: F811
    url, authority = secure
    asked: list[str] = []
    tables = TableServiceClient.from_connection_string(azurite.connection_string)
    with ContainerClient(
        url,
        "box",
        credential=AnyoneToken(),
        connection_verify=str(authority),
        raw_request_hook=lambda request: asked.append(request.http_request.url),
    ) as container:
        container.create_container()
        storage = ExaminedStorage(container, tables, queue_of(azurite), lambda: datetime.now(UTC), lambda: None)

        storage.try_container()
        storage.try_container()

        assert sum("comp=userdelegationkey" in each for each in asked) == 2
        assert list(container.list_blobs()) == []


def queue_of(azurite: Azurite) -> Callable[[str], QueueClient]:
    return lambda name: QueueClient.from_connection_string(azurite.connection_string, name)

"""shared/store/provision.py against Azurite."""

import uuid

from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from shared.store.provision import create_storage
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

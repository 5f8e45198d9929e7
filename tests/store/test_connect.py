"""shared/store/connect.py: every adapter on one account, joined to the tables, container and queues that it makes."""

import base64
import json
import uuid

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueClient, QueueServiceClient

from shared.model.libraries import TreeFolder
from shared.settings import CHANGES_QUEUE, PUSHES_QUEUE, StorageSettings
from shared.store.connect import Stores, open_clients, open_stores
from shared.store.tables import TABLES
from tests.builders import AT
from tools.functions_host.azurite import Azurite


@pytest.fixture
def account(azurite: Azurite) -> StorageSettings:
    return StorageSettings(connection_string=azurite.connection_string)


@pytest.fixture
def stores(account: StorageSettings) -> Stores:
    name = f"n{uuid.uuid4().hex}"
    open_clients(account, name, name).create_storage()
    return open_stores(account, name, name, lambda: AT)


def test_all_that_the_adapters_need_is_created(
    account: StorageSettings, azurite: Azurite, tables: TableServiceClient
) -> None:
    name = f"n{uuid.uuid4().hex}"

    clients = open_clients(account, name, name)
    clients.create_storage()

    assert clients.container.exists()
    assert set(TABLES) <= {table.name for table in tables.list_tables()}
    with QueueServiceClient.from_connection_string(azurite.connection_string) as service:
        assert {name, CHANGES_QUEUE, PUSHES_QUEUE} <= {queue.name for queue in service.list_queues()}


def test_libraries_to_pull_and_files_to_push_go_to_queues_of_their_own(stores: Stores, azurite: Azurite) -> None:
    with (
        QueueClient.from_connection_string(azurite.connection_string, CHANGES_QUEUE) as changes,
        QueueClient.from_connection_string(azurite.connection_string, PUSHES_QUEUE) as pushes,
    ):
        # Other tests of this process leave theirs behind.
        changes.clear_messages()
        pushes.clear_messages()

        stores.pulls.send("b!drive")
        stores.pushes.send("contoso/f1")

        assert (_key_in(changes), _key_in(pushes)) == ("b!drive", "contoso/f1")


def _key_in(queue: QueueClient) -> str:
    message = queue.receive_message()
    assert message is not None
    key: str = json.loads(base64.b64decode(message.content))["key"]
    return key


def test_the_adapters_of_what_is_followed_are_ready(stores: Stores, customer: str) -> None:
    assert stores.libraries.find(f"b!{customer}") is None
    assert stores.tree.put(customer, TreeFolder("01A", "Design", "01ROOT"))
    assert stores.files.find_departed(uuid.uuid4().hex) is None

"""Messages that the app never sends, on its queues and where it gives up: kept with a reason, blocking nobody."""

import base64
import json
import uuid

import pytest
from azure.storage.queue import QueueClient, QueueServiceClient

from shared.settings import CHANGES_QUEUE, MOMENT_CLOUD_CONTAINER, PUSHES_QUEUE, TRANSFERS_QUEUE
from tests.functions.conftest import Api
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.functions.test_given_up_api import entry_of, given_up, poison
from tests.hostile.texts import nested
from tests.world import put_blob
from tools.functions_host.azurite import Azurite

BLOBS = "webjobs-blobtrigger"


def bodies(number: str) -> list[bytes]:
    """Blob messages that nobody can do anything with; each can be found by its number."""
    told = {"ContainerName": MOMENT_CLOUD_CONTAINER, "number": number}
    return [
        b'["' + number.encode() + b'",' + nested(20_000) + b"]",
        json.dumps(told | {"BlobName": {"number": number}}).encode(),
        json.dumps(told | {"BlobName": f"nobody/{number}/\ud800"}).encode(),
        json.dumps(told | {"BlobName": f"../../{number}?x#y"}).encode(),
        json.dumps({"Type": "newer", "version": 9, "number": number}).encode(),
    ]


@pytest.mark.parametrize("form", range(5), ids=["deep", "an object", "half a pair", "a path", "a newer version"])
def test_a_blob_message_that_makes_no_sense_is_kept_and_named(api: Api, host_storage: Azurite, form: int):
    number = str(uuid.uuid4().int)

    poison(host_storage, BLOBS, bodies(number)[form])

    entry = given_up(api, number)
    assert entry["reason"]
    assert api.call("DELETE", f"given-up/{entry['id']}").status_code == 204
    assert entry_of(api, number) is None
    with QueueServiceClient.from_connection_string(host_storage.connection_string) as service:
        assert list(service.list_queues(name_starts_with=f"{BLOBS}-poison-poison")) == []


@pytest.mark.parametrize("queue", [TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE])
def test_messages_that_make_no_sense_do_not_keep_a_file_from_moving(api: Api, host_storage: Azurite, queue: str):
    customer = api.customer(storage="sharepoint")
    with QueueClient.from_connection_string(host_storage.connection_string, queue) as client:
        for body in (
            b"\xff",
            b"[]",
            b"7",
            b'{"version": 9}',
            b'{"key": 7, "customer": [], "file": {}}',
            nested(15_000),
        ):
            client.send_message(base64.b64encode(body).decode())
    announced = announce(api, customer, name="beside.txt")

    put_blob(announced["upload"]["url"], b"hello")

    wait_for(lambda: in_state(api, customer, announced["id"], "in-sharepoint"), "the move")

"""What the app gave up, over HTTP, from the poison queues that the platform fills."""

import base64
import contextlib
import json
import uuid

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueClient, QueueServiceClient

from shared.settings import CHANGES_QUEUE, MOMENT_CLOUD_CONTAINER, PUSHES_QUEUE, TRANSFERS_QUEUE
from tests.functions.conftest import Api
from tests.functions.test_directory_api import problem_of
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.world import put_blob
from tools.functions_host.azurite import Azurite


def poison(storage: Azurite, queue: str, body: bytes) -> None:
    """What the platform does with a message that failed too often."""
    with QueueClient.from_connection_string(storage.connection_string, f"{queue}-poison") as client:
        with contextlib.suppress(ResourceExistsError):
            client.create_queue()
        client.send_message(base64.b64encode(body).decode())


def entry_of(api: Api, text: str) -> dict | None:
    """The entry that this text is in, of a message or in words."""
    items = api.call("GET", "given-up?limit=500").json()["items"]
    return next((each for each in items if text in each["message"] or text in each["concerns"]), None)


def given_up(api: Api, text: str) -> dict:
    return wait_for(lambda: entry_of(api, text), "the entry")


def test_a_blob_that_the_platform_gave_up_is_shown_and_moves_once_it_is_put_back(api: Api, host_storage: Azurite):
    customer = api.customer(storage="sharepoint")
    announced = announce(api, customer, name="plan.txt")
    blob_name = f"{customer}/{announced['id']}/plan.txt"
    told = {"ContainerName": MOMENT_CLOUD_CONTAINER, "BlobName": blob_name, "ETag": "x", "FunctionId": "y"}

    poison(host_storage, "webjobs-blobtrigger", json.dumps(told).encode())

    entry = given_up(api, announced["id"])
    blocked = wait_for(lambda: in_state(api, customer, announced["id"], "blocked"), "the state")
    assert set(entry) == {"id", "concerns", "reason", "firstAt", "lastAt", "times", "queue", "message"}
    assert (entry["queue"], entry["times"], entry["reason"]) == (TRANSFERS_QUEUE, 1, blocked["reason"])
    put_blob(announced["upload"]["url"], b"hello")
    wait_for(lambda: in_state(api, customer, announced["id"], "in-sharepoint"), "the move")
    answer = api.call("POST", f"given-up/{entry['id']}/put-back")
    assert (answer.status_code, answer.json()["id"]) == (202, entry["id"])
    assert entry_of(api, announced["id"]) is None


@pytest.mark.parametrize("queue", ["webjobs-blobtrigger", TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE])
@pytest.mark.parametrize("form", ["{}", "[1, 2, {}]", '{{"key": {}}}', "\xff{}\x00"])
def test_a_message_that_nobody_can_read_is_kept_until_it_is_dismissed(
    api: Api, host_storage: Azurite, queue: str, form: str
):
    number = str(uuid.uuid4().int)

    poison(host_storage, queue, form.format(number).encode("latin-1"))

    entry = given_up(api, number)
    assert "can't be read" in entry["concerns"]
    assert api.call("DELETE", f"given-up/{entry['id']}").status_code == 204
    assert entry_of(api, number) is None
    with QueueServiceClient.from_connection_string(host_storage.connection_string) as service:
        assert list(service.list_queues(name_starts_with=f"{queue}-poison-poison")) == []


def test_all_are_put_back_at_once_and_counted(api: Api, host_storage: Azurite):
    keys = [f"c{uuid.uuid4().hex}/f1" for _ in range(3)]
    for key in keys:
        poison(host_storage, PUSHES_QUEUE, json.dumps({"key": key}).encode())
        assert given_up(api, key)["concerns"] == f"file f1 of customer {key[:-3]}"

    answer = api.call("POST", "given-up/put-back")

    assert (answer.status_code, answer.json()) == (202, {"putBack": 3})
    assert api.call("GET", "given-up").json() == {"items": []}


def test_what_is_not_there_is_a_problem_document(api: Api):
    for method, path in (("POST", "given-up/abc/put-back"), ("DELETE", "given-up/abc")):
        assert problem_of(api.call(method, path))["field"] == "id"
        assert api.call(method, path).status_code == 404
    assert problem_of(api.call("POST", "given-up/a~b/put-back"))["field"] == "id"
    assert problem_of(api.call("GET", "given-up?page=nonsense"))["field"] == "page"

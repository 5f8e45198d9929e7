"""shared/store/queues.py against Azurite."""

import base64
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.storage.queue import QueueClient

from shared.errors import NotFound
from shared.model.urgency import bulk
from shared.store.queues import StorageBodies, StorageKeyQueue, StorageTransferQueue, ToldOnce
from tools.functions_host.azurite import Azurite


@pytest.fixture
def queue(azurite: Azurite) -> Iterator[QueueClient]:
    with QueueClient.from_connection_string(azurite.connection_string, f"q{uuid.uuid4().hex}") as client:
        yield client


def test_a_message_is_base64_of_the_files_key(queue: QueueClient) -> None:
    queue.create_queue()

    StorageTransferQueue(queue).send("contoso", "f1")

    message = queue.receive_message()
    assert message is not None
    assert json.loads(base64.b64decode(message.content)) == {"customer": "contoso", "file": "f1"}


def test_what_bulk_work_sends_is_bulk_work_too(queue: QueueClient) -> None:
    queue.create_queue()

    with bulk():
        StorageTransferQueue(queue).send("contoso", "f1")
        StorageKeyQueue(queue).send("poll:b!d")

    messages = [json.loads(base64.b64decode(each.content)) for each in queue.receive_messages()]
    assert messages == [{"customer": "contoso", "file": "f1", "bulk": True}, {"key": "poll:b!d", "bulk": True}]


def test_a_delayed_message_is_not_seen_yet(queue: QueueClient) -> None:
    queue.create_queue()

    StorageTransferQueue(queue).send("contoso", "f1", 30.2)

    assert queue.receive_message() is None
    assert queue.get_queue_properties().approximate_message_count == 1


@pytest.mark.parametrize(("delay_s", "expected_s"), [(0.2, 1), (90, 90), (10**9, 7 * 24 * 3600), (-5, 0)])
def test_a_delay_is_whole_seconds_and_at_most_seven_days(
    delay_s: float, expected_s: int, queue: QueueClient, azurite: Azurite
) -> None:
    queue.create_queue()
    asked: list[str] = []
    watched = QueueClient.from_connection_string(
        azurite.connection_string,
        queue.queue_name,
        raw_request_hook=lambda request: asked.append(request.http_request.url),
    )

    with watched:
        StorageTransferQueue(watched).send("contoso", "f1", delay_s)

    assert [parse_qs(urlsplit(url).query)["visibilitytimeout"] for url in asked] == [[str(expected_s)]]


def test_the_longest_delay_is_taken_and_the_message_outlives_it(queue: QueueClient) -> None:
    queue.create_queue()

    StorageTransferQueue(queue).send("contoso", "f1", 10**9)

    assert queue.get_queue_properties().approximate_message_count == 1


def test_a_missing_queue_is_said(queue: QueueClient) -> None:
    with pytest.raises(NotFound, match="Queueing file f1 of customer contoso"):
        StorageTransferQueue(queue).send("contoso", "f1")


def test_messages_never_expire(queue: QueueClient) -> None:
    queue.create_queue()

    StorageTransferQueue(queue).send("contoso", "f1")

    message = queue.receive_message()
    assert message is not None
    assert message.expires_on is not None
    assert message.expires_on > datetime.now(UTC) + timedelta(days=365)


@pytest.mark.parametrize("key", ["b!dR-i_ve", "contoso/f1", "rename:contoso/ü//"])
def test_a_key_travels_as_it_is(queue: QueueClient, key: str) -> None:
    queue.create_queue()

    StorageKeyQueue(queue).send(key)

    message = queue.receive_message()
    assert message is not None
    assert json.loads(base64.b64decode(message.content)) == {"key": key}


def test_a_delayed_key_is_not_seen_yet(queue: QueueClient) -> None:
    queue.create_queue()

    StorageKeyQueue(queue).send("b!drive", 0.5)
    StorageKeyQueue(queue).send("b!drive", 10**9)

    assert queue.receive_message() is None
    assert queue.get_queue_properties().approximate_message_count == 2


def test_a_missing_queue_of_keys_is_said(queue: QueueClient) -> None:
    with pytest.raises(NotFound, match=f"Queueing b!drive in '{queue.queue_name}'"):
        StorageKeyQueue(queue).send("b!drive")


def test_a_text_goes_to_the_queue_of_that_name_as_it_is(queue: QueueClient) -> None:
    queue.create_queue()
    bodies = StorageBodies([queue])

    bodies.send(queue.queue_name, '{ "key":"ä" }')

    message = queue.receive_message()
    assert message is not None
    assert base64.b64decode(message.content).decode() == '{ "key":"ä" }'
    with pytest.raises(NotFound, match="no queue 'another'"):
        bodies.send("another", "{}")


def test_a_key_told_often_is_sent_once_in_two_seconds_and_waits_as_long(queue: QueueClient, azurite: Azurite) -> None:
    queue.create_queue()
    asked: list[str] = []
    with QueueClient.from_connection_string(
        azurite.connection_string,
        queue.queue_name,
        raw_request_hook=lambda request: asked.append(request.http_request.url),
    ) as watched:
        seconds = iter((100.0, 100.5, 101.9, 102.0, 103.5, 103.6))
        told = ToldOnce(StorageKeyQueue(watched), seconds.__next__)
        for key in ["contoso"] * 5 + ["fabrikam"]:
            told.tell(key)

    assert [parse_qs(urlsplit(url).query)["visibilitytimeout"] for url in asked] == [["2"]] * 3
    assert queue.get_queue_properties().approximate_message_count == 3


def test_a_key_that_could_not_be_sent_disturbs_nobody_and_is_sent_when_it_is_told_again(queue: QueueClient) -> None:
    told = ToldOnce(StorageKeyQueue(queue), lambda: 100.0)
    told.tell("contoso")
    queue.create_queue()

    told.tell("contoso")

    assert queue.get_queue_properties().approximate_message_count == 1

"""Storage and hosts for the tests of the local Functions host."""

import base64
import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost

APPS = Path(__file__).parent / "apps"
FAST = ("--poll-interval-ms", "50", "--queue-poll-ms", "100")


def wait_until[T](look: Callable[[], T], timeout_s: float = 60) -> T:
    """Look again and again until the answer is true; the last one otherwise."""
    deadline = time.monotonic() + timeout_s
    while not (answer := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return answer


def seen(host: LocalHost) -> list[dict[str, Any]]:
    """What the functions of an app printed of their calls."""
    return [
        json.loads(line[5:]) for line in host.log_text().splitlines() if line.startswith("SEEN ") and line[-1] == "}"
    ]


@dataclass
class World:
    """One test's own corner of storage."""

    connection_string: str
    blobs: BlobServiceClient
    queues: QueueServiceClient
    name: str = field(default_factory=lambda: "t" + uuid.uuid4().hex[:12])

    def settings(self, **more: str) -> dict[str, str]:
        names = {"QUEUE": self.name, "CONTAINER": self.name, "AzureFunctionsWebHost__hostid": self.name}
        return {"AzureWebJobsStorage": self.connection_string, "SCHEDULE": "0 0 0 1 1 *"} | names | more

    def host(self, app: str, *options: str, workers: int = 1, **settings: str) -> LocalHost:
        return LocalHost(APPS / app, self.settings(**settings), workers=workers, options=[*FAST, *options])

    def send(self, text: str, *, encode: bool = True, queue: str | None = None) -> None:
        body = base64.b64encode(text.encode()).decode() if encode else text
        self.queues.get_queue_client(queue or self.name).send_message(body)

    def upload(self, name: str, content: bytes | str, **more: Any) -> None:
        self.blobs.get_blob_client(self.name, name).upload_blob(content, overwrite=True, **more)

    def peek(self, queue: str) -> list[str]:
        client = self.queues.get_queue_client(queue)
        if not any(each.name == queue for each in self.queues.list_queues(name_starts_with=queue)):
            return []
        return [base64.b64decode(each.content).decode() for each in client.peek_messages(32)]

    def waiting(self) -> int:
        return self.queues.get_queue_client(self.name).get_queue_properties().approximate_message_count or 0


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    with Azurite() as running:
        yield running


def _world(azurite: Azurite) -> Iterator[World]:
    text = azurite.connection_string
    with (
        BlobServiceClient.from_connection_string(text) as blobs,
        QueueServiceClient.from_connection_string(text) as queues,
    ):
        made = World(text, blobs, queues)
        queues.create_queue(made.name)
        blobs.create_container(made.name)
        yield made


@pytest.fixture
def world(azurite: Azurite) -> Iterator[World]:
    yield from _world(azurite)


@pytest.fixture(scope="module")
def module_world(azurite: Azurite) -> Iterator[World]:
    yield from _world(azurite)


def of(calls: Sequence[dict[str, Any]], function: str) -> list[dict[str, Any]]:
    """The calls of one function."""
    return [each for each in calls if each.get("function") == function]

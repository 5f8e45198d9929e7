"""Moment Cloud's container and the app's queues, in memory."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from shared.errors import NotFound, PreconditionFailed
from shared.model.stored import BlobFacts, Page, UploadedBlock
from tests.simulation.model_hosts import Network, System


class ModelBlobs:
    """The Blobs port. `before_release` hears of each version right before it is deleted."""

    def __init__(self, network: Network, before_release: Callable[[str, bytes], None]) -> None:
        self._network = network
        self._before_release = before_release
        self._numbers = count(1)
        self.stored: dict[str, tuple[BlobFacts, bytes]] = {}

    def put(self, name: str, content: bytes) -> None:
        """What a person does with an upload URL."""
        facts = BlobFacts(name, f"0x{next(self._numbers)}", len(content), "text/plain", {}, self._network.clock())
        self.stored[name] = facts, content

    def find(self, blob_name: str) -> BlobFacts | None:
        return self._network.ask(System.BLOBS, lambda: self.stored.get(blob_name, (None,))[0], writes=False)

    def list(self, prefix: str, page_token: str | None, limit: int) -> Page[BlobFacts]:
        def read() -> Page[BlobFacts]:
            names = sorted(name for name in self.stored if name.startswith(prefix) and name > (page_token or ""))
            token = names[limit - 1] if len(names) > limit else None
            return Page([self.stored[name][0] for name in names[:limit]], token)

        return self._network.ask(System.BLOBS, read, writes=False)

    def read(self, blob_name: str, etag: str, start: int, size_bytes: int) -> bytes:
        def read() -> bytes:
            return self._exactly(blob_name, etag)[1][start : start + size_bytes]

        return self._network.ask(System.BLOBS, read, writes=False)

    def release(self, blob_name: str, etag: str) -> None:
        def delete() -> None:
            if blob_name in self.stored:
                self._before_release(*(blob_name, self._exactly(blob_name, etag)[1]))
                del self.stored[blob_name]

        self._network.ask(System.BLOBS, delete)

    def uncommitted_blocks(self, blob_name: str) -> Sequence[UploadedBlock]:
        return []

    def upload_url(self, blob_name: str, expires_at: datetime) -> str:
        return blob_name

    def read_url(self, blob_name: str, expires_at: datetime, file_name: str) -> str:
        return blob_name

    def _exactly(self, blob_name: str, etag: str) -> tuple[BlobFacts, bytes]:
        if blob_name not in self.stored:
            raise NotFound(f"There is no blob {blob_name}.")
        facts, content = self.stored[blob_name]
        if facts.etag != etag:
            raise PreconditionFailed(f"The blob {blob_name} was overwritten.")
        return facts, content


@dataclass(frozen=True, slots=True)
class Message:
    """One key of a queue. `times` counts how often it was taken."""

    queue: str
    key: str
    sent_at: datetime
    visible_at: datetime
    times: int = 0


@dataclass(slots=True)
class ModelQueues:
    """All queues. What is taken is gone; whoever could not do it puts it back."""

    network: Network
    messages: list[Message] = field(default_factory=list)

    def put(self, queue: str, key: str, delay_s: float = 0) -> None:
        now = self.network.clock()
        self.messages.append(Message(queue, key, now, now + timedelta(seconds=delay_s)))

    def due(self) -> list[Message]:
        return [each for each in self.messages if each.visible_at <= self.network.clock()]

    def take(self, message: Message) -> Message:
        self.messages.remove(message)
        return replace(message, times=message.times + 1)

    def put_back(self, message: Message, delay_s: float) -> None:
        self.messages.append(replace(message, visible_at=self.network.clock() + timedelta(seconds=delay_s)))

    def to(self, queue: str) -> "KeysOf":
        return KeysOf(self, queue)


@dataclass(frozen=True, slots=True)
class KeysOf:
    """The KeyQueue port of one queue."""

    queues: ModelQueues
    queue: str

    def send(self, key: str, delay_s: float = 0) -> None:
        self.queues.network.ask(System.QUEUES, lambda: self.queues.put(self.queue, key, delay_s))


@dataclass(frozen=True, slots=True)
class Transfers:
    """The TransferQueue port."""

    queues: ModelQueues

    def send(self, customer: str, file_id: str, delay_s: float = 0) -> None:
        KeysOf(self.queues, "transfers").send(f"{customer}/{file_id}", delay_s)


@dataclass(frozen=True, slots=True)
class Bodies:
    """Every queue by name, for what is put back."""

    queues: ModelQueues

    def send(self, queue: str, body: str) -> None:
        told = json.loads(body)
        self.queues.put(queue, told.get("key") or f"{told['customer']}/{told['file']}")

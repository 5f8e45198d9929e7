"""The queues of files to transfer and of libraries, files, parts and customers to look at (TransferQueue, KeyQueue).

A message is a key, never an order: base64 of a JSON object, as the Functions queue trigger expects by default.
Two messages of the same key are harmless. One that bulk work sends has `"bulk": true`, so that what it leads to is bulk
work too.
"""

import base64
import json
import logging
import math
import threading
from collections.abc import Callable, Iterable, Mapping

from azure.storage.queue import QueueClient

from shared.errors import MomentError, NotFound
from shared.model.urgency import is_bulk
from shared.store.azure_errors import our_errors

MAX_DELAY_S = 7 * 24 * 3600
"""Put Message (learn.microsoft.com): visibilitytimeout is at most 7 days."""

_NEVER_EXPIRES = -1
_TOLD_FOR_S = 2
_log = logging.getLogger(__name__)


class StorageTransferQueue:
    """Sends `{"customer": …, "file": …}` to one queue. The client has no encode policy: this module encodes."""

    def __init__(self, queue: QueueClient) -> None:
        self._queue = queue

    def send(self, customer: str, file_id: str, delay_s: float = 0) -> None:
        """Look at this file again after the delay (rounded up to seconds, 7 days at most)."""
        with our_errors(f"Queueing file {file_id} of customer {customer}"):
            _send(self._queue, {"customer": customer, "file": file_id}, delay_s)


class StorageKeyQueue:
    """Sends `{"key": …}` to one queue. The client has no encode policy: this module encodes."""

    def __init__(self, queue: QueueClient) -> None:
        self._queue = queue

    def send(self, key: str, delay_s: float = 0) -> None:
        """Look at this key after the delay (rounded up to seconds, 7 days at most)."""
        with our_errors(f"Queueing {key} in '{self._queue.queue_name}'"):
            _send(self._queue, {"key": key}, delay_s)


class ToldOnce:
    """Sends a key at most once in two seconds, however often it is told, and has the message wait for as long.

    So whatever was done before it was told is done when the message is taken. `monotonic` gives seconds.
    """

    def __init__(self, queue: StorageKeyQueue, monotonic: Callable[[], float]) -> None:
        self._queue = queue
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._told: dict[str, float] = {}

    def tell(self, key: str) -> None:
        """Have the key looked at. A queue that can't be reached is logged: what was done is done."""
        now = self._monotonic()
        with self._lock:
            if now < self._told.get(key, now):
                return
            still = {each: until for each, until in self._told.items() if now < until}
            self._told = still | {key: now + _TOLD_FOR_S}
        try:
            self._queue.send(key, _TOLD_FOR_S)
        except MomentError:
            _log.exception("a message could not be sent", extra={"key": key})
            with self._lock:
                self._told.pop(key, None)


class StorageBodies:
    """Sends the text of a message as it is, to the queue of that name."""

    def __init__(self, queues: Iterable[QueueClient]) -> None:
        self._queues = {queue.queue_name: queue for queue in queues}

    def send(self, queue: str, body: str) -> None:
        """Put a message on a queue again. Raises NotFound for a queue that is none of the app's."""
        client = self._queues.get(queue)
        if client is None:
            raise NotFound(f"The app has no queue '{queue}'.")
        with our_errors(f"Queueing a message in '{queue}'"):
            _send_text(client, body, 0)


def _send(queue: QueueClient, message: Mapping[str, str], delay_s: float) -> None:
    marked = {**message, "bulk": True} if is_bulk() else message
    _send_text(queue, json.dumps(marked, separators=(",", ":")), delay_s)


def _send_text(queue: QueueClient, text: str, delay_s: float) -> None:
    delay = min(max(math.ceil(delay_s), 0), MAX_DELAY_S)
    queue.send_message(base64.b64encode(text.encode()).decode(), visibility_timeout=delay, time_to_live=_NEVER_EXPIRES)

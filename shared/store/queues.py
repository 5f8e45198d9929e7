"""The queue of files to look at again (the TransferQueue port).

A message is a key, never an order: base64 of `{"customer": …, "file": …}`, as the Functions queue trigger expects by
default. Two messages of the same file are harmless.
"""

import base64
import json
import math

from azure.storage.queue import QueueClient

from shared.store.azure_errors import our_errors

MAX_DELAY_S = 7 * 24 * 3600
"""Put Message (learn.microsoft.com): visibilitytimeout is at most 7 days."""

_NEVER_EXPIRES = -1


class StorageTransferQueue:
    """Sends to one queue. The client has no encode policy: this class encodes."""

    def __init__(self, queue: QueueClient) -> None:
        self._queue = queue

    def send(self, customer: str, file_id: str, delay_s: float = 0) -> None:
        """Look at this file again after the delay (rounded up to seconds, 7 days at most)."""
        key = json.dumps({"customer": customer, "file": file_id}, separators=(",", ":"))
        delay = min(max(math.ceil(delay_s), 0), MAX_DELAY_S)
        with our_errors(f"Queueing file {file_id} of customer {customer}"):
            self._queue.send_message(
                base64.b64encode(key.encode()).decode(), visibility_timeout=delay, time_to_live=_NEVER_EXPIRES
            )

"""How many messages wait in the app's queues, and which were given up.

Queues are those that the account has: the app's own, the control queue of the host's blob trigger, and the poison queue
of each, which exists only once something was given up.
"""

import contextlib
from collections.abc import Iterator

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueServiceClient

_POISON = "-poison"


class Queues:
    """Reads their lengths; messages that are hidden for now count too."""

    def __init__(self, connection_string: str) -> None:
        self._service = QueueServiceClient.from_connection_string(connection_string)

    def waiting(self) -> dict[str, int]:
        """The queues that are not empty, poison queues left out."""
        return {name: count for name, count in self._lengths() if count and not name.endswith(_POISON)}

    def poisoned(self) -> dict[str, int]:
        """The poison queues that are not empty."""
        return {name: count for name, count in self._lengths() if count and name.endswith(_POISON)}

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def _lengths(self) -> Iterator[tuple[str, int]]:
        for queue in self._service.list_queues():
            with contextlib.suppress(ResourceNotFoundError), self._service.get_queue_client(queue.name) as client:
                yield queue.name, client.get_queue_properties().approximate_message_count or 0

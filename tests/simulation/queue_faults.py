"""What may happen to the messages of the app's queues: doubled, late, out of order, each as a real queue allows it.

https://learn.microsoft.com/rest/api/storageservices/get-messages: at least once, in no order. Taking a message counts
as a delivery, and the fifth one that fails gives it up, so a message that was delivered more than twice is left alone.
"""

from random import Random

from azure.storage.queue import QueueClient, QueueServiceClient

from shared.settings import CHANGES_QUEUE, INDEXING_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, TRANSFERS_QUEUE

QUEUES = (TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, INDEXING_QUEUE)
_NEVER_EXPIRES = -1
_MOST_DELIVERIES = 2


class QueueFaults:
    """Strikes at whatever waits in one of the queues now; each method tells whether there was anything."""

    def __init__(self, queues: QueueServiceClient, random: Random) -> None:
        self._queues = queues
        self._random = random

    def doubled(self) -> bool:
        """The same message a second time."""
        for queue in self._shuffled():
            for message in queue.peek_messages(max_messages=1):
                queue.send_message(message.content, time_to_live=_NEVER_EXPIRES)
                return True
        return False

    def late(self) -> bool:
        """A message that stays away for some seconds."""
        return any(self._held_back(queue, 1, (2, 5)) for queue in self._shuffled())

    def reordered(self) -> bool:
        """Messages that come back one after another, in any order, while others pass."""
        return any(self._held_back(queue, 8, (0, 3)) > 1 for queue in self._shuffled())

    def _shuffled(self) -> list[QueueClient]:
        return [self._queues.get_queue_client(name) for name in self._random.sample(QUEUES, len(QUEUES))]

    def _held_back(self, queue: QueueClient, most: int, seconds: tuple[int, int]) -> int:
        taken = list(queue.receive_messages(max_messages=most, messages_per_page=most, visibility_timeout=1))
        held = 0
        for message in taken:
            may = (message.dequeue_count or 0) <= _MOST_DELIVERIES
            queue.update_message(message, visibility_timeout=self._random.randint(*seconds) if may else 0)
            held += may
        return held

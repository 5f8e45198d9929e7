"""Wishes to pull a library that meet another pull's lease: they come again through the queue, soon and few.

A wish looks again after seconds, not when the lease would end by itself: a pull takes less than its lease. While a
long pull goes on, notifications keep coming. So one message is good for all wishes of its library that meet the lease
within two seconds after it was sent, in this process. It is safe to leave those out: that message is dropped only for a
pull that began more than five seconds after it (shared/sync/ingest.py), and so after them, however clocks differ within
those five seconds less two.
"""

import threading
from datetime import datetime, timedelta

from shared.sync.change_ports import KeyQueue
from shared.sync.ports import Clock

LOOK_AGAIN_S = 6.0
"""More than the clocks may differ, so that of several messages that waited the first one's pull is good for all."""
_GOOD_FOR = timedelta(seconds=2)


class WaitingWishes:
    """Sends them. Safe for threads."""

    def __init__(self, pulls: KeyQueue, clock: Clock) -> None:
        self._pulls = pulls
        self._clock = clock
        self._lock = threading.Lock()
        self._good_until: dict[str, datetime] = {}

    def again(self, key: str, rest_s: float) -> None:
        """Have the key come again; `rest_s` is how long the lease would last."""
        now = self._clock()
        with self._lock:
            if now < self._good_until.get(key, now):
                return
        self._pulls.send(key, min(rest_s + 1, LOOK_AGAIN_S))
        with self._lock:
            still = {each: until for each, until in self._good_until.items() if now < until}
            self._good_until = still | {key: now + _GOOD_FOR}

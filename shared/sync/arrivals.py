"""Lets a single file overtake a crowd: the first few blobs of a customer are taken on at once, the rest queue as bulk.

The platform hands blobs over in the order in which they came, so that behind thousands that somebody dropped at once
somebody else's single file would wait until all of them had moved. To queue a blob again takes a few milliseconds. The
queue of transfers then moves the crowd as bulk work (shared/model/urgency.py), which leaves people their share of
SharePoint's budget too. Counted in each process for itself; a blob that comes again, because it failed, is not counted
again.
"""

import json
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.settings import TRANSFERS_QUEUE
from shared.sync.change_ports import MessageBodies
from shared.sync.ports import Clock

AT_ONCE = 10
"""So many blobs of a customer within `WITHIN` are somebody's single files."""
TOGETHER = 45
"""Of customers whose blobs come within the same minute, each has its part of so many instead,"""
AT_LEAST = 3
"""but never less than these."""
WITHIN = timedelta(seconds=60)


class Arrivals:
    """Takes the blob trigger's word. `take_on` moves a blob's file. Safe for threads."""

    def __init__(self, take_on: Callable[[str], None], bodies: MessageBodies, clock: Clock) -> None:
        self._take_on = take_on
        self._bodies = bodies
        self._clock = clock
        self._lock = threading.Lock()
        self._lately: OrderedDict[str, deque[tuple[datetime, str]]] = OrderedDict()
        """The last blobs of each customer; who came last is at the end."""

    def arrived(self, blob_name: str) -> None:
        """A blob is in the container: take it on, or have it wait for its turn."""
        if self._is_of_a_crowd(blob_name):
            self._bodies.send(TRANSFERS_QUEUE, json.dumps({"blob": blob_name, "bulk": True}, separators=(",", ":")))
        else:
            self._take_on(blob_name)

    def _is_of_a_crowd(self, blob_name: str) -> bool:
        """Blobs that wait count too: a crowd is one for as long as it comes."""
        now, customer = self._clock(), blob_name.partition("/")[0]
        with self._lock:
            self._forget(now - WITHIN)
            lately = self._lately.setdefault(customer, deque(maxlen=AT_ONCE))
            if any(name == blob_name for _, name in lately):
                return False
            first = min(AT_ONCE, max(AT_LEAST, TOGETHER // len(self._lately)))
            crowd = sum(at >= now - WITHIN for at, _ in lately) >= first
            lately.append((now, blob_name))
            self._lately.move_to_end(customer)
            return crowd

    def _forget(self, before: datetime) -> None:
        while self._lately and next(iter(self._lately.values()))[-1][0] < before:
            self._lately.popitem(last=False)

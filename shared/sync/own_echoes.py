"""Notifications of what we write ourselves: while files of ours are on their way into a library, its pulls rest.

SharePoint tells of each file that we send. A pull for each second of that finds nothing but our own files, at two
requests each. So a notification that arrives while a file of its customer is being sent becomes a message that comes
five seconds later and pulls in any case; until then it is good for all notifications of that library in this process.
What people do in the same library meanwhile is followed those seconds later, and at once when nothing of ours moves.
"""

import threading
from datetime import UTC, datetime, timedelta

from shared.sync.change_ports import KeyQueue, Libraries, PulledFiles
from shared.sync.ports import Clock

RESTED = "rested"
"""The kind of the message's key, before the drive's id."""
ALWAYS = datetime.max.replace(tzinfo=UTC)
"""When a pull is wanted that no earlier one can stand for."""
REST_S = 5.0


class OwnEchoes:
    """Decides whether a library rests. Safe for threads."""

    def __init__(self, libraries: Libraries, files: PulledFiles, pulls: KeyQueue, clock: Clock) -> None:
        self._libraries = libraries
        self._files = files
        self._pulls = pulls
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[str, datetime] = {}

    def rests(self, drive_id: str) -> bool:
        """Whether a notification of this library needs nothing now, because a message is on its way that pulls later.

        The time is taken before that message is sent, so that it never comes before the time is over.
        """
        now = self._clock()
        with self._lock:
            if now < self._until.get(drive_id, now):
                return True
        state = self._libraries.find(drive_id)
        if state is None or not self._files.is_sending(state.customer):
            return False
        self._pulls.send(f"{RESTED}:{drive_id}", REST_S)
        with self._lock:
            still = {each: until for each, until in self._until.items() if now < until}
            self._until = still | {drive_id: now + timedelta(seconds=REST_S)}
        return True

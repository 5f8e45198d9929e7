"""What was sent to subscribers, for tests to count and people to see; no client state and no query strings."""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from tools.sharepoint.state.clock import iso

MAX_ROWS = 50_000


@dataclass(slots=True)
class SentRow:
    """One request to an endpoint, or one notification that was not sent.

    ``status`` 0: no answer. ``outcome``: accepted, retried, given up, lost (a fault), silent (a fault), dropped (the
    endpoint is too slow) or paused (reauthorization is due).
    """

    n: int
    time: float
    kind: str
    url: str
    subscriptions: list[str]
    attempt: int
    status: int
    ms: float
    outcome: str
    event: str = ""


@dataclass(slots=True)
class NotificationLog:
    """The latest rows."""

    rows: deque[SentRow] = field(default_factory=lambda: deque(maxlen=MAX_ROWS))
    last: int = 0

    def add(self, **columns: Any) -> None:
        """Write a row; the columns are those of :class:`SentRow` without ``n``."""
        self.last += 1
        columns["url"] = columns["url"].partition("?")[0]
        self.rows.append(SentRow(n=self.last, **columns))

    def report(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the rows after number ``since``."""
        return [asdict(row) | {"time": iso(row.time), "at": row.time} for row in self.rows if row.n > since]

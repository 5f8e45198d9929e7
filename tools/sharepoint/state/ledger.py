"""The ledger: every request with what it cost, so that tests can assert counts and people can see traffic."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from tools.sharepoint.state.clock import iso

MAX_ENTRIES = 200_000


@dataclass(slots=True)
class Entry:
    """One request and its answer."""

    n: int
    time: float
    method: str
    route: str
    path: str
    status: int
    ru: int
    bytes_in: int
    bytes_out: int
    user_agent: str
    client_request_id: str
    began: float = 0.0
    """When it arrived; ``time`` is when its answer was written."""
    ahead_s: float = 0.0
    """How far the clock had been moved on when it arrived."""
    retry_after_s: float = 0.0
    """What a refusal asked its sender to wait; 0: nothing was asked."""


@dataclass(slots=True)
class Totals:
    """Sums over entries."""

    requests: int = 0
    ru: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    errors: int = 0

    def add(self, entry: Entry) -> None:
        """Count one more entry."""
        self.requests += 1
        self.ru += entry.ru
        self.bytes_in += entry.bytes_in
        self.bytes_out += entry.bytes_out
        self.errors += entry.status >= 400 or entry.status == 0


class Ledger:
    """The latest requests; totals count those that fell out as well."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._next = 1
        self._totals = Totals()
        self._by_route: dict[str, Totals] = {}

    def add(self, **columns: Any) -> None:
        """Write down a request; the columns are those of :class:`Entry` without ``n``."""
        entry = Entry(n=self._next, **columns)
        self._next += 1
        self._entries.append(entry)
        self._totals.add(entry)
        self._by_route.setdefault(f"{entry.method} {entry.route}", Totals()).add(entry)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._totals = Totals()
        self._by_route = {}

    def report(self, since: int = 0) -> dict[str, Any]:
        """Return the entries after number ``since`` and the totals of all."""
        entries = [
            asdict(entry) | {"time": iso(entry.time), "at": entry.time} for entry in self._entries if entry.n > since
        ]
        return {
            "requests": entries,
            "totals": asdict(self._totals),
            "totals_by_route": {route: asdict(totals) for route, totals in sorted(self._by_route.items())},
        }

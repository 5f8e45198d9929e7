"""Counts the requests that pass one or several `Between`, and calls somebody at one of them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Call = Callable[[], None]
Counts = Callable[[str, str, Mapping[str, str]], bool]
"""Whether a request counts, by method, path with query, and headers."""


def everything(method: str, path: str, headers: Mapping[str, str]) -> bool:
    """Every request counts."""
    return True


@dataclass(slots=True)
class Turn:
    """What is to be called around one request."""

    before: Call | None = None
    after: Call | None = None


class Crossing:
    """One counter; several `Between` may share it, and then their requests are counted together. Safe for threads."""

    def __init__(self, counts: Counts = everything) -> None:
        self.counts = counts
        self.arrived = 0
        self.forwarded = 0
        self.last = ""
        """Method and path of the newest request that counted, without its query."""
        self._lock = threading.Lock()
        self._turns: dict[int, Turn] = {}

    def before(self, nth: int, call: Call) -> None:
        """Call it when the nth request from now arrives, which is then not forwarded."""
        with self._lock:
            self._turns.setdefault(self.arrived + nth, Turn()).before = call

    def after(self, nth: int, call: Call) -> None:
        """Call it when the nth request from now has been answered, before the answer goes back."""
        with self._lock:
            self._turns.setdefault(self.arrived + nth, Turn()).after = call

    def forget(self) -> None:
        """Call nobody any more."""
        with self._lock:
            self._turns.clear()

    def arrive(self, method: str, path: str, headers: Mapping[str, str]) -> Turn:
        """Count a request; gives what is to be called around it."""
        if not self.counts(method, path, headers):
            return Turn()
        with self._lock:
            self.arrived += 1
            self.last = f"{method} {path.partition('?')[0]}"
            return self._turns.pop(self.arrived, None) or Turn()

    def forward(self) -> None:
        """Count one that went on to the service."""
        with self._lock:
            self.forwarded += 1

"""A clock that tests can move, because expiry and throttling windows are otherwise too slow to wait for."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, plus whatever the control plane has added."""

    def __init__(self) -> None:
        self._offset_s = 0.0

    def now(self) -> float:
        """Return the current time in seconds since 1970."""
        return time.time() + self._offset_s

    @property
    def ahead_s(self) -> float:
        """How far it was moved on."""
        return self._offset_s

    def advance(self, seconds: float) -> None:
        """Move time forward (or, with a negative number, back)."""
        self._offset_s += seconds

    def reset(self) -> None:
        """Go back to real time."""
        self._offset_s = 0.0


def iso(seconds: float) -> str:
    """Write a time as Graph does; SharePoint Online keeps whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text: str) -> float:
    """Read an ISO 8601 time; a time without an offset counts as UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

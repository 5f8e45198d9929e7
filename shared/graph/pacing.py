"""When the next request may go out: nothing leaves this process before a Retry-After has passed.

SharePoint throttles the app, not the request, and counts refused requests as well, so one refusal holds back every
thread (https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online).
`Pacing` is all that the transport knows; a budget shared by all instances takes this gate's place by matching it.
"""

import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Protocol


class Pacing(Protocol):
    """Decides how long a request waits before it may be sent."""

    def ahead_s(self) -> float:
        """Seconds until a request may go out; 0 means now."""

    def hold(self, delay_s: float) -> None:
        """Let nothing out for this long from now on. A shorter hold never ends a longer one."""


class ProcessGate:
    """The pacing of one process. Safe for threads; `monotonic` counts seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._open_at = float("-inf")

    def ahead_s(self) -> float:
        """Seconds until the gate opens."""
        return max(0.0, self._open_at - self._monotonic())

    def hold(self, delay_s: float) -> None:
        """Close the gate for `delay_s`."""
        with self._lock:
            self._open_at = max(self._open_at, self._monotonic() + delay_s)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long a refusal asks us to wait: the longer of Retry-After and RateLimit-Reset; None where it says nothing."""
    asked = (_delay(headers, "Retry-After"), _seconds(headers.get("RateLimit-Reset", "")))
    known = [each for each in asked if each is not None]
    return max(known) if known else None


def exhausted_for_s(headers: Mapping[str, str]) -> float:
    """Until when an answer of any status says that the minute's resource units are used up; 0 where some are left."""
    remaining = _seconds(headers.get("RateLimit-Remaining", ""))
    if remaining is None or remaining > 0:
        return 0.0
    return _seconds(headers.get("RateLimit-Reset", "")) or 0.0


def _delay(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "")
    return _seconds(text) if _seconds(text) is not None else _until(text, headers.get("Date", ""))


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None


def _until(moment: str, now: str) -> float | None:
    """A Retry-After that is a date, measured by the server's own clock."""
    try:
        return max(0.0, (parsedate_to_datetime(moment) - parsedate_to_datetime(now)).total_seconds())
    except (TypeError, ValueError):
        return None

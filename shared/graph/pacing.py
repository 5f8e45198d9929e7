"""When the next request may go out: what the transport asks, and what the headers of answers say of it.

SharePoint throttles the app, not the request, and counts refused requests as well, so one refusal holds back every
thread (https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online).
`Pacing` is all that the transport knows; shared/graph/unit_budget.py is the one that does it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol

_LONGEST_S = 86_400.0
"""A day: the longest of SharePoint's budgets. What asks for more would have all files wait for ever."""
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may go out yet."""

    seconds: float
    reason: str
    """A sentence for people."""
    asked: bool
    """Whether SharePoint asked for it with Retry-After; else it is our own budget."""


class Pacing(Protocol):
    """Decides when a request may be sent. Safe for threads. Raises TransientError where it can't tell now."""

    def take(self, units: int) -> Wait | None:
        """Take the units of one request, which is sent at once. A Wait says that nothing was taken."""

    def ready(self, units: int) -> Wait | None:
        """Whether so many could be taken now; takes nothing."""

    def hold(self, delay_s: float) -> None:
        """Let nothing out for this long from now on. A shorter hold never ends a longer one."""

    def heard(self, remaining_units: int, reset_s: float) -> None:
        """An answer said how many units are left until SharePoint's minute ends."""


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long a refusal asks us to wait: the longer of Retry-After and RateLimit-Reset, a day at most.

    None where it says nothing.
    """
    asked = (_delay(headers, "Retry-After"), _number(headers.get("RateLimit-Reset", "")))
    known = [each for each in asked if each is not None]
    return min(max(known), _LONGEST_S) if known else None


def remaining_units(headers: Mapping[str, str]) -> tuple[int, float] | None:
    """What an answer of any status says is left of the minute, and for how many seconds; None where it says nothing.

    SharePoint says so once 80 % are used.
    """
    remaining, reset_s = _number(headers.get("RateLimit-Remaining", "")), _number(headers.get("RateLimit-Reset", ""))
    return None if remaining is None or reset_s is None else (int(remaining), min(reset_s, _LONGEST_S))


def _delay(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "")
    seconds = _number(text)
    return seconds if seconds is not None else _until(text, headers.get("Date", ""))


def _number(text: str) -> float | None:
    """None for what is no whole number, or so long that it is none of SharePoint's."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _until(moment: str, now: str) -> float | None:
    """A Retry-After that is a date, measured by the server's own clock."""
    try:
        return max(0.0, (parsedate_to_datetime(moment) - parsedate_to_datetime(now)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None

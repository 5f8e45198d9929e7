"""Faults of the channels that tell of changes: notifications and delta. All are counted down or end by themselves.

What they imitate: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks (lost, late and doubled
notifications) and https://learn.microsoft.com/graph/api/driveitem-delta (repeated items, late and missing ones).
"""

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.errors import invalid_request

DAY_S = 86_400
_NOT_ASKED_FOR = {"silent_until", "taken"}


@dataclass(slots=True)
class ChangeFaults:
    """How often each is still to happen; ``silent_until`` is a time, the lag, the delay and the days are amounts."""

    notifications_lost: int = 0
    notifications_doubled: int = 0
    notifications_delayed: int = 0
    notifications_delay_s: float = 5.0
    silent_until: float = 0.0
    delta_lag_ms: float = 0.0
    missing_tombstones: int = 0
    unchanged_items: int = 0
    repeated_items: int = 0
    empty_pages: int = 0
    old_dates: int = 0
    old_dates_days: float = 400.0
    taken: Counter[str] = field(default_factory=Counter)
    """How often each has happened; a silence and a lag are no events and not counted."""

    def ask(self, script: dict[str, Any], now: float) -> bool:
        """Take in what is about changes; return whether all of the script was."""
        wanted = dict(script)
        silent_s = wanted.pop("notifications_silent_s", None)
        known = {each.name for each in fields(self)} - _NOT_ASKED_FOR
        if not script or not set(wanted) <= known:
            return False
        try:
            for name, value in wanted.items():
                setattr(self, name, type(getattr(self, name))(value))
            if silent_s is not None:
                self.silent_until = now + float(silent_s)
        except (TypeError, ValueError):
            raise invalid_request(f"A number is needed in {script}") from None
        return True

    def take(self, name: str) -> bool:
        """Count one occurrence down and tell whether there was one left."""
        left = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        self.taken[name] += 1
        return True

    def take_all(self, name: str) -> int:
        """Return how many are asked for, and forget them."""
        wanted = int(getattr(self, name))
        setattr(self, name, 0)
        self.taken[name] += wanted
        return wanted

    def visible_until(self, now: float) -> float:
        """Return the time of the newest change that delta shows already."""
        return now - self.delta_lag_ms / 1000

    def report(self) -> dict[str, Any]:
        """Return what is pending."""
        silent = iso(self.silent_until) if self.silent_until else None
        pending = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _NOT_ASKED_FOR}
        return pending | {"silent_until": silent}

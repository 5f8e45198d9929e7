"""Resource units: what each answer costs, and when an application has used up its share.

https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
"""

import math
from dataclasses import dataclass

from tools.sharepoint.state.errors import GraphError

MINUTE_S = 60.0
DAY_S = 86_400.0
WARNING_SHARE = 0.8


@dataclass(slots=True)
class _Window:
    length_s: float
    limit: int
    begins_at: float = 0.0
    used: int = 0

    def charge(self, units: int, now: float) -> bool:
        """Count the units and tell whether they still fit; a refused request counts as well."""
        if not self.begins_at <= now < self.begins_at + self.length_s:
            self.begins_at, self.used = now, 0
        self.used += units
        return not self.limit or self.used <= self.limit

    def seconds_left(self, now: float) -> int:
        return max(1, math.ceil(self.begins_at + self.length_s - now))


class Budget:
    """The resource units of all applications together; a limit of 0 means that nothing is refused."""

    def __init__(self, per_minute: int = 0, per_day: int = 0) -> None:
        self._minute = _Window(MINUTE_S, per_minute)
        self._day = _Window(DAY_S, per_day)

    def set_limits(self, per_minute: int, per_day: int) -> None:
        """Change the limits and start counting anew."""
        self._minute = _Window(MINUTE_S, per_minute)
        self._day = _Window(DAY_S, per_day)

    def charge(self, units: int, now: float) -> dict[str, str]:
        """Count a request; raise 429 when it exceeds the budget, else return the headers to send along."""
        fits_minute = self._minute.charge(units, now)
        fits_day = self._day.charge(units, now)
        headers = self._rate_limit_headers(now)
        if fits_minute and fits_day:
            return headers
        window = self._day if not fits_day else self._minute
        headers["Retry-After"] = str(window.seconds_left(now))
        raise throttled(headers)

    def _rate_limit_headers(self, now: float) -> dict[str, str]:
        window = self._minute
        if not window.limit or window.used < WARNING_SHARE * window.limit:
            return {}
        return {
            "RateLimit-Limit": str(window.limit),
            "RateLimit-Remaining": str(max(0, window.limit - window.used)),
            "RateLimit-Reset": str(window.seconds_left(now)),
        }


def throttled(headers: dict[str, str]) -> GraphError:
    """429 as SharePoint words it."""
    return GraphError(429, "activityLimitReached", "The request has been throttled", ("throttledRequest",), headers)

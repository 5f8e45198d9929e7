"""NCRONTAB schedules: six fields, seconds first, in UTC.

Page: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions. Day of month and
day of week must both match, the week is 0 to 6, and what classic cron dialects add is refused as the real parser does.
"""

import itertools
import re
from datetime import datetime

from croniter import CroniterError, croniter

from .settings import SettingsError

_ALLOWED = re.compile(r"^(\*|[A-Za-z]{3}|\d+)(-([A-Za-z]{3}|\d+))?(/\d+)?$")


class Schedule:
    """When a timer is due."""

    def __init__(self, expression: str) -> None:
        fields = expression.split()
        if len(fields) == 5:
            fields.insert(0, "0")
        if len(fields) != 6 or not all(_ALLOWED.match(part) for field in fields for part in field.split(",")):
            raise SettingsError(f"{expression!r} is not a schedule of six fields such as '0 */5 * * * *'")
        if "7" in re.split(r"[,\-/]", fields[5]):
            raise SettingsError(f"{expression!r}: the day of the week is 0 (Sunday) to 6")
        self._expression = " ".join(fields)
        try:
            croniter(self._expression, second_at_beginning=True)
        except (CroniterError, ValueError, KeyError) as error:
            raise SettingsError(f"{expression!r} is not a schedule: {error}") from error

    def next_after(self, moment: datetime) -> datetime:
        """Give the first time after `moment` at which it is due."""
        due: datetime = croniter(self._expression, moment, second_at_beginning=True, day_or=False).get_next(datetime)
        return due

    def shortest_gap_s(self, moment: datetime) -> float:
        """Give the shortest time between its next few runs."""
        due = [moment]
        for _ in range(5):
            due.append(self.next_after(due[-1]))
        return min((later - earlier).total_seconds() for earlier, later in itertools.pairwise(due[1:]))

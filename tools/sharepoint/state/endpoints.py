"""How fast the subscribers' endpoints answer, and what becomes of notifications to slow ones.

https://learn.microsoft.com/graph/change-notifications-delivery-webhooks: more than 10 % of the answers in ten minutes
slower than ten seconds, and notifications are delayed by ten seconds; more than 15 %, and they are dropped for up to
ten minutes and cannot be had again.
"""

from collections import deque
from dataclasses import dataclass, field

WINDOW_S = 600.0
SLOW_SHARE = 0.10
DROP_SHARE = 0.15


@dataclass(slots=True)
class Endpoint:
    """The answers of one host in the last ten minutes: when, and whether it was slow."""

    answers: deque[tuple[float, bool]] = field(default_factory=deque)
    dropped_until: float = 0.0

    def note(self, now: float, *, slow: bool, minimum: int) -> None:
        """Count an answer; ``minimum`` is the number of answers below which nobody is punished."""
        self.answers.append((now, slow))
        if self._slow_share(now, minimum) > DROP_SHARE:
            self.dropped_until = now + WINDOW_S
            self.answers.clear()

    def is_slow(self, now: float, minimum: int) -> bool:
        """Whether notifications are delayed."""
        return self._slow_share(now, minimum) > SLOW_SHARE

    def is_dropped(self, now: float) -> bool:
        """Whether notifications are thrown away."""
        return now < self.dropped_until

    def _slow_share(self, now: float, minimum: int) -> float:
        while self.answers and self.answers[0][0] < now - WINDOW_S:
            self.answers.popleft()
        if len(self.answers) < max(1, minimum):
            return 0.0
        return sum(slow for _, slow in self.answers) / len(self.answers)

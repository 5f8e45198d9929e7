"""The parts of the adapter as tests use them: a time that passes only in sleep, and tokens that are written down."""

import uuid
from collections.abc import Sequence

from shared.graph.connection import Connection
from shared.graph.pacing import Pacing
from shared.graph.request import GraphTransport, RetryPolicy
from shared.graph.unit_budget import BudgetRow, OwnRow, UnitBudget
from shared.model.budget import Limits

UNCOUNTED = Limits(per_minute=0, per_day=0)


class PassingTime:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class WrittenTokens:
    """Gives `token-1` until that is rejected, then `token-2`."""

    def __init__(self, tokens: Sequence[str] = ("token-1", "token-2", "token-3")) -> None:
        self.tokens = list(tokens)

    def get(self) -> str:
        return self.tokens[0]

    def renew(self, rejected: str) -> str:
        if self.tokens[0] == rejected:
            self.tokens.pop(0)
        return self.tokens[0]


def a_pacing(time: PassingTime, limits: Limits = UNCOUNTED, row: BudgetRow | None = None) -> UnitBudget:
    return UnitBudget(row or OwnRow(), limits, time.monotonic, time.sleep, lambda: 0.5)


def a_transport(
    url: str,
    time: PassingTime,
    tokens: WrittenTokens | None = None,
    retry: RetryPolicy | None = None,
    pacing: Pacing | None = None,
) -> GraphTransport:
    return GraphTransport(
        url,
        tokens or WrittenTokens(),
        Connection(new_id=lambda: str(uuid.uuid4())),
        pacing or a_pacing(time),
        sleep=time.sleep,
        retry=retry,
    )

"""What the local SharePoint noted: the product's requests with what they cost, and the notifications it sent."""

from dataclasses import dataclass

import requests

from tools.stack.product import Json

_PRODUCT_AGENT = "NONISV|Moment"
_FOLLOWING = ("delta", "/subscriptions")
_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs at Microsoft Graph."""

    requests: int
    resource_units: int

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.requests - other.requests, self.resource_units - other.resource_units)


class Ledger:
    """Reads what was noted."""

    def __init__(self, sharepoint_url: str) -> None:
        self._control = f"{sharepoint_url}/_local"

    def last(self) -> int:
        """The number of the newest request."""
        entries = self._rows("requests", 0)
        return int(entries[-1]["n"]) if entries else 0

    def cost(self, since: int, *, follows: bool) -> Cost:
        """What the product asked since: to follow changes (deltas, subscriptions), or for everything else."""
        entries = [
            each
            for each in self._rows("requests", since)
            if each["user_agent"].startswith(_PRODUCT_AGENT)
            and any(part in each["route"] for part in _FOLLOWING) == follows
        ]
        return Cost(len(entries), sum(each["ru"] for each in entries))

    def first_notification_after(self, moment: float) -> float | None:
        """When a notification was first accepted after this moment (both Unix time)."""
        sent = self._rows("notifications", 0)
        times = [each["at"] for each in sent if each["kind"] == "notification" and each["outcome"] == "accepted"]
        return min((at for at in times if at > moment), default=None)

    def _rows(self, what: str, since: int) -> list[Json]:
        answer = requests.get(f"{self._control}/{what}", params={"since": since}, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        rows: list[Json] = answer.json()[what]
        return rows

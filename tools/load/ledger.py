"""What the local SharePoint counted: requests and units by route, read from its control plane."""

from dataclasses import dataclass
from typing import Any

import requests

_TIMEOUT_S = 120
_NOBODY_S = 10**9


@dataclass(frozen=True, slots=True)
class Used:
    """Requests to Graph and the resource units that they cost."""

    requests: int
    units: int
    deltas: int
    """How many of the requests asked a delta."""
    refused: int
    """How many were answered with 4xx or 5xx."""
    contents: int = 0
    """How many small files were sent whole."""
    hourly: int = 0
    """How many listed the subscriptions, which the app does once an hour."""

    def __sub__(self, other: "Used") -> "Used":
        return Used(
            self.requests - other.requests,
            self.units - other.units,
            self.deltas - other.deltas,
            self.refused - other.refused,
            self.contents - other.contents,
            self.hourly - other.hourly,
        )

    def shown(self) -> str:
        """For people."""
        return f"{self.requests} requests, {self.units} units, {self.deltas} of them deltas, {self.refused} refused"


def _is_content(route: str) -> bool:
    return route.startswith("PUT ") and route.endswith("/content")


class Ledger:
    """The totals of one local SharePoint, since it was started."""

    def __init__(self, sharepoint_url: str) -> None:
        self._control = f"{sharepoint_url}/_local"

    def used(self) -> Used:
        """Everything so far; fragments of uploads count as requests without units."""
        answer = requests.get(f"{self._control}/requests", params={"since": _NOBODY_S}, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        routes: dict[str, dict[str, int]] = answer.json()["totals_by_route"]
        graph = {name: each for name, each in routes.items() if "/oauth2/" not in name}
        return Used(
            requests=sum(each["requests"] for each in graph.values()),
            units=sum(each["ru"] for each in graph.values()),
            deltas=sum(each["requests"] for name, each in graph.items() if "/delta" in name),
            refused=sum(each["errors"] for each in graph.values()),
            contents=sum(each["requests"] - each["errors"] for name, each in graph.items() if _is_content(name)),
            hourly=sum(each["requests"] for name, each in graph.items() if name == "GET /subscriptions"),
        )

    def ask(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """Have the control plane do something."""
        answer = requests.post(f"{self._control}/{what}", json=body, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json() if answer.content else {}
        return document

    def end_faults(self) -> None:
        """Have notifications sent again."""
        requests.delete(f"{self._control}/faults", timeout=_TIMEOUT_S).raise_for_status()

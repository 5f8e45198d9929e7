"""Faults on demand: scripted answers, delays and broken connections for the requests that match.

A fault is taken by the first matching requests and is gone after ``times`` of them. Those with a ``name`` are counted
by it when they are taken.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tools.sharepoint.state.errors import GraphError, invalid_request

_STATUS_CODES = {
    400: "invalidRequest", 401: "InvalidAuthenticationToken", 403: "accessDenied", 404: "itemNotFound",
    409: "nameAlreadyExists", 410: "resyncRequired", 412: "resourceModified", 416: "invalidRange",
    423: "notAllowed", 429: "activityLimitReached", 500: "generalException", 501: "notSupported",
    503: "serviceNotAvailable", 507: "quotaLimitReached",
}  # fmt: skip
_MATCH = {"method", "route", "path", "headers", "larger_than_bytes"}
_THEN = {
    "status", "retry_after_s", "code", "message", "delay_s", "drop_after_bytes", "while", "apply_then_status",
    "location",
}  # fmt: skip


@dataclass(slots=True)
class Fault:
    """What to match and what to do then."""

    method: str = ""
    route: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    larger_than_bytes: int = -1
    name: str = ""
    times: int = 1
    status: int = 0
    apply_then_status: int = 0
    retry_after_s: int | None = None
    location: str = ""
    code: str = ""
    message: str = "A fault was asked for"
    delay_s: float = 0.0
    drop_after_bytes: int | None = None
    drop_while: str = "request"

    def matches(self, method: str, route: str, path: str, headers: Mapping[str, str]) -> bool:
        """Whether a request is one that this fault is for; each of ``headers`` has to hold its text."""
        return (
            (not self.method or self.method.upper() == method)
            and (not self.route or _contains(self.route, route))
            and (not self.path or self.path in path)
            and int(headers.get("Content-Length", 0)) > self.larger_than_bytes
            and all(name in headers and text in headers[name] for name, text in self.headers.items())
        )

    def error(self) -> GraphError | None:
        """Return the error to answer with, if it is that kind of fault."""
        status = self.status or self.apply_then_status
        if not status:
            return None
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        if self.location:
            headers["Location"] = self.location
        code = self.code or _STATUS_CODES.get(status, "UnknownError")
        return GraphError(status, code, self.message, headers=headers)


def _contains(wanted: str, route: str) -> bool:
    if wanted in route:
        return True
    try:
        return re.search(wanted, route) is not None
    except re.error:
        return False


def read_fault(script: dict[str, Any]) -> Fault:
    """Make a fault from ``{"match": {...}, "times": n, "then": {...}, "name": "…"}``."""
    match, then = script.get("match", {}), script.get("then", {})
    unknown = (set(script) - {"match", "times", "then", "name"}) | (set(match) - _MATCH) | (set(then) - _THEN)
    if unknown or not then:
        raise invalid_request(f"A fault has match, times, then and name; unknown: {sorted(unknown)}")
    matched: dict[str, Any] = {
        name: str(value) for name, value in match.items() if name not in {"headers", "larger_than_bytes"}
    }
    return Fault(
        **matched,
        headers=dict(match.get("headers", {})),
        larger_than_bytes=int(match.get("larger_than_bytes", -1)),
        name=str(script.get("name", "")),
        times=int(script.get("times", 1)),
        drop_while=str(then.get("while", "request")),
        **{name: value for name, value in then.items() if name != "while"},
    )


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []
        self.taken: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        """Queue a fault."""
        self._pending.append(fault)

    def take(self, method: str, route: str, path: str, headers: Mapping[str, str]) -> Fault | None:
        """Return the first fault for this request and count it."""
        for fault in self._pending:
            if fault.matches(method, route, path, headers):
                fault.times -= 1
                if fault.name:
                    self.taken[fault.name] += 1
                if fault.times <= 0:
                    self._pending.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Drop what has not been taken."""
        self._pending.clear()

    def report(self) -> list[dict[str, Any]]:
        """Return what is pending."""
        return [asdict(fault) for fault in self._pending]

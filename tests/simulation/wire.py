"""What may happen to a request between the app and a service: refused, lost before or after it was done, cut, late."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.simulation.refusals import is_conditional


class WireKind(StrEnum):
    """The kinds of `WireFaults`."""

    FAILED = "500"
    BUSY = "503"
    STALE = "412"
    """Only where the request names the version that it wants to write."""
    THROTTLED = "429"
    UNANSWERED = "done but not answered"
    """Forwarded; the connection breaks where the answer should come."""
    REQUEST_CUT = "cut in the request"
    """The connection breaks in the middle of the body; without one, before anything was forwarded."""
    RESPONSE_CUT = "cut in the response"
    """Done; the connection breaks in the middle of the answer's body."""
    DELAYED = "delayed"

    @property
    def status(self) -> int | None:
        """The status that is answered instead of forwarding; None where the kind is not a refusal."""
        return int(self) if self.isdigit() else None


@dataclass
class WireFault:
    """What is to happen to the first `times` requests of this method (any) whose path holds `path`."""

    kind: WireKind
    times: int = 1
    method: str = ""
    path: str = ""
    retry_after_s: int | None = None
    delay_s: float = 0.0

    def fits(self, method: str, path: str, *, conditional: bool) -> bool:
        """Whether it is for this request; `path` with the query."""
        may = conditional or self.kind is not WireKind.STALE
        return may and self.method in {"", method} and self.path in path


class WireFaults:
    """The faults that are still to come, and a count of those that came. Safe for threads."""

    def __init__(self) -> None:
        self.happened: Counter[str] = Counter()
        """By kind; each is counted when it has really been done to a request."""
        self.came_at: list[float] = []
        """When each came, in Unix seconds."""
        self._lock = threading.Lock()
        self._pending: list[WireFault] = []

    def ask(
        self,
        kind: WireKind,
        *,
        times: int = 1,
        method: str = "",
        path: str = "",
        retry_after_s: int | None = None,
        delay_s: float = 0.0,
    ) -> None:
        """Have it happen to the next `times` requests that fit."""
        with self._lock:
            self._pending.append(WireFault(kind, times, method, path, retry_after_s, delay_s))

    def clear(self) -> None:
        """Withdraw what has not come."""
        with self._lock:
            self._pending.clear()

    @property
    def pending(self) -> int:
        """How many requests are still to be hit."""
        with self._lock:
            return sum(fault.times for fault in self._pending)

    def looks_inside(self, method: str, path: str) -> bool:
        """Whether the body of such a request has to be known before `take`."""
        with self._lock:
            return any(
                fault.kind is WireKind.STALE and fault.fits(method, path, conditional=True) for fault in self._pending
            )

    def take(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> WireFault | None:
        """The fault for this request, which is used up by it and counted."""
        conditional = is_conditional(path, headers, body)
        with self._lock:
            for fault in self._pending:
                if fault.fits(method, path, conditional=conditional):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._pending.remove(fault)
                    self.happened[fault.kind] += 1
                    self.came_at.append(time.time())
                    return fault
        return None

"""Random faults of everything around the app, one at a time, and a count of those that really happened."""

import re
from collections import Counter, deque
from collections.abc import Callable
from random import Random
from typing import Protocol
from urllib.error import HTTPError

from azure.storage.queue import QueueServiceClient

from tests.simulation.queue_faults import QueueFaults
from tests.simulation.sharepoint_faults import CHANGES, SCRIPTED, STATES, State, lock
from tests.simulation.wire import WireFaults, WireKind
from tools.sharepoint.running import LocalSharePoint

_MOST_OF_THE_CLOCK_S = 600
"""Tokens live an hour and the recycle bin for months: so far SharePoint's clock may go ahead."""
_ITEM_ID = re.compile(r"/items/(01[A-Z2-7]{32})")
_QUEUE_KINDS = ("doubled", "late", "reordered")


class Proxied(Protocol):
    """A `Between` or a `StorageBetween`."""

    faults: WireFaults


class FaultPlan:
    """Strikes one random fault at a time; `random` alone decides which, and what has come by then."""

    def __init__(
        self,
        rng: Random,
        sharepoint: LocalSharePoint,
        storage: Proxied | None,
        graph: Proxied | None = None,
        queues: QueueServiceClient | str | None = None,
    ) -> None:
        self._random = rng
        self._sharepoint = sharepoint
        self._wires = {name: each for name, each in (("storage", storage), ("graph", graph)) if each is not None}
        opened = QueueServiceClient.from_connection_string(queues) if isinstance(queues, str) else queues
        self._queues = QueueFaults(opened, rng) if opened is not None else None
        self._counted: Counter[str] = Counter()
        self._lying: list[State] = []
        self._clock_ahead_s = 0.0
        self._before = dict(sharepoint.faults_taken())
        self._seen_notifications = max((row["n"] for row in sharepoint.notifications()), default=0)
        self._seen_requests = max((call["n"] for call in sharepoint.requests()), default=0)
        self._touched: deque[str] = deque(maxlen=50)

    def strike(self) -> str:
        """Ask for one random fault now; gives its kind. Whether it happens is for later requests to show.

        What would last otherwise, such as the lag of delta, ends with the next strike.
        """
        self._read_traces()
        for ended in [state for state in self._lying if state.end is not None]:
            self._end(ended)
        kinds: list[Callable[[], str]] = [self._trouble] * 4 + [self._of_changes] * 3 + [self._state] * 2
        kinds += [self._locked, self._silent, self._clock_moved]
        kinds += [lambda name=name: self._on_wire(name) for name in self._wires] * 3  # type: ignore[misc]
        kinds += [self._in_queue] * 3 if self._queues is not None else []
        return self._random.choice(kinds)()

    def off(self) -> None:
        """Withdraw everything that has not happened; SharePoint's clock stays where it is."""
        self._read_traces()
        self._lying.clear()
        self._sharepoint.fault({"notifications_silent_s": 0})
        self._sharepoint.clear_faults()
        for each in self._wires.values():
            each.faults.clear()

    @property
    def happened(self) -> Counter[str]:
        """By kind: what a request, a notification, a pull or a message really met."""
        self._read_traces()
        taken = self._sharepoint.faults_taken()
        met = Counter({name: count - self._before.get(name, 0) for name, count in taken.items()})
        for name, each in self._wires.items():
            met.update({f"{name} {kind}": count for kind, count in each.faults.happened.items()})
        return +(met + self._counted)

    def _trouble(self) -> str:
        trouble = self._random.choice(SCRIPTED)
        self._sharepoint.fault(trouble.script(self._random))
        return trouble.name

    def _of_changes(self) -> str:
        name, script = self._random.choice(CHANGES)
        self._sharepoint.fault(script)
        return name

    def _state(self) -> str:
        return self._lay(self._random.choice(STATES))

    def _locked(self) -> str:
        """A file that was asked for lately: it may well be written next. By now it may be gone."""
        if not self._touched:
            return self._trouble()
        try:
            return self._lay(lock(self._random.choice(self._touched)))
        except HTTPError as gone:
            gone.close()
            return self._trouble()

    def _lay(self, state: State) -> str:
        self._sharepoint.fault(state.script)
        self._lying.append(state)
        return state.name

    def _end(self, state: State) -> None:
        self._lying.remove(state)
        if state.end is not None:
            self._sharepoint.fault(state.end)

    def _silent(self) -> str:
        self._sharepoint.fault({"notifications_silent_s": 3})
        return "notifications_silent"

    def _clock_moved(self) -> str:
        ahead_s = self._random.choice((1.0, 5.0, 30.0))
        if self._clock_ahead_s + ahead_s > _MOST_OF_THE_CLOCK_S:
            return self._trouble()
        self._clock_ahead_s += ahead_s
        self._sharepoint.advance(ahead_s)
        self._counted["SharePoint's clock ahead"] += 1
        return "SharePoint's clock ahead"

    def _on_wire(self, name: str) -> str:
        kind = self._random.choice(tuple(WireKind))
        times = self._random.choice((1, 1, 2, 5))
        retry_after_s = 1 if kind is WireKind.THROTTLED else None
        self._wires[name].faults.ask(kind, times=times, retry_after_s=retry_after_s, delay_s=0.5)
        return f"{name} {kind}"

    def _in_queue(self) -> str:
        assert self._queues is not None
        kind = self._random.choice(_QUEUE_KINDS)
        if getattr(self._queues, kind)():
            self._counted[f"message {kind}"] += 1
        return f"message {kind}"

    def _read_traces(self) -> None:
        """Count the states that a request has met, and the changes that nobody was told of."""
        for row in self._sharepoint.notifications(self._seen_notifications):
            self._seen_notifications = row["n"]
            self._counted["notifications_silent"] += row["outcome"] == "silent"
        for entry in self._sharepoint.requests(self._seen_requests):
            self._seen_requests = entry["n"]
            if found := _ITEM_ID.search(entry["path"]):
                self._touched.append(found[1])
            for state in [each for each in self._lying if each.is_trace(entry)]:
                self._counted[state.name] += 1
                self._end(state)

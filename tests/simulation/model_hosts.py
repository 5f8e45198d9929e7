"""Host processes of the model: each does one job at a time and stands still between any two requests.

A job is the real use case, run in a thread of its own. Only one thread runs at any time: a host that stops hands the
baton back, so the order of all requests is what the storm's steps say, and the same steps give the same storm. A host
that is killed stops where it stands: `Killed` is no Exception, so that no handler of the product sees it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from azure.core.exceptions import HttpResponseError

from shared.errors import Locked, MomentError, Throttled, Unavailable

_EPOCH = "2026-11-02T08:00:00+00:00"
_REQUEST_S = 0.05


class Killed(BaseException):
    """The process is gone."""


class SimulatedTime:
    """Starts at the same moment each time. Every request takes a twentieth of a second."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat(_EPOCH)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Host:
    """One process. `generation` counts its lives: what it remembered is lost with each."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.generation = 0
        self.doing = ""
        self.failure: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._moments_left: int | None = None
        self._killed = False
        self._on = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)

    @property
    def is_busy(self) -> bool:
        return self._thread is not None

    def begin(self, job: Callable[[], None], doing: str) -> None:
        """Take a job; nothing of it is done before `go_on`."""

        def run() -> None:
            self._on.acquire()
            try:
                if not self._killed:
                    job()
            except BaseException as failure:
                self.failure = failure
            self._thread = None
            self._stopped.release()

        self.failure, self.doing, self._killed = None, doing, False
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def go_on(self, moments: int | None = None) -> bool:
        """Let it pass so many moments, all of them where None; True when the job is over."""
        self._moments_left = moments
        self._on.release()
        self._stopped.acquire()
        return not self.is_busy

    def kill(self) -> None:
        """The job ends where it stands."""
        self._killed = True
        self.generation += 1
        if self.is_busy:
            self.go_on()

    def stop_here(self) -> None:
        """Called in its own thread at each moment."""
        if self._killed:
            raise Killed
        if self._moments_left is None:
            return
        if self._moments_left == 0:
            self._stopped.release()
            self._on.acquire()
            if self._killed:
                raise Killed
        if self._moments_left is not None:
            self._moments_left -= 1


class System(StrEnum):
    """Who answers a request."""

    TABLES = "tables"
    BLOBS = "blobs"
    QUEUES = "queues"
    SHAREPOINT = "sharepoint"


class Fault(StrEnum):
    """What becomes of one request."""

    LOST = "request lost"
    ANSWER_LOST = "answer lost"
    REPEATED = "request repeated"
    THROTTLED = "429"
    LOCKED = "423"


@dataclass(slots=True)
class Network:
    """Between the hosts and the systems: where hosts stop, where faults happen, and where time passes."""

    clock: SimulatedTime
    running: Host | None = None
    armed: list[tuple[System, Fault]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    requests: int = 0

    def ask[T](self, system: System, act: Callable[[], T], *, writes: bool = True) -> T:
        """One request of the host that runs. People's own, and the storm's, pass without a stop and without faults."""
        if self.running is None:
            return act()
        self.requests += 1
        self.clock.advance(_REQUEST_S)
        self.running.stop_here()
        fault = self._fault_of(system, writes=writes)
        if fault in {Fault.LOST, Fault.THROTTLED, Fault.LOCKED}:
            raise _error(system, fault)
        answer = act()
        if fault is Fault.ANSWER_LOST:
            raise _error(system, fault)
        if fault is Fault.REPEATED:
            answer = act()
        self.running.stop_here()
        return answer

    def run(self, host: Host, moments: int | None = None) -> bool:
        """Let a host go on; True when its job is over."""
        before, self.running = self.running, host
        try:
            return host.go_on(moments)
        finally:
            self.running = before

    def _fault_of(self, system: System, *, writes: bool) -> Fault | None:
        for each in self.armed:
            if each[0] is system and (writes or each[1] in {Fault.LOST, Fault.THROTTLED}):
                self.armed.remove(each)
                self.happened.append(f"{system} {each[1]}")
                return each[1]
        return None


def _error(system: System, fault: Fault) -> Exception:
    if system is System.TABLES:
        failure = HttpResponseError("The storage is busy.")
        failure.status_code = 503
        return failure
    errors: dict[Fault, MomentError] = {
        Fault.THROTTLED: Throttled("SharePoint asks for patience.", 7),
        Fault.LOCKED: Locked("Somebody has the file open."),
    }
    return errors.get(fault, Unavailable("The service could not be reached."))


class InlinePool:
    """As ThreadPoolExecutor, but what is submitted is done at once and here."""

    def __init__(self, **_: object) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit[T](self, act: Callable[[], T]) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(act())
        except Exception as failure:
            done.set_exception(failure)
        return done

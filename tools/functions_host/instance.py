"""One instance of the app: a worker process and the listeners that feed it, replaced together when the worker dies.

An instance that dies keeps what it had leased until the leases end, as an instance of the platform does.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .messages import Indexed
from .pool import WorkerPool, WorkerProcess
from .queues import QueueListener

_log = logging.getLogger(__name__)
_LONGEST_PAUSE_S = 10.0
MakeListeners = Callable[[WorkerProcess], Sequence[QueueListener]]


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker process is started with."""

    app_dir: Path
    settings: Mapping[str, str]
    log_level: str
    function_timeout_s: float | None

    async def start(self) -> tuple[WorkerProcess, Indexed]:
        """Start one."""
        return await WorkerProcess.start(self.app_dir, self.settings, self.log_level, self.function_timeout_s)


class Instance:
    """Keeps one worker and its listeners going."""

    def __init__(self, start: WorkerSettings, pool: WorkerPool, make_listeners: MakeListeners) -> None:
        self._start = start
        self._pool = pool
        self._make_listeners = make_listeners
        self._worker: WorkerProcess | None = None
        self._stopping = asyncio.Event()
        self.listeners: Sequence[QueueListener] = ()

    async def run(self, worker: WorkerProcess | None) -> None:
        """Run with a worker that was started, then with those that replace it, until stopped."""
        pause = 0.0
        while not self._stopping.is_set():
            worker = worker or await self._replacement()
            if worker is None:
                pause = min(max(1.0, pause * 2), _LONGEST_PAUSE_S)
                await asyncio.sleep(pause)
                continue
            pause = 0.0
            await self._live(worker)
            worker = None

    async def _replacement(self) -> WorkerProcess | None:
        worker, indexed = await self._start.start()
        if indexed.problem is None:
            _log.info("a new worker process %s is ready", worker.pid)
            return worker
        _log.error("the worker could not be replaced: %s", indexed.problem)
        if not worker.died.is_set():
            await worker.stop()
        return None

    async def _live(self, worker: WorkerProcess) -> None:
        self._worker = worker
        self.listeners = self._make_listeners(worker)
        await self._pool.add(worker)
        listening = [asyncio.create_task(listener.run()) for listener in self.listeners]
        died = asyncio.create_task(worker.died.wait())
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([died, stopped], return_when=asyncio.FIRST_COMPLETED)
            if stopped.done() and listening:
                await _either(died, listening)
            elif not stopped.done():
                _log.warning("worker process %s ended; it is replaced", worker.pid)
                self._pool.remove(worker)
        finally:
            for task in (*listening, died, stopped):
                task.cancel()

    def stop(self) -> None:
        """Take no more work; `run` ends when what is in hand is finished."""
        self._stopping.set()
        for listener in self.listeners:
            listener.stop()

    async def end_worker(self) -> None:
        """End the worker process."""
        if self._worker and not self._worker.died.is_set():
            await self._worker.stop()


async def _either(died: asyncio.Task[bool], listening: Sequence[asyncio.Task[None]]) -> None:
    finished = asyncio.create_task(asyncio.wait(listening))
    await asyncio.wait([died, finished], return_when=asyncio.FIRST_COMPLETED)
    finished.cancel()

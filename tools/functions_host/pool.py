"""Worker processes seen from the host: start one, call it, notice its death, choose among several."""

import asyncio
import itertools
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .messages import Channel, Indexed, Invocation, Outcome

_ROOT = Path(__file__).resolve().parents[2]
_log = logging.getLogger(__name__)


class WorkerDied(Exception):
    """The worker process ended before it answered: an instance is lost, with all that it had in hand."""


class WorkerProcess:
    """One worker process. `died` is set once it is gone; calls in flight then raise WorkerDied."""

    def __init__(self, process: subprocess.Popen[bytes], channel: Channel, timeout_s: float | None) -> None:
        self.died = asyncio.Event()
        self._process = process
        self._channel = channel
        self._timeout_s = timeout_s
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}
        self._killed = False
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can take calls."""
        return not (self._killed or self.died.is_set())

    @property
    def calls_in_flight(self) -> int:
        """How many invocations it is running now."""
        return len(self._waiting)

    @classmethod
    async def start(
        cls, app_dir: Path, settings: Mapping[str, str], log_level: str, timeout_s: float | None
    ) -> tuple["WorkerProcess", Indexed]:
        """Start a process and wait until it has indexed the app."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tools.functions_host.childworker", str(theirs.fileno())]
        process = subprocess.Popen(
            [*command, str(os.getpid()), str(app_dir), log_level],
            cwd=_ROOT,
            env=dict(settings),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        worker = cls(process, Channel(*await asyncio.open_connection(sock=ours)), timeout_s)
        try:
            indexed = await worker._channel.receive()
        except EOFError:
            code = await asyncio.to_thread(process.wait)
            worker._channel.close()
            worker.died.set()
            return worker, Indexed(problem=f"the app ended its process while it was imported (exit code {code})")
        worker._reading = asyncio.create_task(worker._read())
        return worker, indexed

    async def _read(self) -> None:
        try:
            while True:
                outcome: Outcome = await self._channel.receive()
                waiting = self._waiting.get(outcome.invocation_id)
                if waiting and not waiting.done():
                    waiting.set_result(outcome)
        except EOFError:
            await asyncio.to_thread(self._process.wait)
        finally:
            self._channel.close()
            self.died.set()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(WorkerDied(f"worker process {self.pid} ended"))

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Call a function. A call beyond functionTimeout costs the process its life, as on the platform."""
        if not self.is_alive:
            raise WorkerDied(f"worker process {self.pid} ended")
        waiting: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[invocation.invocation_id] = waiting
        try:
            await self._channel.send(invocation)
            async with asyncio.timeout(self._timeout_s):
                return await waiting
        except (TimeoutError, ConnectionError) as error:
            _log.error(
                "%s exceeded functionTimeout or lost its worker; the worker is replaced", invocation.function_name
            )
            self.kill()
            raise WorkerDied(f"worker process {self.pid} was ended") from error
        finally:
            del self._waiting[invocation.invocation_id]

    def kill(self) -> None:
        """End the process at once."""
        self._killed = True
        self._process.kill()

    async def stop(self) -> None:
        """Let the process end by itself, and end it where it does not."""
        self._channel.close()
        try:
            await asyncio.to_thread(self._process.wait, 2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        await self.died.wait()


class WorkerPool:
    """The workers that are ready now; HTTP calls and timers take the least busy one."""

    def __init__(self) -> None:
        self._ready: list[WorkerProcess] = []
        self._changed = asyncio.Condition()
        self._turn = itertools.count()

    async def add(self, worker: WorkerProcess) -> None:
        """Offer a worker to callers."""
        async with self._changed:
            self._ready.append(worker)
            self._changed.notify_all()

    def remove(self, worker: WorkerProcess) -> None:
        """Withdraw a worker."""
        self._ready.remove(worker)

    async def choose(self) -> WorkerProcess:
        """Wait for a worker, at most as long as the platform lets a process start (60 s), and take the least busy."""
        async with self._changed, asyncio.timeout(60):
            await self._changed.wait_for(lambda: any(each.is_alive for each in self._ready))
        alive = [each for each in self._ready if each.is_alive]
        first = next(self._turn) % len(alive)
        return min(alive[first:] + alive[:first], key=lambda each: each.calls_in_flight)

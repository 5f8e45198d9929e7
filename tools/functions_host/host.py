"""The host's life: start the workers, wire the triggers, serve, stop cleanly."""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Sequence
from typing import Any

import aiohttp
from aiohttp import web

from .bindings import read_functions
from .instance import Instance, WorkerSettings
from .messages import Indexed
from .pool import WorkerProcess
from .server import Server
from .settings import SettingsError, host_id, load_host_json
from .triggers import HostOptions, Triggers

_log = logging.getLogger(__name__)


async def run_host(options: HostOptions, listening: socket.socket) -> None:
    """Run until SIGTERM or SIGINT; SettingsError where the app cannot be run."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    host = Host(options, listening)
    starting = asyncio.create_task(host.start())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
    try:
        if not starting.done():
            starting.cancel()
        else:
            await starting
            await stopped
    finally:
        stopped.cancel()
        await host.stop()


class Host:
    """One running host."""

    def __init__(self, options: HostOptions, listening: socket.socket) -> None:
        self._options = options
        self._listening = listening
        self._host_json = load_host_json(options.app_dir, options.settings)
        self._host_id = host_id(options.app_dir, options.settings)
        self._triggers: Triggers | None = None
        self._workers: list[WorkerProcess] = []
        self._finishing: list[asyncio.Task[None]] = []
        self._polling: list[asyncio.Task[None]] = []
        self._web: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._started = time.monotonic()
        self._state = "Starting"

    @property
    def url(self) -> str:
        """The address at which it serves."""
        address, port = self._listening.getsockname()[:2]
        return f"http://{address}:{port}"

    async def start(self) -> None:
        """Start everything, and say READY."""
        options = self._options
        settings = WorkerSettings(
            options.app_dir, options.settings, options.log_level, self._host_json.function_timeout_s
        )
        started = await asyncio.gather(*(settings.start() for _ in range(options.workers)))
        self._workers = [worker for worker, _ in started]
        functions = read_functions(_functions([indexed for _, indexed in started]).functions, options.settings)
        self._triggers = triggers = Triggers(functions, self._host_json, self._host_id, options)
        await triggers.prepare()
        for worker in self._workers:
            instance = Instance(settings, triggers.pool, triggers.make_listeners)
            triggers.instances.append(instance)
            self._finishing.append(self._task(instance.run(worker)))
        self._finishing += [self._task(timer.run()) for timer in triggers.timers]
        await self._serve(triggers)
        self._polling = [self._task(poller) for poller in await triggers.pollers(self._post_events)]
        self._state = "Running"
        print(f"READY {self.url} functions={len(functions)}", *options.keys.generated, sep="\n", flush=True)

    def _task(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        task.add_done_callback(_report_crash)
        return task

    async def _serve(self, triggers: Triggers) -> None:
        server = Server(
            keys=self._options.keys,
            functions={each.name.lower(): each for each in triggers.functions},
            routes=triggers.routes,
            webhook=triggers.webhook(),
            run=triggers.run_on_any,
            trigger=triggers.trigger,
            state=self._describe,
        )
        self._web = web.AppRunner(server.application(), access_log=None, shutdown_timeout=self._options.grace_s)
        await self._web.setup()
        await web.SockSite(self._web, self._listening).start()

    def _describe(self) -> dict[str, Any]:
        uptime_ms = int((time.monotonic() - self._started) * 1000)
        return {"id": self._host_id, "state": self._state, "version": "4.local", "processUptime": uptime_ms}

    async def _post_events(self, function_id: str, events: Any) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        query = {"functionName": function_id, "code": self._options.keys.system}
        headers = {"aeg-event-type": "Notification"}
        url = f"{self.url}/runtime/webhooks/blobs"
        async with self._session.post(url, params=query, json=events, headers=headers) as response:
            response.raise_for_status()

    async def stop(self) -> None:
        """Take no more work, let what runs finish within the grace time, end the workers."""
        self._state = "Stopping"
        deadline = time.monotonic() + self._options.grace_s
        for task in self._polling:
            task.cancel()
        if self._triggers:
            for instance in self._triggers.instances:
                instance.stop()
            for timer in self._triggers.timers:
                timer.stop()
        if self._web:
            await self._web.cleanup()
        if self._finishing:
            await asyncio.wait(self._finishing, timeout=max(0.0, deadline - time.monotonic()))
        for task in self._finishing:
            task.cancel()
        await self._end()

    async def _end(self) -> None:
        instances = self._triggers.instances if self._triggers else []
        await asyncio.gather(*(instance.end_worker() for instance in instances))
        await asyncio.gather(*(worker.stop() for worker in self._workers if not worker.died.is_set()))
        if self._session:
            await self._session.close()
        if self._triggers:
            await self._triggers.close()


def _functions(indexed: Sequence[Indexed]) -> Indexed:
    for each in indexed:
        if each.problem is not None:
            raise SettingsError(f"the app could not be started: {each.problem}")
    return indexed[0]


def _report_crash(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.critical("a part of the host crashed", exc_info=task.exception())

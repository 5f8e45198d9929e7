"""Wires the functions of an app to what triggers them: listeners for each instance, pollers and timers for the host."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .bindings import FunctionSpec
from .blob_events import BlobEventEmitter, BlobWebhook
from .blob_trigger import BlobTrigger, control_options, is_event_grid
from .blobs import BlobPoller, ControlQueue, Receipts
from .cron import Schedule
from .instance import Instance
from .keys import Keys
from .messages import Outcome
from .paths import BlobPath
from .pool import WorkerDied, WorkerPool, WorkerProcess
from .queue_trigger import listener_options, message_for_test, queue_call, queue_listener
from .queues import QueueListener
from .routes import Routes
from .runner import Call, FunctionRunner
from .settings import HostJson, SettingsError
from .storage import HOST_STORAGE, Storage
from .timers import Status, StatusBlob, Timer, timer_call

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HostOptions:
    """What the command line decides."""

    app_dir: Path
    settings: Mapping[str, str]
    keys: Keys
    workers: int = 1
    poll_interval_s: float = 1.0
    queue_poll_s: float | None = None
    lease_s: int = 600
    grace_s: float = 10.0
    emit_blob_events: bool = False
    log_level: str = "info"


class Triggers:
    """The triggers of one app. Making it checks every schedule, path, route and connection."""

    def __init__(
        self, functions: Sequence[FunctionSpec], host_json: HostJson, host_id: str, options: HostOptions
    ) -> None:
        self.functions = functions
        self.instances: list[Instance] = []
        self.pool = WorkerPool()
        self._options = options
        self._host_json = host_json
        self._host_id = host_id
        self._storage = Storage(options.settings)
        is_base64 = host_json.queues.base64
        self._runner = FunctionRunner(self._storage, base64_messages=is_base64, queue_written=self.wake)
        self._background: set[asyncio.Task[None]] = set()
        self._check()
        self.routes = Routes(self._of_kind("http"), host_json.route_prefix)
        self._blob_functions = self._of_kind("blob")
        self._control = self._make_control()
        self.timers = [self._timer(each) for each in self._of_kind("timer")]

    def _of_kind(self, kind: str) -> list[FunctionSpec]:
        return [each for each in self.functions if each.trigger_kind == kind]

    def _check(self) -> None:
        for spec in self.functions:
            try:
                for binding in (spec.trigger, *spec.inputs, *spec.outputs):
                    if "connection" in binding.values:
                        self._storage.check(binding.connection)
                if spec.trigger_kind == "blob":
                    BlobPath(str(spec.trigger.values["path"]))
            except SettingsError as error:
                raise SettingsError(f"function {spec.name}: {error}") from error

    def _make_control(self) -> ControlQueue | None:
        if not self._blob_functions:
            return None
        name = f"azure-webjobs-blobtrigger-{self._host_id}"
        return ControlQueue(self._storage, self._host_id, lambda: self.wake(name))

    def _timer(self, spec: FunctionSpec) -> Timer:
        schedule = Schedule(str(spec.trigger.values["schedule"]))
        # A schedule of less than a minute is never monitored.
        monitored = spec.trigger.values.get("useMonitor", True) and schedule.shortest_gap_s(datetime.now(UTC)) >= 60
        status = StatusBlob(self._storage.blobs(HOST_STORAGE), self._host_id, spec) if monitored else None
        return Timer(spec, schedule, status, self._run_timer, lambda: datetime.now(UTC))

    def wake(self, queue_name: str) -> None:
        """Have the listeners of a queue look at once, as the WebJobs SDK does after a send in the same host."""
        for instance in self.instances:
            for listener in instance.listeners:
                if listener.queue_name == queue_name:
                    listener.wake()

    def make_listeners(self, worker: WorkerProcess) -> Sequence[QueueListener]:
        """Make the listeners of one instance."""
        lease_s = self._options.lease_s
        interval = self._host_json.queues.max_polling_interval_s
        interval = min(interval, self._options.queue_poll_s or interval)
        queues = listener_options(self._host_json.queues, lease_s=lease_s, max_polling_interval_s=interval)
        listeners = [
            queue_listener(spec, worker, self._runner, self._storage, queues) for spec in self._of_kind("queue")
        ]
        if self._control:
            blobs = control_options(self._host_json.blobs, lease_s=lease_s, max_polling_interval_s=interval)
            trigger = BlobTrigger(self._blob_functions, worker, self._runner, self._storage)
            listeners.append(trigger.listener(self._control.name, blobs))
        return listeners

    def webhook(self) -> BlobWebhook | None:
        """Make the address for blob events, where there are functions for it."""
        functions = [each for each in self._blob_functions if is_event_grid(each)]
        return BlobWebhook(functions, self._control) if functions and self._control else None

    async def prepare(self) -> None:
        """Make the container for the host's own blobs."""
        if self._control or any(timer.is_monitored for timer in self.timers):
            await Receipts(self._storage.blobs(HOST_STORAGE), self._host_id).prepare()

    async def pollers(self, post: Callable[[str, Any], Awaitable[None]]) -> list[Awaitable[None]]:
        """Give what polls for blobs; it is to be cancelled when the host stops."""
        running: list[Awaitable[None]] = []
        interval = self._options.poll_interval_s
        for spec in self._blob_functions:
            if not is_event_grid(spec) and self._control:
                receipts = Receipts(self._storage.blobs(HOST_STORAGE), self._host_id)
                running.append(BlobPoller(spec, self._storage, receipts, self._control).run(interval))
            elif self._options.emit_blob_events:
                emitter = BlobEventEmitter(spec, self._storage, post)
                await emitter.learn()
                running.append(emitter.run(interval))
        return running

    async def run_on_any(self, spec: FunctionSpec, call: Call) -> Outcome:
        """Run a function on whichever worker is free."""
        return await self._runner.run(spec, await self.pool.choose(), call)

    async def _run_timer(self, spec: FunctionSpec, call: Call) -> bool:
        try:
            return (await self.run_on_any(spec, call)).succeeded
        except (WorkerDied, TimeoutError):
            return False

    def trigger(self, spec: FunctionSpec, given: str) -> None:
        """Start a function by hand, as an admin may; `given` is a message, or `container/blob`."""
        task = asyncio.create_task(self._run_by_hand(spec, given))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _run_by_hand(self, spec: FunctionSpec, given: str) -> None:
        try:
            if spec.trigger_kind == "blob":
                trigger = BlobTrigger([spec], await self.pool.choose(), self._runner, self._storage)
                container, _, name = given.partition("/")
                await trigger.run(spec, container, name, None)
            elif spec.trigger_kind == "queue":
                await self.run_on_any(spec, queue_call(spec, message_for_test(given), given.encode()))
            elif spec.trigger_kind == "timer":
                now = datetime.now(UTC)
                await self.run_on_any(spec, timer_call(Status(None, now, now), past_due=False))
        except (WorkerDied, TimeoutError) as error:
            _log.error("%s could not be run: %s", spec.name, json.dumps(str(error)))

    async def close(self) -> None:
        """Close the connections to storage."""
        await self._storage.close()

"""The timer trigger: due times, missed ticks, the status blob, retries; one run at a time.

Page: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer. The status is the blob
`azure-webjobs-hosts/timers/<host>/Host.Functions.NAME/status`. One host runs each timer once, however many workers it
has; two hosts with one host id would run it twice, where the platform takes a blob lease.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient

from .bindings import FunctionSpec, as_json
from .cron import Schedule
from .runner import Call, with_retry
from .storage import HOSTS_CONTAINER

_log = logging.getLogger(__name__)
_LONGEST_SLEEP_S = 60
Run = Callable[[FunctionSpec, Call], Awaitable[bool]]
"""Runs a function on any instance; True when it succeeded."""
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Status:
    """When a timer last ran, and when it is due next."""

    last: datetime | None
    next: datetime
    last_updated: datetime

    def as_json(self) -> dict[str, str]:
        """Give the shape of the status blob."""
        never = datetime(1, 1, 1, tzinfo=UTC)
        moments = {"Last": self.last or never, "Next": self.next, "LastUpdated": self.last_updated}
        return {name: moment.isoformat() for name, moment in moments.items()}

    @classmethod
    def read(cls, body: bytes) -> "Status":
        """Read a status blob."""
        values = json.loads(body)
        last = datetime.fromisoformat(values["Last"])
        due = datetime.fromisoformat(values["Next"])
        return cls(last if last.year > 1 else None, due, datetime.fromisoformat(values["LastUpdated"]))


def missed_tick(status: Status | None, schedule: Schedule, now: datetime) -> datetime | None:
    """Give the tick that passed while no host ran; none where the schedule was changed meanwhile."""
    if status is None or status.next != schedule.next_after(status.last or status.last_updated):
        return None
    return status.next if now > status.next else None


class StatusBlob:
    """Where a monitored timer keeps its status."""

    def __init__(self, service: BlobServiceClient, host_id: str, spec: FunctionSpec) -> None:
        self._blob = service.get_blob_client(HOSTS_CONTAINER, f"timers/{host_id}/{spec.webjobs_id}/status")

    async def load(self) -> Status | None:
        """Read the status, where there is one."""
        try:
            return Status.read(await (await self._blob.download_blob()).readall())
        except ResourceNotFoundError:
            return None

    async def save(self, status: Status) -> None:
        """Write the status; a timer goes on when it cannot."""
        try:
            await self._blob.upload_blob(json.dumps(status.as_json()), overwrite=True)
        except AzureError as error:
            _log.warning("the status of a timer was not saved: %s", error)


class Timer:
    """Runs one timer function at its times."""

    def __init__(
        self, spec: FunctionSpec, schedule: Schedule, status: StatusBlob | None, run: Run, clock: Clock
    ) -> None:
        self._spec = spec
        self._schedule = schedule
        self._status = status
        self._run = run
        self._clock = clock
        self._last: datetime | None = None
        self._stopping = asyncio.Event()

    @property
    def is_monitored(self) -> bool:
        """Whether it keeps a status, and so notices missed ticks."""
        return self._status is not None

    def stop(self) -> None:
        """Run no more; `run` ends when a run in progress is finished."""
        self._stopping.set()

    async def run(self) -> None:
        """Run at each due time until stopped."""
        await self._start()
        while not self._stopping.is_set():
            due = self._schedule.next_after(self._clock())
            if await self._wait_until(due):
                await self._tick(due, past_due=False)

    async def _start(self) -> None:
        status = await self._status.load() if self._status else None
        self._last = status.last if status else None
        now = self._clock()
        missed = missed_tick(status, self._schedule, now)
        if missed or self._spec.trigger.values.get("runOnStartup"):
            await self._tick(missed or now, past_due=missed is not None)
        else:
            await self._save(now)

    async def _wait_until(self, due: datetime) -> bool:
        while (left := (due - self._clock()).total_seconds()) > 0:
            try:
                # In steps, so that a machine that slept notices.
                async with asyncio.timeout(min(left, _LONGEST_SLEEP_S)):
                    await self._stopping.wait()
                return False
            except TimeoutError:
                pass
        return not self._stopping.is_set()

    async def _tick(self, due: datetime, *, past_due: bool) -> None:
        await self._run_with_retries(timer_call(self._status_now(self._clock()), past_due=past_due))
        # A run that ends in the same instant it was due must not be due again.
        self._last = max(due, self._clock())
        await self._save(self._last)

    async def _run_with_retries(self, call: Call) -> None:
        retry = self._spec.retry or {}
        most = int(retry.get("max_retry_count", 0))
        count = 0
        while not await self._run(self._spec, with_retry(call, count, most)):
            if count == most or self._stopping.is_set():
                return
            await asyncio.sleep(retry_delay_s(retry, count))
            count += 1

    def _status_now(self, now: datetime) -> Status:
        return Status(self._last, self._schedule.next_after(now), now)

    async def _save(self, now: datetime) -> None:
        if self._status:
            await self._status.save(self._status_now(now))


def retry_delay_s(retry: Any, count: int) -> float:
    """Give the pause before a retry: fixed, or doubling between two bounds."""
    if "delay_interval" in retry:
        return float(retry["delay_interval"].total_seconds())
    shortest: timedelta = retry["minimum_interval"]
    longest: timedelta = retry["maximum_interval"]
    delay_s: float = max(shortest.total_seconds(), 0.1) * 2.0**count
    return min(delay_s, longest.total_seconds())


def timer_call(status: Status, *, past_due: bool) -> Call:
    """Make the call of a timer function."""
    schedule = {"AdjustForDST": True}
    data = {"IsPastDue": past_due, "Schedule": schedule, "ScheduleStatus": status.as_json()}
    return Call(as_json(data))

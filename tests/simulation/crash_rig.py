"""The real host between real servers, killed at a chosen request; everything around it is done past the proxies.

Counted are the requests that the host and its worker send to Graph and to the storage, but for those that only ask a
queue whether there is something. Timers and the search's index are switched off, so that a case sends what it is about.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from azure.storage.queue import QueueServiceClient

from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_stores
from tests.conftest import moments_storage
from tests.functions.conftest import host_settings
from tests.simulation.between import Between
from tests.simulation.crossing import Crossing
from tests.simulation.queue_faults import QUEUES
from tests.simulation.storage_between import StorageBetween
from tests.world import World, environ_for
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

ROOT = Path(__file__).parents[2]
_LEASE_S = 4
_LOOK_EVERY_S = 0.05
_PATIENCE_S = 300.0
_SESSION_LIFE_S = 16 * 60
_QUEUES_OF_WORK = tuple(name for name in QUEUES if name != "indexing")
_LIMITS = {"SMALL_FILE_MAX_BYTES": "200000", "FRAGMENT_BYTES": "327680", "TRANSFER_CLAIM_S": "3", "PULL_LEASE_S": "3"}
_SWITCHED_OFF = (
    "poll_unwatched_libraries",
    "keep_subscriptions",
    "daily_sync",
    "watch_runs",
    "forget_settled_messages",
    "customer_to_index",
)


class NotSettled(AssertionError):
    """The work neither ended nor waits for anything."""


def is_work(method: str, path: str, headers: Mapping[str, str]) -> bool:
    """Whether a request counts: not one that asks a queue whether there is something."""
    return not (method == "GET" and path.partition("?")[0].endswith("/messages"))


@dataclass
class CrashRig:
    """The servers, the host, and the app in this process for what people do and for looking at the outcome."""

    host: LocalHost
    crossing: Crossing
    local: LocalSharePoint
    world: World
    stores: Stores
    """With the real queues."""
    queues: QueueServiceClient
    killed_at: str = ""
    """The request after which the last kill came; empty where none came."""
    hosts_killed: int = 0
    nudges: int = 0
    """How often something that waited for a long time was hurried."""
    customers: dict[str, str] = field(default_factory=dict)

    def arm(self, nth: int) -> None:
        """Have the process that sends the nth request from now killed with SIGKILL, before it hears the answer."""
        self.killed_at = ""
        self.crossing.after(nth, self._kill)

    def disarm(self) -> None:
        """Nothing is to be killed any more."""
        self.crossing.forget()

    def _kill(self) -> None:
        self.killed_at = self.crossing.last
        for pid in self.host.worker_pids():
            os.kill(pid, signal.SIGKILL)
        if "/messages/" in self.killed_at:
            # It is the host that settles messages; its workers are gone with it.
            self.host.process.kill()

    def revive(self) -> None:
        """Start the host anew where it was killed; a worker alone is replaced by the host."""
        if self.host.process.poll() is not None:
            self.host.kill()
            self.host.start()
            self.hosts_killed += 1

    def clear_queues(self) -> None:
        """Forget messages that wait for later: nothing is left to do for them."""
        for name in QUEUES:
            self.queues.get_queue_client(name).clear_messages()

    def waiting_messages(self) -> int:
        """How many there are, whether anybody may take them now or not; those of the index are no work."""
        clients = (self.queues.get_queue_client(name) for name in _QUEUES_OF_WORK)
        return sum(client.get_queue_properties().approximate_message_count or 0 for client in clients)

    def settle(self, is_done: Callable[[], bool], is_waiting: Callable[[], bool], again: Callable[[], None]) -> None:
        """Wait until it is done and no message is left. What waits longer than a person would is hurried.

        `again` is what somebody does who presses "try now", or the daily job. It may only be needed where the file
        says that it waits and its message is still there; that one is harmless and not waited for. Raises NotSettled.
        """
        started = hurried_at = time.monotonic()
        hurried = False
        while (now := time.monotonic()) < started + _PATIENCE_S:
            self.revive()
            if is_done() and (hurried or self.waiting_messages() == 0):
                return
            if now > hurried_at + 2 * _LEASE_S and is_waiting() and self.waiting_messages() > 0:
                self.local.advance(_SESSION_LIFE_S)
                again()
                hurried, hurried_at = True, now
                self.nudges += 1
            time.sleep(_LOOK_EVERY_S)
        raise NotSettled(f"{self.waiting_messages()} messages left, done: {is_done()}, waiting: {is_waiting()}")


@contextmanager
def crash_rig() -> Iterator[CrashRig]:
    """Servers and a host of their own."""
    crossing = Crossing(is_work)
    with (
        moments_storage() as storage,
        LocalSharePoint(tls=True) as local,
        StorageBetween(storage, crossing) as between,
        Between(local.url, name="graph", crossing=crossing) as graph,
        QueueServiceClient.from_connection_string(storage.connection_string) as queues,
    ):
        # Delta links are followed on the host that they were saved with only, so both apps use the same.
        environ = environ_for(storage.connection_string, local, GRAPH_URL=graph.url, **_LIMITS)
        settings = Settings.from_environ(environ)
        stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, lambda: datetime.now(UTC))
        through = {"MOMENT_STORAGE": between.connection_string, "GRAPH_URL": graph.url}
        off = {f"AzureWebJobs.{name}.Disabled": "true" for name in _SWITCHED_OFF}
        host = LocalHost(
            ROOT,
            host_settings(storage, local) | _LIMITS | through | off | {"BLOB_TRIGGER_SOURCE": "EventGrid"},
            options=["--queue-poll-ms", "100", "--lease-s", str(_LEASE_S)],
        )
        with host:
            yield CrashRig(host, crossing, local, World.start(environ, local), stores, queues)

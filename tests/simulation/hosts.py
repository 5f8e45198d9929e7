"""The stage on which storms take place: Azurite, the local SharePoint, and two hosts of the app on the same storage.

The app reaches both through proxies that may break what passes; people and the platform's own storage do not.
"""

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import requests
from azure.storage.queue import QueueServiceClient

from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import open_clients, open_stores
from tests.conftest import moments_storage
from tests.functions.conftest import host_settings
from tests.simulation.between import Between
from tests.simulation.storage_between import StorageBetween
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

APP = Path(__file__).parent / "wrong_clock"
"""The app, on a clock that a storm sets."""
HOSTS = 2
_OPTIONS = ["--lease-s", "4", "--poll-interval-ms", "400", "--queue-poll-ms", "200"]
_SETTINGS = {
    "SMALL_FILE_MAX_BYTES": "100000",
    "FRAGMENT_BYTES": "327680",
    "TRANSFER_CLAIM_S": "5",
    "PULL_LEASE_S": "5",
    "DELETION_GUARD_FILES": "3",
    "DELETION_GUARD_PERCENT": "30",
    "AzureFunctionsJobHost__extensions__queues__visibilityTimeout": "00:00:02",
}
"""Short waits after a crash, and a guard that a small library can meet."""
_SECRET = re.compile(
    r"sig=[A-Za-z0-9%]{8}|tempauth=|Bearer [A-Za-z0-9]|eyJ[A-Za-z0-9_-]{20,}\.|AccountKey=[A-Za-z0-9+]"
)
_NO_ANSWER = 0


class Answer:
    """What came back; status 0 where nothing did."""

    def __init__(self, status: int, text: str = "", body: Any = None, e_tag: str = "") -> None:
        self.status, self.text, self.body, self.e_tag = status, text, body, e_tag

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_open(self) -> bool:
        """Nobody knows whether it was done: no answer, or that of a host whose worker died meanwhile."""
        return self.status == _NO_ANSWER or self.status >= 500

    def __str__(self) -> str:
        return str(self.status) if self.status else "no answer"


class Stage:
    """Everything that runs. `stores` are for looking, never for changing anything."""

    def __init__(
        self,
        local: LocalSharePoint,
        graph: Between,
        storage_between: StorageBetween,
        hosts: Sequence[LocalHost],
        settings: Settings,
        clocks: Sequence[Path],
    ) -> None:
        self.local, self.graph, self.storage_between, self.hosts = local, graph, storage_between, hosts
        self.stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, lambda: datetime.now(UTC))
        self.container = open_clients(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).container
        self.queues = QueueServiceClient.from_connection_string(settings.storage.connection_string)
        self.most_memory_bytes = 0
        self.killed_at: list[float] = []
        """When hosts and workers were killed, in Unix seconds."""
        self.apart_s = 0.0
        """By how much the hosts' clocks disagreed at most since the last storm began."""
        self._clocks = clocks
        self._is_up = [True] * len(hosts)
        self._read_logs = [0] * len(hosts)
        self._locks = [threading.RLock() for _ in hosts]
        self._threads = threading.local()

    def call(self, method: str, path: str, **arguments: Any) -> Answer:
        """Ask the API of a host that is up; a host that dies meanwhile gives no answer."""
        up = [host for host, is_up in zip(self.hosts, self._is_up, strict=True) if is_up] or [self.hosts[0]]
        host = up[threading.get_ident() % len(up)]
        return self.ask(method, f"{host.url}/api/{path}", **arguments)

    def ask(self, method: str, url: str, **arguments: Any) -> Answer:
        """Any request, over connections that this thread keeps."""
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
        try:
            answer = self._threads.session.request(method, url, timeout=60, **arguments)
            is_json = "json" in answer.headers.get("Content-Type", "")
            return Answer(
                answer.status_code, answer.text if is_json else "", answer.json() if is_json else None,
                answer.headers.get("ETag", ""),
            )  # fmt: skip
        except (requests.RequestException, ValueError):
            return Answer(_NO_ANSWER)

    def set_clocks(self, wrong_by_s: Sequence[float]) -> None:
        """From now on, each host's clock is wrong by so much."""
        self.apart_s = max(self.apart_s, max(wrong_by_s) - min(wrong_by_s))
        for clock, seconds in zip(self._clocks, wrong_by_s, strict=True):
            whole = clock.with_suffix(".new")
            whole.write_text(str(seconds))
            whole.replace(clock)

    def kill(self, number: int) -> bool:
        """End a host and its worker at once, as a lost machine would; False where it is just starting, or down.

        It never waits for a start: it may be called by a proxy, through which that start goes.
        """
        if not self._locks[number].acquire(blocking=False):
            return False
        try:
            was_up = self._is_up[number]
            self._watch_memory(number)
            self._is_up[number] = False
            self.killed_at.append(time.time())
            self.hosts[number].kill()
            return was_up
        finally:
            self._locks[number].release()

    def kill_worker(self, number: int) -> bool:
        """End only the worker process; its host notices and starts another."""
        if not self._locks[number].acquire(blocking=False):
            return False
        try:
            workers = self.hosts[number].worker_pids() if self._is_up[number] else []
            self.killed_at += [time.time()] * len(workers)
            for pid in workers:
                psutil.Process(pid).kill()
            return bool(workers)
        finally:
            self._locks[number].release()

    def wait_for_a_host(self, patience_s: float = 120) -> None:
        """Until one is up; a storm without any would be over before it began. RuntimeError when none comes."""
        deadline = time.monotonic() + patience_s
        while not any(self._is_up):
            if time.monotonic() > deadline:
                raise RuntimeError(f"no host is up after {patience_s:.0f} s")
            time.sleep(0.05)

    def start(self, number: int) -> None:
        """Start a host that was killed; harmless where it runs."""
        with self._locks[number]:
            if not self._is_up[number]:
                self.hosts[number].start()
                self._is_up[number] = True

    def start_all(self) -> None:
        """Have all hosts run."""
        for number in range(len(self.hosts)):
            self.start(number)

    def _watch_memory(self, number: int) -> None:
        if self._is_up[number]:
            host = psutil.Process(self.hosts[number].process.pid)
            for process in [host, *host.children()]:
                self.most_memory_bytes = max(self.most_memory_bytes, process.memory_info().rss)

    def memory_bytes(self) -> int:
        """The most memory that one process of a host had whenever somebody looked."""
        for number, lock in enumerate(self._locks):
            with lock:
                self._watch_memory(number)
        return self.most_memory_bytes

    def logged(self) -> list[str]:
        """The lines that hosts and workers logged since the last `forget_logs`."""
        texts = [host.log_text()[begin:] for host, begin in zip(self.hosts, self._read_logs, strict=True)]
        return [line for text in texts for line in text.splitlines()]

    def forget_logs(self) -> None:
        """Later lines are those of another storm, whose hosts' clocks agree until it sets them."""
        self.apart_s = 0.0
        self._read_logs = [len(host.log_text()) for host in self.hosts]

    def waiting_messages(self) -> dict[str, int]:
        """How many messages each queue has, also those that are hidden; empty queues are left out."""
        counts = {}
        for queue in self.queues.list_queues():
            client = self.queues.get_queue_client(queue.name)
            counts[queue.name] = client.get_queue_properties().approximate_message_count or 0
        return {name: count for name, count in counts.items() if count}

    def forget_messages(self) -> None:
        """After a storm: what its customers' messages would still look at is no matter of the next one."""
        for queue in self.queues.list_queues():
            self.queues.get_queue_client(queue.name).clear_messages()

    def blobs_of(self, customer: str) -> dict[str, bytes]:
        """The contents that Moment Cloud holds for a customer, by blob."""
        names = list(self.container.list_blob_names(name_starts_with=f"{customer}/"))
        return {name: self.container.download_blob(name).readall() for name in names}


def secrets_in(lines: Sequence[str], client_states: Sequence[str]) -> list[str]:
    """The lines with a signature, a token, an upload URL, a key or one of these clientStates."""
    return [line for line in lines if _SECRET.search(line) or any(state and state in line for state in client_states)]


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Start everything, and end it."""
    ports = _free_ports(HOSTS)
    with ExitStack() as stack:
        storage = stack.enter_context(moments_storage())
        local = stack.enter_context(LocalSharePoint(tls=True))
        storage_between = stack.enter_context(StorageBetween(storage))
        graph = stack.enter_context(Between(local.url, name="graph"))
        environ = host_settings(storage, local, PUBLIC_URL=f"http://127.0.0.1:{ports[0]}", **_SETTINGS)
        settings = Settings.from_environ(environ)
        through = {"MOMENT_STORAGE": storage_between.connection_string, "GRAPH_URL": graph.url}
        clocks = {port: Path(stack.enter_context(TemporaryDirectory()), "clock") for port in ports}
        own = {port: environ | through | {"STORM_CLOCK": str(clock)} for port, clock in clocks.items()}
        hosts = [LocalHost(app=APP, settings=each, port=port, options=_OPTIONS) for port, each in own.items()]
        stage = Stage(local, graph, storage_between, hosts, settings, [*clocks.values()])
        stage.set_clocks([0.0] * HOSTS)
        with ThreadPoolExecutor(HOSTS) as threads:
            list(threads.map(lambda host: host.start(), hosts))
        for host in hosts:
            stack.callback(host.kill)
        yield stage


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]

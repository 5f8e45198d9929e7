"""What a file costs, counted where it is billed: requests in Azurite's log, requests and units in SharePoint's.

Left out is what comes with time and not with files: looks into empty queues, timers and their locks, listings of the
container that stand for Event Grid.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, dataclass
from itertools import count

from tests.functions.test_files_api import wait_for
from tests.system.host_world import HostWorld

_REQUEST = re.compile(r'"(GET|POST|PUT|MERGE|DELETE|PATCH|HEAD) /devstoreaccount1/(\S*) HTTP[^"]*" (\d+)')
_MESSAGE = re.compile(r"^[\w-]+/messages")
_QUIET_LOOKS = 4
_LOOK_S = 1.0
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of so many files together; `per(files)` gives that of one. Executions are those of queues and blob events."""

    executions: float
    table_reads: float
    table_writes: float
    """A transaction is one."""
    queue_requests: float
    blob_requests: float
    graph_requests: float
    units: float

    def per(self, files: int) -> "Cost":
        return Cost(*(round(value / files, 2) for value in astuple(self)))


def cost_of(world: HostWorld, work: Callable[[], None], sleep: Callable[[float], None]) -> Cost:
    """Count what this work costs, with all that it leads to."""
    _settled(world, sleep)
    log, calls = len(world.storage.log_text()), len(world.local.requests())
    work()
    _settled(world, sleep)
    return _counted(world, log, calls)


def moved_alone(world: HostWorld, customer: str) -> None:
    """One small file, and nothing else meanwhile, until it is in SharePoint alone."""
    _await_moved(world, customer, [world.file(customer, f"alone {next(_numbers)}.txt")])


def moved_together(world: HostWorld, customer: str, files: int) -> None:
    """Many small files of a customer, handed over one after the other."""
    _await_moved(world, customer, [world.file(customer, f"together {next(_numbers)}.txt") for _ in range(files)])


def _await_moved(world: HostWorld, customer: str, ids: list[str]) -> None:
    def are_moved() -> bool:
        done = world.count_in_storage(customer, ids) == len(ids)
        return done and all(world.record(customer, each).blob_name is None for each in ids)

    wait_for(are_moved, "the move", 300)


def _settled(world: HostWorld, sleep: Callable[[float], None]) -> None:
    """Until nothing but looks into queues happened for some seconds."""
    quiet, before = 0, -1
    while quiet < _QUIET_LOOKS:
        sleep(_LOOK_S)
        found = sum(_kinds(world.storage.log_text()).values())
        quiet, before = (quiet + 1, before) if found == before else (0, found)


def _counted(world: HostWorld, log: int, calls: int) -> Cost:
    kinds = _kinds(world.storage.log_text()[log:])
    sent = [call for call in world.local.requests()[calls:] if call["path"].startswith("/v1.0")]
    return Cost(
        executions=kinds["executions"],
        table_reads=kinds["table reads"],
        table_writes=kinds["table writes"],
        queue_requests=kinds["queue"],
        blob_requests=kinds["blob"],
        graph_requests=len(sent),
        units=sum(call["ru"] for call in sent),
    )


def _kinds(log: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for method, address, status in _REQUEST.findall(log):
        path, _, query = address.partition("?")
        kind = _kind(method, path, query, int(status))
        if kind:
            found[kind] += 1
            # A message is taken, and then deleted once its function has ended.
            found["executions"] += kind == "queue" and method == "DELETE"
            found["queue"] += kind == "queue" and method == "DELETE"
    return found


def _kind(method: str, path: str, query: str, status: int) -> str | None:
    if path.startswith("azure-webjobs-hosts") or (method == "GET" and query.startswith("restype")):
        return None
    if _MESSAGE.match(path):
        # Looks are many more than messages; the one that found it is counted with its deletion.
        return None if method == "GET" else "queue"
    if path.startswith("moment-cloud/"):
        return "blob"
    if status == 404 and "poison" in path:
        return None
    return "table writes" if path == "$batch" or method != "GET" else "table reads"

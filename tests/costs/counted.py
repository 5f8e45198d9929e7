"""What a file costs, counted where it is billed: requests in Azurite's log, requests and units in SharePoint's.

The product does it in this process, so that how many share a pull is decided here and not by how busy the machine is.
What the platform adds for each message and each blob event is added by name.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, dataclass

from shared.model.directory import Links
from tests.world import World
from tools.functions_host.azurite import Azurite

_REQUEST = re.compile(r'"(GET|POST|PUT|MERGE|DELETE|PATCH|HEAD) /devstoreaccount1/(\S*) HTTP')
QUEUE_REQUESTS_OF_A_MESSAGE = 3
"""It is sent, found by a look into the queue, and deleted."""
BLOB_REQUESTS_OF_AN_EVENT = 1
"""The blob trigger looks whether the blob is there before it calls the function."""


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


def moved(world: World, storage: Azurite, links: Links, files: int) -> Cost:
    """So many small files of a followed library until SharePoint alone has them, and one pull for all of them."""

    def work() -> int:
        uploaded = [world.upload(links, f"{links.customer} {files} {number}.txt") for number in range(files)]
        for record in uploaded:
            world.arrive(record)
        link = world.app.folders.find(links.customer, "library")
        assert link is not None
        world.pulls.send(f"notified:{link.drive_id}")
        messages = files + len(world.pulls.keys) + len(world.pushes.keys)
        world.settle()
        messages += len({key for key, _ in world.indexing.keys})
        world.index()
        assert all(world.read(record).blob_name is None for record in uploaded)
        return messages

    world.settle()
    world.index()
    return _counted(world, storage, work, events=files, looks=files)


def _counted(world: World, storage: Azurite, work: Callable[[], int], *, events: int, looks: int) -> Cost:
    """What `work` costs, which gives the number of messages; `looks`: table reads of the test's own."""
    log, calls = len(storage.log_text()), len(world.local.requests())
    messages = work()
    kinds = Counter(_kind(method, address) for method, address in _REQUEST.findall(storage.log_text()[log:]))
    sent = [call for call in world.local.requests()[calls:] if call["path"].startswith("/v1.0")]
    return Cost(
        executions=messages,
        table_reads=kinds["table reads"] - 2 * looks - 1,
        table_writes=kinds["table writes"],
        queue_requests=messages * QUEUE_REQUESTS_OF_A_MESSAGE,
        blob_requests=kinds["blob"] + events * BLOB_REQUESTS_OF_AN_EVENT,
        graph_requests=len(sent),
        units=sum(call["ru"] for call in sent),
    )


def _kind(method: str, address: str) -> str:
    path = address.partition("?")[0]
    if path.startswith("moment-cloud/"):
        return "blob"
    return "table writes" if path == "$batch" or method != "GET" else "table reads"

"""Each fault of the plan really meets a request of the app, and nobody else's; what was withdrawn does not happen."""

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from azure.storage.queue import QueueServiceClient

from shared.errors import MomentError
from shared.graph.connection import USER_AGENT
from shared.model.directory import Links
from shared.settings import CHANGES_QUEUE
from tests.sharepoint.graph_client import Graph
from tests.simulation.between import Between
from tests.simulation.faults import FaultPlan
from tests.simulation.queue_faults import QUEUES, QueueFaults
from tests.simulation.sharepoint_faults import SCRIPTED, STATES, Trouble, lock
from tests.simulation.storage_between import StorageBetween
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint

DOWNLOAD_URL = "@microsoft.graph.downloadUrl"


@pytest.fixture
def app(sharepoint: LocalSharePoint) -> Iterator[Graph]:
    """A client that Graph takes for the app."""
    with Graph(sharepoint) as graph:
        graph.headers["User-Agent"] = USER_AGENT
        yield graph


@pytest.fixture
def person(sharepoint: LocalSharePoint) -> Iterator[Graph]:
    with Graph(sharepoint) as graph:
        yield graph


@pytest.fixture
def queues(azurite: Azurite) -> Iterator[QueueServiceClient]:
    """Nothing waits in them."""
    with QueueServiceClient.from_connection_string(azurite.connection_string) as client:
        for name in QUEUES:
            client.get_queue_client(name).clear_messages()
        yield client


def errands(client: Graph, person: Graph) -> list[int]:
    """One request of each kind that the app sends, for what a person has made; a broken connection gives 0."""
    number = f"{random.random()}"[2:]
    items = f"/drives/{client.drive}/items"
    file = person.upload(f"{number} 1.txt", b"x" * 5000).json()["id"]
    download_url = person.get(f"{items}/{file}?$select=id,@microsoft.graph.downloadUrl").json()[DOWNLOAD_URL]
    upload_url = person.session(f"{number}.bin").json()["uploadUrl"]

    def status(method: str, url: str, **arguments: Any) -> int:
        if not url.startswith("/"):
            arguments["headers"] = {"Authorization": None, **arguments.get("headers", {})}
        try:
            return client.request(method, url, timeout=30, **arguments).status_code
        except requests.RequestException:
            return 0

    any_version = {"If-Match": "*"}
    return [
        status("GET", f"{items}/{file}"),
        status("GET", download_url),
        status("PUT", f"{items}/root:/{number} 2.txt:/content", data=b"x" * 5000),
        status("PUT", f"{items}/{file}/content", data=b"y" * 5000, headers=any_version),
        status("POST", f"{items}/root/children", json={"name": number, "folder": {}}),
        status("PATCH", f"{items}/{file}", json={"name": f"{number} 3.txt"}, headers=any_version),
        status("PUT", upload_url, data=b"z" * 4000, headers={"Content-Range": "bytes 0-3999/4000"}),
        status("DELETE", f"{items}/{file}", headers=any_version),
    ]


@pytest.mark.parametrize("trouble", SCRIPTED, ids=lambda trouble: trouble.name)
def test_a_trouble_meets_the_app_and_no_person(
    app: Graph, person: Graph, sharepoint: LocalSharePoint, trouble: Trouble
):
    usual = errands(person, person)
    sharepoint.fault(trouble.script(random.Random(1)))

    assert errands(person, person) == usual
    assert sharepoint.faults_taken() == {}
    met = errands(app, person)

    assert trouble.name in sharepoint.faults_taken()
    assert (met != usual) == (trouble.name != "slow")


def test_locked_files_and_expired_tokens_leave_a_trace(world: World, sharepoint: LocalSharePoint):
    customer = world.customer()
    record = world.arrive(world.upload(Links(customer.id), "a.txt"))
    assert record.baseline is not None
    for state in (lock(record.baseline.item_id), STATES[0]):
        since = max(call["n"] for call in sharepoint.requests())
        sharepoint.fault(state.script)
        world.edit(record, name=f"{state.name}.txt")
        assert any(state.is_trace(entry) for entry in sharepoint.requests(since)), state.name
        sharepoint.clear_faults()


def test_the_same_seed_strikes_the_same_faults(sharepoint: LocalSharePoint):
    def strikes() -> list[str]:
        sharepoint.reset()
        plan = FaultPlan(random.Random(7), sharepoint, None)
        return [plan.strike() for _ in range(40)]

    assert strikes() == strikes()


def test_what_was_withdrawn_does_not_happen(azurite: Azurite, app: Graph, person: Graph, sharepoint: LocalSharePoint):
    usual = errands(person, person)
    with StorageBetween(azurite) as storage:
        plan = FaultPlan(random.Random(3), sharepoint, storage)
        for _ in range(60):
            plan.strike()
        plan.off()

        app.sign_in()
        assert errands(app, person) == usual
        assert storage.faults.pending == 0
        assert set(plan.happened) <= {"SharePoint's clock ahead"}


@pytest.mark.parametrize("seed", range(3))
def test_faults_are_counted_when_they_happen_and_files_arrive_nevertheless(
    azurite: Azurite, sharepoint: LocalSharePoint, queues: QueueServiceClient, seed: int
):
    rng = random.Random(seed)
    with StorageBetween(azurite) as storage, Between(sharepoint.url, name="graph") as graph:
        world = World.start(environ_for(storage.connection_string, sharepoint, GRAPH_URL=graph.url), sharepoint)
        customer = world.customer()
        plan = FaultPlan(rng, sharepoint, storage, graph, queues)
        records = []
        for number in range(6):
            records.append(world.upload(Links(customer.id), f"{number}.txt", f"{seed} {number}".encode()))
            plan.strike()
            with contextlib.suppress(MomentError):
                world.arrive(records[-1])
        struck = plan.happened
        plan.off()
        world.clock.advance(200)
        for _ in range(3):
            world.clock.advance(1000)
            sharepoint.advance(1000)
            for record in records:
                world.arrive(record)

        assert struck
        assert [world.stored(world.read(record)) for record in records] == [
            f"{seed} {number}".encode() for number in range(6)
        ]


def test_a_message_is_doubled_held_back_and_overtaken(queues: QueueServiceClient):
    faults, queue = QueueFaults(queues, random.Random(1)), queues.get_queue_client(CHANGES_QUEUE)
    assert not faults.doubled()
    assert not faults.late()
    queue.send_message("a")

    assert faults.doubled()
    assert [message.content for message in queue.peek_messages(5)] == ["a", "a"]
    assert faults.reordered()
    queue.clear_messages()
    queue.send_message("b")
    assert faults.late()
    assert queue.peek_messages(5) == []
    assert queue.get_queue_properties().approximate_message_count == 1
    queue.clear_messages()

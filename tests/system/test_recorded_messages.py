"""Messages of the version before, played to the app on a real host: each does what it says, whoever sent it.

An app of the same storage, in this process, prepares what the message is about; its own messages go nowhere.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from azure.storage.queue import QueueClient

from shared.errors import TransientError
from shared.model.directory import Customer, Links
from shared.model.files import FileRecord, FileState
from shared.model.libraries import Stop, Watch
from shared.model.runs import Direction, Run
from shared.model.urgency import bulk
from shared.settings import CHANGES_QUEUE, INDEXING_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, TRANSFERS_QUEUE
from shared.store.queues import StorageKeyQueue, StorageTransferQueue
from tests.functions.test_files_api import wait_for
from tests.system.host_world import HostWorld, host_world
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite

RECORDED = json.loads((Path(__file__).parent / "recorded_messages.json").read_text("utf-8"))["messages"]
UNKNOWN = {"version": 9, "hint": {"from": ["a later version"]}}
QUEUES = {TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, INDEXING_QUEUE}


@pytest.fixture(scope="module")
def host() -> Iterator[HostWorld]:
    with host_world() as running:
        yield running


@dataclass
class Scene:
    """What a message is about, and how it is seen that the host took it."""

    customer: Customer
    took: Callable[[], object]
    file: FileRecord | None = None
    run: Run | None = None
    drive_id: str = ""

    def filled(self, body: dict) -> dict:
        names = {
            "CUSTOMER": self.customer.id,
            "FILE": self.file.id if self.file else "",
            "BLOB": (self.file.blob_name or "") if self.file else "",
            "DRIVE": self.drive_id,
            "RUN": self.run.id if self.run else "",
        }
        text = json.dumps(body)
        for name, value in names.items():
            text = text.replace(name, value)
        return json.loads(text)


def moved(world: World) -> tuple[Customer, FileRecord, str]:
    """A file in SharePoint, in a library that was read once and that nobody polls, so that nothing helps a message."""
    customer = world.customer()
    record = world.arrive(world.upload(Links(customer.id), "before.txt"))
    world.settle()
    record = world.read(record)
    assert record.baseline is not None
    state = world.app.libraries.find(record.baseline.drive_id)
    assert state is not None
    world.app.libraries.save(state, replace(state, watch=Watch.SUBSCRIBED))
    return customer, record, state.drive_id


def transfer(world: World) -> Scene:
    customer = world.customer()
    record = world.upload(Links(customer.id))
    return Scene(customer, lambda: world.read(record).state is FileState.IN_SHAREPOINT, record)


def pull(world: World) -> Scene:
    customer, _, drive_id = moved(world)
    world.graph("PUT", f"/drives/{drive_id}/items/root:/theirs.txt:/content", data=b"theirs")
    took = lambda: "theirs.txt" in [each.name for each in world.app.files.live(customer.id)]  # noqa: E731
    return Scene(customer, took, drive_id=drive_id)


def renewal(world: World) -> Scene:
    customer, _, drive_id = moved(world)
    before = world.app.libraries.find(drive_id)
    assert before is not None
    took = lambda: (world.app.libraries.find(drive_id) or before).subscription_id != before.subscription_id  # noqa: E731
    return Scene(customer, took, drive_id=drive_id)


def look(world: World) -> Scene:
    customer, _, drive_id = moved(world)
    state = world.app.libraries.find(drive_id)
    assert state is not None
    world.app.libraries.save(state, state.gone(world.clock()))

    def took() -> bool:
        now = world.app.libraries.find(drive_id)
        return now is not None and now.stop is Stop.NONE

    return Scene(customer, took, drive_id=drive_id)


def edit(world: World) -> Scene:
    customer, record, drive_id = moved(world)
    world.app.edits.edit(customer.id, record.id, world.an_edit(name="after.txt"))
    return Scene(customer, lambda: world.children(drive_id, "root") == ["after.txt"], record, drive_id=drive_id)


def new_name(world: World) -> Scene:
    customer, _, drive_id = moved(world)
    world.rename_customer(customer)

    def took() -> bool:
        return str(world.graph("GET", f"/drives/{drive_id}").json()["name"]).endswith("& Sons")

    return Scene(customer, took, drive_id=drive_id)


def part(world: World) -> Scene:
    customer, _, drive_id = moved(world)
    run = world.app.sync_by_hand.begin(
        Links(customer.id), Direction.FROM_SHAREPOINT, "Ada", is_plan=False, is_full=False
    )
    return Scene(customer, lambda: world.app.runs.find(run.id).ended_at, run=run, drive_id=drive_id)


def index(world: World) -> Scene:
    customer = world.customer()
    world.announce(Links(customer.id), "indexed.txt")
    return Scene(customer, lambda: not world.stores.everywhere.is_behind(customer.id))


SCENES: dict[tuple[str, str], Callable[[World], Scene]] = {
    (TRANSFERS_QUEUE, ""): transfer,
    (CHANGES_QUEUE, ""): pull,
    (CHANGES_QUEUE, "renew"): renewal,
    (CHANGES_QUEUE, "look"): look,
    (PUSHES_QUEUE, ""): edit,
    (PUSHES_QUEUE, "rename"): new_name,
    (SYNCS_QUEUE, ""): part,
    (INDEXING_QUEUE, ""): index,
}


def scene_of(queue: str, body: dict) -> Callable[[World], Scene]:
    kind = body.get("key", "").partition(":")[0]
    return SCENES.get((queue, kind)) or SCENES[queue, ""]


def patiently[T](step: Callable[[], T]) -> T:
    """Again where storage dropped a connection that was idle for long: in the app the queue would do that."""
    for _ in range(4):
        with suppress(TransientError):
            return step()
    return step()


def sent(storage: Azurite, queue: str, body: dict) -> None:
    with QueueClient.from_connection_string(storage.connection_string, queue) as client:
        client.send_message(base64.b64encode(json.dumps(body).encode()).decode())


def played() -> Iterator[object]:
    """Every message as it was recorded, and the first of each queue as a later version might send it."""
    later = set(QUEUES)
    for each in RECORDED:
        yield pytest.param(each["queue"], each["what"], each["body"], id=f"{each['queue']}: {each['what']}")
        if each["queue"] in later:
            later.remove(each["queue"])
            body = each["body"] | UNKNOWN
            yield pytest.param(each["queue"], each["what"], body, id=f"{each['queue']}: with unknown members")


@pytest.mark.parametrize(("queue", "what", "body"), list(played()))
def test_a_message_of_another_version_does_what_it_says(host: HostWorld, queue: str, what: str, body: dict):
    world = World.start(environ_for(host.storage.connection_string, host.local), host.local)
    scene = patiently(lambda: scene_of(queue, body)(world))

    sent(host.storage, queue, scene.filled(body))

    wait_for(lambda: patiently(scene.took), what)
    assert host.api.call("GET", "given-up").json() == {"items": []}


def test_a_message_of_each_queue_is_recorded():
    assert {each["queue"] for each in RECORDED} == QUEUES


def test_what_is_sent_today_is_what_the_version_before_sent(azurite: Azurite):
    """So it can read it: the same members, and `bulk` where bulk work sends it."""
    shapes = {(each["queue"], frozenset(each["body"])) for each in RECORDED}
    for queue in QUEUES:
        with QueueClient.from_connection_string(azurite.connection_string, f"{queue}-recorded") as client:
            client.create_queue()
            sender = StorageTransferQueue(client) if queue == TRANSFERS_QUEUE else StorageKeyQueue(client)
            what = ("c1", "f1") if queue == TRANSFERS_QUEUE else ("k1",)
            sender.send(*what)  # type: ignore[arg-type]
            with bulk():
                sender.send(*what)  # type: ignore[arg-type]
            bodies = [json.loads(base64.b64decode(each.content)) for each in client.receive_messages()]
        members = [frozenset(body) for body in bodies]
        assert (queue, members[0]) in shapes
        assert [each.get("bulk") for each in bodies] == [None, True]
        assert members[1] - {"bulk"} == members[0]

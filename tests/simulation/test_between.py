"""The proxy: what goes through it unchanged, and each way in which it breaks a request."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

from shared.errors import PreconditionFailed
from shared.model.directory import Links
from shared.model.files import FileState
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, StorageSettings
from shared.store.azure_errors import error_code
from shared.store.connect import Clients, open_clients
from tests.simulation.between import Between
from tests.simulation.storage_between import StorageBetween
from tests.simulation.wire import WireKind
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture
def storage(azurite: Azurite) -> Iterator[StorageBetween]:
    with StorageBetween(azurite) as running:
        yield running


@pytest.fixture
def graph(sharepoint: LocalSharePoint) -> Iterator[Between]:
    with Between(sharepoint.url, name="graph") as running:
        yield running


@pytest.fixture
def world(storage: StorageBetween, graph: Between, sharepoint: LocalSharePoint) -> World:
    """The product, which reaches both services through the proxy only."""
    environ = environ_for(
        storage.connection_string,
        sharepoint,
        GRAPH_URL=graph.url,
        SMALL_FILE_MAX_BYTES="200000",
        FRAGMENT_BYTES="327680",
    )
    return World.start(environ, sharepoint)


@pytest.fixture
def clients(storage: StorageBetween) -> Clients:
    """The SDK's clients through the proxy; they don't repeat anything."""
    settings = StorageSettings(connection_string=storage.connection_string)
    return open_clients(settings, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE)


def test_a_large_file_moves_with_every_request_through_the_proxy(world: World, graph: Between, storage: StorageBetween):
    content = bytes(range(256)) * 5000
    customer = world.customer(name="50% Öl & ' 1")
    before = len(world.local.requests())

    record = world.arrive(world.upload(Links(customer.id), "a #1 + 50% ' Ü.bin", content, tags=("red",)))

    assert (record.state, record.blob_name, record.name) == (FileState.IN_SHAREPOINT, None, "a #1 + 50% ' Ü.bin")
    assert world.stored(record) == content
    reached = [call for call in world.local.requests()[before:] if "Moment" in call["user_agent"]]
    assert graph.requests == len(reached)
    assert any("uploadSession" in call["route"] for call in reached)
    assert storage.requests > 10


def test_changes_are_followed_through_the_proxy(world: World, graph: Between):
    customer = world.customer()
    record = world.arrive(world.upload(Links(customer.id), "a.txt", b"a"))
    world.pull(customer.id)
    assert record.baseline is not None
    world.rename_item(record.baseline.drive_id, record.baseline.item_id, "b.txt")

    world.pull(customer.id)

    assert world.read(record).name == "b.txt"


def test_a_signed_url_made_from_the_proxied_account_works(world: World):
    _, url = world.announce(Links(world.customer().id), "Ä+%#.txt")
    world.put_blob(url, b"content")


def test_a_call_before_a_request_keeps_it_from_the_service(graph: Between, sharepoint: LocalSharePoint):
    seen: list[int] = []
    graph.before(2, lambda: seen.append(len(sharepoint.requests())))
    address = f"{graph.url}/v1.0/sites/root"

    assert requests.get(address, timeout=30).status_code == 401
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=30)

    assert (seen, len(sharepoint.requests()), graph.requests) == ([1], 1, 1)


def test_a_call_after_a_request_finds_it_done(graph: Between, sharepoint: LocalSharePoint):
    seen: list[int] = []
    graph.after(1, lambda: seen.append(len(sharepoint.requests())))

    assert requests.get(f"{graph.url}/v1.0/sites/root", timeout=30).status_code == 401
    assert seen == [1]


@pytest.mark.parametrize(
    ("kind", "error"), [(WireKind.FAILED, "InternalError"), (WireKind.BUSY, "ServerBusy"), (WireKind.THROTTLED, "Too")]
)
@pytest.mark.parametrize("service", ["tables", "container", "transfers"])
def test_a_refusal_is_read_by_the_sdk_as_the_services_own(
    clients: Clients, storage: StorageBetween, kind: WireKind, error: str, service: str
):
    storage.faults.ask(kind, times=1, retry_after_s=0)
    ask = {
        "tables": lambda: list(clients.tables.list_tables(retry_total=0)),
        "container": lambda: clients.container.get_container_properties(retry_total=0),
        "transfers": lambda: clients.transfers.peek_messages(retry_total=0),
    }[service]

    with pytest.raises(HttpResponseError) as raised:
        ask()

    assert raised.value.status_code == kind.status
    assert error in error_code(raised.value)
    assert storage.faults.happened == {kind: 1}


def test_a_stale_answer_comes_only_where_a_version_is_named(world: World, storage: StorageBetween):
    customer = world.customer()
    record = world.upload(Links(customer.id), "a.txt", b"a")
    storage.faults.ask(WireKind.STALE)

    world.stores.files.find(customer.id, record.id)
    assert storage.faults.pending == 1
    with pytest.raises(PreconditionFailed):
        world.stores.files.save(world.read(record), replace(world.read(record), name="b.txt"), "edited")

    assert storage.faults.happened == {WireKind.STALE: 1}
    assert world.read(record).name == "a.txt"


def test_a_request_may_be_done_although_its_answer_is_lost(clients: Clients, storage: StorageBetween):
    queue = clients.transfers
    name = f"x{datetime.now(UTC):%H%M%S%f}"
    storage.faults.ask(WireKind.UNANSWERED)

    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        clients.tables.create_table(name, retry_total=0)

    assert name in [table.name for table in clients.tables.list_tables()]
    clients.tables.delete_table(name)
    assert queue.queue_name == TRANSFERS_QUEUE


def test_a_blob_that_is_cut_on_its_way_in_is_none(clients: Clients, storage: StorageBetween):
    blob = clients.container.get_blob_client(f"cut/{datetime.now(UTC):%H%M%S%f}")
    storage.faults.ask(WireKind.REQUEST_CUT, method="PUT")

    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        blob.upload_blob(bytes(range(256)) * 4000, retry_total=0)

    assert not blob.exists()
    assert storage.faults.happened == {WireKind.REQUEST_CUT: 1}


def test_an_answer_that_is_cut_is_asked_for_again_by_the_sdk(clients: Clients, storage: StorageBetween):
    content = bytes(range(256)) * 4000
    blob = clients.container.get_blob_client(f"cut/{datetime.now(UTC):%H%M%S%f}")
    blob.upload_blob(content)
    before = storage.requests
    storage.faults.ask(WireKind.RESPONSE_CUT, method="GET")

    assert blob.download_blob().readall() == content
    assert storage.requests - before == 2
    assert storage.faults.happened == {WireKind.RESPONSE_CUT: 1}


def test_a_fault_meets_only_what_it_is_for(graph: Between):
    graph.faults.ask(WireKind.BUSY, method="GET", path="/sites/a", retry_after_s=1)

    other = requests.get(f"{graph.url}/v1.0/sites/root", timeout=30)
    hit = requests.get(f"{graph.url}/v1.0/sites/a?x=1", timeout=30)

    assert (other.status_code, hit.status_code, hit.headers["Retry-After"]) == (401, 503, "1")
    assert hit.json()["error"]["code"] == "serviceNotAvailable"


def test_what_was_withdrawn_does_not_happen(graph: Between):
    graph.faults.ask(WireKind.FAILED, times=5)
    graph.faults.clear()

    assert requests.get(f"{graph.url}/v1.0/sites/root", timeout=30).status_code == 401
    assert graph.faults.happened == {}

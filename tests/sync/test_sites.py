"""A customer whose library came into the second site is like any other: everything is addressed by ids."""

import pytest

from shared.model.directory import Customer, Links, Project
from shared.model.files import FileRecord, FileState
from shared.model.libraries import LibraryState, Watch
from tests.conftest import FRAGMENT_BYTES, SMALL_FILE_MAX_BYTES
from tests.sharepoint.receiver import Receiver
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint

SECOND = "/sites/moment-2"


@pytest.fixture
def two(azurite: Azurite, sharepoint: LocalSharePoint) -> World:
    """A world whose first site is full, at SharePoint's own limit and at ours."""
    sharepoint.add_site(SECOND)
    sharepoint.add_lists(1899)
    return a_world(azurite, sharepoint)


def a_world(azurite: Azurite, sharepoint: LocalSharePoint, **changes: str) -> World:
    sites = ",".join(f"{sharepoint.site_hostname}:{path}" for path in (sharepoint.site_path, SECOND))
    environ = environ_for(
        azurite.connection_string,
        sharepoint,
        SHAREPOINT_SITES=sites,
        SMALL_FILE_MAX_BYTES=str(SMALL_FILE_MAX_BYTES),
        FRAGMENT_BYTES=str(FRAGMENT_BYTES),
        **changes,
    )
    return World.start(environ, sharepoint)


def state_of(world: World, customer: Customer) -> LibraryState:
    link = world.app.folders.find(customer.id, "library")
    assert link is not None
    state = world.app.libraries.find(link.drive_id)
    assert state is not None
    assert link.site_id == state.site_id
    return state


def live(world: World, customer: Customer) -> dict[str, FileRecord]:
    return {each.name: each for each in world.app.files.live(customer.id)}


def test_the_next_customers_library_comes_into_the_second_site_and_all_works_there(two: World):
    customer = two.customer()
    two.app.directory_changes.put(Project(customer.id, "p1", "Web"))

    small = two.arrive(two.upload(Links(customer.id, "p1"), "one.txt", tags=("red",)))
    large = two.arrive(two.upload(Links(customer.id), "film.bin", bytes(range(256)) * 2000))
    two.pull(customer.id)

    second = two.local.sites()[1]
    assert state_of(two, customer).site_id == second["id"]
    assert [each["lists"] for each in two.local.sites()] == [1900, 2]
    assert small.baseline is not None
    assert large.state is FileState.IN_SHAREPOINT
    assert f"{SECOND}/" in small.baseline.web_url

    # what people do there comes back: a new file, a rename, tags
    two.graph("PUT", f"/drives/{small.baseline.drive_id}/items/root:/theirs.txt:/content", data=b"theirs")
    two.rename_item(small.baseline.drive_id, small.baseline.item_id, "uno.txt")
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["red", "blue"]}
    two.graph("PATCH", f"/drives/{small.baseline.drive_id}/items/{small.baseline.item_id}/listItem/fields", json=fields)
    two.pull(customer.id)
    assert live(two, customer).keys() == {"uno.txt", "film.bin", "theirs.txt"}
    assert set(two.read(small).tags) == {"red", "blue"}

    # what Moment edits goes out: name, place, tags, the folder's and the library's names
    two.edit(small, name="eins.txt", links=Links(customer.id), tags=("green",))
    two.app.directory_changes.put(Project(customer.id, "p1", "Website"))
    two.rename_customer(customer)
    two.settle()
    assert set(two.children(small.baseline.drive_id, "root")) == {"Website", "eins.txt", "film.bin", "theirs.txt"}
    assert two.fields_of(two.read(small)) == {"momentTags": ["green"]}
    found = two.sharepoint.find_library(f"{customer.name} & Sons")
    assert found is not None
    assert found[0].drive_id == small.baseline.drive_id


def test_changes_there_are_told_of(azurite: Azurite, sharepoint: LocalSharePoint):
    sharepoint.settings(notification_delay_ms=20)
    sharepoint.add_site(SECOND)
    sharepoint.add_lists(1)
    with Receiver() as receiver:
        public_url = receiver.url.partition("/api")[0]
        world = a_world(azurite, sharepoint, LISTS_PER_SITE="2", PUBLIC_URL=public_url)
        customer = world.customer()
        record = world.arrive(world.upload(Links(customer.id)))
        world.pull(customer.id)
        state = state_of(world, customer)
        assert record.baseline is not None
        world.rename_item(record.baseline.drive_id, record.baseline.item_id, "uno.txt")

        told = receiver.wait()

    assert (state.site_id, state.watch) == (sharepoint.sites()[1]["id"], Watch.SUBSCRIBED)
    assert told[0]["subscriptionId"] == state.subscription_id


def test_when_both_are_full_the_file_is_blocked_until_there_is_room(azurite: Azurite, sharepoint: LocalSharePoint):
    sharepoint.add_site(SECOND)
    world = a_world(azurite, sharepoint, LISTS_PER_SITE="1")

    blocked = world.arrive(world.upload(Links(world.customer().id)))

    assert blocked.state is FileState.BLOCKED
    assert "add it to SHAREPOINT_SITES" in blocked.reason
    moved = a_world(azurite, sharepoint).move(blocked)
    assert moved.state is FileState.IN_SHAREPOINT


def test_a_library_that_was_there_in_the_second_site_is_adopted(azurite: Azurite, sharepoint: LocalSharePoint):
    sharepoint.add_site(SECOND)
    world = a_world(azurite, sharepoint)
    customer = world.customer()
    sharepoint.add_lists(1, SECOND, title=customer.name)
    # The shortcut numbers what it makes.
    world.app.directory_changes.put(Customer(customer.id, f"{customer.name} 1", customer.storage))

    record = world.arrive(world.upload(Links(customer.id)))

    assert record.state is FileState.IN_SHAREPOINT
    assert state_of(world, customer).site_id == sharepoint.sites()[1]["id"]
    assert [each["lists"] for each in sharepoint.sites()] == [1, 2]

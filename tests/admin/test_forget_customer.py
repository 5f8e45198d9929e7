"""A customer's rows go from every table, and nobody else's do."""

import json
from collections.abc import Iterator

import pytest

from shared.model.directory import Activity, Customer, Links, Project
from shared.store.budget import BUDGET_TABLE
from tests.admin.running import run_admin
from tests.admin.test_backup import rows_of
from tests.conftest import moments_storage
from tests.world import World, environ_for
from tools.admin.tables import to_line
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture
def azurite() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture
def world(azurite: Azurite, sharepoint: LocalSharePoint) -> World:
    return World.start(environ_for(azurite.connection_string, sharepoint), sharepoint)


def a_busy_customer(world: World, customer_id: str) -> Customer:
    """With a project, a file in SharePoint, one in Moment, one that is gone, and a blob that belongs to nothing."""
    customer = world.customer(id=customer_id, name=f"Customer {customer_id} {customer_id.islower()}")
    world.app.directory_changes.put(Project(customer_id, "p1", "Web"))
    world.app.directory_changes.put(Activity(customer_id, "p1", "a1", "Design", "1"))
    links = Links(customer_id, "p1", "a1")
    world.arrive(world.upload(links, "there.txt", f"there {customer_id}".encode()))
    gone = world.arrive(world.upload(Links(customer_id), "gone.txt", f"gone {customer_id}".encode()))
    world.announce(links, "awaited.txt")
    world.settle()
    assert gone.baseline is not None
    world.delete_item(gone.baseline.drive_id, gone.baseline.item_id)
    world.pull(customer_id)
    world.put_blob(world.stores.blobs.upload_url(f"{customer_id}/lost.txt", world.clock.later(600)), b"x")
    world.app.transfer.blob_arrived(f"{customer_id}/nowhere/lost.txt")
    world.index()
    return customer


def lines(azurite: Azurite) -> dict[str, set[str]]:
    rows = rows_of(azurite)
    return {name: {to_line(row) for row in rows[name]} for name in rows if name != BUDGET_TABLE}


def forget(azurite: Azurite, *arguments: str):
    return run_admin("forget-customer", *arguments, MOMENT_STORAGE=azurite.connection_string)


def test_a_forgotten_customer_is_in_no_table_and_the_others_are_as_they_were(azurite: Azurite, world: World):
    stays = [a_busy_customer(world, name) for name in ("c1x", "1c1", "C1")]
    before = lines(azurite)
    a_busy_customer(world, "c1")

    counted = forget(azurite, "c1")
    held = lines(azurite)
    done = forget(azurite, "c1", "--yes", "--json")

    assert (counted.returncode, "Nothing was removed" in counted.stdout) == (0, True)
    assert held != before
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["removed"] is True
    assert lines(azurite) == before
    again = World.start(world.environ, world.local)
    assert again.app.directory.find_customer("c1") is None
    assert {each.customer for each in again.app.libraries.all()} == {each.id for each in stays}


def test_nothing_to_forget_is_said(azurite: Azurite):
    done = forget(azurite, "nobody", "--yes")

    assert (done.returncode, "hold nothing of customer 'nobody'" in done.stderr) == (1, True)


def test_the_partition_of_all_customers_is_never_removed(azurite: Azurite, world: World):
    world.customer(id="customers", name="A customer of an unlucky id")

    done = forget(azurite, "customers", "--yes")

    assert (done.returncode, "by hand" in done.stderr) == (1, True)
    assert world.app.directory.find_customer("customers") is not None

"""The runbook's way into another site: a customer is forgotten, its library copied by a person, and adopted there."""

from shared.graph.wire import COLUMN_BODIES
from shared.model.directory import Customer, Links, Project
from shared.model.files import FileRecord
from shared.model.runs import Direction, RunState
from tests.admin.running import run_admin
from tests.conftest import moments_storage
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint

SECOND = "/sites/moment-2"


def world_with(azurite: Azurite, sharepoint: LocalSharePoint, *paths: str) -> World:
    sites = ",".join(f"{sharepoint.site_hostname}:{path}" for path in paths)
    return World.start(environ_for(azurite.connection_string, sharepoint, SHAREPOINT_SITES=sites), sharepoint)


def copied_by_a_person(world: World, customer: Customer, record: FileRecord, folder: str) -> None:
    """A library with Moment's columns in the second site, the file in the folder there, and the first library gone."""
    first, second = world.local.sites()
    facet = {"template": "documentLibrary"}
    body = {"displayName": customer.name, "list": facet}
    place = f"/sites/{second['id']}/lists/{world.graph('POST', f'/sites/{second["id"]}/lists', json=body).json()['id']}"
    for column in COLUMN_BODIES.values():
        world.graph("POST", f"{place}/columns", json=column)
    drive = world.graph("GET", f"{place}/drive").json()["id"]
    path = f"/drives/{drive}/root:/{folder}/{record.name}:/content"
    item = world.graph("PUT", path, data=world.stored(record)).json()
    fields = world.fields_of(record)
    typed = {
        f"{name}@odata.type": "Collection(Edm.String)" for name, value in fields.items() if isinstance(value, list)
    }
    world.graph("PATCH", f"/drives/{drive}/items/{item['id']}/listItem/fields", json=fields | typed)
    lists = world.graph("GET", f"/sites/{first['id']}/lists").json()["value"]
    (old,) = [each["id"] for each in lists if each["displayName"] == customer.name]
    world.graph("DELETE", f"/sites/{first['id']}/lists/{old}")


def test_a_forgotten_customers_library_is_adopted_in_another_site_with_its_folders_and_tags(
    sharepoint: LocalSharePoint,
):
    sharepoint.add_site(SECOND)
    with moments_storage() as azurite:
        before = world_with(azurite, sharepoint, sharepoint.site_path)
        customer = before.customer()
        project = Project(customer.id, "p1", "Web")
        before.app.directory_changes.put(project)
        record = before.arrive(before.upload(Links(customer.id, "p1"), "one.txt", b"one", tags=("red", "blue")))
        before.settle()
        record = before.read(record)

        forgotten = run_admin("forget-customer", customer.id, "--yes", MOMENT_STORAGE=azurite.connection_string)
        copied_by_a_person(before, customer, record, "Web")
        after = world_with(azurite, sharepoint, SECOND, sharepoint.site_path)
        for thing in (customer, project):
            after.app.directory_changes.put(thing)
        run = after.app.sync_by_hand.begin(
            Links(customer.id), Direction.FROM_SHAREPOINT, "Ada", is_plan=False, is_full=True
        )
        ended = after.finish(run)

        assert forgotten.returncode == 0, forgotten.stderr
        assert ended.state is RunState.SUCCEEDED
        (found,) = list(after.app.files.live(customer.id))
        assert (found.name, found.links, set(found.tags)) == ("one.txt", Links(customer.id, "p1"), {"red", "blue"})
        assert found.id != record.id
        assert found.baseline is not None
        assert f"{SECOND}/" in found.baseline.web_url
        assert after.stored(found) == b"one"
        link = after.app.folders.find(customer.id, "library")
        assert link is not None
        assert link.site_id == sharepoint.sites()[1]["id"]

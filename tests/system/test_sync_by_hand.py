"""Sync by hand through the API of the real host: options, plan, outcome, two at once, and an instance that dies."""

from collections.abc import Iterator

import pytest

from tests.functions.test_files_api import wait_for
from tests.system.host_world import HostWorld, host_world
from tests.system.test_round_trip import children, where
from tests.world import put_blob


@pytest.fixture(scope="module")
def world() -> Iterator[HostWorld]:
    with host_world(options=["--lease-s", "2"], TRANSFER_CLAIM_S="2", PULL_LEASE_S="2") as running:
        yield running


def options(world: HostWorld, scope: str) -> list[dict]:
    return world.api.call("GET", f"{scope}/sync-options").json()["options"]


def test_untransferred_files_are_offered_planned_and_moved(world: HostWorld):
    customer = world.company(storage="sharepoint")
    world.api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web", "storage": "moment"})
    for name in ("a.txt", "b.txt"):
        world.kept(customer, name, b"12345", project="p1")
    scope = f"customers/{customer}/projects/p1"
    assert options(world, scope) == []
    world.api.call("PUT", scope, json={"name": "Web", "storage": "sharepoint"})

    offered = options(world, scope)
    plan = world.ended(world.sync(f"{customer}/projects/p1", "to-sharepoint", plan=True)["id"])
    listed = world.api.call("GET", f"sync-runs/{plan['id']}/plan?limit=1").json()
    run = world.api.call("POST", f"sync-runs/{plan['id']}/carry-out", json={"by": "Ada"}).json()
    done = world.ended(run["id"])

    to_sharepoint = {"direction": "to-sharepoint", "files": 2, "sizeBytes": 10, "isExact": True}
    assert offered == [to_sharepoint, {"direction": "from-sharepoint"}]
    assert (plan["state"], plan["counts"]["transfers"], plan["counts"]["bytes"]) == ("planned", 2, 10)
    assert plan["estimatedSeconds"] >= 1
    assert [(each["kinds"], each["sizeBytes"]) for each in listed["items"]] == [(["transfers"], 5)]
    assert "nextPage" in listed
    assert (done["state"], done["planOf"], done["counts"]["transfers"]) == ("succeeded", plan["id"], 2)
    assert done["startedBy"] == "Ada"
    assert options(world, scope) == [{"direction": "from-sharepoint"}]


def test_content_without_an_event_and_blobs_without_a_record_are_found(world: HostWorld):
    customer = world.company(storage="sharepoint")
    awaited = world.file(customer, "awaited.txt")
    for path, metadata in (("dropped.txt", {}), ("lost.txt", {"x-ms-meta-project": "nowhere"})):
        put_blob(world.stores.blobs.upload_url(f"{customer}/{path}", world.soon()), b"dropped", **metadata)

    run = world.ended(world.sync(customer, "to-sharepoint")["id"])

    files = world.api.call("GET", f"customers/{customer}/files").json()["items"]
    assert {each["name"]: each["state"] for each in files} == {
        "awaited.txt": "in-sharepoint",
        "dropped.txt": "in-sharepoint",
    }
    assert run["counts"] == {
        "transfers": 2,
        "bytes": 14,
        "libraries": 1,
        "blobsFound": 1,
        "blobsUnplaced": 1,
    }
    unplaced = world.api.call("GET", "unplaced-blobs?limit=1000").json()["items"]
    assert f"{customer}/lost.txt" in {each["blob"] for each in unplaced}
    assert awaited in {each["id"] for each in files}


def test_two_runs_at_once_on_one_library_do_everything_once(world: HostWorld):
    customer = world.company(storage="sharepoint")
    world.moved(customer, "first.txt")
    drive, _, _ = where(world.person, customer, "", "first.txt")
    wait_for(lambda: world.library(customer).get("watch") == "subscribed", "the subscription")
    world.local.fault({"notifications_silent_s": 3600})
    for number in range(5):
        world.person.does("PUT", f"/drives/{drive}/root:/theirs {number}.txt:/content", data=b"%d" % number)
    for number in range(30):
        world.file(customer, f"ours {number}.txt", b"%d" % number)

    begun = [world.sync(customer, direction) for direction in ("to-sharepoint", "from-sharepoint") * 2]
    ended = [world.ended(run["id"]) for run in begun]

    assert {run["state"] for run in ended} == {"succeeded"}
    names = sorted(children(world.person, drive, "root"))
    assert names == sorted(["first.txt", *(f"theirs {n}.txt" for n in range(5)), *(f"ours {n}.txt" for n in range(30))])
    files = world.api.call("GET", f"customers/{customer}/files?limit=100").json()["items"]
    assert sorted(each["name"] for each in files) == names


def test_a_run_whose_host_is_killed_goes_on_and_ends(world: HostWorld):
    customer = world.company(storage="sharepoint")
    ids = [world.file(customer, f"{number}.txt", b"%d" % number) for number in range(40)]
    world.local.set_latency(100)
    run = world.sync(customer, "to-sharepoint")
    wait_for(lambda: world.count_in(customer, "in-sharepoint") > 3, "the first files")

    world.host.kill()
    assert world.count_in_storage(customer, ids) < len(ids)
    world.host.start()
    world.local.set_latency(0)
    world.reconnect()

    ended = world.ended(run["id"])
    assert (ended["state"], ended["progress"]["parts"]) == ("succeeded", ended["progress"]["ended"])
    assert world.count_in(customer, "in-sharepoint") == len(ids)
    drive, _, _ = where(world.person, customer, "", "0.txt")
    assert len(children(world.person, drive, "root")) == len(ids)


def test_a_run_can_be_cancelled(world: HostWorld):
    customer = world.company(storage="sharepoint")
    ids = [world.file(customer, f"{number}.txt") for number in range(60)]
    world.local.set_latency(200)
    run = world.sync(customer, "to-sharepoint")
    wait_for(lambda: world.count_in(customer, "in-sharepoint") > 0, "the first file")

    answer = world.api.call("POST", f"sync-runs/{run['id']}/cancel", json={})
    ended = world.ended(run["id"])

    world.local.set_latency(0)
    assert (answer.status_code, ended["state"], ended["cancelWanted"]) == (202, "cancelled", True)
    assert 0 < world.count_in(customer, "in-sharepoint") < len(ids)


def test_a_pass_that_the_guard_stopped_needs_approval_and_one_call_gives_it(world: HostWorld):
    customer = world.company(storage="sharepoint")
    world.moved(customer, "first.txt")
    drive, _, _ = where(world.person, customer, "", "first.txt")
    wait_for(lambda: world.library(customer).get("watch") == "subscribed", "the subscription")
    folder = world.person.does("POST", f"/drives/{drive}/items/root/children", json={"name": "Old", "folder": {}})["id"]
    for number in range(60):
        world.person.does("PUT", f"/drives/{drive}/items/{folder}:/{number}.txt:/content", data=b"%d" % number)
    world.ended(world.sync(customer, "from-sharepoint")["id"])
    world.person.does("DELETE", f"/drives/{drive}/items/{folder}")

    run = world.ended(world.sync(customer, "from-sharepoint")["id"])
    waiting = world.api.call("GET", f"customers/{customer}/library/deletions").json()["items"]
    answer = world.api.call("POST", f"customers/{customer}/library/approve", json={"by": "Ada", "files": 60})

    assert (run["state"], len(waiting), answer.status_code) == ("needs-approval", 60, 202)
    assert "60 of 61 files" in run["problems"][0]["reason"]
    wait_for(lambda: world.count_in(customer, "deleted") == 60, "the deletions")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "direction"),
        ({"direction": "sideways"}, "direction"),
        ({"direction": "to-sharepoint", "plan": "yes"}, "plan"),
        ({"direction": "to-sharepoint", "folder": "x"}, "folder"),
    ],
)
def test_a_bad_wish_is_refused_and_names_its_field(world: HostWorld, body: dict, field: str):
    customer = world.company(storage="sharepoint")

    answer = world.api.call("POST", f"customers/{customer}/sync", json=body)

    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_unknown_runs_and_customers_are_not_found(world: HostWorld):
    for method, path, body in (
        ("GET", "sync-runs/nothing", None),
        ("GET", "sync-runs/nothing/plan", None),
        ("GET", "sync-runs/nothing/parts", None),
        ("POST", "sync-runs/nothing/cancel", {}),
        ("POST", "sync-runs/nothing/carry-out", {}),
        ("GET", "customers/nobody/sync-options", None),
        ("POST", "customers/nobody/sync", {"direction": "to-sharepoint"}),
    ):
        assert world.api.call(method, path, json=body).status_code == 404, path


def test_a_customer_that_keeps_its_files_in_moment_is_told_so(world: HostWorld):
    customer = world.company(storage="moment")

    answer = world.api.call("POST", f"customers/{customer}/sync", json={"direction": "to-sharepoint"})

    assert (answer.status_code, options(world, f"customers/{customer}")) == (409, [])
    assert "kept in Moment Cloud" in answer.json()["detail"]

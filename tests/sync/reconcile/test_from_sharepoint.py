"""A sync from SharePoint, from states broken on purpose: Moment says what SharePoint holds, and what was counted."""

from dataclasses import replace

import pytest

from shared.errors import Collision
from shared.model.directory import Links, Project, StorageLocation
from shared.model.files import FileState
from shared.model.runs import Count, Direction, PartState, Run, RunState
from tests.sync.test_ingest import Company, company
from tests.sync.test_request_counts import Meter
from tests.world import World

__all__ = ["company"]
FROM = Direction.FROM_SHAREPOINT


def sync(world: World, customer: str, *, is_full: bool = False) -> Run:
    run = world.app.sync_by_hand.begin(Links(customer), FROM, "Ada", is_plan=False, is_full=is_full)
    return world.finish(run)


def test_everything_that_no_notification_told_of_is_brought_in_and_counted(company: Company):
    world = company.world
    three = world.arrive(world.upload(Links(company.customer, "p2"), "three.txt", b"three"))
    world.pull(company.customer)
    company.person_adds(company.folder(company.one), "new.txt")
    company.person_patches(company.one, {"name": "renamed.txt"})
    company.person_tags(company.one, "blue")
    company.person_patches(company.two, {"parentReference": {"id": company.folder(company.one)}})
    assert three.baseline is not None
    world.delete_item(company.drive, three.baseline.item_id)

    run = sync(world, company.customer)

    live = company.live()
    assert sorted(live) == ["new.txt", "renamed.txt", "two.txt"]
    assert (live["renamed.txt"].tags, live["two.txt"].links.project) == (("blue",), "p1")
    wanted = (Count.NEW_RECORDS, Count.RENAMES, Count.MOVES, Count.TAG_CHANGES, Count.DELETES, Count.LIBRARIES)
    assert [run.counts[each] for each in wanted] == [1, 1, 1, 1, 1, 1]
    assert run.state is RunState.SUCCEEDED


def test_where_nothing_changed_it_costs_one_request(company: Company):
    meter = Meter(company.world)

    run = sync(company.world, company.customer)

    assert meter.read() == (1, 1)
    assert dict(run.counts) == {Count.LIBRARIES: 1}


def test_a_full_sync_finds_what_no_delta_tells_of(company: Company):
    world = company.world
    world.local.fault({"missing_tombstones": 1})
    assert company.one.baseline is not None
    world.delete_item(company.drive, company.one.baseline.item_id)
    sync(world, company.customer)
    assert world.read(company.one).state is FileState.IN_SHAREPOINT

    run = sync(world, company.customer, is_full=True)

    assert world.read(company.one).state is FileState.DELETED
    assert run.counts[Count.DELETES] == 1
    assert dict(sync(world, company.customer, is_full=True).counts) == {Count.LIBRARIES: 1}


def test_a_full_sync_reports_folders_of_objects_that_are_gone(company: Company):
    world = company.world
    world.delete_item(company.drive, company.folder(company.two))
    world.pull(company.customer)

    run = sync(world, company.customer, is_full=True)

    assert (run.state, run.counts[Count.MISSING_FOLDERS]) == (RunState.PARTLY, 1)
    assert "Project p2" in run.problems[0].what
    again = world.arrive(world.upload(Links(company.customer, "p2"), "again.txt"))
    assert again.state is FileState.IN_SHAREPOINT


def test_a_library_that_is_gone_fails_with_its_reason_until_it_is_back(company: Company):
    world = company.world
    state = world.app.libraries.find(company.drive)
    assert state is not None
    world.local.fault({"match": {"path": company.drive}, "times": 2, "then": {"status": 404, "code": "itemNotFound"}})

    gone = [sync(world, company.customer) for _ in range(2)]
    back = sync(world, company.customer)

    assert [run.state for run in (*gone, back)] == [RunState.FAILED, RunState.FAILED, RunState.SUCCEEDED]
    assert "gone in SharePoint" in gone[0].problems[0].reason
    assert world.read(company.one).state is FileState.IN_SHAREPOINT


def test_deletions_that_wait_for_a_person_make_the_run_need_approval(company: Company):
    world = company.world
    folder = company.person_makes_folder("root", "Archive")
    for number in range(60):
        company.person_adds(folder, f"{number}.txt", b"%d" % number)
    world.pull(company.customer)
    world.delete_item(company.drive, folder)

    run = sync(world, company.customer)

    assert run.state is RunState.NEEDS_APPROVAL
    assert "60 of 62 files" in run.problems[0].reason
    assert [part.state for part in world.app.runs.parts(run.id, None, 9).items] == [PartState.NEEDS_APPROVAL]
    assert len(company.live()) == 62


def test_two_runs_at_once_on_the_same_library_bring_each_change_in_once(company: Company):
    world = company.world
    for number in range(5):
        company.person_adds(company.folder(company.one), f"new {number}.txt", b"%d" % number)
    runs = [
        world.app.sync_by_hand.begin(Links(company.customer), FROM, who, is_plan=False, is_full=False)
        for who in ("Ada", "Bo")
    ]

    ended = [world.finish(run) for run in runs]

    assert sum(run.counts[Count.NEW_RECORDS] for run in ended) == 5
    assert {run.state for run in ended} == {RunState.SUCCEEDED}
    assert len(company.live()) == 7


def test_a_run_waits_for_a_pull_that_holds_the_library(company: Company):
    world = company.world
    company.person_adds(company.folder(company.one), "new.txt")
    state = world.app.libraries.find(company.drive)
    assert state is not None
    world.app.libraries.save(state, replace(state, lease_owner="another instance", lease_until=world.clock.later(30)))

    run = sync(world, company.customer)

    assert (run.state, run.counts[Count.NEW_RECORDS]) == (RunState.SUCCEEDED, 1)


def test_a_customer_without_a_library_has_nothing_to_bring_in(world: World):
    customer = world.customer(StorageLocation.MOMENT).id

    with pytest.raises(Collision, match="no library"):
        world.app.sync_by_hand.begin(Links(customer), FROM, "Ada", is_plan=False, is_full=False)


def test_a_library_that_was_there_before_moment_is_adopted(world: World):
    customer = world.customer()
    world.app.directory_changes.put(Project(customer.id, "p1", "Web"))
    site = f"/sites/{world.local.site_hostname}:{world.local.site_path}:"
    body = {"displayName": customer.name, "list": {"template": "documentLibrary"}}
    made = world.graph("POST", f"{site}/lists", json=body).json()
    drive = world.graph("GET", f"{site}/lists/{made['id']}/drive").json()["id"]
    world.graph("PUT", f"/drives/{drive}/root:/Web/plan.txt:/content", data=b"plan")
    world.graph("PUT", f"/drives/{drive}/root:/loose.txt:/content", data=b"loose")

    run = sync(world, customer.id)

    live = {each.name: each.links for each in world.app.files.live(customer.id)}
    assert live == {"plan.txt": Links(customer.id, "p1"), "loose.txt": Links(customer.id)}
    assert (run.state, run.counts[Count.NEW_RECORDS]) == (RunState.SUCCEEDED, 2)

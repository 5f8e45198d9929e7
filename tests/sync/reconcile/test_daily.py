"""The daily run: handed out over customers, in the directions that are switched on, always ended; and what it costs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.model.directory import Links, Project, StorageLocation
from shared.model.files import FileState
from shared.model.runs import PartState, Run, RunState
from shared.sync.reconcile.library import is_walk_day
from tests.conftest import moments_storage
from tests.world import World, environ_for
from tools.sharepoint.running import LocalSharePoint

MOMENT = StorageLocation.MOMENT


@pytest.fixture
def world(sharepoint: LocalSharePoint):
    """A storage of its own: the daily job looks at everything that is there."""
    with moments_storage() as azurite:
        yield World.start(environ_for(azurite.connection_string, sharepoint), sharepoint)


def daily(world: World) -> Run:
    run = world.app.daily_sync.begin()
    assert run is not None
    return world.finish(run)


def parts(world: World, run: Run) -> dict[str, PartState]:
    return {part.key: part.state for part in world.app.runs.parts(run.id, None, 500).items}


def test_each_customer_with_something_in_sharepoint_gets_a_part(world: World):
    keeps = world.customer().id
    has_kept = world.customer().id
    world.arrive(world.upload(Links(has_kept)))
    world.app.directory_changes.put(replace(world.app.placements.of(Links(has_kept)).customer, storage=MOMENT))
    by_project = world.customer(MOMENT).id
    world.app.directory_changes.put(Project(by_project, "p1", "Web", storage=StorageLocation.SHAREPOINT))
    world.customer(MOMENT)

    run = daily(world)

    customers = {key.partition(":")[2] for key in parts(world, run) if key.startswith("library:")}
    assert customers == {keeps, has_kept, by_project}
    assert run.state is RunState.SUCCEEDED


def test_more_customers_than_one_message_hands_out_are_all_reached(world: World):
    for _ in range(120):
        world.customer()

    run = daily(world)

    assert sum(key.startswith("library:") for key in parts(world, run)) == 120


def test_only_the_directions_that_are_switched_on_are_done(world: World):
    customer = world.customer().id
    moved = world.arrive(world.upload(Links(customer), "moved.txt"))
    world.pull(customer)
    waiting = world.upload(Links(customer), "waiting.txt")
    world.app.registration.record_of_blob(waiting.blob_name or "")
    assert moved.baseline is not None
    world.rename_item(moved.baseline.drive_id, moved.baseline.item_id, "renamed.txt")
    world.clock.advance(600)

    from_only = world.restarted_with(DAILY_SYNC_TO_SHAREPOINT="false")
    daily(from_only)
    assert (world.read(moved).name, world.read(waiting).state) == ("renamed.txt", FileState.EXPECTED)

    to_only = world.restarted_with(DAILY_SYNC_FROM_SHAREPOINT="false")
    world.rename_item(moved.baseline.drive_id, moved.baseline.item_id, "again.txt")
    daily(to_only)
    assert (world.read(moved).name, world.read(waiting).state) == ("renamed.txt", FileState.IN_SHAREPOINT)

    off = world.restarted_with(DAILY_SYNC_TO_SHAREPOINT="false", DAILY_SYNC_FROM_SHAREPOINT="false")
    assert off.app.daily_sync.begin() is None


def test_each_library_is_walked_on_one_day_of_seven(world: World):
    now = world.clock()
    days = [now + timedelta(days=number) for number in range(7)]

    for number in range(50):
        assert sum(is_walk_day(f"c{number}", day) for day in days) == 1
    assert len({sum(is_walk_day(f"c{n}", day) for n in range(700)) > 50 for day in days}) == 1


def test_what_only_a_walk_finds_is_found_within_a_week(world: World):
    customer = world.customer().id
    record = world.arrive(world.upload(Links(customer)))
    world.pull(customer)
    world.local.fault({"missing_tombstones": 1})
    assert record.baseline is not None
    world.delete_item(record.baseline.drive_id, record.baseline.item_id)

    found = []
    for _ in range(7):
        daily(world)
        found.append(world.read(record).state is FileState.DELETED)
        world.clock.advance(86_400)

    assert found[-1]
    assert found != [True] * 7 or is_walk_day(customer, world.clock() - timedelta(days=7))


def test_a_library_that_was_there_before_moment_is_adopted_within_a_week(world: World):
    customer = world.customer()
    site = f"/sites/{world.local.site_hostname}:{world.local.site_path}:"
    body = {"displayName": customer.name, "list": {"template": "documentLibrary"}}
    made = world.graph("POST", f"{site}/lists", json=body).json()
    drive = world.graph("GET", f"{site}/lists/{made['id']}/drive").json()["id"]
    world.graph("PUT", f"/drives/{drive}/root:/theirs.txt:/content", data=b"theirs")

    adopted = []
    for _ in range(7):
        daily(world)
        adopted.append([each.name for each in world.app.files.live(customer.id)] == ["theirs.txt"])
        world.clock.advance(86_400)

    assert adopted[-1]
    assert adopted == sorted(adopted)


def test_a_daily_run_does_not_begin_while_yesterdays_still_goes_on(world: World):
    world.customer()
    first = world.app.daily_sync.begin()

    assert first is not None
    assert world.app.daily_sync.begin() is None
    world.finish(first)
    assert world.app.daily_sync.begin() is not None


def test_runs_of_long_ago_are_forgotten(world: World):
    old = daily(world)
    world.clock.advance(91 * 86_400)

    new = daily(world)

    assert [run.id for run in world.app.runs.page(None, 10).items] == [new.id]
    assert list(world.stores.runs.parts(old.id)) == []


def test_a_run_whose_messages_were_lost_goes_on_after_an_hour(world: World):
    customer = world.customer().id
    world.arrive(world.upload(Links(customer)))
    run = world.app.daily_sync.begin()
    assert run is not None
    world.syncs.keys.clear()
    world.app.runs.watch()
    assert not world.syncs.keys

    world.clock.advance(3601)
    world.app.runs.watch()

    assert world.finish(run).state is RunState.SUCCEEDED


def test_a_run_that_can_not_end_is_ended_after_a_day(world: World):
    world.customer()
    run = world.app.daily_sync.begin()
    assert run is not None
    world.clock.advance(86_401)

    world.app.runs.watch()

    ended = world.app.runs.find(run.id)
    assert ended.state is RunState.FAILED
    assert "within a day" in ended.problems[0].reason


def test_a_run_whose_last_instance_died_before_it_wrote_the_end_is_ended(world: World):
    run = daily(world)
    stored = world.stores.runs.find(run.id)
    assert stored is not None
    world.stores.runs.save(stored, replace(stored, state=RunState.RUNNING, ended_at=None))

    world.app.runs.watch()

    assert world.app.runs.find(run.id).state is RunState.SUCCEEDED


def test_a_part_that_was_given_up_ends_as_failed_and_can_be_put_back(world: World):
    customer = world.customer().id
    world.arrive(world.upload(Links(customer)))
    run = world.app.daily_sync.begin()
    assert run is not None
    body = f'{{"key":"{run.id}/spread"}}'
    world.syncs.keys.remove((f"{run.id}/spread", 0))
    world.app.given_up.take("syncs", body)
    ended = world.finish(run)
    assert (ended.state, parts(world, ended)["spread"]) == (RunState.PARTLY, PartState.FAILED)
    [entry] = world.app.given_up.list(None, 10).items

    world.app.given_up.put_back(entry.id)
    world.app.runs.take(world.syncs.keys.popleft()[0])
    again = world.finish(run)

    assert (again.state, parts(world, again)[f"library:{customer}"]) == (RunState.SUCCEEDED, PartState.DONE)
    assert world.app.given_up.list(None, 10).items == []

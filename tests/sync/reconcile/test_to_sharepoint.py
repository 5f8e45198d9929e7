"""A sync to SharePoint, from states broken on purpose: everything that should be there is there afterwards."""

from dataclasses import replace

import pytest

from shared.errors import Collision
from shared.model.directory import Links, Project, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.runs import Count, Direction, PartKind, Run, RunState
from tests.world import World, put_blob

TO = Direction.TO_SHAREPOINT


def sync(world: World, customer: str, project: str | None = None) -> Run:
    run = world.app.sync_by_hand.begin(Links(customer, project), TO, "Ada", is_plan=False, is_full=False)
    return world.finish(run)


def turned_to_sharepoint(world: World, customer_id: str) -> None:
    customer = world.app.placements.of(Links(customer_id)).customer
    world.app.directory_changes.put(replace(customer, storage=StorageLocation.SHAREPOINT))


def test_a_customer_that_turns_to_sharepoint_takes_its_earlier_files_along(world: World):
    customer = world.customer(StorageLocation.MOMENT).id
    records = [world.arrive(world.upload(Links(customer), f"{n}.txt", b"content")) for n in range(30)]
    assert {record.state for record in records} == {FileState.IN_MOMENT_CLOUD}
    turned_to_sharepoint(world, customer)

    run = sync(world, customer)

    after = [world.read(record) for record in records]
    assert {(record.state, record.blob_name) for record in after} == {(FileState.IN_SHAREPOINT, None)}
    assert run.state is RunState.SUCCEEDED
    assert (run.counts[Count.TRANSFERS], run.counts[Count.BYTES]) == (30, 30 * len(b"content"))
    assert (run.parts, run.parts_ended) == (4, 4)


def test_only_the_named_project_is_synced(world: World):
    customer = world.customer(StorageLocation.MOMENT).id
    for project in ("p1", "p2"):
        world.app.directory_changes.put(Project(customer, project, project, storage=StorageLocation.MOMENT))
    one, two = (world.arrive(world.upload(Links(customer, project))) for project in ("p1", "p2"))
    for project in ("p1", "p2"):
        world.app.directory_changes.put(Project(customer, project, project, storage=StorageLocation.SHAREPOINT))

    run = sync(world, customer, "p1")

    assert (world.read(one).state, world.read(two).state) == (FileState.IN_SHAREPOINT, FileState.IN_MOMENT_CLOUD)
    assert run.counts[Count.TRANSFERS] == 1


def test_content_that_no_event_told_of_is_found(world: World):
    customer = world.customer().id
    announced = world.upload(Links(customer), "announced.txt")
    dropped = f"{customer}/dropped.txt"
    put_blob(world.stores.blobs.upload_url(dropped, world.clock.later(60)), b"dropped")
    assert world.read(announced).state is FileState.EXPECTED

    run = sync(world, customer)

    assert world.read(announced).state is FileState.IN_SHAREPOINT
    names = {each.name: each.state for each in world.app.files.live(customer)}
    assert names == {"announced.txt": FileState.IN_SHAREPOINT, "dropped.txt": FileState.IN_SHAREPOINT}
    assert run.counts[Count.BLOBS_FOUND] == 1


def test_a_blob_that_belongs_to_nothing_is_counted_and_reported(world: World):
    customer = world.customer().id
    blob = f"{customer}/p9/lost.txt"
    put_blob(world.stores.blobs.upload_url(blob, world.clock.later(60)), b"x", **{"x-ms-meta-project": "p9"})

    run = sync(world, customer)

    assert run.counts[Count.BLOBS_UNPLACED] == 1
    assert blob in {each.blob_name for each in world.app.unplaced.list(None, 500).items}


def test_a_blob_whose_file_is_in_sharepoint_already_is_released(world: World):
    customer = world.customer().id
    record = world.arrive(world.upload(Links(customer)))
    assert record.baseline is not None
    name = f"{customer}/{record.id}/note.txt"
    put_blob(world.stores.blobs.upload_url(name, world.clock.later(60)), b"hello")
    facts = world.stores.blobs.find(name)
    assert facts is not None
    proven = replace(record, blob_name=name, baseline=replace(record.baseline, blob_etag=facts.etag))
    world.app.files.save(record, proven, "as after a crash between commit and release")

    run = sync(world, customer)

    assert (world.read(record).blob_name, world.stores.blobs.find(name)) == (None, None)
    assert (run.counts[Count.RELEASES], run.counts[Count.TRANSFERS]) == (1, 0)


def test_a_release_that_was_not_noted_is_noted(world: World):
    customer = world.customer().id
    record = world.arrive(world.upload(Links(customer)))
    world.app.files.save(record, replace(record, blob_name=f"{customer}/gone"), "as after a crash after the release")

    sync(world, customer)

    assert world.read(record).blob_name is None


def test_an_edit_whose_push_was_lost_goes_out(world: World):
    customer = world.customer().id
    record = world.arrive(world.upload(Links(customer)))
    world.pull(customer)
    world.app.edits.edit(customer, record.id, world.an_edit(name="renamed.txt", tags=("red",)))
    world.pushes.keys.clear()

    run = sync(world, customer)

    assert record.baseline is not None
    assert world.children(record.baseline.drive_id, "root") == ["renamed.txt"]
    assert world.fields_of(world.read(record))["momentTags"] == ["red"]
    assert run.counts[Count.EDITS_SENT] == 1


def test_a_deletion_whose_push_was_lost_goes_out(world: World):
    customer = world.customer().id
    record = world.arrive(world.upload(Links(customer)))
    world.app.edits.delete(customer, record.id)
    world.pushes.keys.clear()

    sync(world, customer)

    assert record.baseline is not None
    assert world.children(record.baseline.drive_id, "root") == []
    assert not world.read(record).delete_pending


def test_an_upload_session_that_nobody_goes_on_with_is_cancelled(world: World):
    customer = world.customer().id
    world.arrive(world.upload(Links(customer), "first.txt"))
    world.local.fault({"match": {"route": "/uploadSession", "method": "PUT"}, "times": 20, "then": {"status": 503}})
    record = world.arrive(world.upload(Links(customer), "film.bin", bytes(500_000)))
    assert record.transfer is not None
    assert record.transfer.upload_url is not None
    world.local.clear_faults()
    world.queue.messages.clear()
    world.app.edits.delete(customer, record.id)

    run = sync(world, customer)

    assert world.read(record).transfer is None
    assert run.counts[Count.SESSIONS_CANCELLED] == 1
    again = world.arrive(world.upload(Links(customer), "film.bin", bytes(500_000)))
    assert (again.state, again.name) == (FileState.IN_SHAREPOINT, "film.bin")


def test_a_file_that_was_blocked_moves_once_the_reason_has_passed(world: World):
    customer = world.customer().id
    world.arrive(world.upload(Links(customer), "first.txt"))
    world.local.fault({"match": {"method": "PUT", "route": "/content"}, "times": 1, "then": {"status": 507}})
    record = world.arrive(world.upload(Links(customer), "second.txt"))
    assert record.state is FileState.BLOCKED

    run = sync(world, customer)

    assert world.read(record).state is FileState.IN_SHAREPOINT
    assert run.state is RunState.SUCCEEDED


def test_a_file_that_stays_blocked_makes_the_run_partly_done_and_says_why(world: World):
    customer = world.customer().id
    good = world.upload(Links(customer), "good.txt")
    world.local.fault({"match": {"method": "PUT", "path": "bad.txt"}, "times": 99, "then": {"status": 507}})
    bad = world.arrive(world.upload(Links(customer), "bad.txt"))

    run = sync(world, customer)

    assert (world.read(good).state, world.read(bad).state) == (FileState.IN_SHAREPOINT, FileState.BLOCKED)
    assert (run.state, run.counts[Count.BLOCKED], run.counts[Count.TRANSFERS]) == (RunState.PARTLY, 1, 1)
    assert [problem.what for problem in run.problems] == [f"bad.txt ({bad.id})"]
    assert run.problems[0].reason == world.read(bad).reason


def test_content_that_sharepoint_refused_is_not_sent_again_and_again(world: World):
    customer = world.customer().id
    record = world.arrive(world.upload(Links(customer)))
    block(world, record, may_pass=False)
    since = len(world.local.requests())

    sync(world, customer)

    assert [call for call in world.local.requests()[since:] if call["method"] == "PUT"] == []
    assert world.read(record).state is FileState.BLOCKED


def block(world: World, record: FileRecord, *, may_pass: bool) -> None:
    name = f"{record.customer}/{record.id}/again.txt"
    put_blob(world.stores.blobs.upload_url(name, world.clock.later(60)), b"again")
    blocked = replace(
        record, blob_name=name, baseline=None, state=FileState.BLOCKED, reason="It differs.", may_pass=may_pass
    )
    world.app.files.save(record, blocked, "as after content that differs")


def test_a_file_that_a_person_has_open_makes_the_run_wait_and_then_end(world: World):
    customer = world.customer().id
    world.arrive(world.upload(Links(customer), "first.txt"))
    world.local.fault({"match": {"method": "PUT", "route": "/content"}, "times": 999, "then": {"status": 423}})
    record = world.arrive(world.upload(Links(customer), "second.txt"))
    assert record.state is FileState.WAITING

    run = sync(world, customer)

    assert (run.state, run.counts[Count.STILL_WAITING]) == (RunState.PARTLY, 1)
    assert run.problems[0].reason.partition("request-id")[0] == world.read(record).reason.partition("request-id")[0]
    assert world.read(record).state is FileState.WAITING


def test_where_nothing_belongs_into_sharepoint_a_sync_is_refused_with_the_reason(world: World):
    customer = world.customer(StorageLocation.MOMENT).id
    world.arrive(world.upload(Links(customer)))

    with pytest.raises(Collision, match="kept in Moment Cloud"):
        world.app.sync_by_hand.begin(Links(customer), TO, "Ada", is_plan=False, is_full=False)


def test_a_direction_is_offered_only_where_something_waits(world: World):
    customer = world.customer(StorageLocation.MOMENT).id
    world.app.directory_changes.put(Project(customer, "p1", "Web", storage=StorageLocation.MOMENT))
    scope = Links(customer, "p1")
    for size in (3, 5):
        world.arrive(world.upload(scope, f"{size}.txt", b"x" * size))
    before = world.app.sync_by_hand.options(scope)
    world.app.directory_changes.put(Project(customer, "p1", "Web", storage=StorageLocation.SHAREPOINT))

    found = world.app.sync_by_hand.options(scope).untransferred

    assert before.untransferred is None
    assert found is not None
    assert (found.files, found.size_bytes, found.is_exact) == (2, 8, True)
    sync(world, customer, "p1")
    assert world.app.sync_by_hand.options(scope).untransferred is None


def test_a_run_that_is_cancelled_leaves_the_rest(world: World):
    customer = world.customer(StorageLocation.MOMENT).id
    records = [world.arrive(world.upload(Links(customer), f"{n}.txt")) for n in range(3)]
    turned_to_sharepoint(world, customer)
    run = world.app.sync_by_hand.begin(Links(customer), TO, "Ada", is_plan=False, is_full=False)

    world.app.runs.cancel(run.id)
    ended = world.finish(run)

    assert ended.state is RunState.CANCELLED
    assert {world.read(record).state for record in records} == {FileState.IN_MOMENT_CLOUD}
    with pytest.raises(Collision):
        world.app.runs.cancel(run.id)


def test_a_run_says_what_became_of_each_part(world: World):
    customer = world.customer().id
    world.upload(Links(customer))

    run = sync(world, customer)

    parts = world.app.runs.parts(run.id, None, 100).items
    assert {part.kind for part in parts} == {PartKind.LIBRARY, PartKind.BLOBS, PartKind.FILES}
    assert (run.started_by, run.customer) == ("Ada", customer)
    assert run.ended_at is not None
    assert run.ended_at > run.started_at

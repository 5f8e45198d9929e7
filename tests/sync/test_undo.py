"""A deletion is undone: while it is held, while it is not done, and what happens in SharePoint meanwhile."""

import dataclasses

import pytest

from shared.errors import Collision, InvalidInput
from shared.model.directory import Links, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.runs import Direction
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_races import Interruption, app_with
from tests.world import World


def delete(world: World, record: FileRecord, hold_s: float = 60) -> FileRecord:
    world.app.edits.delete(record.customer, record.id, "Ada", hold_s=hold_s)
    return world.read(record)


def restore(world: World, record: FileRecord) -> FileRecord:
    return world.app.edits.restore(record.customer, record.id, "Ada")


def names_in_sharepoint(company: Company, record: FileRecord) -> list[str]:  # noqa: F811
    return company.world.children(company.drive, company.folder(record))


def _item_of(record: FileRecord) -> str:
    assert record.baseline is not None
    return record.baseline.item_id


def take_early(world: World) -> None:
    """All messages that are there now, however long they were to wait."""
    for _ in range(len(world.pushes.keys)):
        world.app.push.take(world.pushes.keys.popleft()[0])


def sync(world: World, customer: str) -> None:
    run = world.app.sync_by_hand.begin(Links(customer), Direction.TO_SHAREPOINT, "Ada", is_plan=False, is_full=False)
    world.finish(run)


def test_a_file_in_sharepoint_is_restored_while_its_deletion_is_held(company: Company):  # noqa: F811
    world = company.world
    gone = delete(world, company.one)
    assert (gone.state, "one.txt" in company.live()) == (FileState.DELETED, False)
    assert gone.undo_until is not None
    take_early(world)
    assert names_in_sharepoint(company, company.one) == ["one.txt"]

    back = restore(world, company.one)
    world.settle()

    assert (back.state, back.reason, back.undo_until) == (FileState.IN_SHAREPOINT, "", None)
    assert names_in_sharepoint(company, company.one) == ["one.txt"]
    assert set(company.live()) == {"one.txt", "two.txt"}


def test_a_deletion_that_was_not_undone_goes_out_after_its_hold(company: Company):  # noqa: F811
    world = company.world
    gone = delete(world, company.one)
    [(_, delay_s)] = world.pushes.keys
    assert 59 < delay_s <= 60

    world.settle()

    assert names_in_sharepoint(company, company.one) == []
    after = world.read(gone)
    assert (after.state, after.delete_pending, after.undo_until) == (FileState.DELETED, False, None)
    with pytest.raises(Collision, match="recycle bin"):
        restore(world, company.one)


@pytest.mark.parametrize("storage", StorageLocation)
def test_a_file_that_never_moved_is_restored_with_its_content(world: World, storage: StorageLocation):
    record = world.upload(Links(world.customer(storage).id))
    if storage is StorageLocation.MOMENT:
        world.arrive(record)
    before = world.read(record)

    delete(world, record)
    take_early(world)
    world.move(record)
    assert world.blob_exists(record)
    back = restore(world, record)
    world.settle()
    world.move(record)

    assert (back.state, back.reason) == (before.state, before.reason)
    expected = FileState.IN_MOMENT_CLOUD if storage is StorageLocation.MOMENT else FileState.IN_SHAREPOINT
    assert world.read(record).state is expected
    assert (record.customer, record.id, 0) in world.queue.messages


def test_the_content_of_a_file_that_never_moved_goes_after_the_hold(world: World):
    record = world.arrive(world.upload(Links(world.customer(StorageLocation.MOMENT).id)))

    delete(world, record)
    assert world.blob_exists(record)
    world.settle()

    assert not world.blob_exists(record)
    assert not world.read(record).delete_pending
    with pytest.raises(Collision, match="content is gone"):
        restore(world, record)


def test_a_late_upload_to_a_deleted_file_makes_no_new_file(world: World):
    record, url = world.announce(Links(world.customer(StorageLocation.MOMENT).id))
    delete(world, record, 0)
    world.settle()

    world.put_blob(url, b"late")
    world.arrive(record)

    assert list(world.app.files.live(record.customer)) == []


def test_a_file_whose_content_arrives_during_the_hold_is_restored_with_it(world: World):
    record, url = world.announce(Links(world.customer().id))
    delete(world, record)
    world.put_blob(url, b"content")
    assert world.arrive(record).state is FileState.DELETED

    assert restore(world, record).state is FileState.EXPECTED
    assert world.move(record).state is FileState.IN_SHAREPOINT


def test_a_blocked_file_is_blocked_again_and_not_tried(world: World):
    record = _blocked(world)
    delete(world, record)

    back = restore(world, record)

    assert (back.state, back.reason) == (FileState.BLOCKED, record.reason)
    assert not world.queue.messages


def _blocked(world: World) -> FileRecord:
    record = world.upload(Links(world.customer().id))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": 403}})
    return world.arrive(record)


def test_an_edit_that_had_not_gone_out_goes_out_after_the_restore(company: Company):  # noqa: F811
    world = company.world
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(name="uno.txt"))
    delete(world, company.one)
    world.pushes.keys.clear()

    restore(world, company.one)
    world.settle()

    assert names_in_sharepoint(company, company.one) == ["uno.txt"]


def test_restoring_what_is_not_deleted_changes_nothing(company: Company):  # noqa: F811
    before = company.world.read(company.one)

    restore(company.world, company.one)

    assert company.world.read(company.one) == before


@pytest.mark.parametrize("hold_s", [-1, 601])
def test_a_hold_beyond_its_bounds_is_refused(company: Company, hold_s: int):  # noqa: F811
    with pytest.raises(InvalidInput):
        delete(company.world, company.one, hold_s)


def test_who_deleted_and_who_restored_is_in_the_history(company: Company):  # noqa: F811
    delete(company.world, company.one)
    restore(company.world, company.one)

    lines = [event for _, event in company.world.app.files.journal(company.customer, company.one.id)]
    assert [(event.text.partition(":")[0], event.who) for event in lines[-2:]] == [
        ("Deleted.", "Ada"),
        ("Restored", "Ada"),
    ]


def test_a_deletion_in_sharepoint_during_the_hold_counts(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    world.delete_item(company.drive, _item_of(company.one))
    pushes = list(world.pushes.keys)
    world.pushes.keys.clear()
    world.pull(company.customer)

    gone = world.read(company.one)
    assert (gone.state, gone.delete_pending, gone.undo_until) == (FileState.DELETED, False, None)
    with pytest.raises(Collision, match="recycle bin"):
        restore(world, company.one)
    world.pushes.keys.extend(pushes)
    world.settle()
    assert world.read(company.one) == gone


@pytest.mark.parametrize("change", ["rename", "content", "move"])
def test_an_edit_in_sharepoint_during_the_hold_keeps_the_file(company: Company, change: str):  # noqa: F811
    world = company.world
    delete(world, company.one)
    match change:
        case "rename":
            company.person_patches(company.one, {"name": "kept.txt"})
        case "move":
            company.person_patches(company.one, {"parentReference": {"id": company.folder(company.two)}})
        case "content":
            company.person_adds(company.folder(company.one), "one.txt", b"edited")
    pushes = list(world.pushes.keys)
    world.pushes.keys.clear()
    world.pull(company.customer)
    world.pushes.keys.extend(pushes)
    world.settle()

    kept = world.read(company.one)
    assert (kept.state, kept.delete_pending, kept.undo_until) == (FileState.IN_SHAREPOINT, False, None)
    assert len(company.live()) == 2


def test_tags_set_in_sharepoint_during_the_hold_do_not_keep_the_file(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    company.person_tags(company.one, "green")
    world.pull(company.customer, notified=True)

    assert (world.read(company.one).state, names_in_sharepoint(company, company.one)) == (FileState.DELETED, [])


def test_a_lost_message_is_made_good_by_a_sync_after_the_hold_and_not_before(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    world.pushes.keys.clear()
    sync(world, company.customer)
    assert names_in_sharepoint(company, company.one) == ["one.txt"]
    assert world.read(company.one).undo_until is not None

    world.clock.advance(61)
    sync(world, company.customer)

    assert names_in_sharepoint(company, company.one) == []
    assert not world.read(company.one).delete_pending


def test_a_lost_message_of_a_file_that_never_moved_is_made_good_by_the_daily_job(world: World):
    record = world.arrive(world.upload(Links(world.customer(StorageLocation.MOMENT).id)))
    delete(world, record)
    world.pushes.keys.clear()
    world.clock.advance(300)

    run = world.app.daily_sync.begin()
    assert run is not None
    world.finish(run)

    assert not world.blob_exists(record)
    assert not world.read(record).delete_pending


def test_a_plan_does_not_list_a_deletion_that_can_still_be_undone(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    world.pushes.keys.clear()

    def planned() -> list[str]:
        run = world.app.sync_by_hand.begin(
            Links(company.customer), Direction.TO_SHAREPOINT, "Ada", is_plan=True, is_full=False
        )
        world.finish(run)
        return [action.change for action in world.app.runs.plan(run.id, None, 50).items]

    assert planned() == []
    world.clock.advance(61)
    assert planned() == ["Deleted in SharePoint, as in Moment."]


def test_a_deletion_that_sharepoint_refuses_brings_the_file_back_into_sight(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    world.local.fault({"match": {"method": "DELETE"}, "times": 1, "then": {"status": 403}})
    world.settle()

    refused = company.live()["one.txt"]
    assert refused.state is FileState.BLOCKED
    assert "SharePoint refuses that" in refused.reason

    assert restore(world, company.one).state is FileState.IN_SHAREPOINT
    world.settle()
    assert names_in_sharepoint(company, company.one) == ["one.txt"]


def test_a_deletion_that_sharepoint_refused_goes_out_once_it_is_allowed(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    world.local.fault({"match": {"method": "DELETE"}, "times": 1, "then": {"status": 403}})
    world.settle()

    sync(world, company.customer)

    assert world.read(company.one).state is FileState.DELETED
    assert names_in_sharepoint(company, company.one) == []


def test_a_file_of_a_deleted_project_is_deleted_too(company: Company):  # noqa: F811
    world = company.world
    delete(world, company.one)
    project = world.app.directory.find_project(company.customer, "p1")
    assert project is not None
    world.app.directory_changes.remove(project)

    world.settle()

    assert world.read(company.one).state is FileState.DELETED
    assert not world.read(company.one).delete_pending


def test_a_restore_between_any_two_steps_of_the_deletion_ends_in_agreement(company: Company):  # noqa: F811
    """Restored while it is being deleted: it is either kept on both sides or gone on both sides, and says so."""
    world, seen = company.world, set[FileState]()
    for moment in range(20):
        record = world.arrive(world.upload(Links(company.customer, "p1"), f"race {moment}.txt"))
        delete(world, record, 0)
        world.pushes.keys.clear()
        interruption = Interruption(moment, lambda record=record: _restored_or_refused(world, record))
        app_with(world, interruption).push.push(record.customer, record.id)
        world.settle()
        if not interruption.happened:
            break
        after = world.read(record)
        is_there = f"race {moment}.txt" in names_in_sharepoint(company, company.one)
        assert (after.state is FileState.IN_SHAREPOINT) is is_there, after
        assert not after.delete_pending
        seen.add(after.state)
    else:
        raise AssertionError("the deletion never ends")

    assert seen == {FileState.IN_SHAREPOINT, FileState.DELETED}


def _restored_or_refused(world: World, record: FileRecord) -> None:
    try:
        restore(world, record)
    except Collision:
        return


def test_the_list_of_deleted_files_says_until_when_each_can_be_undone(company: Company):  # noqa: F811
    delete(company.world, company.one)

    [shown] = company.world.app.files.list(company.customer, "deleted", None, 10).items
    stored = company.world.read(company.one)
    assert shown == dataclasses.replace(stored, etag="")
    assert shown.undo_until == stored.undo_until is not None

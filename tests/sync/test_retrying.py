"""Try now: what waits or is blocked goes to its queue at once; where nothing can be tried it is said why."""

from dataclasses import replace

import pytest

from shared.errors import Collision, UnknownObject
from shared.model.directory import Links, StorageLocation
from shared.model.files import FileRecord, FileState
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World


def retry(world: World, record: FileRecord) -> FileRecord:
    world.queue.messages.clear()
    world.pushes.keys.clear()
    return world.app.retrying.retry(record.customer, record.id)


def refused(world: World, status: int) -> FileRecord:
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": status, "retry_after_s": 300}})
    return world.arrive(world.upload(links, "second.txt"))


@pytest.mark.parametrize(("status", "state"), [(423, FileState.WAITING), (507, FileState.BLOCKED)])
def test_a_file_that_waits_or_is_blocked_is_moved_at_once(world: World, status: int, state: FileState):
    stopped = refused(world, status)

    shown = retry(world, stopped)

    assert shown.state is state
    assert list(world.queue.messages) == [(stopped.customer, stopped.id, 0)]
    assert world.move(stopped).state is FileState.IN_SHAREPOINT


def test_an_edit_that_waits_is_sent_at_once(company: Company):  # noqa: F811
    world = company.world
    assert company.one.baseline is not None
    world.local.fault({"lock": {"item": company.one.baseline.item_id, "seconds": 1}})
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(name="later.txt"))
    world.app.push.take(world.pushes.keys.popleft()[0])
    world.local.advance(2)

    retry(world, company.one)

    assert list(world.pushes.keys) == [(f"{company.customer}/{company.one.id}", 0)]
    world.settle()
    assert world.read(company.one).reason == ""


def test_a_refused_deletion_is_sent_at_once(company: Company):  # noqa: F811
    world = company.world
    world.app.edits.delete(company.customer, company.one.id)
    world.local.fault({"match": {"method": "DELETE"}, "times": 1, "then": {"status": 403}})
    world.settle()

    assert retry(world, company.one).state is FileState.BLOCKED
    world.settle()
    assert world.read(company.one).state is FileState.DELETED


def test_a_file_whose_event_was_lost_is_taken_on(world: World):
    record = world.upload(Links(world.customer().id))

    retry(world, record)

    assert world.queue.messages
    assert world.move(record).state is FileState.IN_SHAREPOINT


def test_a_file_that_has_to_move_since_its_customer_turned_to_sharepoint_is_taken_on(world: World):
    customer = world.customer(StorageLocation.MOMENT)
    record = world.arrive(world.upload(Links(customer.id)))
    world.app.directory_changes.put(replace(customer, storage=StorageLocation.SHAREPOINT))

    retry(world, record)

    assert world.move(record).state is FileState.IN_SHAREPOINT


def test_where_nothing_waits_it_is_said_so(company: Company):  # noqa: F811
    world = company.world
    kept = world.arrive(world.upload(Links(world.customer(StorageLocation.MOMENT).id)))
    announced, _ = world.announce(Links(company.customer))
    world.app.edits.delete(company.customer, company.two.id, hold_s=60)

    for record, why in (
        (company.one, "where it belongs"),
        (kept, "where it belongs"),
        (announced, "not been uploaded"),
        (company.two, "undone"),
    ):
        with pytest.raises(Collision, match=why):
            retry(world, record)
        assert not world.queue.messages
        assert not world.pushes.keys


def test_a_file_that_is_just_being_moved_or_is_gone_is_left_alone(company: Company):  # noqa: F811
    world = company.world
    moving = world.upload(Links(company.customer))
    facts = world.stores.blobs.find(moving.blob_name or "")
    assert facts is not None
    world.app.transfer.states.claim(world.read(moving), facts, "another instance", 60)
    with pytest.raises(Collision, match="just being moved"):
        retry(world, moving)

    world.app.edits.delete(company.customer, company.one.id)
    world.settle()
    with pytest.raises(Collision, match="deleted"):
        retry(world, company.one)
    with pytest.raises(UnknownObject):
        world.app.retrying.retry(company.customer, "none")


def test_a_missing_file_says_where_to_restore_it(company: Company):  # noqa: F811
    world = company.world
    missing = replace(company.one, state=FileState.BLOCKED, missing=True, reason="Restore it in the recycle bin.")
    world.stores.files.save(company.one, missing, "Dismissed.")

    with pytest.raises(Collision, match="recycle bin"):
        retry(world, company.one)


def test_a_file_whose_name_was_refused_is_tried_at_once_with_its_new_one(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    refusal = {"status": 400, "code": "invalidRequest", "message": "The provided name is not valid."}
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": refusal})
    blocked = world.arrive(world.upload(links, "refused.txt"))
    assert blocked.state is FileState.BLOCKED
    world.queue.messages.clear()

    world.app.edits.edit(blocked.customer, blocked.id, world.an_edit(name="taken.txt"))

    assert list(world.queue.messages) == [(blocked.customer, blocked.id, 0)]
    moved = world.move(world.read(blocked))
    assert (moved.state, moved.name) == (FileState.IN_SHAREPOINT, "taken.txt")
    assert moved.baseline is not None
    assert moved.baseline.name == "taken.txt"


def test_a_file_that_is_there_already_and_was_blocked_by_its_columns_is_not_made_again_under_a_new_name(world: World):
    links = Links(world.customer().id)
    first = world.arrive(world.upload(links, "first.txt"))
    assert first.baseline is not None
    world.local.fault({"match": {"method": "PATCH"}, "times": 1, "then": {"status": 403}})
    blocked = world.arrive(world.upload(links, "second.txt", b"second", tags=("red",)))
    assert blocked.state is FileState.BLOCKED

    world.app.edits.edit(blocked.customer, blocked.id, world.an_edit(name="later.txt"))
    moved = world.move(world.read(blocked))
    world.settle()

    assert (moved.state, moved.name) == (FileState.IN_SHAREPOINT, "later.txt")
    assert sorted(world.children(first.baseline.drive_id, "root")) == ["first.txt", "later.txt"]

"""What the platform gave up: kept, shown in the thing itself, and brought through once it is put back."""

import json
from dataclasses import replace

import pytest

from shared.errors import UnknownObject
from shared.model.directory import Links, Project
from shared.model.files import FileRecord, FileState
from shared.model.given_up import GivenUpMessage, blob_message, kept_text
from shared.model.libraries import LibraryState
from shared.settings import CHANGES_QUEUE, PUSHES_QUEUE, TRANSFERS_QUEUE
from shared.store.tables import FILES_TABLE, FOLDERS_TABLE
from tests.damage import lacking
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import ListedBodies, World


@pytest.fixture(autouse=True)
def nothing_given_up_yet(world: World) -> None:
    for entry in entries(world):
        world.app.given_up.dismiss(entry.id)


def entries(world: World) -> list[GivenUpMessage]:
    return list(world.app.given_up.list(None, 500).items)


def the_entry(world: World) -> GivenUpMessage:
    (entry,) = entries(world)
    return entry


def of_file(record: FileRecord) -> str:
    return json.dumps({"customer": record.customer, "file": record.id})


def of_key(key: str) -> str:
    return json.dumps({"key": key})


def library(world: World, drive_id: str) -> LibraryState:
    state = world.app.libraries.find(drive_id)
    assert state is not None
    return state


def take_the_next_transfer(world: World) -> None:
    customer, file_id, _delay_s = world.queue.messages.popleft()
    world.app.transfer.move(customer, file_id)


def test_a_given_up_file_is_blocked_and_moves_once_it_is_put_back(world: World):
    record = world.upload(Links(world.customer().id), "plan.txt")

    world.app.given_up.take(TRANSFERS_QUEUE, of_file(record))

    entry, blocked = the_entry(world), world.read(record)
    assert (blocked.state, blocked.reason) == (FileState.BLOCKED, entry.reason)
    assert entry.concerns == f"file 'plan.txt' ({record.id}) of customer {record.customer}"
    assert world.app.given_up.put_back(entry.id) == entry
    assert entries(world) == []
    take_the_next_transfer(world)
    assert (world.read(record).state, world.read(record).reason) == (FileState.IN_SHAREPOINT, "")


def test_a_given_up_blob_comes_back_through_the_queue_of_transfers(world: World):
    record = world.upload(Links(world.customer().id))

    world.app.given_up.take(TRANSFERS_QUEUE, blob_message(record.blob_name or ""))

    assert world.read(record).state is FileState.BLOCKED
    bodies = world.stores.bodies
    assert isinstance(bodies, ListedBodies)
    assert world.app.given_up.put_back_all() == 1
    world.app.transfer.blob_arrived(bodies.blobs.popleft())
    assert world.read(record).state is FileState.IN_SHAREPOINT


def test_a_given_up_blob_that_nobody_can_place_is_kept_and_reported(world: World):
    world.app.given_up.take(TRANSFERS_QUEUE, blob_message("nobody/note.txt"))

    assert (the_entry(world).concerns, the_entry(world).marked) == ("the file 'nobody/note.txt' in Moment Cloud", False)


def test_a_file_that_has_moved_meanwhile_is_not_blocked(world: World):
    record = world.arrive(world.upload(Links(world.customer().id)))

    world.app.given_up.take(TRANSFERS_QUEUE, of_file(record))

    assert world.read(record) == record
    assert not the_entry(world).marked


def test_a_message_that_is_given_up_again_is_counted_in_its_one_entry(world: World):
    record = world.upload(Links(world.customer().id))
    world.app.given_up.take(TRANSFERS_QUEUE, of_file(record))
    first = the_entry(world)
    world.clock.advance(60)

    world.app.given_up.take(TRANSFERS_QUEUE, of_file(record))

    again = the_entry(world)
    assert (again.id, again.times, again.first_at) == (first.id, 2, first.first_at)
    assert again.last_at > first.last_at
    assert again.marked


def test_a_given_up_edit_shows_in_the_file_until_it_was_brought_to_sharepoint(company: Company):  # noqa: F811
    world, record = company.world, company.one
    world.app.edits.edit(record.customer, record.id, world.an_edit(name="uno.txt"))
    world.pushes.keys.clear()

    world.app.given_up.take(PUSHES_QUEUE, of_key(f"{record.customer}/{record.id}"))

    waiting = world.read(record)
    assert (waiting.state, waiting.reason) == (FileState.IN_SHAREPOINT, the_entry(world).reason)
    assert "change made in Moment" in waiting.reason
    world.app.given_up.put_back_all()
    world.settle()
    assert world.read(record).reason == ""
    assert world.children(company.drive, company.folder(record)) == ["uno.txt"]


def test_a_given_up_deletion_shows_in_the_file_until_it_was_brought_to_sharepoint(company: Company):  # noqa: F811
    world, record = company.world, company.one
    world.app.edits.delete(record.customer, record.id)
    world.pushes.keys.clear()

    world.app.given_up.take(PUSHES_QUEUE, of_key(f"{record.customer}/{record.id}"))

    assert world.read(record).reason == the_entry(world).reason
    world.app.given_up.put_back_all()
    world.settle()
    assert (world.read(record).state, world.read(record).reason) == (FileState.DELETED, "Deleted in Moment.")
    assert world.children(company.drive, company.folder(record)) == []


def test_a_given_up_rename_of_a_folder_is_kept_as_an_entry(company: Company):  # noqa: F811
    world = company.world
    world.app.directory_changes.put(Project(company.customer, "p1", "Website"))
    key, _delay_s = world.pushes.keys.popleft()

    world.app.given_up.take(PUSHES_QUEUE, of_key(key))

    assert the_entry(world).concerns == f"the folder of customer {company.customer} › p1"
    world.app.given_up.forget_settled()
    world.app.given_up.put_back_all()
    world.settle()
    assert set(world.children(company.drive, "root")) == {"Website", "Project p2"}


@pytest.mark.parametrize("kind", ["notified", "poll", "renew"])
def test_a_given_up_library_says_so_until_a_pull_ends_well(company: Company, kind: str):  # noqa: F811
    world = company.world

    world.app.given_up.take(CHANGES_QUEUE, of_key(f"{kind}:{company.drive}"))

    state = library(world, company.drive)
    assert "failed several times" in state.failure
    assert "daily job" in state.failure
    assert the_entry(world).concerns == f"the library of customer {company.customer}"
    world.app.given_up.put_back_all()
    world.settle()
    world.pull(company.customer)
    assert (library(world, company.drive).failure, library(world, company.drive).watch) == ("", state.watch)


@pytest.mark.parametrize("queue", [TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"key": 7, "file": 7}',
        "x\x00",
        pytest.param("[" * 50_000, id="deep"),
        pytest.param("ß" * 40_000, id="long"),
    ],
)
def test_a_message_that_cannot_be_read_is_kept_as_an_entry(world: World, queue: str, body: str):
    world.app.given_up.take(queue, body)

    entry = the_entry(world)
    assert (entry.queue, entry.body, entry.marked) == (queue, kept_text(body), False)
    assert "can't be read" in entry.concerns


@pytest.mark.parametrize(
    ("queue", "body"),
    [
        (TRANSFERS_QUEUE, '{"customer": "nobody", "file": "f1"}'),
        (TRANSFERS_QUEUE, '{"customer": "a/b#c", "file": "~/?"}'),
        (TRANSFERS_QUEUE, '{"blob": "no customer"}'),
        (TRANSFERS_QUEUE, '{"customer": "\\ud800\\u0000", "file": "f1"}'),
        (CHANGES_QUEUE, '{"key": "poll:~/#"}'),
        (CHANGES_QUEUE, '{"key": "neither"}'),
        (PUSHES_QUEUE, '{"key": "neither"}'),
        (PUSHES_QUEUE, '{"key": "a/b/c~#"}'),
        (PUSHES_QUEUE, '{"key": "rename:"}'),
    ],
)
def test_a_message_of_nothing_that_exists_is_kept_as_an_entry(world: World, queue: str, body: str):
    world.app.given_up.take(queue, body)

    assert (the_entry(world).body, the_entry(world).marked) == (body, False)


def test_what_cannot_be_marked_is_kept_and_stays(world: World):
    record = world.upload(Links(world.customer().id))
    with lacking(world.environ["MOMENT_STORAGE"], FILES_TABLE, record.customer, f"file~{record.id}", "state"):
        world.app.given_up.take(TRANSFERS_QUEUE, of_file(record))
        world.app.given_up.forget_settled()

    assert the_entry(world).concerns == f"file {record.id} of customer {record.customer}"
    world.app.given_up.forget_settled()
    assert the_entry(world).times == 1


def test_an_entry_goes_by_itself_once_something_else_brought_the_thing_through(company: Company):  # noqa: F811
    world, record = company.world, company.two
    fresh = world.upload(Links(company.customer), "fresh.txt")
    still = world.upload(Links(company.customer), "still.txt")
    world.app.given_up.take(TRANSFERS_QUEUE, blob_message(fresh.blob_name or ""))
    world.app.given_up.take(TRANSFERS_QUEUE, of_file(still))
    world.app.given_up.take(PUSHES_QUEUE, of_key(f"{record.customer}/{record.id}"))
    world.app.given_up.take(CHANGES_QUEUE, of_key(f"poll:{company.drive}"))
    world.app.given_up.forget_settled()
    assert len(entries(world)) == 4

    world.arrive(fresh)
    world.edit(record, name="zwei.txt")
    world.pull(company.customer)
    world.app.given_up.forget_settled()

    assert the_entry(world).body == of_file(still)


def test_what_is_given_up_again_while_it_is_put_back_is_not_forgotten(world: World):
    body = '{"key": "poll:b!gone"}'
    world.app.given_up.take(CHANGES_QUEUE, body)

    class GivenUpAtOnce:
        def send(self, queue: str, text: str) -> None:
            world.app.given_up.take(queue, text)

    app = world.using(stores=replace(world.stores, bodies=GivenUpAtOnce()))
    assert app.given_up.put_back_all() == 1

    assert the_entry(world).times == 2


def test_what_is_not_there_is_said_so(world: World):
    assert world.app.given_up.put_back_all() == 0
    for ask in (world.app.given_up.put_back, world.app.given_up.dismiss):
        with pytest.raises(UnknownObject, match="abc"):
            ask("abc")


def test_a_dismissed_message_is_forgotten_and_its_file_stays_blocked(world: World):
    record = world.upload(Links(world.customer().id))
    world.app.given_up.take(TRANSFERS_QUEUE, of_file(record))

    world.app.given_up.dismiss(the_entry(world).id)

    assert entries(world) == []
    assert not world.queue.messages
    assert world.read(record).state is FileState.BLOCKED


def test_a_transfer_that_fails_unforeseen_gives_its_claim_back_so_that_the_next_try_counts(world: World):
    """A try that finds the claim held would wait for it and be done: the platform would never give the message up."""
    customer = world.customer()
    world.arrive(world.upload(Links(customer.id), "first.txt"))
    record = world.upload(Links(customer.id), "second.txt")
    anew = world.restarted()

    with lacking(world.environ["MOMENT_STORAGE"], FOLDERS_TABLE, customer.id, "key~library", "drive_id"):
        for _ in range(2):
            with pytest.raises(KeyError, match="drive_id"):
                anew.arrive(record)
            assert anew.read(record).state is FileState.WAITING
            assert not anew.queue.messages

    assert anew.arrive(record).state is FileState.IN_SHAREPOINT


def test_a_pull_that_fails_unforeseen_gives_its_lease_back_so_that_the_next_try_counts(company: Company):  # noqa: F811
    world, record = company.world, company.one
    company.person_patches(record, {"name": "uno.txt"})

    with lacking(world.environ["MOMENT_STORAGE"], FILES_TABLE, record.customer, f"file~{record.id}", "state"):
        for _ in range(2):
            with pytest.raises(KeyError, match="state"):
                world.pull(company.customer)
            assert library(world, company.drive).lease_until is None
            assert not world.pulls.keys

    world.pull(company.customer)
    assert world.read(record).name == "uno.txt"

"""The main job against real servers: what is true after a file arrived."""

import dataclasses
import io
import zipfile

import pytest
from docx import Document

from shared.model.directory import Activity, Links, Period, Project, StorageLocation, Task
from shared.model.files import FileState, Proof
from tests.conftest import FRAGMENT_BYTES, SMALL_FILE_MAX_BYTES
from tests.world import World, put_blob

LARGE = bytes(range(256)) * 4096


def a_docx(text: str = "Minutes") -> bytes:
    document = Document()
    document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_project(world: World, **changes) -> Links:
    customer = world.customer()
    world.app.directory_changes.put(Project(customer.id, "p1", "Website", **changes))
    return Links(customer.id, "p1")


def fragments_sent(world: World) -> int:
    return sum(call["bytes_in"] for call in world.local.requests() if "uploadSession" in call["route"])


def test_a_small_file_moves_and_its_link_becomes_the_sharepoint_url(world: World):
    record = world.upload(Links(world.customer().id), "note.txt", b"hello")

    moved = world.arrive(record)

    assert moved.state is FileState.IN_SHAREPOINT
    assert moved.baseline is not None
    assert moved.baseline.web_url.endswith("/note.txt")
    assert moved.baseline.proof is Proof.IDENTICAL
    assert world.stored(moved) == b"hello"
    assert moved.blob_name is None
    assert not world.blob_exists(moved, record.blob_name)


def test_the_journal_tells_the_way_of_a_file(world: World):
    moved = world.arrive(world.upload(Links(world.customer().id)))

    events = [event.text for _, event in world.app.files.journal(moved.customer, moved.id)]

    assert [event.split()[0] for event in events] == ["Announced;", "Claimed", "Its", "In", "Released"]


@pytest.mark.parametrize("content", [b"", b"x" * SMALL_FILE_MAX_BYTES, b"x" * (SMALL_FILE_MAX_BYTES + 1), LARGE])
def test_every_size_arrives_byte_for_byte(world: World, content: bytes):
    moved = world.arrive(world.upload(Links(world.customer().id), "data.bin", content))

    assert moved.state is FileState.IN_SHAREPOINT
    assert world.stored(moved) == content
    assert moved.size_bytes == len(content)


def test_a_file_lies_in_the_folder_of_its_most_specific_object(world: World):
    links = a_project(world, number="4711")
    world.app.directory_changes.put(Activity(links.customer, "p1", "a1", "Design", "10"))
    world.app.directory_changes.put(Task(links.customer, "p1", "t1", "7", "Logo", "a1"))

    moved = world.arrive(world.upload(Links(links.customer, "p1", "a1", "t1")))

    assert moved.baseline is not None
    assert moved.baseline.web_url.endswith("/Website/10%20Design/%237%20Logo/note.txt")


def test_a_file_goes_along_when_its_task_was_moved_to_another_activity(world: World):
    links = a_project(world)
    world.app.directory_changes.put(Activity(links.customer, "p1", "a1", "Design"))
    world.app.directory_changes.put(Task(links.customer, "p1", "t1", "7", "Logo", "a1"))
    record = world.upload(Links(links.customer, "p1", "a1", "t1"))
    world.app.directory_changes.put(Task(links.customer, "p1", "t1", "7", "Logo"))

    moved = world.arrive(record)

    assert moved.baseline is not None
    assert moved.baseline.web_url.endswith("/Website/%237%20Logo/note.txt")


def test_columns_say_activity_period_and_tags(world: World):
    links = a_project(world)
    world.app.directory_changes.put(Activity(links.customer, "p1", "a1", "Accounts"))
    world.app.directory_changes.put(
        Task(links.customer, "p1", "t1", "7", "Monthly close", "a1", series="s1", period=Period(2026, 11))
    )

    moved = world.arrive(world.upload(Links(links.customer, "p1", "a1", "t1"), tags=("Urgent", "Ärger")))

    assert moved.baseline is not None
    assert world.fields_of(moved) == {
        "momentActivity": "Accounts",
        "momentYear": "2026",
        "momentPeriod": "11/2026",
        "momentTags": ["Urgent", "Ärger"],
    }


def test_an_office_file_that_sharepoint_rewrites_is_proven_by_its_content(world: World):
    content = a_docx()

    moved = world.arrive(world.upload(Links(world.customer().id), "minutes.docx", content))

    assert moved.baseline is not None
    assert moved.baseline.proof is Proof.REWRITTEN
    stored = world.stored(moved)
    assert stored != content
    assert _part(stored) == _part(content)
    assert moved.size_bytes == len(stored) != len(content)
    assert not world.blob_exists(moved, f"{moved.customer}/{moved.id}/minutes.docx")
    assert moved.size_bytes == len(world.stored(moved)) != len(content)


def _part(docx: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml")


def test_content_that_sharepoint_does_not_hold_keeps_its_blob(world: World):
    class Damaging:
        def __getattr__(self, name):
            return getattr(world.sharepoint, name)

        def put_file(self, drive_id, parent_id, name, content):
            return world.sharepoint.put_file(drive_id, parent_id, name, content[:-1] + b"!")

    record = world.upload(Links(world.customer().id), "note.txt", b"hello")

    world.using(sharepoint=Damaging()).transfer.blob_arrived(record.blob_name)

    blocked = world.read(record)
    assert blocked.state is FileState.BLOCKED
    assert "kept in Moment Cloud" in blocked.reason
    assert world.blob_exists(record)


def test_a_clash_of_names_numbers_the_newcomer_and_keeps_the_requested_name(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "Report.txt", b"first"))
    world.arrive(world.upload(links, "report.txt", b"second"))

    third = world.arrive(world.upload(links, "REPORT.txt", b"third"))

    assert third.name == "REPORT (3).txt"
    assert third.requested_name == "REPORT.txt"
    assert world.stored(third) == b"third"


def test_two_files_of_one_name_and_one_content_stay_two_files(world: World):
    links = Links(world.customer().id)
    first = world.arrive(world.upload(links, "same.txt", b"same"))
    second = world.arrive(world.upload(links, "same.txt", b"same"))

    assert first.baseline is not None
    assert second.baseline is not None
    assert first.baseline.item_id != second.baseline.item_id


def test_a_file_that_a_person_put_there_is_never_overwritten(world: World):
    links = Links(world.customer().id)
    first = world.arrive(world.upload(links, "other.txt"))
    assert first.baseline is not None
    theirs = world.sharepoint.put_file(first.baseline.drive_id, "root", "plan.txt", b"theirs")

    ours = world.arrive(world.upload(links, "plan.txt", b"ours"))

    assert ours.name == "plan (2).txt"
    with world.sharepoint.open_content(theirs.drive_id, theirs.id) as content:
        assert content.read() == b"theirs"


def test_a_customer_that_stores_in_moment_keeps_its_files_there(world: World):
    record = world.upload(Links(world.customer(StorageLocation.MOMENT).id))

    kept = world.arrive(record)

    assert kept.state is FileState.IN_MOMENT_CLOUD
    assert world.blob_exists(kept)
    assert world.app.locating.content_url(kept.customer, kept.id).startswith("http://127.0.0.1")


def test_a_project_can_store_elsewhere_than_its_customer(world: World):
    links = a_project(world, storage=StorageLocation.MOMENT)

    assert world.arrive(world.upload(links)).state is FileState.IN_MOMENT_CLOUD


def test_a_file_without_extension_moves_and_carries_a_warning(world: World):
    moved = world.arrive(world.upload(Links(world.customer().id), "LICENSE"))

    assert moved.state is FileState.IN_SHAREPOINT
    assert "extension" in moved.warning


def test_running_everything_twice_changes_nothing(world: World):
    record = world.upload(Links(world.customer().id))
    first = world.arrive(record)

    world.app.transfer.blob_arrived(record.blob_name)
    world.app.transfer.move(record.customer, record.id)

    assert world.read(record) == first


def test_a_claimed_file_is_left_alone_until_the_claim_ends(world: World):
    record = world.upload(Links(world.customer().id))
    facts = world.stores.blobs.find(record.blob_name)
    world.app.transfer.states.claim(world.read(record), facts, "another instance", 60)

    moving = world.arrive(record)

    assert moving.state is FileState.MOVING
    ((_, _, delay_s),) = world.queue.messages
    assert 0 < delay_s <= 62
    world.clock.advance(61)
    assert world.move(record).state is FileState.IN_SHAREPOINT


@pytest.mark.parametrize(("status", "retry_after_s"), [(429, 120), (503, 300)])
def test_a_throttled_file_waits_as_long_as_sharepoint_says(world: World, status: int, retry_after_s: int):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault(
        {"match": {"method": "PUT"}, "times": 1, "then": {"status": status, "retry_after_s": retry_after_s}}
    )

    waiting = world.arrive(world.upload(links, "second.txt"))

    assert waiting.state is FileState.WAITING
    assert world.queue.messages[-1][2] >= retry_after_s - 1
    world.clock.advance(retry_after_s + 1)
    assert world.move(waiting).state is FileState.IN_SHAREPOINT


def test_a_file_is_not_claimed_before_its_turn(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": 429, "retry_after_s": 120}})
    world.arrive(world.upload(links, "second.txt"))
    requests = len(world.local.requests())

    waiting = world.arrive(world.upload(links, "third.txt"))

    assert (waiting.state, waiting.transfer, waiting.attempts) == (FileState.WAITING, None, 0)
    assert waiting.reason == "SharePoint asked us to wait before the next request."
    assert 110 < world.queue.messages[-1][2] <= 121
    version = waiting.version
    assert world.move(waiting).version == version
    assert len(world.local.requests()) == requests
    world.clock.advance(121)
    assert world.move(waiting).state is FileState.IN_SHAREPOINT


def test_a_locked_file_waits_and_says_so(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": 423}})

    waiting = world.arrive(world.upload(links, "second.txt"))

    assert waiting.state is FileState.WAITING
    assert waiting.reason
    assert world.queue.messages[-1][2] >= 30


@pytest.mark.parametrize("status", [403, 507])
def test_a_refusal_blocks_the_file_with_a_reason_and_keeps_its_content(world: World, status: int):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": status}})

    blocked = world.arrive(world.upload(links, "second.txt"))

    assert blocked.state is FileState.BLOCKED
    assert len(blocked.reason) > 20
    assert world.blob_exists(blocked)
    assert world.move(blocked).state is FileState.IN_SHAREPOINT


def test_a_large_file_goes_on_in_the_next_run_and_sends_nothing_twice(world: World):
    slow = World.start(dict(world.environ) | {"TRANSFER_TIME_LIMIT_S": "1"}, world.local, world.clock)
    record = slow.upload(Links(slow.customer().id), "film.bin", LARGE)
    runs = 0
    while slow.read(record).state is not FileState.IN_SHAREPOINT:
        slow.local.set_latency(400)
        slow.app.transfer.move(record.customer, record.id)
        runs += 1
    slow.local.set_latency(0)

    assert runs > 1
    assert fragments_sent(slow) == len(LARGE)
    assert slow.stored(slow.read(record)) == LARGE


@pytest.mark.parametrize(("name", "content"), [("small.txt", b"hello"), ("film.bin", LARGE)])
def test_the_blob_is_read_once(world: World, name: str, content: bytes):
    class Counting:
        read_bytes = 0

        def __getattr__(self, attribute):
            return getattr(world.stores.blobs, attribute)

        def read(self, blob_name, etag, start, size_bytes):
            self.read_bytes += size_bytes
            return world.stores.blobs.read(blob_name, etag, start, size_bytes)

    counting = Counting()
    record = world.upload(Links(world.customer().id), name, content)

    world.using(stores=dataclasses.replace(world.stores, blobs=counting)).transfer.blob_arrived(record.blob_name)

    assert world.read(record).state is FileState.IN_SHAREPOINT
    assert counting.read_bytes == len(content)


def test_a_blob_overwritten_before_it_moves_arrives_in_its_last_version(world: World):
    record, url = world.announce(Links(world.customer().id))
    put_blob(url, b"one")
    put_blob(url, b"two")

    moved = world.arrive(record)

    assert world.stored(moved) == b"two"


def test_new_content_for_a_moved_file_becomes_its_next_version(world: World):
    record, url = world.announce(Links(world.customer().id))
    put_blob(url, b"one")
    first = world.arrive(record)
    put_blob(url, b"two")

    second = world.arrive(record)

    assert first.baseline is not None
    assert second.baseline is not None
    assert second.baseline.item_id == first.baseline.item_id
    assert world.stored(second) == b"two"
    assert not world.blob_exists(record)


def test_a_folder_that_was_deleted_in_sharepoint_is_made_again(world: World):
    links = a_project(world)
    first = world.arrive(world.upload(links, "one.txt"))
    assert first.baseline is not None
    world.delete_item(first.baseline.drive_id, first.baseline.parent_id)

    second = world.arrive(world.upload(links, "two.txt"))

    assert second.state is FileState.IN_SHAREPOINT
    assert second.baseline is not None
    assert second.baseline.web_url.endswith("/Website/two.txt")


def test_a_folder_renamed_by_a_person_stays_the_projects_folder(world: World):
    links = a_project(world)
    first = world.arrive(world.upload(links, "one.txt"))
    assert first.baseline is not None
    world.rename_item(first.baseline.drive_id, first.baseline.parent_id, "Web site 2.0")

    second = world.arrive(world.upload(links, "two.txt"))

    assert second.baseline is not None
    assert second.baseline.parent_id == first.baseline.parent_id


def test_another_customers_library_of_the_name_blocks_with_what_to_do(world: World):
    customer = world.customer()
    world.sharepoint.create_library(customer.name, "Files of the Moment customer fabrikam")

    blocked = world.arrive(world.upload(Links(customer.id)))

    assert blocked.state is FileState.BLOCKED
    assert "Rename it there" in blocked.reason


def test_a_lost_blob_is_reported_instead_of_forgotten(world: World):
    record = world.upload(Links(world.customer(StorageLocation.MOMENT).id))
    kept = world.arrive(record)
    facts = world.stores.blobs.find(kept.blob_name)
    world.stores.blobs.release(facts.name, facts.etag)

    assert world.move(kept).state is FileState.BLOCKED


def test_fragment_size_divides_the_large_sample_unevenly():
    assert len(LARGE) % FRAGMENT_BYTES != 0

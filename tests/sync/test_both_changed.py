"""New content in Moment for a file whose content changed in SharePoint, too: both are kept, each once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from shared.model.files import FileRecord, FileState
from shared.sync.file_states import FileStates
from tests.sync.test_crash import Killed
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_races import KilledAfterWriting, app_with, finish
from tests.world import World, put_blob

FIRST, OURS, THEIRS = b"first", b"ours, second", b"theirs"
LARGE = bytes(range(256)) * 2600


class Shared:
    """A file that has moved to SharePoint, and whose upload URL still holds."""

    def __init__(self, both: BothSides, name: str = "plan.txt") -> None:
        self.both, self.world, self.name = both, both.world, name
        self.world.clock.ahead = self.world.clock.ahead * 0
        self.first, self.url = self.world.announce(Links(both.customer, "p1"), name, tags=("kept",))
        put_blob(self.url, FIRST)
        self.world.arrive(self.first)
        self.world.pull(both.customer)

    @property
    def item(self) -> str:
        baseline = self.world.read(self.first).baseline
        assert baseline is not None
        return baseline.item_id

    def person_writes(self, content: bytes = THEIRS) -> None:
        assert self.both.person.ask("PUT", f"/items/{self.item}/content", data=content)

    def arrives(self, content: bytes = OURS) -> FileRecord:
        put_blob(self.url, content)
        return self.world.arrive(self.first)

    def is_noted(self, content: bytes = OURS) -> None:
        """The content arrives, and the host dies before it moves."""
        put_blob(self.url, content)
        record, blob_name = self.world.read(self.first), self.first.blob_name or ""
        FileStates(self.world.stores.files, self.world.clock).content_arrived(record, blob_name)

    def contents(self) -> dict[str, bytes]:
        """What lies in the folder of the project, by name."""
        mine = [seen for seen in self.both.person.everything() if seen.name.startswith(self.name.partition(".")[0])]
        return {seen.name: self.both.person.content(seen.id) for seen in mine}

    def history(self, record: FileRecord) -> str:
        return "\n".join(event.text for _, event in self.world.app.files.journal(record.customer, record.id))

    def copy(self) -> FileRecord:
        (copy,) = [each for each in self.world.app.files.live(self.both.customer) if "from Moment" in each.name]
        return self.world.read(copy)

    def uploads(self, since: int) -> int:
        writes = [call for call in self.world.local.requests(since) if call["bytes_in"] >= len(OURS)]
        return sum(call["method"] == "PUT" for call in writes)


@pytest.fixture
def both(company: Company) -> Iterator[BothSides]:  # noqa: F811
    with BothSides(company.world, company.customer) as both:
        yield both


def copied(name: str, record: FileRecord) -> str:
    return f"{name} (from Moment, {record.changed_at.date()}).txt"


@pytest.mark.parametrize("content", [OURS, LARGE], ids=["small", "large"])
def test_both_versions_are_files_and_each_has_its_record(both: BothSides, content: bytes):
    shared = Shared(both)
    shared.person_writes()

    kept = shared.arrives(content)

    name = copied("plan", kept)
    assert shared.contents() == {"plan.txt": THEIRS, name: content}
    finish(shared.world, both.customer)
    both.agree()
    kept, copy = shared.world.read(kept), shared.copy()
    assert (kept.id, kept.name, kept.tags, kept.blob_name) == (shared.first.id, "plan.txt", ("kept",), None)
    assert (copy.name, copy.tags, copy.links) == (name, ("kept",), kept.links)
    assert shared.world.fields_of(copy) == {"momentTags": ["kept"]}
    assert not shared.world.blob_exists(shared.first, shared.first.blob_name)


def test_the_history_of_both_says_what_happened(both: BothSides):
    shared = Shared(both)
    shared.person_writes()

    kept = shared.arrives()

    copy = shared.copy()
    assert "both-changed" in shared.history(kept)
    assert copy.name in shared.history(kept)
    assert copy.id in shared.history(kept)
    assert kept.id in shared.history(copy)


def test_an_edit_that_a_pull_followed_while_our_content_waited_counts_too(both: BothSides):
    shared = Shared(both)
    shared.world.local.fault({"match": {"path": shared.item}, "times": 1, "then": {"status": 423}})
    assert shared.arrives().state is FileState.WAITING
    shared.person_writes()
    shared.world.pull(both.customer)

    finish(shared.world, both.customer)

    assert sorted(shared.contents().values()) == [OURS, THEIRS]
    both.agree()


def test_content_that_arrives_after_a_pull_is_the_next_version(both: BothSides):
    shared = Shared(both)
    shared.person_writes()
    shared.world.pull(both.customer)

    shared.arrives()

    assert shared.contents() == {"plan.txt": OURS}
    finish(shared.world, both.customer)
    both.agree()


def test_a_rename_or_a_tag_there_is_no_other_content(both: BothSides):
    shared = Shared(both)
    shared.both.person.ask("PATCH", f"/items/{shared.item}", json={"name": "plan renamed.txt"})

    shared.arrives()

    assert shared.contents() == {"plan renamed.txt": OURS}
    finish(shared.world, both.customer)
    both.agree()


def test_the_copy_lies_in_the_folder_where_the_file_is_now(both: BothSides):
    shared = Shared(both)
    there = shared.world.app.folders.find(both.customer, "project~p2")
    assert there is not None
    shared.both.person.ask("PATCH", f"/items/{shared.item}", json={"parentReference": {"id": there.item_id}})
    shared.person_writes()

    kept = shared.arrives()

    finish(shared.world, both.customer)
    assert {copied("plan", kept), "plan.txt"} <= set(shared.world.children(both.drive, there.item_id))
    both.agree()


def test_a_file_that_was_deleted_there_comes_back_with_our_content(both: BothSides):
    shared = Shared(both)
    both.person.ask("DELETE", f"/items/{shared.item}")

    shared.arrives()

    assert shared.contents() == {"plan.txt": OURS}
    finish(shared.world, both.customer)
    both.agree()


def deleted_there(shared: Shared) -> None:
    shared.both.person.ask("DELETE", f"/items/{shared.item}")
    shared.world.pull(shared.both.customer)


def deleted_here(shared: Shared) -> None:
    shared.world.app.edits.delete(shared.both.customer, shared.first.id)
    shared.world.settle()


@pytest.mark.parametrize("deleted", [deleted_there, deleted_here])
@pytest.mark.parametrize("is_uploaded_first", [True, False])
def test_content_that_whoever_deleted_the_file_had_not_seen_brings_it_back(
    both: BothSides, deleted: Callable[[Shared], None], is_uploaded_first: bool
):
    shared = Shared(both)
    if is_uploaded_first and deleted is deleted_there:
        shared.is_noted()
    deleted(shared)

    shared.arrives()
    finish(shared.world, both.customer)

    assert shared.contents() == {"plan.txt": OURS}
    assert "Brought back" in shared.history(shared.first)
    both.agree()


def test_a_deletion_takes_content_along_that_was_uploaded_before_it_and_is_not_noted_yet(both: BothSides):
    shared = Shared(both)
    put_blob(shared.url, OURS)

    deleted_here(shared)

    shared.world.arrive(shared.first)
    finish(shared.world, both.customer)
    assert (shared.world.read(shared.first).state, shared.contents()) == (FileState.DELETED, {})
    assert not shared.world.blob_exists(shared.first)


def test_a_file_that_both_sides_delete_takes_content_along_that_waits(both: BothSides):
    shared = Shared(both)
    shared.is_noted()
    shared.world.app.edits.delete(both.customer, shared.first.id)
    deleted_there(shared)

    finish(shared.world, both.customer)

    record = shared.world.read(shared.first)
    assert (record.state, record.blob_name, shared.contents()) == (FileState.DELETED, None, {})
    assert not shared.world.blob_exists(shared.first)
    assert list(shared.world.stores.files.unfinished(both.customer)) == []


def test_every_further_conflict_has_its_copy_and_nothing_is_sent_again(both: BothSides):
    shared = Shared(both)
    shared.person_writes()
    shared.arrives()
    shared.person_writes(b"theirs again")
    kept = shared.arrives(b"ours, the third version")
    finish(shared.world, both.customer)
    since = max(call["n"] for call in shared.world.local.requests())

    shared.world.move(kept)
    finish(shared.world, both.customer)

    name = copied("plan", kept)
    assert shared.contents() == {
        "plan.txt": b"theirs again",
        name: OURS,
        name.replace(").txt", ") (2).txt"): b"ours, the third version",
    }
    assert shared.uploads(since) == 0
    both.agree()


def test_the_same_content_on_both_sides_is_one_file(both: BothSides):
    shared = Shared(both)
    shared.person_writes(OURS)

    shared.arrives()

    assert shared.contents() == {"plan.txt": OURS}
    finish(shared.world, both.customer)
    both.agree()


def test_an_edit_in_the_moment_before_ours_is_put_is_not_buried(both: BothSides):
    shared = Shared(both)

    class Late:
        """A person saves between our look at the item and our PUT."""

        def __getattr__(self, name: str) -> Any:
            return getattr(shared.world.sharepoint, name)

        def replace_file(self, drive_id: str, item_id: str, content: bytes, e_tag: str = "") -> DriveItem:
            shared.person_writes()
            return shared.world.sharepoint.replace_file(drive_id, item_id, content, e_tag)

    put_blob(shared.url, OURS)
    shared.world.using(sharepoint=Late()).transfer.blob_arrived(shared.first.blob_name or "")
    finish(shared.world, both.customer)

    assert sorted(shared.contents().values()) == [OURS, THEIRS]
    both.agree()


def test_killed_at_any_moment_it_makes_one_copy_with_one_record(both: BothSides):
    world: World = both.world
    for moment in range(200):
        shared = Shared(both, f"plan{moment}.txt")
        shared.person_writes()
        put_blob(shared.url, OURS)
        try:
            app_with(world, KilledAfterWriting(moment)).transfer.blob_arrived(shared.first.blob_name or "")
            was_killed = False
        except Killed:
            was_killed = True
        world.clock.advance(121)
        world.arrive(shared.first)
        finish(world, both.customer)

        kept = world.read(shared.first)
        assert shared.contents() == {shared.name: THEIRS, copied(f"plan{moment}", kept): OURS}, moment
        assert kept.blob_name is None, moment
        if not was_killed:
            both.agree()
            return
    raise AssertionError("the transfer never finished by itself")

"""What may happen between the proof of a file's content and the release of its blob, one row each.

The rule (shared/sync/proof.py): the blob is deleted only in the version that was proven; what people do to the file in
SharePoint afterwards leaves the proven content where SharePoint keeps it, in the version history or the recycle bin.
Every content that was handed to either side is looked for from outside: in Moment Cloud, in SharePoint, in the history
of a file there, in the recycle bin.
"""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from shared.bootstrap import App
from shared.errors import Collision
from shared.model.directory import Links, Project, StorageLocation
from shared.model.drive_items import DriveItem
from shared.model.files import FileRecord, FileState
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_races import finish, take_transfers
from tests.world import put_blob

OURS = b"ours, proven"
NEWER = b"ours, uploaded again"
THEIRS = b"written in SharePoint"
LARGE = OURS + bytes(range(256)) * 2600
CLAIM_S = 121.0

MOMENTS = ("before the commit", "before the release")


class Hook:
    """Does something once, right before a call of the app; `when` looks at the call's arguments."""

    def __init__(self, adapter: Any, name: str, when: Callable[..., bool], act: Callable[[], object]) -> None:
        self._adapter, self._name, self._when, self._act = adapter, name, when, act
        self.happened = False

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)
        if name != self._name:
            return method

        def call(*arguments: Any, **named: Any) -> Any:
            if not self.happened and self._when(*arguments, **named):
                self.happened = True
                self._act()
            return method(*arguments, **named)

        return call


class OnItsWay:
    """A file whose content was just proven to be in SharePoint, and what people and machines do at that moment."""

    def __init__(self, both: BothSides, content: bytes = OURS) -> None:
        self.both, self.world, self.customer = both, both.world, both.customer
        self.world.clock.ahead = timedelta()
        self.record, self.url = self.world.announce(Links(self.customer, "p1"), "ours.txt", tags=("kept",))
        put_blob(self.url, content)
        self.blob_name = self.record.blob_name or ""
        self.contents = {content}

    def transfer(self, moment: str, act: Callable[[], object]) -> None:
        """Move the file and do something at this moment of it."""
        stores = self.world.stores
        if moment == "before the commit":
            hook = Hook(stores.files, "save", self._is_commit, act)
            stores = dataclasses.replace(stores, files=hook)
        else:
            hook = Hook(stores.blobs, "release", lambda name, _: name == self.blob_name, act)
            stores = dataclasses.replace(stores, blobs=hook)
        self.app_with(stores).transfer.blob_arrived(self.blob_name)
        assert hook.happened

    def app_with(self, stores: Any) -> App:
        return self.world.using(stores=stores)

    def _is_commit(self, before: FileRecord, after: FileRecord, _event: object) -> bool:
        mine = before.id == self.record.id
        return mine and before.state is FileState.MOVING and after.state is FileState.IN_SHAREPOINT

    @property
    def item(self) -> str:
        return next(seen.id for seen in self.both.person.everything() if seen.name == "ours.txt")

    def pull(self) -> None:
        self.world.pull(self.customer)

    def now(self) -> FileRecord:
        return self.world.read(self.record)

    # -- what happens in Moment

    def edit(self, **changes: Any) -> None:
        self.world.app.edits.edit(self.customer, self.record.id, self.world.an_edit(**changes))

    def overwritten(self) -> None:
        put_blob(self.url, NEWER)
        self.contents.add(NEWER)

    def renamed_in_moment(self) -> None:
        self.edit(name="new name.txt")

    def retagged_in_moment(self) -> None:
        self.edit(tags=("kept", "added"))

    def moved_in_moment(self) -> None:
        self.edit(links=Links(self.customer, "p2"))

    def moved_by_another_instance(self) -> None:
        self.world.clock.advance(CLAIM_S)
        self.world.app.transfer.move(self.customer, self.record.id)

    def claimed_by_an_instance_that_dies(self) -> None:
        self.world.clock.advance(CLAIM_S)
        facts = self.world.stores.blobs.find(self.blob_name)
        self.world.app.transfer.states.claim(self.now(), facts, "another", 60)

    def storage_switched(self) -> None:
        customer = self.world.app.directory.find_customer(self.customer)
        self.world.app.directory_changes.put(dataclasses.replace(customer, storage=StorageLocation.MOMENT))

    def deleted_in_moment(self, hold_s: float = 0) -> None:
        """Refused while the file is claimed: its content is being moved."""
        try:
            self.world.app.edits.delete(self.customer, self.record.id, hold_s=hold_s)
        except Collision:
            assert self.now().state is FileState.MOVING

    def deleted_in_moment_and_held(self) -> None:
        self.deleted_in_moment(600)

    def deleted_in_moment_and_restored(self) -> None:
        self.deleted_in_moment(600)
        self.world.app.edits.restore(self.customer, self.record.id)

    def customer_renamed(self) -> None:
        self.world.rename_customer(self.world.app.directory.find_customer(self.customer))

    def project_renamed(self) -> None:
        project = Project(self.customer, "p1", "Another name")
        self.world.app.directory_changes.put(project)

    # -- what happens in SharePoint

    def written(self) -> None:
        assert self.both.person.ask("PUT", f"/items/{self.item}/content", data=THEIRS)
        self.contents.add(THEIRS)

    def renamed(self) -> None:
        assert self.both.person.ask("PATCH", f"/items/{self.item}", json={"name": "their name.txt"})

    def moved(self) -> None:
        there = self.world.app.folders.find(self.customer, "project~p2")
        assert there is not None
        assert self.both.person.ask("PATCH", f"/items/{self.item}", json={"parentReference": {"id": there.item_id}})

    def tagged(self) -> None:
        fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["kept", "theirs"]}
        assert self.both.person.ask("PATCH", f"/items/{self.item}/listItem/fields", json=fields)

    def deleted(self) -> None:
        assert self.both.person.ask("DELETE", f"/items/{self.item}") is not None

    def restored(self) -> None:
        item = self.item
        self.deleted()
        self.world.local.restore(item)

    def folder_deleted(self) -> None:
        folder = self.world.app.folders.find(self.customer, "project~p1")
        assert folder is not None
        assert self.both.person.ask("DELETE", f"/items/{folder.item_id}") is not None

    def folder_renamed(self) -> None:
        folder = self.world.app.folders.find(self.customer, "project~p1")
        assert folder is not None
        assert self.both.person.ask("PATCH", f"/items/{folder.item_id}", json={"name": "Their project"})

    # -- where content can be reached

    def places_of(self, content: bytes) -> set[str]:
        """Where this content is: `blob`, `current`, `history`, `bin`."""
        found = {"blob"} & {"blob" if self._blob() == content else ""}
        for seen in self.both.person.everything():
            if not seen.is_folder:
                found |= {place for place, version in self._versions(seen.id) if version == content}
        return found | {"bin" for recycled in self._recycled() if recycled == content}

    def _blob(self) -> bytes | None:
        facts = self.world.stores.blobs.find(self.blob_name)
        return None if facts is None else self.world.stores.blobs.read(facts.name, facts.etag, 0, facts.size_bytes)

    def _versions(self, item_id: str) -> Iterator[tuple[str, bytes]]:
        """As a person opens them in the browser."""
        yield "current", self.both.person.content(item_id)
        url = self.both.person.ask("GET", f"/items/{item_id}")["webUrl"]
        for version in self.both.person.ask("GET", f"/items/{item_id}/versions")["value"][1:]:
            answer = requests.get(url, params={"version": version["id"].partition(".")[0]}, timeout=30)
            yield "history", answer.content

    def _recycled(self) -> list[bytes]:
        """The newest versions; looking means to restore, so it is the last thing that a test does."""
        contents = []
        for entry in self.world.local.recycle_bin():
            self.world.local.restore(entry["id"])
            contents += [self.both.person.content(item["id"]) for item in entry["items"] if item["size"]]
        return contents


@pytest.fixture
def both(company: Company) -> Iterator[BothSides]:  # noqa: F811
    with BothSides(company.world, company.customer) as both:
        yield both


def check(file: OnItsWay, ours: set[str], others: set[str]) -> None:
    """Both sides agree, and each content is where the row says: the proven one, and those that came later."""
    finish(file.world, file.customer)
    file.both.agree()
    record = file.now()
    assert record.transfer is None
    expected = FileState.DELETED if ours == {"bin"} else FileState.IN_SHAREPOINT
    assert (record.state, record.blob_name) == (expected, None), record
    for content in file.contents:
        found = file.places_of(content)
        assert found >= (ours if content in {OURS, LARGE} else others), (content[:30], found)
        assert "blob" not in found


IN_MOMENT = [
    # what happens                              the proven content  what came later
    ("overwritten", {"history"}, {"current"}),
    ("renamed_in_moment", {"current"}, set()),
    ("retagged_in_moment", {"current"}, set()),
    ("moved_in_moment", {"current"}, set()),
    ("moved_by_another_instance", {"current"}, set()),
    ("storage_switched", {"current"}, set()),
    ("deleted_in_moment_and_restored", {"current"}, set()),
    ("customer_renamed", {"current"}, set()),
    ("project_renamed", {"current"}, set()),
]
IN_SHAREPOINT = [
    ("written", {"history"}, {"current"}),
    ("renamed", {"current"}, set()),
    ("moved", {"current"}, set()),
    ("tagged", {"current"}, set()),
    ("deleted", {"bin"}, set()),
    ("restored", {"current"}, set()),
    ("folder_deleted", {"bin"}, set()),
    ("folder_renamed", {"current"}, set()),
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("what", "ours", "others"), IN_MOMENT)
def test_in_moment(both: BothSides, moment: str, what: str, ours: set[str], others: set[str]):
    file = OnItsWay(both)
    act = getattr(file, what)
    if (what, moment) == ("deleted_in_moment_and_restored", "before the commit"):
        act = file.deleted_in_moment_and_held  # refused, so there is nothing to restore

    file.transfer(moment, act)

    check(file, ours, others)


@pytest.mark.parametrize("followed", [False, True], ids=["seen later", "seen at once"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("what", "ours", "others"), IN_SHAREPOINT)
def test_in_sharepoint(both: BothSides, moment: str, followed: bool, what: str, ours: set[str], others: set[str]):
    file = OnItsWay(both)

    def act() -> None:
        getattr(file, what)()
        if followed:
            file.pull()

    file.transfer(moment, act)

    check(file, ours, others)
    assert file.now().tags == (("kept", "theirs") if what == "tagged" else ("kept",))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("what", "ours", "others"), [("overwritten", {"history"}, {"current"}), ("written", {"history"}, {"current"})]
)
def test_of_a_large_file(both: BothSides, moment: str, what: str, ours: set[str], others: set[str]):
    file = OnItsWay(both, LARGE)

    file.transfer(moment, getattr(file, what))

    check(file, ours, others)


@pytest.mark.parametrize(("held", "where"), [(False, {"bin"}), (True, {"bin"})])
def test_deleted_in_moment_before_the_release(both: BothSides, held: bool, where: set[str]):
    file = OnItsWay(both)

    file.transfer("before the release", file.deleted_in_moment_and_held if held else file.deleted_in_moment)

    check(file, where, set())


def test_deleted_in_moment_before_the_commit_is_refused(both: BothSides):
    file = OnItsWay(both)

    file.transfer("before the commit", file.deleted_in_moment)

    check(file, {"current"}, set())


def test_claimed_before_the_commit_by_an_instance_that_dies(both: BothSides):
    file = OnItsWay(both)

    file.transfer("before the commit", file.claimed_by_an_instance_that_dies)

    check(file, {"current"}, set())


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_library_gone_and_back(both: BothSides, moment: str):
    """A deleted library lies in the site's recycle bin whole."""
    file, world = OnItsWay(both), both.world

    def act() -> None:
        world.local.fault({"match": {"path": both.drive}, "times": 100_000, "then": {"status": 404}})
        world.app.ingest.pull(both.drive, world.clock() + timedelta(days=1), notified=True)

    file.transfer(moment, act)
    take_transfers(world)
    world.local.clear_faults()
    world.app.ingest.take(f"look:{both.drive}", world.clock())

    check(file, {"current"}, set())


# -- a release that comes later, in another process


def left_unreleased(file: OnItsWay) -> None:
    """The process died between the commit and the release."""

    class Dies(BaseException):
        pass

    def die() -> None:
        raise Dies

    with pytest.raises(Dies):
        file.transfer("before the release", die)


def test_a_later_release_looks_whether_the_file_is_still_there(both: BothSides):
    file, world = OnItsWay(both), both.world
    left_unreleased(file)
    world.local.fault({"match": {"path": both.drive}, "times": 100_000, "then": {"status": 404}})

    world.move(file.record)

    assert file.now().reason
    assert world.blob_exists(file.now())
    world.local.clear_faults()
    world.move(file.record)
    assert file.now().reason == ""
    check(file, {"current"}, set())


@pytest.mark.parametrize(
    ("what", "ours", "others"), [("written", {"history"}, {"current"}), ("deleted", {"bin"}, set())]
)
def test_a_later_release_after_an_edit_in_sharepoint(both: BothSides, what: str, ours: set[str], others: set[str]):
    file, world = OnItsWay(both), both.world
    left_unreleased(file)
    getattr(file, what)()

    world.move(file.record)
    file.pull()
    world.move(file.record)

    check(file, ours, others)


def test_the_proof_of_an_item_that_is_replaced_before_it_is_read_back_is_none(both: BothSides):
    file, world = OnItsWay(both), both.world

    class Replaced:
        """A person saves the file before it is read back."""

        def __getattr__(self, name: str) -> Any:
            return getattr(world.sharepoint, name)

        def put_file(self, drive_id: str, parent_id: str, name: str, content: bytes) -> DriveItem:
            item = world.sharepoint.put_file(drive_id, parent_id, name, content)
            file.written()
            return dataclasses.replace(item, quick_xor_hash=None)

    world.using(sharepoint=Replaced()).transfer.blob_arrived(file.blob_name)

    assert file.now().state is FileState.BLOCKED
    assert file.places_of(OURS) == {"blob", "history"}

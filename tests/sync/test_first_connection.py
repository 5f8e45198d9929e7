"""A customer that used SharePoint before Moment: its library, folders and files are taken over as they are."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.errors import PermanentError
from shared.graph import wire
from shared.model.directory import Activity, Customer, DirectoryObject, Links, Period, Project, Task
from shared.model.files import FileRecord, FileState
from shared.model.libraries import LibraryState, adopted_description, marked_customer, marker_of
from shared.model.rows import links_prefix
from tests.sharepoint.graph_client import Graph
from tests.sync.test_crash import Killed
from tests.sync.test_races import KilledAfterWriting, app_with
from tests.world import World
from tools.sharepoint.running import LocalSharePoint

FILES = {
    "": 3,
    "WEB": 4,
    "WEB/3 Design": 4,
    "WEB/3 Design/#7 Check": 3,
    "WEB/3 Design/Old/Older": 2,
    "WEB/#8 Call": 2,
    "WEB/Payroll": 3,
    "WEB/Drafts": 3,
    "Shop": 3,
    "Archive/3 Design": 3,
}
"""What a library holds: 30 files, by folder."""

FEW = dict.fromkeys(FILES, 1)


@dataclass
class Before:
    """A library that people made, filled, and gave a column of their own."""

    world: World
    customer: Customer
    person: Graph
    drive: str = ""
    list_path: str = ""
    folders: dict[str, str] = field(default_factory=dict)

    def make(self, files: dict[str, int], description: str = "Since 2012") -> "Before":
        facet = {"template": "documentLibrary"}
        body = {"displayName": self.customer.name, "description": description, "list": facet}
        made = self.person.post(f"/sites/{self.person.site}/lists", json=body).json()
        self.list_path = f"/sites/{self.person.site}/lists/{made['id']}"
        assert self.person.post(f"{self.list_path}/columns", json={"name": "Region", "text": {}}).status_code == 201
        self.drive = self.person.get(f"{self.list_path}/drive").json()["id"]
        self.folders[""] = "root"
        for folder, count in files.items():
            for number in range(count):
                self.adds(folder, f"{number}.txt", f"{folder} {number}".encode())
        return self

    def folder(self, path: str) -> str:
        if path not in self.folders:
            above, _, name = path.rpartition("/")
            children = f"/drives/{self.drive}/items/{self.folder(above)}/children"
            self.folders[path] = self.person.post(children, json={"name": name, "folder": {}}).json()["id"]
        return self.folders[path]

    def adds(self, folder: str, name: str, content: bytes) -> str:
        path = f"/drives/{self.drive}/items/{self.folder(folder)}:/{name}:/content"
        return self.person.put(path, data=content).json()["id"]

    def names_objects(self) -> None:
        """Moment gets the objects whose names some of the folders have."""
        customer = self.customer.id
        for thing in (
            Project(customer, "p1", "Web"),
            Project(customer, "p2", "Shop"),
            Activity(customer, "p1", "a1", "Design", "3"),
            Task(customer, "p1", "t1", "7", "Check", "a1"),
            Task(customer, "p1", "t2", "8", "Call"),
            Task(customer, "p1", "t3", "9", "Payroll", series="s1", period=Period(2026, 11)),
        ):
            self.world.app.directory_changes.put(thing)

    def links(self, folder: str) -> Links:
        customer = self.customer.id
        return {
            "WEB": Links(customer, "p1"),
            "WEB/3 Design": Links(customer, "p1", "a1"),
            "WEB/3 Design/#7 Check": Links(customer, "p1", "a1", "t1"),
            "WEB/3 Design/Old/Older": Links(customer, "p1", "a1"),
            "WEB/#8 Call": Links(customer, "p1", None, "t2"),
            "WEB/Payroll": Links(customer, "p1"),
            "WEB/Drafts": Links(customer, "p1"),
            "Shop": Links(customer, "p2"),
        }.get(folder, Links(customer))

    def snapshot(self) -> dict[str, tuple[Any, ...]]:
        """Every file in the library, with all that must stay: place, name, eTag, content, versions."""
        return dict(self._files_in("root"))

    def _files_in(self, folder: str):
        at = f"/drives/{self.drive}/items"
        for item in self.person.get(f"{at}/{folder}/children").json()["value"]:
            if "folder" in item:
                yield from self._files_in(item["id"])
            else:
                versions = self.person.get(f"{at}/{item['id']}/versions").json()["value"]
                hashes = item["file"]["hashes"]["quickXorHash"]
                yield item["id"], (item["parentReference"]["id"], item["name"], item["eTag"], hashes, len(versions))

    def records(self) -> list[FileRecord]:
        return [self.world.read(each) for each in self.world.app.files.live(self.customer.id)]

    def records_in(self, folder: str) -> list[FileRecord]:
        """Those whose file lies directly there."""
        found = [each for each in self.records() if each.baseline and each.baseline.parent_id == self.folders[folder]]
        return sorted(found, key=lambda each: each.name)

    def indexed(self, thing: DirectoryObject) -> set[str]:
        """The ids of the files that the index lists under an object."""
        rows = self.world.stores.files._table.rows(self.customer.id, links_prefix(thing))
        return {str(stored.row["id"]) for stored in rows}

    def assert_one_right_record_each(self, files: dict[str, int]) -> None:
        records = self.records()
        assert len(records) == sum(files.values())
        assert len({each.baseline.item_id for each in records if each.baseline}) == len(records)
        for folder, count in files.items():
            if folder:
                here = self.records_in(folder)
                assert [each.name for each in here] == [f"{number}.txt" for number in range(count)], folder
                assert {each.links for each in here} == {self.links(folder)}, folder
                shown = [self.world.app.locating.record(each.customer, each.id).links for each in here]
                assert shown == [each.links for each in here], folder


@pytest.fixture
def person(sharepoint: LocalSharePoint) -> Iterator[Graph]:
    with Graph(sharepoint) as session:
        yield session


@pytest.fixture
def before(world: World, person: Graph) -> Before:
    return Before(world, world.customer(), person).make(FEW)


def test_a_library_is_adopted_with_its_files_when_the_first_file_goes_there(world: World, person: Graph):
    before = Before(world, world.customer(), person).make(FILES)
    before.names_objects()
    held = before.snapshot()

    ours = world.arrive(world.upload(Links(before.customer.id, "p1", "a1"), "ours.txt", b"ours"))
    world.pull(before.customer.id)

    assert ours.baseline is not None
    assert ours.baseline.parent_id == before.folders["WEB/3 Design"]
    after = before.snapshot()
    assert {item: after[item] for item in held} == held
    assert len(after) == len(held) + 1 == 31
    world.delete_item(before.drive, ours.baseline.item_id)
    world.pull(before.customer.id)
    before.assert_one_right_record_each(FILES)


def test_a_library_is_adopted_without_a_file_of_moments(world: World, person: Graph):
    before = Before(world, world.customer(), person).make(FILES)
    before.names_objects()
    held = before.snapshot()

    link = world.app.provision.adopt_library(before.customer)
    world.settle()

    assert link is not None
    assert (link.drive_id, world.app.folders.find(before.customer.id, "library")) == (before.drive, link)
    before.assert_one_right_record_each(FILES)
    assert before.snapshot() == held
    assert len(before.indexed(Project(before.customer.id, "p1", ""))) == 21
    assert len(before.indexed(Activity(before.customer.id, "p1", "a1", ""))) == 9
    assert len(before.indexed(Task(before.customer.id, "p1", "t1", "", ""))) == 3


def test_a_second_pull_changes_nothing(before: Before):
    before.names_objects()
    before.world.app.provision.adopt_library(before.customer)
    before.world.settle()
    records, held = before.records(), before.snapshot()

    before.world.pull(before.customer.id, notified=True)
    before.world.app.provision.adopt_library(before.customer)
    before.world.pull(before.customer.id)

    assert before.records() == records
    assert before.snapshot() == held


@pytest.mark.parametrize("files", [{}, {"": 1}])
@pytest.mark.parametrize("description", ["", "Since 2012"])
def test_what_people_set_up_in_the_library_stays(world: World, person: Graph, files: dict[str, int], description: str):
    before = Before(world, world.customer(), person).make(files, description)
    for _ in range(2):
        before.world.restarted().app.provision.adopt_library(before.customer)
        world.app.folders.forget(before.customer.id, "library")

    about = before.person.get(before.list_path).json()
    types = before.person.get(f"{before.list_path}/contentTypes").json()["value"]
    columns = before.person.get(f"{before.list_path}/columns").json()["value"]
    assert about["description"] == adopted_description(description, before.customer.id)
    assert {each["name"] for each in types} == {"Document", "Folder", "Moment Document"}
    assert {each["name"] for each in columns} >= {"Region", *wire.COLUMN_BODIES}


def test_without_a_library_of_the_name_none_is_made(world: World):
    customer = world.customer()

    assert world.app.provision.adopt_library(customer) is None
    assert world.sharepoint.find_library(customer.name) is None


def test_another_customers_library_is_refused_by_its_description(world: World, person: Graph):
    before = Before(world, world.customer(), person).make({"": 1}, "Ours. Files of the Moment customer fabrikam")

    with pytest.raises(PermanentError, match=r"another customer's\. Rename it there"):
        world.app.provision.adopt_library(before.customer)
    assert world.arrive(world.upload(Links(before.customer.id))).state is FileState.BLOCKED


def test_another_customers_library_is_refused_because_it_is_followed_for_that_one(world: World, person: Graph):
    before = Before(world, world.customer(), person).make({"": 1})
    world.app.libraries.create(LibraryState(before.drive, "fabrikam", "list"))

    with pytest.raises(PermanentError, match="another customer's"):
        world.app.provision.adopt_library(before.customer)
    assert person.get(before.list_path).json()["description"] == "Since 2012"


def test_a_list_that_is_no_library_is_refused(world: World):
    customer = world.customer()
    fault = {"status": 409, "code": "nameAlreadyExists"}
    world.local.fault({"match": {"method": "POST", "route": "/lists$"}, "then": fault})

    blocked = world.arrive(world.upload(Links(customer.id)))

    assert blocked.state is FileState.BLOCKED
    assert "not a document library" in blocked.reason


@pytest.mark.parametrize("text", ["", "Since 2012", "  Contracts;\n all of them. "])
def test_an_adopted_librarys_description_names_its_customer_and_is_not_that_of_one_we_made(text: str):
    described = adopted_description(text, "c-1.b")

    assert marked_customer(described) == "c-1.b"
    assert text.strip() in described
    assert described != marker_of("c-1.b")


def test_of_the_same_name_and_other_content_both_files_stay(before: Before):
    before.names_objects()
    held = before.snapshot()
    world = before.world

    ours = world.arrive(world.upload(Links(before.customer.id, "p2"), "0.txt", b"other"))
    world.pull(before.customer.id)

    assert (ours.name, world.stored(ours)) == ("0 (2).txt", b"other")
    after = before.snapshot()
    assert {item: after[item] for item in held} == held
    assert len(before.records()) == len(FEW) + 1


@pytest.mark.parametrize("pulled_first", [True, False])
def test_the_same_file_on_both_sides_is_one_file_with_one_record(before: Before, pulled_first: bool):
    before.names_objects()
    held = before.snapshot()
    world = before.world
    if pulled_first:
        world.app.provision.adopt_library(before.customer)
        world.settle()

    links = Links(before.customer.id, "p1", None, "t3")
    ours = world.arrive(world.upload(links, "0.txt", b"WEB/Payroll 0", created_by="Ada"))
    world.pull(before.customer.id)

    assert (ours.name, ours.state, ours.blob_name) == ("0.txt", FileState.IN_SHAREPOINT, None)
    assert before.snapshot().keys() == held.keys()
    assert len(before.records()) == len(FEW)
    assert before.records_in("WEB/Payroll")[0].id == ours.id
    assert world.read(ours).links == links


def test_a_record_that_moment_has_edited_is_not_given_up_for_the_same_file(before: Before):
    before.names_objects()
    world = before.world
    world.app.provision.adopt_library(before.customer)
    world.settle()
    theirs = before.records_in("Shop")[0]
    world.app.edits.edit(theirs.customer, theirs.id, world.an_edit(tags=("mine",)))

    ours = world.arrive(world.upload(Links(before.customer.id, "p2"), "0.txt", b"Shop 0"))
    world.settle()

    assert ours.name == "0 (2).txt"
    assert world.read(theirs).tags == ("mine",)


def test_an_object_made_later_gets_its_folder_and_files_when_the_first_file_goes_there(before: Before):
    world = before.world
    world.app.provision.adopt_library(before.customer)
    world.settle()
    assert {each.links for each in before.records()} == {Links(before.customer.id)}
    before.names_objects()

    ours = world.arrive(world.upload(Links(before.customer.id, "p1"), "ours.txt", b"ours"))
    world.arrive(world.upload(Links(before.customer.id, "p2"), "ours.txt", b"ours"))
    world.pull(before.customer.id)

    assert ours.baseline is not None
    assert ours.baseline.parent_id == before.folders["WEB"]
    for folder in FILES:
        if folder:
            found = {each.links for each in before.records_in(folder)}
            assert found == {before.links(folder)}, folder
    assert len(before.indexed(Activity(before.customer.id, "p1", "a1", ""))) == 3


def test_a_folder_that_people_name_like_an_object_later_becomes_its_folder(before: Before):
    world = before.world
    world.app.provision.adopt_library(before.customer)
    world.settle()
    world.app.directory_changes.put(Project(before.customer.id, "p3", "Old papers"))

    world.rename_item(before.drive, before.folders["Archive"], "old papers")
    world.pull(before.customer.id)

    assert world.app.folders.owner_of(before.customer.id, before.folders["Archive"]) == "project~p3"
    assert {each.links for each in before.records_in("Archive/3 Design")} == {Links(before.customer.id, "p3")}


def test_an_object_keeps_its_folder_when_another_one_gets_its_name(before: Before):
    before.names_objects()
    world = before.world
    world.app.provision.adopt_library(before.customer)
    world.settle()
    world.rename_item(before.drive, before.folders["Shop"], "Shop of 2025")

    again = before.folder("SHOP")
    world.pull(before.customer.id)

    assert world.app.folders.owner_of(before.customer.id, again) is None
    assert world.app.folders.owner_of(before.customer.id, before.folders["Shop"]) == "project~p2"


def test_an_adoption_that_is_killed_anywhere_is_finished_by_the_next_one(world: World, person: Graph):
    small = {"": 1, "WEB/3 Design": 1}
    for moment in itertools.count():
        world.clock.ahead *= 0
        before = Before(world, world.customer(), person).make(small)
        before.names_objects()
        held = before.snapshot()
        was_killed = adopt_until(before, moment)

        after = world.restarted()
        after.clock.advance(200)
        assert after.app.provision.adopt_library(before.customer) is not None
        after.pull(before.customer.id)

        before.assert_one_right_record_each(small)
        assert before.snapshot() == held, moment
        types = person.get(f"{before.list_path}/contentTypes").json()["value"]
        assert {each["name"] for each in types} == {"Document", "Folder", "Moment Document"}, moment
        if not was_killed:
            assert moment > 15
            return


def test_a_transfer_that_is_killed_while_it_adopts_a_folder_is_finished_by_the_next_one(world: World, person: Graph):
    small = {"WEB": 1, "WEB/3 Design": 1}
    for moment in itertools.count():
        world.clock.ahead *= 0
        before = Before(world, world.customer(), person).make(small)
        world.app.provision.adopt_library(before.customer)
        world.settle()
        before.names_objects()
        record = world.upload(Links(before.customer.id, "p1"), "ours.txt")
        app = app_with(world, KilledAfterWriting(moment))
        was_killed = True
        try:
            app.transfer.blob_arrived(record.blob_name or "")
            was_killed = False
        except Killed:
            pass

        after = world.restarted()
        after.clock.advance(200)
        moved = after.arrive(record)

        assert moved.baseline is not None
        assert moved.baseline.parent_id == before.folders["WEB"]
        assert {each.links for each in before.records_in("WEB")} == {before.links("WEB")}, moment
        assert {each.links for each in before.records_in("WEB/3 Design")} == {before.links("WEB/3 Design")}, moment
        if not was_killed:
            return


def adopt_until(before: Before, moment: int) -> bool:
    """Adopt and pull in a process that dies after its call that writes of this number; False when it lives."""
    app = app_with(before.world, KilledAfterWriting(moment))
    try:
        link = app.provision.adopt_library(before.customer)
        assert link is not None
        app.ingest.take(f"poll:{link.drive_id}", before.world.clock())
    except Killed:
        return True
    return False

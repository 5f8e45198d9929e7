"""What people do in SharePoint, and what Moment says afterwards: real servers, no notification needed."""

import dataclasses

import pytest
import requests

from shared.model.directory import Links, Project
from shared.model.files import FileRecord, FileState
from shared.model.libraries import Answer
from shared.model.search import Search
from tests.sync.test_request_counts import Meter
from tests.world import World


@dataclasses.dataclass
class Company:
    """A customer with two projects, one file in each, followed from the beginning."""

    world: World
    customer: str
    one: FileRecord
    two: FileRecord

    @property
    def drive(self) -> str:
        assert self.one.baseline is not None
        return self.one.baseline.drive_id

    def folder(self, record: FileRecord) -> str:
        assert record.baseline is not None
        return record.baseline.parent_id or ""

    def live(self) -> dict[str, FileRecord]:
        """Records by name, as somebody who opens each sees them."""
        records = list(self.world.app.files.live(self.customer))
        return {each.name: self.world.app.locating.record(self.customer, each.id) for each in records}

    def person_adds(self, folder: str, name: str, content: bytes = b"theirs") -> str:
        path = f"/drives/{self.drive}/items/{folder}:/{name}:/content"
        return self.world.graph("PUT", path, data=content).json()["id"]

    def person_patches(self, record: FileRecord, body: dict) -> None:
        assert record.baseline is not None
        self.world.graph("PATCH", f"/drives/{self.drive}/items/{record.baseline.item_id}", json=body)

    def person_tags(self, record: FileRecord, *tags: str) -> None:
        assert record.baseline is not None
        fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": list(tags)}
        path = f"/drives/{self.drive}/items/{record.baseline.item_id}/listItem/fields"
        self.world.graph("PATCH", path, json=fields)

    def person_makes_folder(self, parent: str, name: str) -> str:
        path = f"/drives/{self.drive}/items/{parent}/children"
        return self.world.graph("POST", path, json={"name": name, "folder": {}}).json()["id"]


@pytest.fixture
def company(world: World) -> Company:
    customer = world.customer()
    for project in ("p1", "p2"):
        world.app.directory_changes.put(Project(customer.id, project, f"Project {project}"))
    one = world.arrive(world.upload(Links(customer.id, "p1"), "one.txt", b"one", tags=("red",)))
    two = world.arrive(world.upload(Links(customer.id, "p2"), "two.txt", b"two"))
    world.pull(customer.id)
    return Company(world, customer.id, world.read(one), world.read(two))


def test_an_idle_library_costs_one_request_and_one_unit(company: Company):
    meter = Meter(company.world)

    company.world.pull(company.customer)

    assert meter.read() == (1, 1)


def test_our_own_transfers_come_back_as_nothing(company: Company):
    world = company.world
    records = [
        world.arrive(world.upload(Links(company.customer, "p1"), f"own {n}.txt", tags=("a",))) for n in range(20)
    ]
    before = [world.read(record) for record in records]

    world.pull(company.customer)

    assert [world.read(record) for record in records] == before
    assert not world.pushes.keys


def test_a_new_file_is_linked_to_the_object_of_its_folder(company: Company):
    company.person_adds(company.folder(company.one), "new.txt")

    company.world.pull(company.customer)

    new = company.live()["new.txt"]
    assert (new.links, new.state) == (Links(company.customer, "p1"), FileState.IN_SHAREPOINT)
    assert new.baseline is not None
    assert new.size_bytes == len(b"theirs")


def test_a_file_in_a_persons_own_folder_belongs_to_the_nearest_object_above(company: Company):
    deep = company.person_makes_folder(company.folder(company.two), "Drafts")
    company.person_adds(deep, "draft.txt")
    company.person_adds("root", "loose.txt")

    company.world.pull(company.customer)

    assert company.live()["draft.txt"].links == Links(company.customer, "p2")
    assert company.live()["loose.txt"].links == Links(company.customer)


def test_a_rename_is_followed(company: Company):
    company.person_patches(company.one, {"name": "uno.txt"})

    company.world.pull(company.customer)

    assert company.live()["uno.txt"].id == company.one.id


def test_a_move_to_another_projects_folder_links_the_file_to_that_project(company: Company):
    company.person_patches(company.one, {"parentReference": {"id": company.folder(company.two)}})

    company.world.pull(company.customer)

    assert company.live()["one.txt"].links == Links(company.customer, "p2")


def test_tags_edited_on_both_sides_merge(company: Company):
    world = company.world
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(tags=("red", "ours")))
    company.person_tags(company.one, "theirs")

    world.pull(company.customer)

    merged = world.read(company.one)
    assert set(merged.tags) == {"ours", "theirs"}
    assert set(world.fields_of(merged)["momentTags"]) == {"ours", "theirs"}


def test_new_content_is_noted(company: Company):
    assert company.one.baseline is not None
    path = f"/drives/{company.drive}/items/{company.one.baseline.item_id}/content"
    company.world.graph("PUT", path, data=b"changed by a person")

    company.world.pull(company.customer)

    assert company.world.read(company.one).size_bytes == len(b"changed by a person")


def test_a_deleted_file_is_out_of_sight_and_the_same_record_when_restored(company: Company):
    assert company.one.baseline is not None
    company.world.delete_item(company.drive, company.one.baseline.item_id)
    company.world.pull(company.customer)
    assert set(company.live()) == {"two.txt"}
    assert company.world.read(company.one).state is FileState.DELETED

    company.world.local.restore(company.one.baseline.item_id)
    company.world.pull(company.customer)

    assert company.live()["one.txt"].id == company.one.id


def test_a_renamed_folder_keeps_its_link_and_changes_no_record(company: Company):
    before = company.world.read(company.one)
    company.world.rename_item(company.drive, company.folder(company.one), "Website 2.0")

    company.world.pull(company.customer)

    assert company.world.read(company.one) == before
    assert company.live()["one.txt"].links == Links(company.customer, "p1")
    address = company.world.app.locating.content_url(company.customer, company.one.id)
    assert address.endswith("/Website%202.0/one.txt")
    assert requests.get(address, timeout=30).content == b"one"


def test_a_persons_folder_moved_to_another_project_takes_its_files_along_without_touching_them(company: Company):
    drafts = company.person_makes_folder(company.folder(company.one), "Drafts")
    company.person_adds(drafts, "draft.txt")
    company.world.pull(company.customer)
    before = company.world.read(company.live()["draft.txt"])
    body = {"parentReference": {"id": company.folder(company.two)}}
    company.world.graph("PATCH", f"/drives/{company.drive}/items/{drafts}", json=body)

    company.world.pull(company.customer)

    assert company.live()["draft.txt"].links == Links(company.customer, "p2")
    listed = company.world.app.searching.page(Search(Links(company.customer)), None, 10).items
    assert {each.name: each.links.project for each in listed} == {"one.txt": "p1", "two.txt": "p2", "draft.txt": "p2"}
    assert company.world.read(before) == before


def test_a_deleted_folder_takes_what_lies_in_it(company: Company):
    deep = company.person_makes_folder(company.folder(company.one), "Deep")
    company.person_adds(deep, "deep.txt")
    company.world.pull(company.customer)
    company.world.delete_item(company.drive, company.folder(company.one))

    company.world.pull(company.customer)

    assert set(company.live()) == {"two.txt"}


def test_a_folder_made_and_deleted_between_two_pulls_takes_its_file(company: Company):
    world = company.world
    world.app.directory_changes.put(Project(company.customer, "p3", "Short-lived"))
    brief = world.arrive(world.upload(Links(company.customer, "p3"), "brief.txt"))
    world.delete_item(company.drive, company.folder(brief))

    world.pull(company.customer)

    assert world.read(brief).state is FileState.DELETED


def test_a_restored_folder_is_its_projects_folder_again(company: Company):
    folder = company.folder(company.one)
    company.world.delete_item(company.drive, folder)
    company.world.pull(company.customer)
    company.world.local.restore(folder)

    company.world.pull(company.customer)

    assert company.live()["one.txt"].links == Links(company.customer, "p1")
    again = company.world.arrive(company.world.upload(Links(company.customer, "p1"), "again.txt"))
    assert company.folder(again) == folder


def test_a_file_moved_out_before_its_folder_was_deleted_is_safe(company: Company):
    company.person_patches(company.one, {"parentReference": {"id": company.folder(company.two)}})
    company.world.delete_item(company.drive, company.folder(company.one))

    company.world.pull(company.customer)

    assert set(company.live()) == {"one.txt", "two.txt"}


def test_a_file_that_moves_to_another_customers_library_keeps_its_identity(company: Company):
    world = company.world
    other = world.customer()
    world.arrive(world.upload(Links(other.id), "there.txt"))
    world.pull(other.id)
    there = world.read(next(iter(world.app.files.live(other.id))))
    assert company.one.baseline is not None
    assert there.baseline is not None
    world.delete_item(company.drive, company.one.baseline.item_id)
    world.pull(company.customer)
    world.graph("PUT", f"/drives/{there.baseline.drive_id}/items/root:/one.txt:/content", data=b"one")
    world.pull(other.id)

    moved = world.app.files.find(other.id, company.one.id)
    assert moved is not None
    assert moved.tags == ("red",)
    assert world.app.locating.content_url(company.customer, company.one.id) == moved.baseline.web_url


def test_an_implausible_deletion_stops_the_library_until_a_person_approves(company: Company):
    world = company.world
    strict = World.start(
        dict(world.environ) | {"DELETION_GUARD_FILES": "2", "DELETION_GUARD_PERCENT": "20"}, world.local, world.clock
    )
    bulk = company.person_makes_folder("root", "Bulk")
    for number in range(4):
        company.person_adds(bulk, f"bulk {number}.txt")
    strict.pull(company.customer)
    strict.delete_item(company.drive, bulk)

    strict.pull(company.customer)

    state = strict.app.libraries.find(company.drive)
    assert state is not None
    assert "4 of 6" in state.stopped_reason
    assert len(company.live()) == 6
    strict.app.approvals.answer(company.drive, Answer.APPROVED, "Ada")
    strict.settle()
    assert set(company.live()) == {"one.txt", "two.txt"}


def test_a_lost_delta_link_is_made_good_by_a_full_walk(company: Company):
    world = company.world
    world.local.fault({"expire_delta_tokens": "resyncChangesApplyDifferences"})
    assert company.two.baseline is not None
    world.delete_item(company.drive, company.two.baseline.item_id)
    company.person_adds(company.folder(company.one), "while away.txt")

    world.pull(company.customer)

    assert set(company.live()) == {"one.txt", "while away.txt"}


def test_two_quiet_pulls_write_nothing(company: Company):
    company.person_patches(company.one, {"name": "uno.txt"})
    company.person_tags(company.two, "blue")
    company.world.pull(company.customer)
    before = {name: (record.version, record.etag) for name, record in company.live().items()}

    company.world.pull(company.customer)
    company.world.pull(company.customer)

    assert {name: (record.version, record.etag) for name, record in company.live().items()} == before


def test_what_existed_before_moment_came_is_adopted(world: World):
    customer = world.customer()
    world.arrive(world.upload(Links(customer.id), "ours.txt"))
    drive = world.app.folders.find(customer.id, "library").drive_id
    world.graph("PUT", f"/drives/{drive}/items/root:/older.txt:/content", data=b"older")

    world.pull(customer.id)

    assert {record.name for record in world.app.files.live(customer.id)} == {"ours.txt", "older.txt"}


def test_a_library_says_why_a_pull_failed_until_one_ends_well(company: Company):
    refused = {"match": {"method": "GET", "path": "/root/delta"}, "times": 1, "then": {"status": 403}}
    company.world.local.fault(refused)
    before = company.world.app.libraries.find(company.drive)

    company.world.pull(company.customer)
    refused_state = company.world.app.libraries.find(company.drive)
    company.world.pull(company.customer)

    state = company.world.app.libraries.find(company.drive)
    assert before is not None
    assert refused_state is not None
    assert state is not None
    assert (bool(refused_state.failure), state.failure) == (True, "")
    assert {before.watch_reason} == {refused_state.watch_reason, state.watch_reason}

"""Edits made in Moment, and what SharePoint shows afterwards."""

import pytest

from shared.errors import Collision
from shared.model.directory import Links, Project
from shared.model.files import FileRecord, FileState
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_request_counts import Meter
from tests.world import World


def names_in(world: World, record: FileRecord) -> list[str]:
    assert record.baseline is not None
    return world.children(record.baseline.drive_id, record.baseline.parent_id or "")


def test_a_rename_goes_out_in_one_request(company: Company):  # noqa: F811
    meter = Meter(company.world)

    company.world.edit(company.one, name="uno.txt")

    renamed = company.world.read(company.one)
    assert meter.read() == (1, 2)
    assert names_in(company.world, renamed) == ["uno.txt"]
    assert renamed.baseline is not None
    assert renamed.baseline.web_url.endswith("/uno.txt")


def test_a_move_goes_out_to_the_folder_of_the_new_object(company: Company):  # noqa: F811
    company.world.edit(company.one, links=Links(company.customer, "p2"))

    moved = company.world.read(company.one)
    assert moved.baseline is not None
    assert moved.baseline.parent_id == company.folder(company.two)
    assert not moved.place_pending


def test_tags_and_period_go_out_as_columns(company: Company):  # noqa: F811
    company.world.edit(company.one, tags=("blue",), period="11/2026")

    fields = company.world.fields_of(company.world.read(company.one))
    assert fields["momentTags"] == ["blue"]
    assert (fields["momentYear"], fields["momentPeriod"]) == ("2026", "11/2026")


def test_taking_all_tags_away_clears_the_column(company: Company):  # noqa: F811
    company.world.edit(company.one, tags=())

    assert not company.world.fields_of(company.world.read(company.one)).get("momentTags")


def test_a_deletion_goes_to_the_recycle_bin(company: Company):  # noqa: F811
    company.world.app.edits.delete(company.customer, company.one.id, "Ada")
    assert set(company.live()) == {"two.txt"}
    company.world.settle()

    bin_ = company.world.local.recycle_bin()
    assert [item["name"] for entry in bin_ for item in entry["items"]] == ["one.txt"]
    assert not company.world.read(company.one).delete_pending


def test_a_file_that_is_just_being_moved_is_not_deleted_half_way(world: World):
    record = world.upload(Links(world.customer().id))
    facts = world.stores.blobs.find(record.blob_name)
    world.app.transfer.states.claim(world.read(record), facts, "another instance", 60)

    with pytest.raises(Collision):
        world.app.edits.delete(record.customer, record.id)

    assert world.blob_exists(record)


def test_a_deleted_object_needs_no_rename_any_more(world: World):
    customer = world.customer()
    world.app.rename_folders.rename(f"rename:{customer.id}/gone//")

    assert not world.pushes.keys


def test_an_edit_in_sharepoint_undoes_a_deletion_that_had_not_gone_out(company: Company):  # noqa: F811
    company.world.app.edits.delete(company.customer, company.one.id)
    company.person_patches(company.one, {"name": "kept.txt"})
    company.world.settle()

    kept = company.world.read(company.one)
    assert (kept.state, kept.name) == (FileState.IN_SHAREPOINT, "kept.txt")


def test_a_file_that_somebody_has_open_waits_and_says_so(company: Company):  # noqa: F811
    world = company.world
    assert company.one.baseline is not None
    world.local.fault({"lock": {"item": company.one.baseline.item_id, "seconds": 60}})
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(name="later.txt"))
    key, _ = world.pushes.keys.popleft()
    world.app.push.take(key)

    assert "Open in SharePoint" in world.read(company.one).reason
    world.local.advance(61)
    world.settle()
    assert names_in(world, world.read(company.one)) == ["later.txt"]
    assert world.read(company.one).reason == ""


def test_renames_on_both_sides_end_as_one_name(company: Company):  # noqa: F811
    world = company.world
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(name="ours.txt"))
    company.person_patches(company.one, {"name": "theirs.txt"})
    world.settle()
    world.pull(company.customer)

    record = world.read(company.one)
    assert names_in(world, record) == [record.name]
    assert record.baseline is not None
    assert record.name == record.baseline.name


def test_a_name_that_is_taken_there_becomes_a_numbered_one(company: Company):  # noqa: F811
    company.person_adds(company.folder(company.one), "taken.txt")

    company.world.edit(company.one, name="taken.txt")

    assert company.world.read(company.one).name == "taken (2).txt"


@pytest.mark.parametrize("what", ["project", "customer"])
def test_renaming_an_object_renames_its_folder_or_library_in_one_request(company: Company, what: str):  # noqa: F811
    world = company.world
    meter = Meter(world)
    if what == "project":
        world.app.directory_changes.put(Project(company.customer, "p1", "Relaunch"))
    else:
        found = world.app.directory.find_customer(company.customer)
        assert found is not None
        world.rename_customer(found)
    world.settle()

    assert meter.read() == (1, 2)
    world.pull(company.customer)
    assert company.live()["one.txt"].links == Links(company.customer, "p1")


def test_our_own_pushes_come_back_as_nothing(company: Company):  # noqa: F811
    world = company.world
    world.edit(company.one, name="uno.txt", tags=("x",))
    before = world.read(company.one)

    world.pull(company.customer)
    world.pull(company.customer)

    assert world.read(company.one) == before


def test_a_rename_during_the_transfer_reaches_sharepoint_after_it(world: World):
    record = world.upload(Links(world.customer().id), "before.txt")
    facts = world.stores.blobs.find(record.blob_name)
    world.app.transfer.states.claim(world.read(record), facts, "an instance that died", 5)
    world.app.edits.edit(record.customer, record.id, world.an_edit(name="after.txt"))
    world.clock.advance(6)

    world.move(record)
    world.settle()

    moved = world.read(record)
    assert (moved.name, names_in(world, moved)) == ("after.txt", ["after.txt"])

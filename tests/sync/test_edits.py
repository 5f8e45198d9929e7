"""Edits of a file and what they are held against: the eTag that the caller saw."""

import pytest

from shared.errors import Changed, UnknownObject
from shared.model.directory import Links
from shared.model.editable import editable_etag
from shared.model.files import FileRecord, FileState
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_races import Interruption, app_with
from tests.world import World


def etag_of(world: World, record: FileRecord) -> str:
    """As a caller of the API sees it."""
    return editable_etag(world.app.locating.record(record.customer, record.id))


def test_an_edit_with_the_etag_that_is_there_is_saved_and_gives_the_next_one(world: World):
    record = world.upload(Links(world.customer().id))

    saved = world.app.edits.edit(
        record.customer, record.id, world.an_edit(name="one.txt"), if_match=etag_of(world, record)
    )

    assert saved.name == "one.txt"
    assert editable_etag(saved) == etag_of(world, record) != editable_etag(record)


def test_an_edit_of_what_somebody_else_edited_is_refused_with_the_file_as_it_is(world: World):
    record = world.upload(Links(world.customer().id))
    seen = etag_of(world, record)
    world.edit(record, tags=("ola",))

    with pytest.raises(Changed) as refused:
        world.app.edits.edit(record.customer, record.id, world.an_edit(name="mine.txt"), if_match=seen)

    current = refused.value.current
    assert isinstance(current, FileRecord)
    assert (current.name, current.tags) == ("note.txt", ("ola",))
    assert world.read(record).name == "note.txt"


def test_an_edit_that_comes_between_look_and_save_is_not_lost(world: World):
    record = world.upload(Links(world.customer().id))
    edit = world.an_edit(name="mine.txt")
    seen = etag_of(world, record)
    saves_at = 1  # the record is found, then saved
    ola = Interruption(saves_at, lambda: world.edit(record, name="olas.txt"))
    app = app_with(world, ola)

    with pytest.raises(Changed):
        app.edits.edit(record.customer, record.id, edit, if_match=seen)

    assert ola.happened
    assert world.read(record).name == "olas.txt"


def test_a_transfer_that_saves_in_between_does_not_disturb_an_edit(world: World):
    record = world.upload(Links(world.customer().id))
    transfer = Interruption(1, lambda: world.move(record))
    app = app_with(world, transfer)

    app.edits.edit(record.customer, record.id, world.an_edit(tags=("x",)), if_match=etag_of(world, record))

    assert transfer.happened
    assert (world.read(record).state, world.read(record).tags) == (FileState.IN_SHAREPOINT, ("x",))


def test_what_is_so_already_is_no_fault_whatever_was_seen(world: World):
    record = world.upload(Links(world.customer().id))
    seen = etag_of(world, record)
    world.edit(record, name="one.txt")

    saved = world.app.edits.edit(record.customer, record.id, world.an_edit(name="one.txt"), if_match=seen)

    assert saved.version == world.read(record).version


def test_the_etag_is_that_of_the_place_that_is_shown(company: Company):  # noqa: F811
    """A person moved the folder that the file lies in: the record says so only where it is looked up."""
    world = company.world
    drafts = company.person_makes_folder(company.folder(company.one), "Drafts")
    company.person_adds(drafts, "draft.txt")
    world.pull(company.customer)
    draft = company.live()["draft.txt"]
    body = {"parentReference": {"id": company.folder(company.two)}}
    world.graph("PATCH", f"/drives/{company.drive}/items/{drafts}", json=body)
    world.pull(company.customer)
    shown = world.app.locating.record(company.customer, draft.id)
    assert shown.links == Links(company.customer, "p2") != world.read(draft).links

    edit = world.an_edit(tags=("x",))
    saved = world.app.edits.edit(company.customer, draft.id, edit, if_match=editable_etag(shown))

    assert saved.links == shown.links
    with pytest.raises(Changed):
        world.app.edits.edit(company.customer, draft.id, world.an_edit(tags=()), if_match=editable_etag(draft))


def test_a_deletion_of_what_somebody_edited_is_refused(world: World):
    record = world.upload(Links(world.customer().id))
    seen = etag_of(world, record)
    world.edit(record, tags=("ola",))

    with pytest.raises(Changed):
        world.app.edits.delete(record.customer, record.id, if_match=seen)

    assert world.read(record).state is not FileState.DELETED
    world.app.edits.delete(record.customer, record.id, if_match=etag_of(world, record))
    assert world.read(record).state is FileState.DELETED


def test_a_file_that_is_not_there_is_said_so(world: World):
    with pytest.raises(UnknownObject):
        world.app.edits.edit(world.customer().id, "none", world.an_edit(name="x.txt"), if_match="x")

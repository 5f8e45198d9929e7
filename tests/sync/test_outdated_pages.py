"""A page of a delta that was read before a write of ours and is applied after it: what it tells of is the past."""

import pytest

from shared.model.directory import Links
from shared.model.drive_items import ChangePage, ColumnChange, ItemChange
from shared.model.files import FileRecord, FileState
from shared.model.libraries import LibraryState
from tests.sync.test_ingest import Company, company  # noqa: F401
from tests.sync.test_request_counts import Meter
from tests.world import put_blob


class Pages:
    """Both deltas as they are now, from the start; applied when the test says so."""

    def __init__(self, company: Company) -> None:  # noqa: F811
        self._ingest = company.world.app.ingest
        state = self._ingest.libraries.find(company.drive)
        assert state is not None
        self._state: LibraryState = state
        self._items: ChangePage[ItemChange] = self._ingest.sharepoint.changes(state.drive_id, "")
        self._columns: ChangePage[ColumnChange] = self._ingest.sharepoint.column_changes(
            state.site_id, state.list_id, ""
        )

    def apply(self) -> None:
        self._ingest.pages.apply(self._state, self._items)
        self._ingest.pages.columns(self._state, self._columns.entries)


@pytest.fixture
def before(company: Company) -> Pages:  # noqa: F811
    """Read before what the test does."""
    return Pages(company)


def shown(record: FileRecord) -> tuple[str, tuple[str, ...], Links, FileState]:
    return record.name, record.tags, record.links, record.state


def test_an_edit_of_moment_is_not_taken_back(company: Company, before: Pages):  # noqa: F811
    company.world.edit(company.one, name="edited.txt", tags=("blue",), links=Links(company.customer, "p2"))

    before.apply()

    wanted = ("edited.txt", ("blue",), Links(company.customer, "p2"), FileState.IN_SHAREPOINT)
    assert shown(company.world.read(company.one)) == wanted


def test_a_file_that_moment_deleted_does_not_come_back(company: Company, before: Pages):  # noqa: F811
    company.world.app.edits.delete(company.customer, company.one.id)
    company.world.settle()

    before.apply()

    assert company.world.read(company.one).state is FileState.DELETED


def test_a_deletion_that_waits_is_not_undone_by_the_name_before(company: Company, before: Pages):  # noqa: F811
    company.world.edit(company.one, name="edited.txt")
    company.world.app.edits.delete(company.customer, company.one.id)

    before.apply()

    assert company.world.read(company.one).delete_pending


def test_content_that_moment_replaced_does_not_count_as_changed_in_sharepoint(company: Company):  # noqa: F811
    world = company.world
    record, url = world.announce(Links(company.customer, "p1"), "plan.txt")
    put_blob(url, b"first")
    world.arrive(record)
    before = Pages(company)
    put_blob(url, b"second version")
    world.arrive(record)

    before.apply()

    baseline = world.read(record).baseline
    assert baseline is not None
    assert (baseline.size_bytes, baseline.changed_there) == (len(b"second version"), False)


def test_what_people_changed_after_us_is_followed_at_once(company: Company, before: Pages):  # noqa: F811
    company.world.edit(company.one, name="ours.txt")
    company.person_patches(company.one, {"name": "theirs.txt"})

    before.apply()

    assert company.world.read(company.one).name == "theirs.txt"


def test_a_file_that_moment_deleted_and_a_person_restored_is_back(company: Company):  # noqa: F811
    assert company.one.baseline is not None
    company.world.app.edits.delete(company.customer, company.one.id)
    company.world.settle()
    company.world.local.restore(company.one.baseline.item_id)

    company.world.pull(company.customer)

    assert company.world.read(company.one).state is FileState.IN_SHAREPOINT


def test_what_only_people_changed_is_not_asked_for_again(company: Company):  # noqa: F811
    company.world.edit(company.one, name="ours.txt")
    company.world.pull(company.customer)
    company.person_patches(company.one, {"name": "theirs.txt"})
    meter = Meter(company.world)

    company.world.pull(company.customer)

    assert meter.read() == (2, 2)

"""shared/model/everywhere.py: marks taken at once, twice or late end in the rows of the last record."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.directory import Links
from shared.model.everywhere import (
    MARK,
    Lease,
    change_of,
    everywhere_rows,
    file_of_mark,
    mark_anew,
    mark_row,
    packed,
)
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event
from shared.model.record_row import entity_to_record
from shared.model.rows import reindexed, transaction
from shared.model.search_rows import MOST_TAGS, MOST_TERMS
from shared.model.table_rows import MAX_OPERATIONS, Operation, Row, check_transaction
from tests.builders import AT, a_baseline, a_record, a_transfer
from tests.model.test_search_rows import the_largest

_names = st.lists(st.sampled_from(["plan", "Invoice", "2026", "Årsrapport"]), min_size=1, max_size=3).map(" ".join)
_versions = st.lists(
    st.builds(
        a_record,
        name=_names,
        tags=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
        state=st.sampled_from(FileState),
        created_by=st.sampled_from(["Ada", "Grace"]),
        reason=st.sampled_from(["", "because"]),
    ),
    min_size=1,
    max_size=8,
)


def history(versions: list[FileRecord]) -> list[FileRecord]:
    """The records as they are saved one after the other."""
    return [replace(record, version=number) for number, record in enumerate(versions, 1)]


def marks_of(records: list[FileRecord]) -> list[Row]:
    """Oldest first."""
    found = [mark_row(before, after) for before, after in pairwise([None, *records]) if after is not None]
    return [mark for mark in found if mark is not None]


def apply(stored: dict[str, Row], marks: list[Row]) -> None:
    """As they are read, newest first; nothing is deleted that was not there."""
    change = change_of(sorted(marks, key=lambda mark: str(mark["RowKey"])))
    assert set(change.gone) <= stored.keys()
    assert list(change.marks) == [mark["RowKey"] for mark in marks]
    for key in change.gone:
        del stored[key]
    assert not set(change.perhaps) & stored.keys()
    stored.update({str(row["RowKey"]): row for row in change.puts})


@given(_versions, st.data())
def test_marks_taken_in_any_portions_give_the_rows_of_the_last_record(versions: list[FileRecord], data: st.DataObject):
    records = history(versions)
    marks, stored = marks_of(records), dict[str, Row]()
    while marks:
        size = data.draw(st.integers(1, len(marks)))
        apply(stored, marks[:size])
        marks = marks[size:]

    assert stored == everywhere_rows(records[-1])


@given(_versions)
def test_marks_taken_twice_change_nothing_more(versions: list[FileRecord]):
    records = history(versions)
    marks, stored = marks_of(records), dict[str, Row]()
    if marks:
        apply(stored, marks)
        again = change_of(marks[::-1])
        assert not {*again.gone, *again.perhaps} & stored.keys()
        assert {str(row["RowKey"]): row for row in again.puts} == stored


@pytest.mark.parametrize(
    ("changes", "is_marked"),
    [
        ({"name": "plan.txt"}, True),
        ({"tags": ("a",)}, True),
        ({"state": FileState.DELETED}, True),
        ({"reason": "It is open."}, True),
        ({"changed_at": AT.replace(year=2027)}, True),
        ({"links": Links("contoso", "p1")}, True),
        ({"search_index": 2}, True),
        ({"version": 9, "attempts": 1}, False),
        ({"baseline": a_baseline(e_tag='"{1},2"')}, False),
        ({"transfer": a_transfer()}, False),
    ],
)
def test_what_is_shown_or_found_leaves_a_mark(changes: dict, is_marked: bool):
    before = a_record(
        state=FileState.IN_SHAREPOINT, baseline=a_baseline(), search_index=changes.get("search_index", 3) - 1
    )

    assert (mark_row(before, replace(before, **changes)) is not None) == is_marked


def test_a_claim_that_is_renewed_leaves_none():
    before = a_record(state=FileState.MOVING, transfer=a_transfer())
    later = AT.replace(hour=11)

    assert mark_row(before, replace(before, changed_at=later, transfer=a_transfer(claimed_until=later))) is None
    assert mark_row(before, replace(before, changed_at=later, reason="A step on.")) is not None


def test_a_file_without_content_yet_is_found_only_once_it_has_arrived():
    announced = a_record()
    arrived = replace(announced, state=FileState.IN_MOMENT_CLOUD, version=2)

    assert everywhere_rows(announced) == {}
    assert mark_row(None, announced) is mark_row(announced, replace(announced, name="other.txt")) is None
    mark = mark_row(announced, arrived)
    assert mark is not None
    assert (len(change_of([mark]).puts), change_of([mark]).gone) == (8, ())


def test_files_of_equal_ids_and_ages_have_rows_of_their_own_that_say_whose_they_are():
    ours = a_record(state=FileState.BLOCKED, links=Links("contoso", "p1"))
    theirs = replace(ours, customer="fabrikam", links=Links("fabrikam", "p1"))

    assert not everywhere_rows(ours).keys() & everywhere_rows(theirs).keys()
    for record in (ours, theirs):
        for row in everywhere_rows(record).values():
            assert entity_to_record(row, etag="e").links == record.links
            assert entity_to_record(row).customer == record.customer


def test_places_below_a_customer_have_no_rows():
    record = a_record(state=FileState.BLOCKED, links=Links("contoso", "p1", "a1", "t1"), tags=("a",))

    kinds = {tuple(key.split("~")[:2]) for key in everywhere_rows(record) if not key.startswith("new~")}

    assert kinds == {("state", "blocked"), ("find", "word"), ("find", "tag"), ("find", "kind"), ("find", "by")}


def test_a_deleted_file_is_found_by_its_state_alone():
    moved = a_record(state=FileState.DELETED, moved_to="fabrikam/f2")

    [row] = everywhere_rows(moved).values()

    assert str(row["RowKey"]).startswith("state~deleted~")
    assert entity_to_record(row).moved_to == "fabrikam/f2"


def test_the_largest_change_of_the_largest_file_is_one_transaction():
    before, after = the_largest(0), replace(the_largest(1), version=1)
    mark = mark_row(before, after)
    assert mark is not None
    change = change_of([mark])

    assert len(change.puts) == MOST_TERMS + MOST_TAGS + len(["new", "state", "kind", "by", "words", "tags"])
    assert 55 < len(change.operations) < MAX_OPERATIONS
    lease = Operation("create", {"PartitionKey": "files", "RowKey": "lease~contoso"})
    check_transaction([lease, *change.operations])
    assert [len(pack) for pack in packed([change] * 3)] == [1, 1, 1]


def test_usual_files_share_transactions():
    def changes(number: int):
        mark = mark_row(
            None, a_record(id=f"f{number}", name="Invoice 2026-11 Contoso.pdf", tags=("a",), state=FileState.WAITING)
        )
        assert mark is not None
        return change_of([mark])

    packs = list(packed(changes(number) for number in range(20)))

    assert [len(pack) for pack in packs] == [6, 6, 6, 2]
    assert [each.file_id for pack in packs for each in pack] == [f"f{number}" for number in range(20)]


def test_rows_written_anew_take_nothing_away_from_the_mark_of_the_same_version():
    before = a_record(state=FileState.WAITING, name="old.txt", version=1)
    after = replace(before, name="new.txt", version=2)
    marks = [mark_row(before, after), mark_anew(after)]
    assert all(marks)
    keys = [str(mark["RowKey"]) for mark in marks if mark]

    assert keys == sorted(keys)
    assert {file_of_mark(mark) for mark in marks if mark} == {after.id}
    change = change_of([mark for mark in marks if mark])
    assert {*change.gone, *change.perhaps} == everywhere_rows(before).keys() - everywhere_rows(after).keys()
    assert [each for each in reindexed(after) if str(each.row["RowKey"]).startswith(MARK)]


def test_a_mark_is_created_with_the_files_own_rows():
    before = a_record(state=FileState.WAITING, version=1)
    operations = transaction(before, replace(before, state=FileState.BLOCKED, version=2), Event("Blocked."), AT)

    [mark] = [each for each in operations if str(each.row["RowKey"]).startswith(MARK)]

    assert (mark.kind, mark.row["PartitionKey"]) == ("create", "contoso")


def test_a_lease_keeps_others_out_until_it_ends():
    held = Lease("contoso", "me", AT)

    assert held.keeps_out("other", AT.replace(year=2025))
    assert not held.keeps_out("me", AT.replace(year=2025))
    assert not held.keeps_out("other", AT)
    assert not Lease("contoso", "me").keeps_out("other", AT)

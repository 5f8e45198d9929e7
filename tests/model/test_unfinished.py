"""shared/model/unfinished.py: a row is there exactly while something is left to do, in the range of what it is."""

from dataclasses import replace

import pytest
from hypothesis import given

from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from shared.model.unfinished import AGAIN, ALL, Unfinished, first_prefix, unfinished_from, unfinished_rows
from tests.builders import AT, a_baseline, a_record, a_transfer
from tests.model.test_rows import records

THERE = a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline(), blob_name=None)
GONE = replace(THERE, state=FileState.DELETED)


@pytest.mark.parametrize(
    ("record", "key"),
    [
        pytest.param(a_record(), "todo~first~customer~f1", id="a customer's file"),
        pytest.param(
            a_record(links=Links("contoso", "p1", "a1")), "todo~first~project~p1~f1", id="a file of a project"
        ),
        pytest.param(THERE, None, id="all is done"),
        pytest.param(replace(THERE, blob_name="b"), "todo~again~f1", id="a blob to release or a new version"),
        pytest.param(replace(THERE, name="other.docx"), "todo~again~f1", id="a rename to push"),
        pytest.param(replace(THERE, tags=("a",)), "todo~again~f1", id="tags to push"),
        pytest.param(replace(THERE, place_pending=True), "todo~again~f1", id="a move to push"),
        pytest.param(a_record(transfer=a_transfer(upload_url="u")), "todo~again~f1", id="an open session"),
        pytest.param(GONE, None, id="deleted and done"),
        pytest.param(replace(GONE, name="other.docx"), None, id="deleted: no edit matters any more"),
        pytest.param(replace(GONE, delete_pending=True), "todo~again~f1", id="a deletion to push"),
        pytest.param(replace(GONE, blob_name="b"), "todo~again~f1", id="deleted, a blob to release"),
        pytest.param(
            a_record(state=FileState.DELETED, transfer=a_transfer(upload_url="u")), "todo~again~f1", id="a session left"
        ),
        pytest.param(a_record(state=FileState.DELETED), None, id="deleted before it ever moved"),
    ],
)
def test_what_is_left_to_do_has_one_row_in_its_range(record: FileRecord, key: str | None) -> None:
    assert list(unfinished_rows(record)) == ([] if key is None else [key])


@given(records)
def test_a_row_says_what_a_sync_needs_to_know(record: FileRecord) -> None:
    for key, row in unfinished_rows(record).items():
        found = unfinished_from(row)

        assert (found.file_id, found.project, found.size_bytes) == (record.id, record.links.project, record.size_bytes)
        assert found.created_at == record.created_at
        assert found.is_first == (not key.startswith(AGAIN))
        assert key.startswith(ALL)


def test_only_a_reason_that_does_not_pass_makes_a_file_stuck() -> None:
    blocked = a_record(state=FileState.BLOCKED, size_bytes=3)

    stuck = [_one(replace(blocked, may_pass=passes)).is_stuck for passes in (True, False)]

    assert stuck == [False, True]


def test_the_files_of_a_project_are_a_range_of_their_own() -> None:
    rows = unfinished_rows(a_record(links=Links("contoso", "p1")))

    assert [key.startswith(first_prefix("p1")) for key in rows] == [True]
    assert [key.startswith(first_prefix("p")) for key in rows] == [False]


def _one(record: FileRecord) -> Unfinished:
    [row] = unfinished_rows(record).values()
    assert row["created_at"] == AT
    return unfinished_from(row)

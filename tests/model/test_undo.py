"""shared/model/undo.py: a deletion that can be undone for a while."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.files import FileRecord, FileState
from shared.model.undo import deleted, ended, held_for_s, is_deletion_due, restored
from shared.model.unfinished import is_unfinished, unfinished_rows
from tests.builders import AT, a_baseline, a_record
from tests.model.test_rows import records

THERE = a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline(), blob_name=None, reason="Open in SharePoint.")


@pytest.mark.parametrize(
    "record",
    [
        a_record(reason="The content has not been uploaded yet."),
        a_record(state=FileState.IN_MOMENT_CLOUD, reason="Stored in Moment Cloud."),
        a_record(state=FileState.WAITING, reason="SharePoint asked us to slow down."),
        a_record(state=FileState.BLOCKED, reason="The site is full.", may_pass=False),
        replace(THERE, state=FileState.BLOCKED, missing=True, reason="Missing in SharePoint."),
        THERE,
    ],
)
def test_a_restored_file_is_what_it_was(record: FileRecord):
    gone = deleted(record, AT, 60)

    assert gone.state is FileState.DELETED
    assert gone.undo_until == AT + timedelta(seconds=60)
    assert restored(gone) == record


def test_a_move_that_had_been_given_up_goes_on():
    after = restored(deleted(a_record(state=FileState.MOVING), AT, 60))

    assert after.state is FileState.WAITING
    assert "goes on" in after.reason


def test_a_pending_deletion_of_an_older_version_is_restored_too():
    old = replace(THERE, state=FileState.DELETED, delete_pending=True, reason="Deleted in Moment.")

    assert restored(old) == replace(THERE, reason="")


def test_it_is_due_when_the_hold_is_over():
    gone = deleted(THERE, AT, 60)

    assert [held_for_s(gone, AT + timedelta(seconds=seconds)) for seconds in (0, 59, 60, 600)] == [60, 1, 0, 0]
    assert not is_deletion_due(gone, AT + timedelta(seconds=59))
    assert is_deletion_due(gone, AT + timedelta(seconds=60))
    assert is_deletion_due(deleted(THERE, AT, 0), AT)
    assert not is_deletion_due(THERE, AT)


def test_a_file_that_is_deleted_again_after_a_refusal_is_restored_to_what_it_was_first():
    refused = replace(deleted(THERE, AT, 60), state=FileState.BLOCKED, reason="SharePoint refuses that.")

    assert restored(deleted(refused, AT, 5)) == THERE


@given(records, st.floats(0, 600))
def test_what_is_deleted_is_unfinished_until_it_ended_or_was_restored(record: FileRecord, hold_s: float):
    gone = deleted(replace(record, held=None, transfer=None), AT, hold_s)

    assert is_unfinished(gone)
    assert list(unfinished_rows(gone)) == [f"todo~again~{record.id}"]
    assert not is_unfinished(ended(gone))
    assert ended(gone).undo_until is None
    assert restored(gone).undo_until is None


def test_the_blob_of_a_file_that_never_moved_stays_known_so_that_a_late_upload_makes_no_new_file():
    assert ended(deleted(a_record(), AT, 0)).blob_name == a_record().blob_name
    assert ended(deleted(replace(THERE, blob_name="b"), AT, 0)).blob_name is None

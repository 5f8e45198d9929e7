from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.directory import StorageLocation
from shared.model.files import FileState
from shared.model.transfer_plan import Step, back_off_s, next_step
from tests.builders import a_baseline, a_record, a_transfer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)
MOMENT, SHAREPOINT = StorageLocation.MOMENT, StorageLocation.SHAREPOINT
PROVEN, OTHER = "etag-1", "etag-2"


@pytest.mark.parametrize(
    ("state", "blob_etag", "has_baseline", "storage", "claimed_until", "step"),
    [
        (FileState.EXPECTED, None, False, SHAREPOINT, None, Step.NOTHING),
        (FileState.WAITING, None, False, SHAREPOINT, None, Step.REPORT_LOST),
        (FileState.IN_MOMENT_CLOUD, None, False, MOMENT, None, Step.REPORT_LOST),
        (FileState.BLOCKED, None, False, MOMENT, None, Step.NOTHING),
        (FileState.IN_SHAREPOINT, None, True, SHAREPOINT, None, Step.NOTE_RELEASED),
        (FileState.IN_SHAREPOINT, PROVEN, True, SHAREPOINT, None, Step.RELEASE),
        (FileState.IN_SHAREPOINT, PROVEN, True, MOMENT, LATER, Step.RELEASE),
        (FileState.MOVING, PROVEN, False, SHAREPOINT, LATER, Step.WAIT),
        (FileState.MOVING, OTHER, True, SHAREPOINT, LATER, Step.WAIT),
        (FileState.EXPECTED, PROVEN, False, MOMENT, None, Step.KEEP),
        (FileState.MOVING, PROVEN, False, MOMENT, EARLIER, Step.KEEP),
        (FileState.EXPECTED, PROVEN, False, SHAREPOINT, None, Step.SEND_NEW),
        (FileState.MOVING, PROVEN, False, SHAREPOINT, EARLIER, Step.SEND_NEW),
        (FileState.BLOCKED, PROVEN, False, SHAREPOINT, None, Step.SEND_NEW),
        (FileState.IN_SHAREPOINT, OTHER, True, SHAREPOINT, None, Step.SEND_VERSION),
        (FileState.IN_SHAREPOINT, OTHER, True, MOMENT, None, Step.SEND_VERSION),
        (FileState.DELETED, PROVEN, True, MOMENT, None, Step.RELEASE),
        (FileState.DELETED, None, True, MOMENT, None, Step.NOTE_RELEASED),
        (FileState.DELETED, OTHER, True, MOMENT, None, Step.BRING_BACK),
        (FileState.DELETED, OTHER, False, MOMENT, None, Step.NOTHING),
        (FileState.DELETED, None, False, MOMENT, None, Step.NOTHING),
    ],
)
def test_the_decision_table(state, blob_etag, has_baseline, storage, claimed_until, step):
    record = a_record(
        state=state,
        baseline=a_baseline(blob_etag=PROVEN) if has_baseline else None,
        transfer=a_transfer(claimed_until=claimed_until) if claimed_until else None,
    )

    assert next_step(record, blob_etag, storage, NOW) is step


def test_a_released_file_needs_nothing():
    record = a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline(), blob_name=None)

    assert next_step(record, None, SHAREPOINT, NOW) is Step.NOTHING


def test_a_deletion_that_is_to_be_carried_out_takes_newer_content_with_it():
    record = a_record(state=FileState.DELETED, baseline=a_baseline(blob_etag=PROVEN), delete_pending=True)

    assert next_step(record, OTHER, SHAREPOINT, NOW) is Step.NOTHING


@given(st.integers(1, 10_000))
def test_back_off_never_shrinks_and_stays_bounded(attempts: int):
    assert 0 < back_off_s(attempts) <= back_off_s(attempts + 1) <= 900

"""Which entries of a page are read again before they change a record."""

from dataclasses import replace

import pytest

from shared.model.drive_items import before_all_of, unique_id_of, version_of
from shared.model.files import FileRecord, FileState
from shared.model.outdated import may_be_outdated
from shared.model.undo import deleted, ended
from tests.model.test_following import LATER, in_sharepoint


def e_tag(number: int) -> str:
    return f'"{{1BA77C26-FFCE-46A6-8FF4-2EC8EA43ACD7}},{number}"'


def known(number: int, **changes: object) -> FileRecord:
    """A record whose last write of ours gave this number."""
    record = in_sharepoint()
    assert record.baseline is not None
    changed = replace(record, baseline=replace(record.baseline, e_tag=e_tag(number)))
    return replace(changed, **changes)  # type: ignore[arg-type]


ALIVE = known(5)
PENDING = deleted(known(5), LATER, 0)
DELETED_BY_US = ended(PENDING)
DELETED_THERE = known(5, state=FileState.DELETED, reason="Deleted in SharePoint.")


@pytest.mark.parametrize(
    ("record", "told", "expected"),
    [
        (ALIVE, 4, True),
        (ALIVE, 5, False),
        (ALIVE, 6, False),
        (PENDING, 4, True),
        (PENDING, 5, False),
        (DELETED_BY_US, 4, True),
        (DELETED_BY_US, 5, True),
        (DELETED_BY_US, 6, False),
        (DELETED_THERE, 5, False),
    ],
)
def test_what_is_older_than_our_own_write_may_be_outdated(record: FileRecord, told: int, *, expected: bool):
    assert may_be_outdated(record, e_tag(told)) is expected


@pytest.mark.parametrize("unknown", ["", "opaque", '"{1BA77C26},x"', '"{1BA77C26},-1"'])
def test_an_etag_whose_order_cannot_be_told_counts_as_later(unknown: str):
    assert not may_be_outdated(ALIVE, unknown)


def test_a_list_items_etag_is_of_the_same_count_as_its_drive_items():
    of_list_item = '"1ba77c26-ffce-46a6-8ff4-2ec8ea43acd7,7"'

    assert version_of(of_list_item) == version_of(e_tag(7)) == 7
    assert unique_id_of(of_list_item) == unique_id_of(e_tag(7))


def test_nothing_is_older_than_what_was_not_read_whole():
    assert version_of(before_all_of(e_tag(7))) == 0

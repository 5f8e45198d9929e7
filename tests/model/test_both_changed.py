"""What becomes of a file whose content changed on both sides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.both_changed import changed_there, copy_id, copy_name, copy_of, kept_both
from shared.model.drive_items import DriveItem
from shared.model.files import FileState
from shared.model.names import file_name
from tests.builders import AT, a_baseline, a_record, a_transfer

THEIRS = DriveItem(
    drive_id="b!drive",
    id="01ITEM",
    name="report.docx",
    web_url="",
    e_tag='"{1},9"',
    c_tag='"c:{1},2"',
    size_bytes=7,
    quick_xor_hash="theirs",
    modified_by="Bo",
)


@pytest.mark.parametrize(
    ("followed", "c_tag", "content", "is_changed"),
    [
        (True, '"c:{1},1"', (3, "hash"), True),
        (False, '"c:{1},1"', (3, "hash"), False),
        (False, '"c:{1},1"', (9, "rewritten"), False),
        (False, '"c:{1},2"', (3, "hash"), False),
        (False, None, (3, "hash"), False),
        (False, '"c:{1},2"', (3, "other"), True),
        (False, '"c:{1},2"', (4, "hash"), True),
        (False, '"c:{1},2"', (3, None), True),
        (False, None, (3, None), True),
    ],
)
def test_the_decision_table(followed, c_tag, content, is_changed):
    item = replace(THEIRS, c_tag=c_tag, size_bytes=content[0], quick_xor_hash=content[1])

    assert changed_there(item, a_baseline(changed_there=followed)) is is_changed


def test_the_name_says_where_it_came_from_and_when():
    late = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=1)))

    assert copy_name("report.docx", late) == "report (from Moment, 2026-11-23).docx"
    assert copy_name("README", AT) == "README (from Moment, 2026-11-23)"


@given(st.text(min_size=1, max_size=300))
def test_any_name_with_its_remark_is_a_valid_name(text: str):
    name = copy_name(file_name(text), AT)

    assert file_name(name) == name
    assert "(from Moment, 2026-11-23)" in name


def test_each_version_of_the_blob_has_one_copy():
    record = a_record()

    assert copy_id(record, "etag-2") == copy_id(replace(record, version=9), "etag-2")
    assert len({copy_id(record, "etag-2"), copy_id(record, "etag-3"), copy_id(replace(record, id="f2"), "etag-2")}) == 3


def test_both_files_say_what_they_hold():
    now = datetime(2026, 11, 25, tzinfo=UTC)
    record = a_record(
        state=FileState.MOVING, tags=("a",), baseline=a_baseline(changed_there=True), transfer=a_transfer(), attempts=2
    )
    copy = a_baseline(item_id="01COPY", name="report (from Moment, 2026-11-23).docx", blob_etag="etag-2")

    made, kept = copy_of(record, copy, now), kept_both(record, THEIRS, "etag-2", now)

    assert (made.name, made.tags, made.links, made.size_bytes) == (copy.name, ("a",), record.links, 3)
    assert (made.state, made.blob_name, made.baseline) == (FileState.IN_SHAREPOINT, None, copy)
    assert (kept.id, kept.state, kept.transfer, kept.attempts) == (record.id, FileState.IN_SHAREPOINT, None, 0)
    assert (kept.size_bytes, kept.modified_by) == (7, "Bo")
    assert kept.baseline is not None
    assert (kept.baseline.item_id, kept.baseline.quick_xor_hash) == ("01ITEM", "theirs")
    assert not kept.baseline.changed_there
    assert kept.baseline.blob_etag == "etag-2"  # so that this version of the blob, and no other, is let go

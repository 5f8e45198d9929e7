"""How a record follows its drive item, as a table and as properties."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.directory import Links
from shared.model.drive_items import ColumnChange, DriveItem
from shared.model.files import FileState
from shared.model.following import dismissed, follow_columns, follow_item, is_doomed, vanished
from tests.builders import AT, a_baseline, a_record

EARLIER, LATER = AT - timedelta(minutes=1), AT + timedelta(minutes=1)
HERE, THERE = Links("contoso"), Links("contoso", "p2")


def in_sharepoint(**changes):
    defaults = {"state": FileState.IN_SHAREPOINT, "blob_name": None, "baseline": a_baseline(), "name": "report.docx"}
    return a_record(**defaults | changes)


def an_item(**changes) -> DriveItem:
    baseline = a_baseline()
    defaults = {
        "drive_id": baseline.drive_id,
        "id": baseline.item_id,
        "name": baseline.name,
        "web_url": baseline.web_url,
        "e_tag": '"{1},2"',
        "c_tag": baseline.c_tag,
        "size_bytes": baseline.size_bytes,
        "quick_xor_hash": baseline.quick_xor_hash,
        "parent_id": baseline.parent_id,
        "modified_by": "Grace",
        "modified_at": LATER,
    }
    return DriveItem(**defaults | changes)


def follow(record, item, place=HERE):
    return follow_item(record, item, place, LATER)


def test_another_etag_alone_is_nobodys_edit():
    record = in_sharepoint()

    assert follow(record, an_item(e_tag='"{1},99"')).changes == ()


@pytest.mark.parametrize(
    ("moment", "sharepoint", "edited_at", "name", "agreed"),
    [
        ("report.docx", "plan.docx", LATER, "plan.docx", "plan.docx"),
        ("mine.docx", "report.docx", LATER, "mine.docx", "report.docx"),
        ("mine.docx", "theirs.docx", LATER, "theirs.docx", "theirs.docx"),
        ("mine.docx", "theirs.docx", EARLIER, "mine.docx", "theirs.docx"),
        ("same.docx", "same.docx", EARLIER, "same.docx", "same.docx"),
    ],
)
def test_the_table_of_names(moment, sharepoint, edited_at, name, agreed):
    followed = follow(in_sharepoint(name=moment), an_item(name=sharepoint, modified_at=edited_at)).record

    assert (followed.name, followed.baseline.name) == (name, agreed)


@pytest.mark.parametrize(
    ("pending", "edited_at", "links", "still_pending"),
    [(False, EARLIER, THERE, False), (True, LATER, THERE, False), (True, EARLIER, HERE, True)],
)
def test_the_table_of_places(pending, edited_at, links, still_pending):
    record = in_sharepoint(place_pending=pending)

    followed = follow(record, an_item(parent_id="01OTHER", modified_at=edited_at), THERE).record

    assert (followed.links, followed.place_pending) == (links, still_pending)
    assert followed.baseline.parent_id == "01OTHER"


def test_the_loser_of_two_renames_is_in_the_journal():
    event = follow(in_sharepoint(name="mine.docx"), an_item(name="theirs.docx")).event

    assert "mine.docx" in event.text
    assert "lost" in event.text
    assert event.who == "Grace"


def test_new_content_is_noted_with_who_and_when():
    followed = follow(in_sharepoint(), an_item(size_bytes=7, quick_xor_hash="other")).record

    assert (followed.size_bytes, followed.modified_by, followed.modified_at) == (7, "Grace", LATER)


def test_a_deleted_file_that_is_alive_again_is_the_same_record():
    followed = follow(in_sharepoint(state=FileState.DELETED), an_item()).record

    assert followed.state is FileState.IN_SHAREPOINT


def test_a_deletion_that_is_still_on_its_way_is_not_undone_by_seeing_the_file():
    record = in_sharepoint(state=FileState.DELETED, delete_pending=True)

    assert follow(record, an_item()).changes == ()


BLOCKED, DELETED, MOVING, THERE_NOW = (
    FileState.BLOCKED,
    FileState.DELETED,
    FileState.MOVING,
    FileState.IN_SHAREPOINT,
)


@pytest.mark.parametrize(
    ("state", "pending", "missing", "gone", "kept", "alive"),
    [
        (DELETED, False, False, DELETED, DELETED, THERE_NOW),
        (DELETED, False, True, DELETED, DELETED, THERE_NOW),
        (DELETED, True, False, DELETED, DELETED, DELETED),
        (DELETED, True, True, DELETED, DELETED, DELETED),
        (THERE_NOW, False, False, DELETED, BLOCKED, THERE_NOW),
        (MOVING, False, False, DELETED, BLOCKED, MOVING),
        (BLOCKED, False, False, DELETED, BLOCKED, BLOCKED),
        (BLOCKED, False, True, BLOCKED, BLOCKED, THERE_NOW),
        (MOVING, False, True, MOVING, MOVING, MOVING),
    ],
)
def test_the_table_of_states(state, pending, missing, gone, kept, alive):
    record = in_sharepoint(state=state, delete_pending=pending, missing=missing)

    assert vanished(record, LATER).record.state is gone
    assert dismissed(record, LATER, "Ada").record.state is kept
    restored = follow(record, an_item()).record
    assert restored.state is alive
    assert restored.missing is (missing and pending)


@given(st.sampled_from(FileState), st.booleans(), st.booleans())
def test_what_vanished_is_dealt_with_once(state, pending, missing):
    record = in_sharepoint(state=state, delete_pending=pending, missing=missing)

    for after in (vanished(record, LATER), dismissed(record, LATER, "Ada")):
        assert not is_doomed(after.record)
        assert not after.record.delete_pending
        assert bool(after.changes) is (is_doomed(record) or pending)
        assert vanished(after.record, LATER).changes == dismissed(after.record, LATER, "Ada").changes == ()


def test_a_person_is_named_where_one_decided():
    record = in_sharepoint()

    assert "Ada approved" in vanished(record, LATER, "Ada").event.text
    assert "Ada" in dismissed(record, LATER, "Ada").event.text
    assert "dismissed by Ada" in dismissed(record, LATER, "Ada").record.reason
    assert "Ada" not in vanished(record, LATER).event.text


def test_what_is_still_being_sent_is_not_called_missing():
    record = a_record(state=FileState.MOVING)

    assert dismissed(record, LATER, "Ada").record == record


@given(st.sampled_from(["a", "b", "report.docx"]), st.sampled_from(["a", "b", "report.docx"]), st.booleans())
def test_following_twice_changes_nothing_more(ours, theirs, is_later):
    item = an_item(name=theirs, modified_at=LATER if is_later else EARLIER)
    once = follow(in_sharepoint(name=ours), item).record

    assert follow(once, item).changes == ()


tags = st.lists(st.sampled_from(["red", "green", "blue", "draft"]), unique=True).map(tuple)


@given(tags, tags, tags)
def test_additions_and_removals_of_both_sides_hold(base, ours, theirs):
    record = in_sharepoint(tags=ours, baseline=a_baseline(tags=base))

    merged = set(follow_columns(record, ColumnChange("1", tags=theirs), LATER).record.tags)

    assert (set(ours) | set(theirs)) - set(base) <= merged
    assert not merged & (set(base) - (set(ours) & set(theirs)))


@given(tags, tags, tags)
def test_following_columns_twice_changes_nothing_more(base, ours, theirs):
    record = in_sharepoint(tags=ours, baseline=a_baseline(tags=base))
    change = ColumnChange("1", tags=theirs)
    once = follow_columns(record, change, LATER).record

    assert follow_columns(once, change, LATER).changes == ()


def test_a_period_set_in_sharepoint_becomes_the_files_own():
    followed = follow_columns(in_sharepoint(), ColumnChange("1", year="2026", period="11/2026"), LATER).record

    assert followed.period == "11/2026"

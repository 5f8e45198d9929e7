"""shared/model/rows.py: a record survives its row, and a change is the right set of operations."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.causes import Cause
from shared.model.directory import Activity, Customer, Links, Project, Task
from shared.model.files import Baseline, FileRecord, FileState, HeldDeletion, Proof, Transfer
from shared.model.journal import Event, Side
from shared.model.record_row import entity_to_record, record_to_entity
from shared.model.rows import (
    blob_key,
    folder_prefix,
    going_prefix,
    index_rows,
    item_key,
    journal_line,
    links_prefix,
    list_prefix,
    transaction,
)
from shared.model.table_rows import check_transaction
from tests.builders import AT, a_baseline, a_record, a_transfer

E_TAG = '"{8C8A3C6E-5B5F-4D0C-9A7E-0123456789AB},4"'

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", fullmatch=True)
zones = st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5, minutes=45))])
times = st.datetimes(datetime(1700, 1, 1), datetime(9000, 1, 1), timezones=zones)  # noqa: DTZ001 naive by contract
texts = st.text(max_size=40)
tags = st.lists(texts, max_size=5).map(tuple)
links = st.one_of(
    st.builds(Links, st.just("contoso")),
    st.builds(Links, st.just("contoso"), ids, st.none() | ids, st.none() | ids),
)
transfers = st.builds(
    Transfer,
    owner=texts,
    claimed_until=times,
    blob_etag=texts,
    name=texts,
    asked_name=texts,
    drive_id=st.none() | texts,
    parent_id=st.none() | ids,
    item_id=st.none() | ids,
    upload_url=st.none() | texts,
    upload_expires_at=st.none() | times,
    hashed_bytes=st.integers(0, 2**40),
    hash_state=texts,
)
e_tags = texts | st.builds('"{{{}}},{}"'.format, st.uuids(), st.integers(0, 99))
baselines = st.builds(
    Baseline,
    item_id=ids,
    parent_id=st.none() | ids,
    e_tag=e_tags,
    size_bytes=st.integers(0, 2**40),
    proof=st.none() | st.sampled_from(Proof),
    tags=tags,
    activity=st.none() | texts,
    year=st.none() | texts,
    period=st.none() | texts,
)
records = st.builds(
    FileRecord,
    customer=st.just("contoso"),
    id=ids,
    name=texts,
    requested_name=texts,
    links=links,
    created_at=times,
    changed_at=times,
    created_by=texts,
    tags=tags,
    content_type=texts,
    size_bytes=st.none() | st.integers(0, 2**40),
    state=st.sampled_from(FileState),
    reason=texts,
    cause=st.none() | st.sampled_from(Cause),
    blob_name=st.none() | texts,
    transfer=st.none() | transfers,
    baseline=st.none() | baselines,
    attempts=st.integers(0, 1000),
    period=st.none() | texts,
    modified_by=texts,
    modified_at=st.none() | times,
    place_pending=st.booleans(),
    delete_pending=st.booleans(),
    held=st.none()
    | st.builds(
        HeldDeletion,
        until=times,
        state=st.sampled_from(FileState),
        reason=texts,
        cause=st.none() | st.sampled_from(Cause),
    ),
    moved_to=texts,
    may_pass=st.booleans(),
    asked_as=texts,
    version=st.integers(0, 10**7),
    etag=texts,
)


@given(records)
def test_a_record_is_read_back_as_it_was_written(record: FileRecord) -> None:
    assert entity_to_record(record_to_entity(record), record.etag) == record


@given(records)
def test_a_copy_for_lists_is_the_record_without_its_etag_and_upload_url(record: FileRecord) -> None:
    expected = replace(record, etag="")
    if record.transfer:
        expected = replace(expected, transfer=replace(record.transfer, upload_url=None))

    copies = [row for key, row in index_rows(record).items() if key.startswith(("new~", "state~"))]

    assert len(copies) == (1 if record.state is FileState.DELETED else 2)
    assert all(entity_to_record(row) == expected for row in copies)


@given(records, records)
def test_a_transaction_turns_the_rows_of_one_record_into_those_of_the_next(one: FileRecord, two: FileRecord) -> None:
    two = replace(two, id=one.id, version=one.version + 1)
    stored = _rows_after({}, None, one)

    stored = _rows_after(stored, one, two)

    assert _without_journal_and_marks(stored) == _without_journal_and_marks(_rows_after({}, None, two))


@given(records, records)
def test_no_transaction_names_a_row_twice_or_goes_beyond_a_limit(one: FileRecord, two: FileRecord) -> None:
    operations = transaction(one, replace(two, id=one.id), Event("Changed."), AT)

    keys = [operation.row["RowKey"] for operation in operations]
    assert len(keys) == len(set(keys))
    check_transaction(operations)


def _rows_after(stored: dict, before: FileRecord | None, after: FileRecord) -> dict:
    """A table in memory that is as strict as the real one."""
    stored = dict(stored)
    for operation in transaction(before, after, Event("Changed."), AT):
        key = operation.row["RowKey"]
        assert (key in stored) == (operation.kind != "create")
        if operation.kind == "delete":
            del stored[key]
        else:
            stored[key] = operation.row
    return stored


def _without_journal_and_marks(stored: dict) -> dict:
    return {key: row for key, row in stored.items() if not key.startswith(("log~", "mark~"))}


def test_the_first_operation_is_the_records_own() -> None:
    before = a_record(etag="e1", version=3)

    first = transaction(before, replace(before, name="x.docx", version=4), Event("Renamed."), AT)[0]

    assert (first.kind, first.etag, first.row["RowKey"]) == ("replace", "e1", "file~f1")


def test_a_change_touches_only_the_record_its_copies_and_the_journal() -> None:
    before = a_record(baseline=a_baseline(), version=3)

    operations = transaction(before, replace(before, reason="Waits.", version=4), Event("Waits."), AT)

    assert [(each.kind, str(each.row["RowKey"]).partition("~")[0]) for each in operations] == [
        ("replace", "file"),
        ("upsert", "state"),
        ("upsert", "new"),
        *[("upsert", "find")] * 6,
        ("create", "log"),
    ]


def test_a_release_deletes_the_entry_by_blob() -> None:
    before = a_record(version=1, baseline=a_baseline(name="report.docx"), state=FileState.IN_SHAREPOINT)

    operations = transaction(before, replace(before, blob_name=None, version=2), Event("Released."), AT)

    deleted = {str(each.row["RowKey"]) for each in operations if each.kind == "delete"}
    assert deleted == {blob_key(before.blob_name or ""), "todo~again~f1"}


def test_an_item_made_by_a_transfer_is_known_before_and_after_it_is_proven() -> None:
    sending = a_record(transfer=a_transfer(item_id="01ITEM"))
    proven = a_record(baseline=a_baseline(item_id="01ITEM"))

    assert item_key("01ITEM") in index_rows(sending)
    assert index_rows(sending)[item_key("01ITEM")] == index_rows(proven)[item_key("01ITEM")]


def test_newer_files_sort_first_whatever_their_time_zone() -> None:
    here = timezone(timedelta(hours=9))
    older = a_record(created_at=AT)
    newer = a_record(created_at=(AT + timedelta(microseconds=1)).astimezone(here))

    assert _key_like(newer, "new~") < _key_like(older, "new~")


def _key_like(record: FileRecord, prefix: str) -> str:
    return next(key for key in index_rows(record) if key.startswith(prefix))


def test_the_rows_of_each_object_a_file_is_linked_to_lie_in_that_objects_range() -> None:
    rows = index_rows(a_record(links=Links("contoso", "p1", "a1", "t1")))

    project = Project("contoso", "p1", "P")
    activity = Activity("contoso", "p1", "a1", "A")
    task = Task("contoso", "p1", "t1", "1", "T")
    assert [sum(key.startswith(links_prefix(each)) for key in rows) for each in (project, activity, task)] == [1, 1, 1]


def test_a_customers_range_is_all_its_records() -> None:
    assert str(record_to_entity(a_record())["RowKey"]).startswith(links_prefix(Customer("contoso", "Contoso")))


def test_a_state_has_a_range_of_its_own() -> None:
    rows = index_rows(a_record(state=FileState.IN_MOMENT_CLOUD))

    assert sum(key.startswith(list_prefix(FileState.IN_MOMENT_CLOUD)) for key in rows) == 1
    assert sum(key.startswith(list_prefix(FileState.WAITING)) for key in rows) == 0


def test_a_deleted_file_is_out_of_every_range_but_the_list_of_deleted_ones() -> None:
    links = Links("contoso", "p1", "a1", "t1")
    live = a_record(links=links, baseline=a_baseline(e_tag=E_TAG), state=FileState.IN_SHAREPOINT)

    kinds = [_kinds(replace(live, state=state)) for state in (FileState.IN_SHAREPOINT, FileState.DELETED)]

    assert kinds == [
        ["blob", "dir", *["find"] * 6, "in", "in", "in", "item", "new", "state", "todo", "unique"],
        ["blob", "item", "state", "todo", "unique"],
    ]


def test_a_restored_file_has_all_its_rows_again() -> None:
    live = a_record(links=Links("contoso", "p1"), baseline=a_baseline(e_tag=E_TAG), state=FileState.IN_SHAREPOINT)
    deleted = replace(live, state=FileState.DELETED, version=2)
    stored = _rows_after(_rows_after({}, None, live), live, deleted)

    restored = replace(live, version=3)

    assert _without_journal_and_marks(_rows_after(stored, deleted, restored)) == _without_journal_and_marks(
        _rows_after({}, None, restored)
    )


def _kinds(record: FileRecord) -> list[str]:
    return sorted(key.partition("~")[0] for key in index_rows(record))


@pytest.mark.parametrize("e_tag", ["", "W/x", '"{1},1"', E_TAG.strip('"'), E_TAG.replace(",4", ""), E_TAG + "x"])
def test_an_etag_of_another_shape_names_no_unique_id(e_tag: str) -> None:
    assert "unique" not in _kinds(a_record(baseline=a_baseline(e_tag=e_tag)))


def test_a_new_etag_of_the_same_item_leaves_its_unique_id() -> None:
    before = a_record(baseline=a_baseline(e_tag=E_TAG))
    after = replace(before, baseline=a_baseline(e_tag=E_TAG.replace(",4", ",5").lower()), version=2)

    operations = transaction(before, after, Event("Columns written."), AT)

    assert [each.kind for each in operations if str(each.row["RowKey"]).startswith("unique~")] == []


def test_a_file_on_its_way_is_known_by_folder_and_name_in_any_case() -> None:
    going = a_record(transfer=a_transfer(parent_id="01F", name="Straße.docx"))

    assert any(key.startswith(going_prefix("01F", "STRASSE.DOCX")) for key in index_rows(going))
    assert "going" not in _kinds(a_record(transfer=a_transfer(parent_id=None)))
    assert "going" not in _kinds(a_record(baseline=a_baseline()))


def test_a_file_in_the_folder_of_another_is_not_in_its_range() -> None:
    rows = index_rows(a_record(baseline=a_baseline(parent_id="01FOLDER")))

    assert [sum(key.startswith(folder_prefix(each)) for key in rows) for each in ("01FOLDER", "01FOLD")] == [1, 0]


def test_a_row_of_the_first_version_is_read_with_defaults() -> None:
    row = record_to_entity(a_record(baseline=a_baseline(), transfer=a_transfer()))
    later = {"search_index", "period", "modified_by", "modified_at", "place_pending", "delete_pending", "moved_to"}
    old = {name: value for name, value in row.items() if name not in later}
    old["baseline"] = _without(old["baseline"], {"tags", "activity", "year", "period"})
    old["transfer"] = _without(old["transfer"], {"parent_id"})

    assert entity_to_record(old) == a_record(baseline=a_baseline(), transfer=a_transfer(), search_index=0)


def _without(text: object, members: set[str]) -> str:
    return json.dumps({name: value for name, value in json.loads(str(text)).items() if name not in members})


def test_a_journal_line_is_read_back() -> None:
    event = Event("Renamed from a to b.", Side.SHAREPOINT, "Grace Hopper")

    row = transaction(None, a_record(version=1), event, AT)[-1].row

    assert journal_line(row) == (AT, event)


def test_members_that_a_newer_version_wrote_are_passed_over() -> None:
    row = record_to_entity(a_record(baseline=a_baseline()))
    row["baseline"] = str(row["baseline"]).replace("{", '{"invented_later":1,', 1)

    assert entity_to_record(row | {"invented_later": 2}).baseline == a_baseline()


def test_an_upload_url_is_in_no_repr() -> None:
    record = a_record(transfer=a_transfer(upload_url="https://secret"))

    assert "secret" not in repr(transaction(None, record, Event("Claimed."), AT))
    assert "secret" not in repr(record)

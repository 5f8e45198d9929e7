"""shared/model/plan.py: what kind of change a write is, and when two are the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from shared.model.plan import (
    Action,
    estimated_s,
    fingerprint_of_change,
    fingerprint_of_transfer,
    kinds_of,
    transfer_units,
)
from shared.model.runs import Count
from tests.builders import AT, a_baseline, a_record
from tests.model.test_rows import records

THERE = a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline(), blob_name=None, version=4)


def with_baseline(record: FileRecord, **changes: object) -> FileRecord:
    assert record.baseline is not None
    return replace(record, baseline=replace(record.baseline, **changes))  # type: ignore[arg-type]


RENAMED = with_baseline(replace(THERE, name="b.docx"), name="b.docx")


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param(None, THERE, {Count.NEW_RECORDS}, id="new"),
        pytest.param(THERE, THERE, set(), id="nothing"),
        pytest.param(THERE, with_baseline(THERE, e_tag="other"), set(), id="an eTag alone"),
        pytest.param(THERE, RENAMED, {Count.RENAMES}, id="renamed"),
        pytest.param(THERE, with_baseline(THERE, parent_id="other"), {Count.MOVES}, id="into a person's own folder"),
        pytest.param(THERE, replace(THERE, links=Links("contoso", "p2")), {Count.MOVES}, id="to another object"),
        pytest.param(THERE, replace(THERE, tags=("a",)), {Count.TAG_CHANGES}, id="retagged"),
        pytest.param(replace(THERE, tags=("A",)), replace(THERE, tags=("a",)), set(), id="a tag's case"),
        pytest.param(THERE, replace(THERE, period="2026"), {Count.TAG_CHANGES}, id="another period"),
        pytest.param(THERE, with_baseline(THERE, size_bytes=9), {Count.CONTENT_CHANGES}, id="new content"),
        pytest.param(THERE, replace(THERE, state=FileState.DELETED), {Count.DELETES}, id="deleted"),
        pytest.param(replace(THERE, state=FileState.DELETED), THERE, {Count.RESTORES}, id="restored"),
        pytest.param(replace(THERE, state=FileState.BLOCKED, missing=True), THERE, {Count.RESTORES}, id="there again"),
        pytest.param(
            replace(THERE, name="ours.docx"),
            with_baseline(replace(THERE, name="ours.docx"), name="theirs.docx"),
            {Count.CONFLICTS},
            id="renamed on both sides, ours wins",
        ),
        pytest.param(
            replace(THERE, name="ours.docx"),
            with_baseline(replace(THERE, name="theirs.docx"), name="theirs.docx"),
            {Count.CONFLICTS, Count.RENAMES},
            id="renamed on both sides, theirs wins",
        ),
        pytest.param(
            replace(THERE, place_pending=True),
            with_baseline(replace(THERE, place_pending=True), parent_id="other"),
            {Count.CONFLICTS, Count.MOVES},
            id="moved on both sides",
        ),
    ],
)
def test_a_write_is_of_these_kinds(before: FileRecord | None, after: FileRecord, kinds: set[Count]) -> None:
    assert set(kinds_of(before, after)) == kinds


@given(records, st.integers(0, 9))
def test_the_same_change_made_later_has_the_same_fingerprint(record: FileRecord, version: int) -> None:
    later = replace(record, changed_at=record.changed_at + timedelta(seconds=1), etag="other", version=77)
    if version == 0 and record.created_at == record.changed_at:
        later = replace(later, created_at=later.changed_at)

    assert fingerprint_of_change(version, record) == fingerprint_of_change(version, later)


@given(records, records)
def test_different_outcomes_have_different_fingerprints(one: FileRecord, two: FileRecord) -> None:
    two = replace(two, id=one.id)
    same = replace(one, changed_at=AT, version=0, etag="") == replace(two, changed_at=AT, version=0, etag="")
    upload_urls = [each.transfer.upload_url if each.transfer else None for each in (one, two)]

    if not same and upload_urls == [None, None]:
        assert fingerprint_of_change(3, one) != fingerprint_of_change(3, two)


def test_a_change_of_another_version_is_another_change() -> None:
    assert fingerprint_of_change(3, THERE) != fingerprint_of_change(4, THERE)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda: fingerprint_of_transfer(a_record(name="b"), "e1", ("L",)), id="renamed"),
        pytest.param(lambda: fingerprint_of_transfer(a_record(), "e2", ("L",)), id="other content"),
        pytest.param(lambda: fingerprint_of_transfer(a_record(), "e1", ("L", "P")), id="another folder"),
        pytest.param(lambda: fingerprint_of_transfer(a_record(tags=("a",)), "e1", ("L",)), id="other tags"),
    ],
)
def test_a_transfer_is_another_one_when_what_it_does_changed(changed) -> None:
    planned = fingerprint_of_transfer(a_record(), "e1", ("L",))

    assert planned == fingerprint_of_transfer(a_record(version=9, state=FileState.WAITING), "e1", ("L",))
    assert changed() != planned


def test_what_a_transfer_costs() -> None:
    small = transfer_units(0, has_columns=False, new_folders=0, is_new_library=False)
    tagged = transfer_units(0, has_columns=True, new_folders=1, is_new_library=True)
    large = transfer_units(3, has_columns=False, new_folders=0, is_new_library=False)

    assert (small, tagged, large) == (2, 17, 8)


@given(st.integers(0, 10**6), st.integers(0, 10**13), st.integers(0, 10_000))
def test_an_estimate_is_at_least_a_second_and_grows_with_both(units: int, size_bytes: int, per_minute: int) -> None:
    here = estimated_s(units, size_bytes, per_minute)

    assert 1 <= here <= estimated_s(units + 1000, size_bytes + 10**9, per_minute)


def test_an_action_is_read_back_as_it_was_written() -> None:
    action = Action((Count.RENAMES, Count.MOVES), "c", "f", "a “b”.txt", None, "renamed", "Ada", 3, 2, "abc")

    assert Action.from_json(action.as_json()) == action

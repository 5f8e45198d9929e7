"""shared/model/editable.py: the eTag of what a person edits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.directory import Activity, Customer, Links, Period, Project, StorageLocation, Task
from shared.model.editable import directory_etag, editable_etag
from shared.model.files import FileRecord, FileState
from shared.model.record_row import entity_to_record
from shared.model.rows import index_rows
from tests.builders import AT, a_baseline, a_record, a_transfer

FILE = a_record(links=Links("contoso", "p1"), tags=("red",), period="2026")
TASK = Task("contoso", "p1", "t1", "7", "Check", "a1", "s1", Period(2026, 11))


@pytest.mark.parametrize(
    "edited",
    [
        replace(FILE, name="other.docx"),
        replace(FILE, links=Links("contoso", "p2")),
        replace(FILE, links=Links("contoso")),
        replace(FILE, tags=("red", "blue")),
        replace(FILE, tags=()),
        replace(FILE, period="11/2026"),
        replace(FILE, period=None),
        replace(FILE, state=FileState.DELETED),
    ],
)
def test_every_edit_gives_another_etag(edited: FileRecord):
    assert editable_etag(edited) != editable_etag(FILE)


@pytest.mark.parametrize("state", [state for state in FileState if state is not FileState.DELETED])
def test_a_transfer_under_way_leaves_it_as_it_is(state: FileState):
    moving = replace(FILE, state=state, reason="…", transfer=a_transfer(), baseline=a_baseline(), version=9, etag="x")

    assert editable_etag(moving) == editable_etag(FILE)


@given(
    name=st.text(min_size=1),
    tags=st.lists(st.text(min_size=1, max_size=5), max_size=3).map(tuple),
    links=st.builds(
        Links, st.just("contoso"), st.sampled_from([None, "p1"]), st.sampled_from([None, "a1"]), st.just(None)
    ),
    state=st.sampled_from(FileState),
)
def test_the_copies_of_a_list_have_the_records_own(name, tags, links, state):
    record = a_record(name=name, tags=tags, links=links, state=state, created_at=AT, period="2026")
    copies = [entity_to_record(row) for row in index_rows(record).values() if "name" in row]

    assert copies
    assert {editable_etag(each) for each in copies} == {editable_etag(record)}


def test_parts_never_run_into_each_other():
    one = a_record(tags=("a", "b"), links=Links("contoso", "p", None, "t"))
    other = a_record(tags=("a,b",), links=Links("contoso", "p", "t"))

    assert len({editable_etag(each) for each in (one, other, a_record(name="ø.docx"), a_record(name="o.docx"))}) == 4


def test_objects_differ_by_all_that_they_say():
    things = [
        Customer("c1", "Contoso"),
        Customer("c1", "Contoso", StorageLocation.SHAREPOINT),
        Project("contoso", "p1", "Annual"),
        Project("contoso", "p1", "Annual", "12"),
        Project("contoso", "p1", "Annual", None, StorageLocation.MOMENT),
        Activity("contoso", "p1", "a1", "Audit"),
        Activity("contoso", "p1", "a1", "Audit", "3"),
        TASK,
        replace(TASK, period=Period(2026, 12)),
        replace(TASK, activity=None),
    ]

    assert len({directory_etag(thing) for thing in things}) == len(things)
    assert directory_etag(TASK) == directory_etag(replace(TASK))

"""Where a file's folder is, what its columns say and where it is stored (the table of design.md §2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.directory import (
    Activity,
    Columns,
    Customer,
    FolderSpec,
    Period,
    Placement,
    Project,
    StorageLocation,
    Task,
    columns_of,
    folder_of,
)
from shared.model.names import folder_name

ACME = Customer("c1", "Acme")
HALL = Project("c1", "p1", "New hall", number="P-7")
PLANNING = Activity("c1", "p1", "a1", "Planning", number="10")
DRAWINGS = Task("c1", "p1", "t1", "12", "Drawings", activity="a1")
AUDIT = Task("c1", "p1", "t2", "13", "Audit", series="s1", period=Period(2026, 11))


def paths(placement: Placement) -> str:
    return "/".join(folder.name for folder in placement.folders)


@pytest.mark.parametrize(
    ("placement", "expected"),
    [
        (Placement(ACME), ""),
        (Placement(ACME, HALL), "New hall"),
        (Placement(ACME, HALL, PLANNING), "New hall/10 Planning"),
        (Placement(ACME, HALL, replace(PLANNING, number=None)), "New hall/Planning"),
        (Placement(ACME, HALL, PLANNING, DRAWINGS), "New hall/10 Planning/#12 Drawings"),
        (Placement(ACME, HALL, None, replace(DRAWINGS, activity=None)), "New hall/#12 Drawings"),
        (Placement(ACME, HALL, PLANNING, replace(AUDIT, activity="a1")), "New hall/10 Planning/Audit"),
        (Placement(ACME, HALL, None, AUDIT), "New hall/Audit"),
    ],
)
def test_a_file_lies_in_the_folder_of_the_most_specific_object(placement, expected):
    assert paths(placement) == expected


def test_a_project_folder_does_not_carry_the_projects_number():
    assert folder_of(HALL) == folder_of(replace(HALL, number=None))


def test_occurrences_of_a_recurring_task_share_one_folder():
    december = replace(AUDIT, id="t3", number="99", period=Period(2026, 12))

    assert folder_of(AUDIT) == folder_of(december) == FolderSpec("series~p1~s1", "Audit")


def test_tasks_of_one_name_have_folders_of_their_own():
    assert folder_of(DRAWINGS) != folder_of(replace(DRAWINGS, id="t9", number="14"))


@pytest.mark.parametrize("thing", [HALL, PLANNING, DRAWINGS, AUDIT])
def test_a_folder_keeps_its_key_when_its_object_is_renamed(thing):
    renamed = folder_of(replace(thing, name="Other"))

    assert renamed.key == folder_of(thing).key
    assert renamed.name != folder_of(thing).name


@pytest.mark.parametrize("thing", [PLANNING, DRAWINGS, AUDIT])
def test_equal_ids_in_another_project_are_another_folder(thing):
    assert folder_of(replace(thing, project="p2")).key != folder_of(thing).key


def test_objects_of_different_kinds_never_share_a_key():
    things = (
        Project("c1", "1", "x"),
        Activity("c1", "1", "1", "x"),
        Task("c1", "1", "1", "1", "x"),
        Task("c1", "1", "1", "1", "x", series="1"),
    )

    assert len({folder_of(each).key for each in things}) == len(things)


@given(st.text(), st.text(), st.text(), st.none() | st.text())
def test_every_folder_has_a_valid_name_whatever_people_type(project, activity, task, number):
    placement = Placement(
        ACME,
        replace(HALL, name=project),
        replace(PLANNING, name=activity, number=number),
        replace(DRAWINGS, name=task),
    )

    for folder in placement.folders:
        assert folder.name == folder_name(folder.name)


@pytest.mark.parametrize(
    ("placement", "tags", "expected"),
    [
        (Placement(ACME), (), Columns()),
        (Placement(ACME), ("a", "b"), Columns(tags=("a", "b"))),
        (Placement(ACME, HALL), (), Columns()),
        (Placement(ACME, HALL, PLANNING), (), Columns(activity="Planning")),
        (Placement(ACME, HALL, PLANNING, DRAWINGS), (), Columns(activity="Planning")),
        (Placement(ACME, HALL, None, AUDIT), (), Columns(year="2026", period="11/2026")),
        (Placement(ACME, HALL, None, replace(AUDIT, period=Period(2026))), (), Columns(year="2026")),
        (
            Placement(ACME, HALL, None, replace(AUDIT, period=Period(2026, 1))),
            (),
            Columns(year="2026", period="01/2026"),
        ),
    ],
)
def test_columns_say_activity_year_period_and_tags(placement, tags, expected):
    assert columns_of(placement, tags) == expected


def test_columns_are_worth_a_request_only_where_one_is_filled():
    assert not Columns()
    assert Columns(activity="a")
    assert Columns(year="2026")
    assert Columns(tags=("a",))


@pytest.mark.parametrize("customer", StorageLocation)
@pytest.mark.parametrize("project", [None, *StorageLocation])
def test_a_project_inherits_where_files_are_stored_or_sets_its_own(customer, project):
    placement = Placement(replace(ACME, storage=customer), replace(HALL, storage=project))

    assert placement.storage is (project or customer)


def test_a_file_of_the_customer_only_is_stored_where_the_customer_says():
    assert Placement(ACME).storage is StorageLocation.MOMENT
    assert Placement(replace(ACME, storage=StorageLocation.SHAREPOINT)).storage is StorageLocation.SHAREPOINT

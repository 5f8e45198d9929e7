"""shared/store/directory.py against Azurite."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import Collision
from shared.model.directory import Activity, Customer, Links, Period, Project, StorageLocation, Task, folder_of
from shared.store.directory import TableDirectory
from shared.store.tables import Table


def a_project(customer: str, project_id: str = "p1", name: str = "Annual report", **changes: object) -> Project:
    return Project(customer, project_id, name, **changes)  # type: ignore[arg-type]


def an_activity(customer: str, activity_id: str = "a1", name: str = "Audit", number: str | None = "3") -> Activity:
    return Activity(customer, "p1", activity_id, name, number)


def a_task(customer: str, task_id: str = "t1", name: str = "Check", number: str = "7", **changes: object) -> Task:
    return Task(customer, "p1", task_id, number, name, **changes)  # type: ignore[arg-type]


def an_occurrence(customer: str, task_id: str, name: str = "Payroll", **changes: object) -> Task:
    return a_task(customer, task_id, name, **{"series": "s1", "period": Period(2026, 11), **changes})


def row_keys(tables: TableServiceClient, partition: str) -> list[str]:
    found = tables.get_table_client("directory").query_entities("PartitionKey eq @p", parameters={"p": partition})
    return [row["RowKey"] for row in found]


def test_what_was_put_is_found(directory: TableDirectory, customer: str) -> None:
    company = Customer(customer, f"Contoso {customer}", StorageLocation.SHAREPOINT)
    project = a_project(customer, number="12", storage=StorageLocation.MOMENT)
    activity, bare = an_activity(customer), an_activity(customer, "a2", number=None)
    task = a_task(customer, activity="a1", period=Period(2026))
    occurrence = an_occurrence(customer, "t2")
    for thing in (company, project, activity, bare, task, occurrence):
        assert directory.put(thing) is True

    assert directory.find_customer(customer) == company
    assert directory.find_project(customer, "p1") == project
    assert directory.find_activity(customer, "p1", "a1") == activity
    assert directory.find_activity(customer, "p1", "a2") == bare
    assert directory.find_task(customer, "p1", "t1") == task
    assert directory.find_task(customer, "p1", "t2") == occurrence


def test_nothing_is_found_where_nothing_is(directory: TableDirectory, customer: str) -> None:
    assert directory.find_customer(customer) is None
    assert directory.find_project(customer, "p1") is None
    assert directory.find_activity(customer, "p1", "a1") is None
    assert directory.find_task(customer, "p1", "t1") is None


def test_the_second_put_replaces(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer, number="12"))

    assert directory.put(a_project(customer, storage=StorageLocation.SHAREPOINT)) is False
    assert directory.find_project(customer, "p1") == a_project(customer, storage=StorageLocation.SHAREPOINT)


@pytest.mark.parametrize("name", ["Annual report", "ANNUAL REPORT", "Annual report.", " annual Report "])
def test_two_projects_can_not_come_to_the_same_folder(directory: TableDirectory, customer: str, name: str) -> None:
    directory.put(a_project(customer))

    with pytest.raises(Collision, match=r"project 'Annual report' \(id p1\) already uses the folder name") as caught:
        directory.put(a_project(customer, "p2", name))
    assert caught.value.field == "name"
    assert directory.find_project(customer, "p2") is None


def test_names_that_become_the_same_in_sharepoint_collide(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer, "p1", "A/B"))

    with pytest.raises(Collision):
        directory.put(a_project(customer, "p2", "A:B"))


def test_names_are_free_elsewhere(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer))
    directory.put(a_project(f"{customer}x"))
    directory.put(an_activity(customer))
    directory.put(Activity(customer, "p2", "a1", "Audit", "3"))
    directory.put(a_task(customer, "t1", activity="a1"))
    directory.put(a_task(customer, "t2"))


def test_an_activity_and_a_task_in_the_same_project_are_siblings(directory: TableDirectory, customer: str) -> None:
    directory.put(an_activity(customer, name="#7 Check", number=None))

    with pytest.raises(Collision, match=r"activity '#7 Check' \(id a1\) already uses the folder name '#7 Check'"):
        directory.put(a_task(customer))


def test_two_customers_can_not_come_to_the_same_library(directory: TableDirectory, customer: str) -> None:
    directory.put(Customer(customer, f"Contoso {customer}"))

    with pytest.raises(Collision, match=rf"customer 'Contoso {customer}' .* already uses the library name"):
        directory.put(Customer(f"{customer}x", f".CONTOSO {customer}"))


def test_a_rename_frees_the_old_name(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer))

    directory.put(a_project(customer, name="Closing"))

    directory.put(a_project(customer, "p2", "annual report"))
    with pytest.raises(Collision, match="project 'Closing'"):
        directory.put(a_project(customer, "p3", "closing"))


def test_a_rename_in_case_only_keeps_the_name(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer))

    directory.put(a_project(customer, name="ANNUAL REPORT"))

    with pytest.raises(Collision, match="project 'ANNUAL REPORT'"):
        directory.put(a_project(customer, "p2"))


def test_a_rename_to_a_siblings_name_changes_nothing(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer))
    directory.put(a_project(customer, "p2", "Closing"))

    with pytest.raises(Collision, match="project 'Annual report'"):
        directory.put(a_project(customer, "p2", "annual report"))

    assert directory.find_project(customer, "p2") == a_project(customer, "p2", "Closing")
    with pytest.raises(Collision, match="project 'Closing'"):
        directory.put(a_project(customer, "p3", "Closing"))


def test_a_task_that_moves_takes_its_name_along(directory: TableDirectory, customer: str) -> None:
    directory.put(a_task(customer))

    directory.put(a_task(customer, activity="a1"))

    directory.put(a_task(customer, "t2"))
    with pytest.raises(Collision, match=r"task 'Check' \(id t1\)"):
        directory.put(a_task(customer, "t3", activity="a1"))


def test_removing_frees_the_name_and_leaves_no_row(
    directory: TableDirectory, tables: TableServiceClient, customer: str
) -> None:
    things = (a_project(customer), an_activity(customer), a_task(customer), an_occurrence(customer, "t2"))
    for thing in things:
        directory.put(thing)

    for thing in things:
        directory.remove(thing)

    assert row_keys(tables, customer) == []


def test_removing_what_is_gone_is_harmless(directory: TableDirectory, customer: str) -> None:
    directory.remove(a_project(customer))
    directory.remove(an_occurrence(customer, "t1"))


def test_removing_goes_by_what_is_stored(directory: TableDirectory, customer: str) -> None:
    directory.put(a_project(customer))

    directory.remove(a_project(customer, name="An older name"))

    assert directory.put(a_project(customer, "p2")) is True


def test_children_are_seen_at_each_level(directory: TableDirectory, customer: str) -> None:
    company, project, activity = Customer(customer, customer), a_project(customer), an_activity(customer)
    task = a_task(customer, activity="a1")
    for thing in (company, project, activity, task):
        directory.put(thing)

    assert [directory.has_children(each) for each in (company, project, activity, task)] == [True, True, True, False]
    directory.remove(task)
    assert [directory.has_children(each) for each in (company, project, activity)] == [True, True, False]


def test_an_id_that_begins_like_another_one_has_no_part_in_its_children(
    directory: TableDirectory, customer: str
) -> None:
    directory.put(Activity(customer, "p10", "a1", "Audit"))

    assert directory.has_children(a_project(customer, "p1")) is False
    assert directory.has_children(a_project(customer, "p10")) is True
    assert directory.list_activities(customer, "p1", None, 10).items == []


def test_lists_go_by_id_and_page(directory: TableDirectory, customer: str) -> None:
    for number in range(3):
        directory.put(a_task(customer, f"t{number}", number=str(number)))
    directory.put(Task(customer, "p2", "t9", "9", "Elsewhere"))
    directory.put(an_activity(customer))
    directory.put(a_project(customer))

    first = directory.list_tasks(customer, "p1", None, 2)
    second = directory.list_tasks(customer, "p1", first.next_token, 2)

    assert [[each.id for each in page.items] for page in (first, second)] == [["t0", "t1"], ["t2"]]
    assert second.next_token is None
    assert directory.list_activities(customer, "p1", None, 2).items == [an_activity(customer)]
    assert directory.list_projects(customer, None, 2).items == [a_project(customer)]


def test_customers_are_listed_by_id(tables: TableServiceClient, own_table: str) -> None:
    directory = TableDirectory(tables, own_table)
    for number in (2, 1, 3):
        directory.put(Customer(f"c{number}", f"Company {number}"))

    first = directory.list_customers(None, 2)

    assert [each.id for each in first.items] == ["c1", "c2"]
    assert [each.id for each in directory.list_customers(first.next_token, 2).items] == ["c3"]


def test_a_customer_may_be_called_customers(tables: TableServiceClient, own_table: str) -> None:
    directory = TableDirectory(tables, own_table)
    directory.put(Customer("customers", "Customers"))
    directory.put(Customer("c1", "Contoso"))

    assert directory.has_children(Customer("customers", "Customers")) is False
    directory.put(Project("customers", "p1", "Customers"))
    assert [each.id for each in directory.list_customers(None, 9).items] == ["c1", "customers"]


def test_the_tasks_of_a_series_share_one_name(directory: TableDirectory, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))
    directory.put(an_occurrence(customer, "t2", period=Period(2026, 12)))

    with pytest.raises(Collision, match=r"recurring task 'Payroll' \(id s1\) already uses the folder name 'PAYROLL'"):
        directory.put(an_activity(customer, name="PAYROLL", number=None))


def test_a_series_keeps_its_name_until_its_last_task_is_gone(directory: TableDirectory, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))
    directory.put(an_occurrence(customer, "t2"))
    rival = an_activity(customer, name="Payroll", number=None)

    directory.remove(an_occurrence(customer, "t1"))
    with pytest.raises(Collision):
        directory.put(rival)

    directory.remove(an_occurrence(customer, "t2"))
    assert directory.put(rival) is True


def test_a_series_takes_the_name_of_its_newest_task(directory: TableDirectory, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))

    directory.put(an_occurrence(customer, "t2", "Salaries"))

    directory.put(an_activity(customer, "a1", "Payroll", None))
    with pytest.raises(Collision, match="recurring task 'Salaries'"):
        directory.put(an_activity(customer, "a2", "Salaries", None))


def test_putting_an_older_task_again_does_not_name_the_series_back(directory: TableDirectory, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))
    directory.put(an_occurrence(customer, "t2", "Salaries"))

    directory.put(an_occurrence(customer, "t1", period=Period(2027, 1)))

    assert directory.put(an_activity(customer, "a1", "Payroll", None)) is True


def test_a_series_can_not_take_a_siblings_name(directory: TableDirectory, customer: str) -> None:
    directory.put(an_activity(customer, "a1", "Salaries", None))
    directory.put(an_occurrence(customer, "t1"))

    with pytest.raises(Collision, match="activity 'Salaries'"):
        directory.put(an_occurrence(customer, "t2", "salaries"))
    with pytest.raises(Collision, match="activity 'Salaries'"):
        directory.put(an_occurrence(customer, "t1", "salaries"))
    directory.remove(an_occurrence(customer, "t1"))
    assert directory.has_children(an_activity(customer, "a1")) is False


def test_a_series_lies_in_one_place(directory: TableDirectory, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))

    with pytest.raises(Collision, match=r"recurring task 'Payroll' \(id s1\) has its folder in project p1"):
        directory.put(an_occurrence(customer, "t2", activity="a1"))


def test_the_only_task_of_a_series_may_move(directory: TableDirectory, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))

    directory.put(an_occurrence(customer, "t1", activity="a1"))

    directory.put(an_occurrence(customer, "t2", activity="a1"))
    directory.put(an_activity(customer, "a2", "Payroll", None))
    with pytest.raises(Collision, match="in activity a1"):
        directory.put(an_occurrence(customer, "t2"))


def test_a_task_leaves_and_joins_a_series(directory: TableDirectory, tables: TableServiceClient, customer: str) -> None:
    directory.put(an_occurrence(customer, "t1"))

    directory.put(a_task(customer, "t1", "Payroll"))
    directory.put(an_activity(customer, "a1", "Payroll", None))
    directory.remove(an_activity(customer, "a1"))
    directory.put(an_occurrence(customer, "t1", series="s2"))
    directory.put(an_occurrence(customer, "t1", series="s3"))

    with pytest.raises(Collision, match=r"recurring task 'Payroll' \(id s3\)"):
        directory.put(an_activity(customer, "a1", "Payroll", None))
    assert sorted(key.partition("~")[0] for key in row_keys(tables, customer)) == ["name", "series", "task"]


def test_of_many_who_want_one_name_at_once_one_gets_it_and_the_others_hear_whose_it_is(
    directory: TableDirectory, customer: str
) -> None:
    def put(project_id: str) -> str:
        try:
            directory.put(a_project(customer, project_id))
        except Collision as collision:
            return collision.detail
        return ""

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(put, [f"p{number}" for number in range(6)]))

    assert answers.count("") == 1
    winner = directory.list_projects(customer, None, 10).items
    assert [f"p{answers.index('')}"] == [each.id for each in winner]
    assert all("already uses the folder name 'Annual report'" in answer for answer in answers if answer)


def test_the_same_object_put_twice_at_once_is_no_collision_with_itself(
    directory: TableDirectory, customer: str
) -> None:
    with ThreadPoolExecutor(3) as pool:
        created = list(pool.map(directory.put, [a_project(customer)] * 3))

    assert sorted(created) == [False, False, True]


def test_tasks_that_join_a_series_at_once_are_all_counted(
    directory: TableDirectory, tables: TableServiceClient, customer: str
) -> None:
    tasks = [an_occurrence(customer, f"t{number}") for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(directory.put, tasks))

    stored = Table(tables, "directory").get(customer, "series~p1~s1")

    assert stored is not None
    assert stored.row["tasks"] == 3


def test_a_folder_says_what_its_files_are_linked_to(directory: TableDirectory, customer: str) -> None:
    placed, loose = a_task(customer, activity="a1"), a_task(customer, "t2", "Ask", "8")
    recurring = an_occurrence(customer, "t3", activity="a1")
    for each in (a_project(customer), an_activity(customer), placed, loose, recurring):
        directory.put(each)
    things = (a_project(customer), an_activity(customer), placed, loose, recurring)

    assert [directory.links_of(customer, folder_of(each).key) for each in things] == [
        Links(customer, "p1"),
        Links(customer, "p1", "a1"),
        Links(customer, "p1", "a1", "t1"),
        Links(customer, "p1", None, "t2"),
        Links(customer, "p1", "a1"),
    ]
    assert directory.links_of(customer, "library") == Links(customer)


def test_the_folder_of_a_series_lasts_as_long_as_it_has_tasks(directory: TableDirectory, customer: str) -> None:
    first, second = an_occurrence(customer, "t1"), an_occurrence(customer, "t2")
    directory.put(first)
    directory.put(second)

    directory.remove(first)
    assert directory.links_of(customer, "series~p1~s1") == Links(customer, "p1")
    directory.remove(second)
    assert directory.links_of(customer, "series~p1~s1") is None


@pytest.mark.parametrize("key", ["project~p9", "activity~p1~a9", "task~p1~t9", "series~p1~s9", "name~library", "", "x"])
def test_a_folder_of_nothing_is_linked_to_nothing(directory: TableDirectory, customer: str, key: str) -> None:
    directory.put(a_project(customer))

    assert directory.links_of(customer, key) is None


def test_what_was_checked_is_what_is_replaced(directory: TableDirectory, customer: str) -> None:
    """Somebody changes the object right after it was checked: it is checked again before it is replaced."""
    directory.put(a_project(customer, number="1"))
    seen: list[object] = []

    def check(stored: object) -> None:
        seen.append(stored)
        if len(seen) == 1:
            directory.put(a_project(customer, number="2"))

    directory.put(a_project(customer, number="3"), check)

    assert seen == [a_project(customer, number="1"), a_project(customer, number="2")]
    assert directory.find_project(customer, "p1") == a_project(customer, number="3")


def test_an_object_that_fails_its_check_stays(directory: TableDirectory, customer: str) -> None:
    def check(stored: object) -> None:
        raise Collision("Not this one.")

    directory.put(a_project(customer))

    with pytest.raises(Collision, match="Not this one"):
        directory.put(a_project(customer, name="Other"), check)
    with pytest.raises(Collision, match="Not this one"):
        directory.remove(a_project(customer), check)
    assert directory.find_project(customer, "p1") == a_project(customer)

"""Customers, projects, activities and tasks are found by beginnings of words, with bounded reading."""

from typing import Any

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import InvalidInput
from shared.model.directory import Activity, Customer, DirectoryObject, Project, Task
from shared.model.stored import Page
from shared.store.directory import TableDirectory
from shared.sync.finding import CHUNK, MAX_REQUESTS, Finding
from tests.store.conftest import customer, directory, tables  # noqa: F401 - fixtures

PROJECTS = [
    Project("c", "p1", "Ny lagerhall", "104"),
    Project("c", "p2", "Nytt lager, Ålesund"),
    Project("c", "p3", "Internt"),
]


class Listed:
    """A directory of one long list of customers, which counts how it is read."""

    def __init__(self, customers: list[Customer]) -> None:
        self._customers = customers
        self.requests = 0

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is not needed")

    def list_customers(self, page_token: str | None, limit: int) -> Page[Customer]:
        self.requests += 1
        behind = [each for each in self._customers if each.id > (page_token or "")]
        return Page(behind[:limit], behind[limit - 1].id if len(behind) > limit else None)


def ids(page: Page[Any]) -> list[str]:
    return [thing.id for thing in page.items]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ny", ["p1", "p2"]),
        ("lager ny", ["p1", "p2"]),
        ("LAGERH", ["p1"]),
        ("104", ["p1"]),
        ("104 lager", ["p1"]),
        ("alesund", ["p2"]),
        ("hall", []),
        ("", ["p1", "p2", "p3"]),
        ("—", ["p1", "p2", "p3"]),
    ],
)
def test_every_word_begins_a_word_of_the_name_or_number(
    directory: TableDirectory,  # noqa: F811
    customer: str,  # noqa: F811
    query: str,
    found: list[str],
):
    for project in PROJECTS:
        directory.put(Project(customer, project.id, project.name, project.number))

    assert ids(Finding(directory).projects(customer, query, None, 50)) == found


def test_each_kind_of_object_is_found(directory: TableDirectory, customer: str):  # noqa: F811
    things: list[DirectoryObject] = [
        Customer(customer, f"Fjordtek {customer}"),
        Project(customer, "p1", "Fjordtek"),
        Activity(customer, "p1", "a1", "Fjordtek"),
        Activity(customer, "p1", "a2", "Other"),
        Task(customer, "p1", "t1", "42", "Fjordtek"),
    ]
    for thing in things:
        directory.put(thing)
    finding = Finding(directory)

    assert customer in ids(finding.customers(f"fjord {customer.partition('-')[0]}", None, 500))
    assert ids(finding.activities(customer, "p1", "fjord", None, 50)) == ["a1"]
    assert ids(finding.tasks(customer, "p1", "42", None, 50)) == ["t1"]


def test_pages_hold_everything_once_and_in_order(directory: TableDirectory, customer: str):  # noqa: F811
    for number in range(7):
        directory.put(Project(customer, f"p{number}", f"Lager {number}"))
    finding, met, token = Finding(directory), list[str](), None
    while True:
        page = finding.projects(customer, "lager", token, 3)
        met += ids(page)
        token = page.next_token
        if token is None:
            break
        directory.put(Project(customer, f"p0-{len(met)}", f"Lager later {len(met)}"))

    assert met == [f"p{number}" for number in range(7)]


def many(number: int, *, rare: int) -> Listed:
    return Listed([Customer(f"c{n:06d}", f"Rare {n}" if n % rare == 0 else f"Usual {n}") for n in range(number)])


def test_a_page_reads_a_bounded_part_and_says_where_to_go_on():
    listed = many(2 * MAX_REQUESTS * CHUNK, rare=2 * MAX_REQUESTS * CHUNK - 1)

    first = Finding(listed).customers("rare", None, 50)
    assert (ids(first), listed.requests) == (["c000000"], MAX_REQUESTS)
    second = Finding(listed).customers("rare", first.next_token, 50)

    assert (ids(second), second.next_token) == (["c004999"], None)
    assert listed.requests == 2 * MAX_REQUESTS


@pytest.mark.parametrize("size", [1, 7, 500])
def test_every_match_of_a_long_list_is_met_once(size: int):
    listed, met, token = many(3 * CHUNK, rare=20), list[str](), None
    while True:
        page = Finding(listed).customers("rare", token, size)
        assert len(page.items) <= size
        met += ids(page)
        token = page.next_token
        if token is None:
            break

    assert met == [f"c{n:06d}" for n in range(0, 3 * CHUNK, 20)]


def test_a_full_first_page_costs_one_request():
    listed = many(3 * CHUNK, rare=2)

    assert len(Finding(listed).customers("rare", None, 50).items) == 50
    assert listed.requests == 1


def test_a_token_of_another_list_is_refused(tables: TableServiceClient):  # noqa: F811
    with pytest.raises(InvalidInput):
        Finding(TableDirectory(tables)).customers("x", "nonsense", 50)

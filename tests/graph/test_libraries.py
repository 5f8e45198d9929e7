"""Libraries in the local SharePoint: what one costs, what it has, and that anything half done is finished."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import NameTaken, NotFound
from shared.graph.connect import connect
from shared.graph.unit_budget import OwnRow, UnitBudget
from shared.model.drive_items import Library
from tests.graph.conftest import settings_for
from tests.graph.ledger import spent
from tests.graph.parts import UNCOUNTED

COLUMNS = {"momentActivity", "momentYear", "momentPeriod", "momentTags"}
FIRST_OF_A_SITE = 20
FIRST_OF_A_PROCESS = 10
FURTHER = 6


def rows(graph, library, what):
    values = {"site": library.site_id, "list": library.list_id}
    return graph._transport.request("GET", f"/sites/{{site}}/lists/{{list}}/{what}", values).json()["value"]


def is_complete(graph, library):
    columns = {each["name"]: each for each in rows(graph, library, "columns")}
    content_types = [each["name"] for each in rows(graph, library, "contentTypes")]
    return columns.keys() >= COLUMNS and sorted(content_types) == ["Folder", "Moment Document"]


def test_a_library_has_the_content_type_and_its_columns(graph):
    library = graph.create_library("Contoso", "marker")

    assert is_complete(graph, library)
    assert library.name == "Contoso"
    assert library.web_url.endswith("/Contoso")


def test_new_files_get_the_content_type(graph):
    library = graph.create_library("Contoso", "marker")
    item = graph.put_file(library.drive_id, "root", "a.txt", b"x")

    answer = graph._transport.request(
        "GET",
        "/drives/{drive}/items/{item}",
        {"drive": library.drive_id, "item": item.id},
        params={"$expand": "listItem($expand=fields)"},
    )

    assert answer.json()["listItem"]["fields"]["ContentType"] == "Moment Document"


def test_activity_year_and_period_are_indexed_and_tags_take_several_values_of_any_text(graph):
    library = graph.create_library("Contoso", "marker")

    columns = {each["name"]: each for each in rows(graph, library, "columns")}

    assert {name for name in COLUMNS if columns[name]["indexed"]} == COLUMNS - {"momentTags"}
    assert columns["momentTags"]["choice"]["displayAs"] == "checkBoxes"
    assert columns["momentTags"]["choice"]["allowTextEntry"] is True


def test_what_a_library_costs_is_constant(graph, sharepoint, sleeps):
    with spent(sharepoint) as first_of_the_site:
        graph.create_library("One", "marker")
    with spent(sharepoint) as further:
        graph.create_library("Two", "marker")
    another_process = connect(settings_for(sharepoint), sleeps.now, sleeps)
    with spent(sharepoint) as first_of_the_process:
        another_process.create_library("Three", "marker")

    counts = (first_of_the_site.requests, first_of_the_process.requests, further.requests)
    assert counts == (FIRST_OF_A_SITE, FIRST_OF_A_PROCESS, FURTHER)


def test_a_name_is_taken_in_whatever_case(graph, library):
    with pytest.raises(NameTaken):
        graph.create_library("CONTOSO", "other")


def test_a_library_is_found_by_its_name(graph):
    made = graph.create_library("A&B 100% #1 'x'", "marker")

    assert graph.find_library("a&b 100% #1 'x'") == (made, "marker")


def test_no_library_of_that_name(graph):
    assert graph.find_library("Nobody") is None


def test_a_library_is_renamed_in_one_request_and_keeps_its_address(graph, library, sharepoint):
    graph.find_library("x")  # the site is looked up once per process

    with spent(sharepoint) as cost:
        graph.rename_library(library.site_id, library.list_id, "Contoso & Sons")

    assert (cost.requests, cost.ru) == (1, 2)
    assert graph.find_library("Contoso") is None
    found, description = graph.find_library("Contoso & Sons")
    assert (found.list_id, found.drive_id, found.web_url) == (library.list_id, library.drive_id, library.web_url)
    assert description


def test_a_new_name_that_sharepoint_finds_taken(graph, library, sharepoint):
    sharepoint.fault({"match": {"method": "PATCH"}, "then": {"status": 409, "code": "nameAlreadyExists"}})

    with pytest.raises(NameTaken):
        graph.rename_library(library.site_id, library.list_id, "Fabrikam")


def test_a_library_that_is_gone_is_not_renamed(graph, library):
    with pytest.raises(NotFound):
        graph.rename_library(library.site_id, "00000000-0000-0000-0000-000000000000", "Contoso")


def test_completing_a_complete_library_changes_nothing(graph, library, sharepoint):
    with spent(sharepoint) as cost:
        graph.complete_library(library, made_here=True)

    assert cost.requests == 2
    assert all(each["method"] == "GET" for each in cost.entries)


class Killed(BaseException):
    """The process is gone."""


class Fuse(UnitBudget):
    """Lets some requests out and kills the process before the next."""

    def __init__(self, requests: int) -> None:
        super().__init__(OwnRow(), UNCOUNTED, lambda: 0.0, lambda _: None, lambda: 0.0)
        self.left = requests

    def take(self, units: int) -> None:  # noqa: ARG002
        if self.left == 0:
            raise Killed
        self.left -= 1


@pytest.mark.parametrize("requests", range(FIRST_OF_A_SITE))
def test_a_library_whose_making_was_killed_at_any_step_is_completed(graph, sharepoint, sleeps, requests):
    killed = connect(settings_for(sharepoint), sleeps.now, sleeps, pacing=Fuse(requests))
    with pytest.raises(Killed):
        killed.create_library("Contoso", "marker")

    library = _created_or_found(graph)

    assert is_complete(graph, library)


def _created_or_found(graph) -> Library:
    try:
        return graph.create_library("Contoso", "marker")
    except NameTaken:
        library, _ = graph.find_library("Contoso")
        graph.complete_library(library, made_here=True)
        return library


def test_a_drive_that_sharepoint_does_not_know_yet_is_asked_for_again(graph, sharepoint):
    sharepoint.fault({"match": {"method": "GET", "route": "/drive$"}, "times": 2, "then": {"status": 404}})

    assert graph.create_library("Contoso", "marker").drive_id


def test_instances_that_begin_together_make_one_content_type(sharepoint, sleeps):
    instances = [connect(settings_for(sharepoint), sleeps.now, sleeps) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        libraries = list(
            pool.map(lambda pair: pair[1].create_library(f"Library {pair[0]}", "marker"), enumerate(instances))
        )

    assert all(is_complete(instances[0], library) for library in libraries)


def test_threads_of_one_process_look_the_site_up_once(graph, sharepoint):
    with spent(sharepoint) as cost, ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda number: graph.create_library(f"Library {number}", "marker"), range(32)))

    assert cost.requests == FIRST_OF_A_SITE + 31 * FURTHER

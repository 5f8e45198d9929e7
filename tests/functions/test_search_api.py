"""Searching over HTTP: every parameter narrows, and what can't be is refused by its name."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.functions.conftest import Api
from tests.functions.test_directory_api import problem_of
from tests.functions.test_files_api import announce, wait_for
from tests.world import put_blob

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def library(host) -> tuple[Api, str]:
    """A customer with a project, an activity, a task of a period, and five files."""
    api = Api(host.url)
    customer = api.customer()
    for path, body in {
        "": {"name": "Web"},
        "/activities/a1": {"name": "Design"},
        "/tasks/t1": {"number": "1", "name": "Check", "activity": "a1", "series": "s1", "period": "11/2026"},
    }.items():
        assert api.call("PUT", f"customers/{customer}/projects/p1{path}", json=body).status_code == 201
    place = {"project": "p1"}
    announce(api, customer, name="Årsrapport 2026.pdf", tags=["Urgent, now", "final"], createdBy="Ada")
    announce(api, customer, name="Report of May.docx", tags=["final"], **place)
    announce(api, customer, name="photo.JPG", **place, activity="a1")
    announce(api, customer, name="Check list.xlsx", **place, activity="a1", task="t1")
    announce(api, customer, name="may report 2.docx", tags=["Final", "draft"], **place, createdBy="Åse")
    return api, f"customers/{customer}"


def names(library: tuple[Api, str], query: str, place: str = "") -> list[str]:
    api, customer = library
    answer = api.call("GET", f"{customer}{place}/files{query}")
    assert answer.status_code == 200, answer.text
    return [each["name"].split(".")[0] for each in answer.json()["items"]]


YEAR, REPORT, PHOTO, CHECK, MAY = "Årsrapport 2026", "Report of May", "photo", "Check list", "may report 2"


@pytest.mark.parametrize(
    ("place", "query", "found"),
    [
        ("", "", [MAY, CHECK, PHOTO, REPORT, YEAR]),
        ("", "?q=arsrapport", [YEAR]),
        ("", "?q=%C3%85RS", [YEAR]),
        ("", "?q=may+rep", [MAY, REPORT]),
        ("", "?q=r+m", [MAY, REPORT]),
        ("", "?tag=final", [MAY, REPORT, YEAR]),
        ("", "?tag=FINAL&tag=draft", [MAY]),
        ("", "?tag=Urgent,+now", [YEAR]),
        ("", "?type=document", [MAY, REPORT]),
        ("", "?type=image", [PHOTO]),
        ("", "?by=ase", [MAY]),
        ("", "?period=2026", [CHECK]),
        ("", "?period=10/2026", []),
        ("", "?where=moment-cloud", [MAY, CHECK, PHOTO, REPORT, YEAR]),
        ("", "?where=sharepoint", []),
        ("", "?state=expected&q=photo", [PHOTO]),
        ("", "?addedTo=2020-01-01", []),
        ("", "?addedFrom=2020-01-01&changedFrom=2020-01-01T00:00:00Z&q=photo", [PHOTO]),
        ("", "?sort=name", [YEAR, CHECK, MAY, PHOTO, REPORT]),
        ("", "?sort=size&q=photo", [PHOTO]),
        ("/projects/p1", "", [MAY, CHECK, PHOTO, REPORT]),
        ("/projects/p1", "?tag=final", [MAY, REPORT]),
        ("/projects/p1/activities/a1", "", [CHECK, PHOTO]),
        ("/projects/p1/activities/a1", "?q=check", [CHECK]),
        ("/projects/p1/tasks/t1", "", [CHECK]),
    ],
)
def test_each_parameter_narrows_the_list(library: tuple[Api, str], place: str, query: str, found: list[str]):
    assert names(library, query, place) == found


def test_pages_follow_each_other_and_what_is_on_one_page_is_counted(library: tuple[Api, str]):
    api, customer = library
    first = api.call("GET", f"{customer}/files?q=report&limit=1").json()
    second = api.call("GET", f"{customer}/files?q=report&limit=1&page={first['nextPage']}").json()
    whole = api.call("GET", f"{customer}/files?q=report").json()

    assert [each["name"] for each in (*first["items"], *second["items"])] == [each["name"] for each in whole["items"]]
    assert (whole["count"], first.get("count")) == (2, None)
    assert problem_of(api.call("GET", f"{customer}/files?page={first['nextPage']}"))["field"] == "page"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=...", "q"),
        ("q=" + "x" * 256, "q"),
        ("tag=a%3B%23b", "tag"),
        ("state=lost", "state"),
        ("where=lost", "where"),
        ("state=moving&where=moving", "where"),
        ("type=pictures", "type"),
        ("period=2026-11", "period"),
        ("addedFrom=yesterday", "addedFrom"),
        ("changedTo=2026-11-23T10:00:00", "changedTo"),
        ("addedTo=9999-12-31", "addedTo"),
        ("sort=oldest", "sort"),
        ("q=a&q=b", "q"),
        ("colour=red", "colour"),
        ("page=abc", "page"),
        ("limit=0", "limit"),
    ],
)
def test_what_can_not_be_asked_is_refused_by_name(library: tuple[Api, str], query: str, field: str):
    api, customer = library

    problem = problem_of(api.call("GET", f"{customer}/files?{query}"))

    assert (problem["status"], problem["field"]) == (400, field)


def test_a_place_that_is_not_there_is_a_404(library: tuple[Api, str]):
    api, customer = library

    assert problem_of(api.call("GET", f"{customer}/projects/nope/files"))["field"] == "project"
    assert problem_of(api.call("POST", "customers/nope/reindex", json={}))["field"] == "customer"


def test_the_command_builds_the_index_of_a_customer_and_tells_how_far_it_is(library: tuple[Api, str]):
    api, customer = library
    command = [sys.executable, "-m", "tools.admin", "reindex", f"--url={api.url}"]
    one = ["--customer", customer.removeprefix("customers/")]

    needless = subprocess.run([*command, *one], cwd=ROOT, capture_output=True, text=True, timeout=120)
    again = subprocess.run([*command, *one, "--all-files"], cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert (needless.returncode, again.returncode) == (0, 0), needless.stderr + again.stderr
    assert "5 files looked at, 0 written" in needless.stdout
    assert "5 files looked at, 5 written" in again.stdout
    assert names(library, "?q=arsrapport") == [YEAR]


def test_files_of_all_customers_are_found_soon_and_those_of_one_at_once(api: Api):
    first, second = api.customer(), api.customer()
    word = f"w{first[1:]}"
    for customer in (first, second):
        put_blob(announce(api, customer, name=f"{word} plan.txt")["upload"]["url"], b"content")

    def found(query: str) -> list[str]:
        return [each["customer"] for each in api.call("GET", f"files?{query}").json()["items"]]

    wait_for(lambda: sorted(found(f"q={word}")) == sorted([first, second]), "the search over all customers")
    assert found(f"q={word}&customer={first}") == [first]
    assert api.call("GET", "files?project=p1").json()["field"] == "customer"

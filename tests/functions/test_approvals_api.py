"""Approvals over HTTP, with a host whose guard is strict and real queues behind it."""

from collections.abc import Iterator

import pytest

from tests.conftest import moments_storage
from tests.functions.conftest import ROOT, Api, host_settings
from tests.functions.test_directory_api import problem_of
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.system.test_round_trip import Person, followed, free_port, where
from tests.world import put_blob
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture(scope="module")
def storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture(scope="module")
def local() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


@pytest.fixture(scope="module")
def api(storage: Azurite, local: LocalSharePoint) -> Iterator[Api]:
    port = free_port()
    settings = host_settings(
        storage,
        local,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        DELETION_GUARD_FILES="1",
        AzureFunctionsWebHost__hostid="approvals",
    )
    options = ["--poll-interval-ms", "200", "--queue-poll-ms", "200"]
    with LocalHost(app=ROOT, settings=settings, port=port, options=options) as host:
        yield Api(host.url)


def a_customer_that_waits(api: Api, local: LocalSharePoint) -> str:
    """Its project's folder, with three files, was deleted in SharePoint."""
    customer = api.customer(storage="sharepoint")
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web"})
    for number in range(3):
        announced = announce(api, customer, name=f"{number}.txt", project="p1")
        put_blob(announced["upload"]["url"], f"content {number}".encode())
        wait_for(lambda file=announced["id"]: in_state(api, customer, file, "in-sharepoint"), "the move")
    wait_for(lambda: followed(api, customer), "the subscription")
    person = Person(local)
    drive, _, folder = where(person, customer, "Web", "0.txt")
    person.does("DELETE", f"/drives/{drive}/items/{folder}")
    wait_for(lambda: library(api, customer)["stopped"], "the stop")
    return customer


@pytest.fixture
def waiting(api: Api, local: LocalSharePoint) -> str:
    return a_customer_that_waits(api, local)


@pytest.fixture(scope="module")
def one_that_waits(api: Api, local: LocalSharePoint) -> str:
    """For requests that change nothing."""
    return a_customer_that_waits(api, local)


def library(api: Api, customer: str) -> dict:
    return api.call("GET", f"customers/{customer}/library").json()


def files(api: Api, customer: str, state: str) -> list[str]:
    items = api.call("GET", f"customers/{customer}/files?state={state}").json()["items"]
    return sorted(item["name"] for item in items)


ALL = ["0.txt", "1.txt", "2.txt"]


def test_deletions_are_looked_at_and_approved(api: Api, waiting: str):
    assert library(api, waiting)["stop"] == "deletions"
    (entry,) = [each for each in api.call("GET", "approvals?limit=1000").json()["items"] if each["customer"] == waiting]
    assert (entry["files"], entry["libraryFiles"], entry["percent"]) == (3, 3, 100)
    assert "3 of 3 files" in entry["reason"]
    assert entry["since"]
    first = api.call("GET", f"customers/{waiting}/library/deletions?limit=2").json()
    second = api.call("GET", f"customers/{waiting}/library/deletions?limit=2&page={first['nextPage']}").json()
    shown = first["items"] + second["items"]
    assert "nextPage" not in second
    assert sorted(each["name"] for each in shown) == ALL
    assert {(each["project"], each["sizeBytes"]) for each in shown} == {("p1", 9)}
    assert all(each["modifiedAt"] and each["link"].endswith(f"/Web/{each['name']}") for each in shown)

    answer = api.call("POST", f"customers/{waiting}/library/approve", json={"by": "Ada", "files": 3})

    assert (answer.status_code, answer.json()["stop"]) == (202, "none")
    wait_for(lambda: files(api, waiting, "deleted") == ALL, "the deletions")
    history = api.call("GET", f"customers/{waiting}/files/{shown[0]['id']}/history").json()["items"]
    assert "Ada approved" in history[-1]["event"]
    assert problem_of(api.call("POST", f"customers/{waiting}/library/approve"))["status"] == 409
    assert api.call("GET", f"customers/{waiting}/library/deletions").json() == {"items": []}


def test_deletions_are_dismissed_without_a_body(api: Api, waiting: str):
    assert api.call("POST", f"customers/{waiting}/library/dismiss").status_code == 202

    wait_for(lambda: files(api, waiting, "blocked") == ALL, "the dismissal")
    blocked = api.call("GET", f"customers/{waiting}/files?state=blocked").json()["items"][0]
    assert "dismissed by Ada Developer" in blocked["reason"]
    assert problem_of(api.call("GET", f"customers/{waiting}/files/{blocked['id']}/content"))["status"] == 409


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"files": 2}, 409, "files"),
        ({"files": -1}, 400, "files"),
        ({"files": "3"}, 400, "files"),
        ({"by": 1}, 400, "by"),
        ({"who": "Ada"}, 400, "who"),
    ],
)
def test_an_answer_that_can_not_be_is_refused_by_field(
    api: Api, one_that_waits: str, body: dict, status: int, field: str
):
    for what in ("approve", "dismiss"):
        problem = problem_of(api.call("POST", f"customers/{one_that_waits}/library/{what}", json=body))
        assert (problem["status"], problem["field"]) == (status, field)
    assert library(api, one_that_waits)["stop"] == "deletions"


def test_a_customer_without_a_library_has_nothing_to_approve(api: Api):
    customer = api.customer(storage="moment")

    for method, what in (("POST", "approve"), ("POST", "dismiss"), ("GET", "deletions")):
        assert problem_of(api.call(method, f"customers/{customer}/library/{what}"))["status"] == 404

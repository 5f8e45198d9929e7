"""Customers, projects, activities and tasks over HTTP, problems included."""

import pytest

from tests.functions.conftest import Api


def problem_of(answer) -> dict:
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.text
    document = answer.json()
    assert document["status"] == answer.status_code
    return document


def test_a_customer_is_made_read_changed_and_deleted(api: Api):
    customer = api.customer(storage="sharepoint")
    path = f"customers/{customer}"

    found = {"id": customer, "name": f"Customer {customer}", "storage": "sharepoint"}
    assert api.call("GET", path).json().items() >= found.items()
    assert api.call("PUT", path, json={"name": f"New {customer}"}).status_code == 200
    assert api.call("GET", path).json()["storage"] == "moment"
    assert api.call("DELETE", path).status_code == 204
    assert problem_of(api.call("GET", path))["status"] == 404


def test_projects_activities_and_tasks_live_below_their_customer(api: Api):
    project = f"customers/{api.customer()}/projects/p1"
    assert api.call("PUT", project, json={"name": "Web", "number": "4711", "storage": "sharepoint"}).status_code == 201
    assert api.call("PUT", f"{project}/activities/a1", json={"name": "Design", "number": "10"}).status_code == 201
    task = {"name": "Close", "number": "7", "activity": "a1", "series": "s1", "period": "11/2026"}
    assert api.call("PUT", f"{project}/tasks/t1", json=task).status_code == 201

    assert api.call("GET", f"{project}/tasks/t1").json().items() >= ({"id": "t1"} | task).items()
    assert [each["id"] for each in api.call("GET", f"{project}/activities").json()["items"]] == ["a1"]
    assert [each["id"] for each in api.call("GET", f"{project}/tasks").json()["items"]] == ["t1"]


def test_lists_come_in_pages(api: Api):
    customer = api.customer()
    for number in range(5):
        api.call("PUT", f"customers/{customer}/projects/p{number}", json={"name": f"Project {number}"})

    ids, page = [], {"limit": "2"}
    while True:
        answer = api.call("GET", f"customers/{customer}/projects", params=page).json()
        ids += [each["id"] for each in answer["items"]]
        if "nextPage" not in answer:
            break
        page["page"] = answer["nextPage"]

    assert ids == [f"p{number}" for number in range(5)]


def test_a_sibling_of_the_same_folder_name_is_refused_and_named(api: Api):
    customer = api.customer()
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web: site"})

    problem = problem_of(api.call("PUT", f"customers/{customer}/projects/p2", json={"name": "WEB: SITE"}))

    assert problem["status"] == 409
    assert "p1" in problem["detail"]


def test_a_rename_onto_a_siblings_name_is_refused_too(api: Api):
    customer = api.customer()
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "One"})
    api.call("PUT", f"customers/{customer}/projects/p2", json={"name": "Two"})

    assert problem_of(api.call("PUT", f"customers/{customer}/projects/p2", json={"name": "one"}))["status"] == 409
    assert api.call("GET", f"customers/{customer}/projects/p2").json()["name"] == "Two"


def test_what_still_has_something_below_is_not_deleted(api: Api):
    customer = api.customer()
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "One"})

    assert problem_of(api.call("DELETE", f"customers/{customer}"))["status"] == 409


def test_a_project_with_files_is_not_deleted(api: Api):
    customer = api.customer()
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "One"})
    api.call("POST", f"customers/{customer}/files", json={"name": "a.txt", "project": "p1"})

    problem = problem_of(api.call("DELETE", f"customers/{customer}/projects/p1"))

    assert problem["status"] == 409
    assert "Files" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "ok", "storage": "dropbox"}, "storage"),
        ({"name": "ok", "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_member_is_a_400_that_names_it(api: Api, body: dict, field: str):
    problem = problem_of(api.call("PUT", "customers/c1", json=body))

    assert (problem["status"], problem["field"]) == (400, field)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_no_json_object_is_a_400(api: Api, body: bytes):
    assert problem_of(api.call("PUT", "customers/c1", data=body))["status"] == 400


def test_a_body_beyond_the_limit_is_a_413(api: Api):
    assert problem_of(api.call("PUT", "customers/c1", data=b" " * 70_000))["status"] == 413


@pytest.mark.parametrize("identifier", ["a b", "ä", ".hidden", "x" * 65])
def test_a_bad_id_is_a_400_that_names_it(api: Api, identifier: str):
    problem = problem_of(api.call("PUT", f"customers/{identifier}", json={"name": "ok"}))

    assert (problem["status"], problem["field"]) == (400, "customer")


@pytest.mark.parametrize(
    "path",
    ["customers/nobody", "customers/nobody/projects", "customers/nobody/projects/p1", "customers/nobody/files"],
)
def test_an_unknown_customer_is_a_404(api: Api, path: str):
    assert problem_of(api.call("GET", path))["status"] == 404


@pytest.mark.parametrize(("query", "field"), [("limit=0", "limit"), ("limit=x", "limit"), ("page=%21", "page")])
def test_a_bad_page_is_a_400_that_names_it(api: Api, query: str, field: str):
    problem = problem_of(api.call("GET", f"customers?{query}"))

    assert (problem["status"], problem["field"]) == (400, field)


def test_a_period_needs_its_series(api: Api):
    project = f"customers/{api.customer()}/projects/p1"
    api.call("PUT", project, json={"name": "Web"})
    body = {"name": "Close", "number": "7", "period": "11/2026"}

    assert problem_of(api.call("PUT", f"{project}/tasks/t1", json=body))["field"] == "period"


def test_a_task_of_an_unknown_activity_is_a_404_that_names_it(api: Api):
    project = f"customers/{api.customer()}/projects/p1"
    api.call("PUT", project, json={"name": "Web"})

    problem = problem_of(api.call("PUT", f"{project}/tasks/t1", json={"name": "Do", "number": "1", "activity": "a9"}))

    assert (problem["status"], problem["field"]) == (404, "activity")


def test_a_change_of_what_somebody_else_changed_is_refused_and_shows_what_is_there(api: Api):
    customer = f"customers/{api.customer()}"
    seen = api.call("GET", customer)
    assert seen.headers["ETag"] == f'"{seen.json()["etag"]}"'
    api.call("PUT", customer, json={"name": f"{seen.json()['name']} AS"})

    late = api.call("PUT", customer, headers={"If-Match": seen.headers["ETag"]}, json={"name": "Mine"})

    problem = problem_of(late)
    assert (problem["status"], problem["current"]["name"]) == (412, f"{seen.json()['name']} AS")
    again = api.call("PUT", customer, headers={"If-Match": problem["current"]["etag"]}, json=seen.json() | {"id": None})
    assert again.status_code == 400
    mine = {"name": f"{seen.json()['name']} mine"}
    assert api.call("PUT", customer, headers={"If-Match": problem["current"]["etag"]}, json=mine).status_code == 200


def test_what_is_there_is_not_made_again(api: Api):
    customer = f"customers/{api.customer()}"

    again = api.call("PUT", customer, headers={"If-None-Match": "*"}, json={"name": "Another"})

    assert problem_of(again)["status"] == 412
    assert again.json()["current"]["id"] == customer.removeprefix("customers/")


def test_objects_are_found_by_beginnings_of_words_of_name_or_number(api: Api):
    customer = f"customers/{api.customer()}"
    api.call("PUT", f"{customer}/projects/p1", json={"name": "Nytt lager", "number": "4711"})
    api.call("PUT", f"{customer}/projects/p2", json={"name": "Åpent hus", "number": "12"})

    def found(q: str) -> list[str]:
        return [each["id"] for each in api.call("GET", f"{customer}/projects", params={"q": q}).json()["items"]]

    assert [found("lag"), found("47"), found("apent"), found("nytt hus"), found("")] == [
        ["p1"],
        ["p1"],
        ["p2"],
        [],
        ["p1", "p2"],
    ]

"""The description of the API: whole, valid, and true in its examples."""

import json
import re

import msgspec
import pytest

import function_app  # noqa: F401 - registers all operations
from functions.api_docs import _page
from functions.examples import BODIES
from functions.openapi import description
from functions.operation import OPERATIONS
from tests.functions.conftest import Api

DOCUMENT = description(OPERATIONS)


def refs(document: object) -> set[str]:
    return set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))


def test_every_shape_that_is_named_is_there():
    assert refs(DOCUMENT) <= set(DOCUMENT["components"]["schemas"])


def test_every_operation_says_who_may_and_how_it_fails():
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            assert said["summary"], (method, path)
            assert "400" in said["responses"], (method, path)
            is_open = said.get("security") == []
            assert is_open or {"401", "403"} <= set(said["responses"]), (method, path)
            assert is_open or "Needs the role" in said["description"]


def test_every_body_has_examples():
    assert {said.body for said in OPERATIONS if said.body is not None} <= set(BODIES)


@pytest.mark.parametrize("kind", BODIES)
def test_the_examples_are_read_by_the_types_they_are_of(kind: type):
    for example in BODIES[kind].values():
        msgspec.convert(example, kind)


def test_the_served_description_is_this_one_and_openapi_3_1(api: Api):
    served = api.call("GET", "openapi.json").json()

    assert served["openapi"] == "3.1.0"
    assert served == json.loads(json.dumps(DOCUMENT))


def test_the_page_to_read_has_every_operation_and_runs_no_script(api: Api):
    answer = api.call("GET", "docs")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    for said in OPERATIONS:
        assert f'id="{said.name}"' in _page()


def test_a_list_that_did_not_change_is_not_sent_again(api: Api):
    customer = api.customer()
    path = f"customers/{customer}/files"
    first = api.call("GET", path)

    again = api.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    api.call("POST", path, json={"name": "a.txt"})
    changed = api.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200

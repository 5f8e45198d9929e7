"""docs/api.md tells programs what the operations are: addresses, bodies, statuses, states and roles."""

import json
import re

import msgspec
import pytest

import function_app  # noqa: F401 - registers all operations
from functions.openapi import description
from functions.operation import API, OPERATIONS
from functions.reading import MAX_BODY_BYTES
from shared.model.files import FileState
from shared.model.principals import APP_ROLES
from tests.functions.conftest import ROOT

TEXT = (ROOT / "docs/api.md").read_text("utf-8")
CALLS = sorted(set(re.findall(r"`(GET|PUT|POST|PATCH|DELETE) (/api/[^\s`?]+)", TEXT)))
BODIES = re.findall(r"`(PUT|POST) (/api/\S+)` with `(\{.+?\})`", TEXT)
ROUTES = {(each.method, f"/{API}{each.route}"): each for each in OPERATIONS}


@pytest.mark.parametrize(("method", "address"), CALLS)
def test_an_address_is_one_of_an_operation(method: str, address: str):
    assert (method, address) in ROUTES


@pytest.mark.parametrize(("method", "address", "body"), BODIES, ids=[address for _, address, _ in BODIES])
def test_a_body_is_taken_by_its_operation(method: str, address: str, body: str):
    kind = ROUTES[method, address].body

    assert kind is not None
    msgspec.convert(json.loads(body), kind)


def test_calls_and_bodies_were_found():
    assert len(CALLS) >= 8
    assert len(BODIES) == 2


def test_every_status_that_an_operation_fails_with_is_explained():
    told = set(re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE))
    answers = [said["responses"] for methods in description(OPERATIONS)["paths"].values() for said in methods.values()]
    failures = {status for each in answers for status in each if status >= "400"}

    assert failures <= told
    assert told - failures == {"500", "502"}  # of defects and refusals, which any operation may meet


def test_every_role_and_only_states_that_exist_are_named():
    states = re.search(r"`state`: (.+?) \|", TEXT)

    assert states is not None
    assert {f"`{role}`" for role in APP_ROLES} <= set(re.findall(r"`Moment\.\w+`", TEXT))
    named = {word for word in re.findall(r"`([a-z-]+)`", states[1]) if word not in {"link", "reason"}}
    assert {"in-sharepoint", "waiting", "blocked"} <= named <= set(FileState)
    assert f"at most {MAX_BODY_BYTES // 1024} KiB" in TEXT


def test_what_changes_nothing_when_it_is_repeated_reads_its_key():
    announce = ROUTES["POST", f"/{API}customers/{{customer}}/files"]

    assert "Idempotency-Key" in announce.headers

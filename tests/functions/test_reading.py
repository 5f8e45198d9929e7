"""Bodies and query strings: what is wrong is named."""

import json
from contextlib import suppress
from urllib.parse import quote, urlencode

import azure.functions as func
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.file_bodies import FileChange, GivenFile
from functions.reading import MAX_BODY_BYTES, body_of, query_of
from functions.search_query import SearchQuery, search_of
from functions.shapes import PageQuery
from shared.errors import InvalidInput, Oversize
from shared.model.directory import Links


def request(body: bytes = b"", query: str = "") -> func.HttpRequest:
    return func.HttpRequest("POST", f"http://app/api/x?{query}", body=body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": 1}, "name"),
        ({"name": ""}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"name": "a", "nmae": "b"}, "nmae"),
        ({"name": "a", "tags": "b"}, "tags"),
        ({"name": "a", "tags": ["b", 1]}, "tags"),
        ({"name": "a", "tags": ["b"] * 51}, "tags"),
        ({"name": "a", "project": "../b"}, "project"),
        ({"name": "a", "sizeBytes": 1.5}, "sizeBytes"),
        ({"name": "a", "sizeBytes": True}, "sizeBytes"),
    ],
)
def test_a_body_that_can_not_be_is_refused_by_field(body: dict, field: str):
    with pytest.raises(InvalidInput) as caught:
        body_of(request(json.dumps(body).encode()), GivenFile)
    assert caught.value.field == field
    assert field in caught.value.detail


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null", b"{", b"\xff", b'{"name": "a"} x'])
def test_what_is_no_object_is_refused(body: bytes):
    with pytest.raises(InvalidInput):
        body_of(request(body), GivenFile)


def test_a_long_body_is_not_read():
    with pytest.raises(Oversize):
        body_of(request(b" " * (MAX_BODY_BYTES + 1)), GivenFile)


def test_what_is_left_out_is_told_from_what_is_null():
    assert body_of(request(b'{"project": null}'), FileChange) == FileChange(project=None)
    assert body_of(request(), FileChange) == FileChange()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("unknown=1", "unknown"),
    ],
)
def test_a_query_that_can_not_be_is_refused_by_field(query: str, field: str):
    with pytest.raises(InvalidInput) as caught:
        query_of(request(query=query), PageQuery)
    assert caught.value.field == field


@pytest.mark.parametrize("query", ["where=null", "state=NULL", "include=null", "sort=null"])
def test_the_word_null_is_no_way_to_leave_something_out(query: str):
    with pytest.raises(InvalidInput) as caught:
        query_of(request(query=query), SearchQuery)
    assert caught.value.field == query.partition("=")[0]


def test_a_name_without_a_value_is_left_out():
    assert query_of(request(query="limit=&page="), PageQuery) == PageQuery()


@given(st.lists(st.text(min_size=1, max_size=30), max_size=5))
def test_repeated_tags_are_all_read_whatever_they_hold(tags: list[str]):
    given_tags = [tag.encode("utf-8", "replace").decode() for tag in tags]
    read = query_of(request(query=urlencode([("tag", tag) for tag in given_tags])), SearchQuery)
    assert list(read.tag) == given_tags


@given(st.binary(max_size=200))
def test_any_query_is_read_or_refused(raw: bytes):
    with suppress(InvalidInput):
        search_of(query_of(request(query=quote(raw, safe="&=%+")), SearchQuery), Links("c1"))


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(raw: bytes):
    with suppress(InvalidInput):
        body_of(request(raw), FileChange)

"""Pages of a list that we make: every entry once, in any size of page, whatever comes and goes meanwhile."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.model.page_tokens import cut_page, place_of

names = st.lists(st.text(max_size=3), unique=True)


def page(entries, token, limit):
    (after,) = place_of(token, 1)
    return cut_page((((entry,), entry) for entry in sorted(entries) if entry > after), limit)


@given(names, st.integers(1, 5))
def test_all_pages_together_are_the_list(entries, limit):
    found, token = [], None
    while True:
        some = page(entries, token, limit)
        assert len(some.items) <= limit
        found += some.items
        token = some.next_token
        if token is None:
            break

    assert found == sorted(set(entries) - {""})


def test_a_page_reads_one_entry_more_than_it_shows():
    entries = iter([(("a",), 1), (("b",), 2), (("c",), 3), (("d",), 4)])

    assert cut_page(entries, 2).items == [1, 2]
    assert next(entries) == (("d",), 4)


def test_an_entry_that_went_away_loses_nobody_else():
    first = page(["a", "b", "c", "d"], None, 2)

    assert page(["a", "c", "d"], first.next_token, 2).items == ["c", "d"]


def a_token(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize("token", ["", "x", "é", a_token("a"), a_token(["a"]), a_token(["a", 1]), a_token({"a": "b"})])
def test_a_token_of_another_list_is_refused(token):
    with pytest.raises(InvalidInput) as caught:
        place_of(token, 2)
    assert caught.value.field == "page"

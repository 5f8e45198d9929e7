"""shared/model/journal_pages.py: ranges of versions, newest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.model.journal_pages import oldest_shown, versions_below
from shared.model.page_tokens import token_of


@given(st.integers(0, 300), st.integers(1, 50))
def test_the_pages_hold_every_version_once_newest_first(version: int, limit: int):
    met: list[int] = []
    below, token = version + 1, None
    while True:
        page = versions_below(below, limit)
        assert page.newest - page.oldest < limit
        met += range(page.newest, page.oldest - 1, -1)
        token = page.next_token
        if token is None:
            break
        below = oldest_shown(token) or 0

    assert met == list(range(version, 0, -1))


def test_the_first_page_has_no_token():
    assert oldest_shown(None) is None


@pytest.mark.parametrize("token", ["x", token_of(("x",)), token_of(("-1",)), token_of(("²",)), token_of(("1", "2"))])
def test_a_token_of_another_list_is_refused(token: str):
    with pytest.raises(InvalidInput):
        oldest_shown(token)

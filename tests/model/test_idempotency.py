"""shared/model/idempotency.py: keys, the ids derived from them, and fingerprints of what was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.model.checks import checked_id
from shared.model.idempotency import checked_key, derived_id, fingerprint

visible = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)


@given(visible)
def test_visible_ascii_is_a_key(key: str):
    assert checked_key(key) == key


@pytest.mark.parametrize("key", ["", " ", "a b", "ø", "a\n", "x" * 201])
def test_anything_else_is_none(key: str):
    with pytest.raises(InvalidInput) as refused:
        checked_key(key)
    assert refused.value.field == "Idempotency-Key"


@given(visible, visible)
def test_ids_differ_as_keys_and_places_do(one: str, other: str):
    assert (derived_id(one, "contoso") == derived_id(other, "contoso")) is (one == other)
    assert derived_id(one, "contoso") != derived_id(one, "fabrikam")
    assert checked_id("k" + derived_id(one, "contoso"), "file")


def test_a_fingerprint_tells_what_was_asked_for():
    assert fingerprint("a", ["b"]) == fingerprint("a", ["b"])
    assert len({fingerprint("a", ["b"]), fingerprint("a", "b"), fingerprint(["a", "b"]), fingerprint("ø", ["b"])}) == 4

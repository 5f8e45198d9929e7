"""shared/model/given_up.py: what a message's text names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.given_up import MAX_BODY_LENGTH, blob_message, kept_text, member_of, message_id, required_member_of


@pytest.mark.parametrize(
    "body", ["", "{", "no JSON", "[]", "1", "null", '"text"', "\ufffd", pytest.param("[" * 100_000, id="deep")]
)
def test_what_is_no_json_object_is_refused_with_a_value_error(body: str):
    with pytest.raises(ValueError):  # noqa: PT011 - json's own is one too
        member_of(body, "key")


@pytest.mark.parametrize("body", ["{}", '{"key": null}', '{"key": 1}', '{"key": ""}', '{"key": ["a"]}', '{"Key": "a"}'])
def test_a_member_that_has_to_be_there_is_a_text(body: str):
    assert not member_of(body, "key")
    with pytest.raises(ValueError, match="no key"):
        required_member_of(body, "key")


def test_an_id_is_that_of_the_queue_and_the_text():
    ids = {message_id("changes", "a"), message_id("changes", "b"), message_id("pushes", "a")}

    assert len(ids) == 3
    assert message_id("changes", "a") in ids


def test_a_blob_of_any_name_is_read_back_from_its_message():
    name = 'c1/Ü "x" \\ /note.txt'

    assert member_of(blob_message(name), "blob") == name
    assert set(json.loads(blob_message(name))) == {"blob"}


@given(st.text(st.characters()))
def test_a_kept_text_can_be_stored_and_is_what_it_was_but_for_what_cannot_be(text: str):
    kept = kept_text(text)

    assert kept.encode().decode() == kept
    assert len(kept) == len(text)
    assert all(new == old or new == "\ufffd" for new, old in zip(kept, text, strict=True))
    assert kept_text(kept) == kept


def test_a_kept_text_has_an_end():
    assert kept_text("x" * 50_000) == "x" * MAX_BODY_LENGTH


@given(st.text())
def test_what_we_write_is_kept_whole(blob_name: str):
    assert kept_text(blob_message(blob_name)) == blob_message(blob_name)

"""quickXorHash: published figures, agreement with the plain definition, any split, and going on in another process."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.quick_xor_hash import QuickXorHash

CONTENT = st.binary(max_size=2000) | st.builds(
    lambda part, times: part * times, st.binary(max_size=9), st.integers(0, 9000)
)


def hash_of(*pieces: bytes) -> str:
    hasher = QuickXorHash()
    for piece in pieces:
        hasher.update(piece)
    return hasher.base64()


def by_definition(content: bytes) -> str:
    """The algorithm word by word: each byte is rotated to its place in a circle of 160 bits."""
    register = 0
    for index, byte in enumerate(content):
        for bit in range(8):
            if byte >> bit & 1:
                register ^= 1 << (11 * index + bit) % 160
    result = bytearray(register.to_bytes(20, "little"))
    for index, byte in enumerate(len(content).to_bytes(8, "little")):
        result[12 + index] ^= byte
    return base64.b64encode(result).decode()


def split(content: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(content), *(cut % (len(content) + 1) for cut in cuts)})
    return [content[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        (b"a", "YQAAAAAAAAAAAAAAAQAAAAAAAAA="),
        (b"abc", "YRDDGAAAAAAAAAAAAwAAAAAAAAA="),
        (bytes(range(256)), "QkGEfSisZcA7k+FCh71r2dbCayY="),
        (bytes(1000), "AAAAAAAAAAAAAAAA6AMAAAAAAAA="),
        (b"x" * (1 << 20), "FKMYxShGMYpRjGIU29jWNraxjW0="),
        (b"The quick brown fox jumps over the lazy dog", "bMSlbysmxJL6S75XwfMcQZOpcr4="),
    ],
)
def test_known_content_has_its_known_hash(content, expected):
    assert hash_of(content) == expected


@given(CONTENT)
def test_agrees_with_the_definition(content):
    assert hash_of(content) == by_definition(content)


@given(CONTENT, st.lists(st.integers(0)))
def test_any_split_gives_the_same_hash(content, cuts):
    assert hash_of(*split(content, cuts)) == hash_of(content)


@given(CONTENT, CONTENT)
def test_a_resumed_hash_goes_on_where_the_first_one_stopped(first, second):
    hasher = QuickXorHash()
    hasher.update(first)
    resumed = QuickXorHash.resume(hasher.state())
    resumed.update(second)

    assert resumed.base64() == hash_of(first + second)
    assert resumed.hashed_bytes == len(first) + len(second)


@given(CONTENT)
def test_a_resumed_state_is_the_same_state(content):
    hasher = QuickXorHash()
    hasher.update(content)

    assert QuickXorHash.resume(hasher.state()).state() == hasher.state()
    assert len(hasher.state()) == 40


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_buffer_is_hashed_and_stays_usable(kind):
    data = kind(b"abc")
    hasher = QuickXorHash()
    hasher.update(data)
    hasher.update(data)

    assert hasher.base64() == hash_of(b"abcabc")


def test_a_buffer_of_wider_elements_is_hashed_by_its_bytes():
    wide = memoryview(b"abcdefgh").cast("I")
    hasher = QuickXorHash()
    hasher.update(wide)

    assert hasher.base64() == hash_of(b"abcdefgh")
    assert hasher.hashed_bytes == 8


def test_asking_for_the_digest_changes_nothing():
    hasher = QuickXorHash()
    hasher.update(b"a")
    first = hasher.digest()
    hasher.update(b"bc")

    assert len(first) == 20
    assert hasher.base64() == hash_of(b"abc")


@pytest.mark.parametrize("state", ["", "AAAA", "not base64!", "A" * 44])
def test_anything_but_a_state_is_refused(state):
    with pytest.raises(ValueError):  # noqa: PT011 - base64 and this module word it differently
        QuickXorHash.resume(state)

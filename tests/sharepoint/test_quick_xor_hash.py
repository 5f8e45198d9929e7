"""The hash against known values, and against the documented definition taken literally."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sharepoint.state.quick_xor_hash import QuickXorHash


def hash_of(*pieces: bytes) -> str:
    hashed = QuickXorHash()
    for piece in pieces:
        hashed.update(piece)
    return hashed.base64()


def by_definition(content: bytes) -> str:
    register = 0
    for index, byte in enumerate(content):
        offset = 11 * index % 160
        register ^= (byte << offset) | 0
        register = (register & ((1 << 160) - 1)) ^ (register >> 160)
    return base64.b64encode((register ^ (len(content) << 96)).to_bytes(20, "little")).decode()


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
def test_known_contents_have_their_known_hashes(content, expected):
    assert hash_of(content) == expected


@given(st.lists(st.binary(max_size=700), max_size=8))
def test_the_pieces_it_is_fed_in_make_no_difference(pieces):
    assert hash_of(*pieces) == by_definition(b"".join(pieces))


def test_pieces_may_straddle_the_internal_stretches():
    content = bytes(range(251)) * 1000

    assert hash_of(*(content[at : at + 7777] for at in range(0, len(content), 7777))) == by_definition(content)

"""Text that a sender without good intentions would choose, for generated tests."""

from hypothesis import strategies as st

ODD_TEXTS = (
    "",
    " ",
    "\x00",
    "a\r\nX-Injected: 1",
    "\ud800",
    "a\udfffb",
    "é",
    "e\u0301",
    "\u202egnp.exe",
    "\u200b",
    "😀" * 40,
    "<script>alert(1)</script>",
    "'; DROP TABLE files; --",
    "../../etc/passwd",
    "..%2f..%2f",
    "a?b#c",
    "a~b/c\\d",
    "{{7*7}}",
    "%00%ff%",
    "null",
    "x" * 5_000,
)

odd_texts = st.sampled_from(ODD_TEXTS) | st.text(st.characters(exclude_categories=()), max_size=40)
"""Also halves of surrogate pairs, which JSON can say and UTF-8 cannot."""

odd_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | odd_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_texts, inner, max_size=4),
    max_leaves=12,
)
"""Anything that JSON can say, and some that Python's JSON says beyond it."""


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """JSON so deep that a reader that calls itself runs out of stack."""
    return opening * depth + closing * depth

"""Old Office files that SharePoint wrote properties into, and those that lost or changed anything."""

import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.compound_file import same_compound_file
from tests.model.ole_files import DOCUMENT_SUMMARY, SUMMARY, a_doc, compound_file, property_set

DOC = a_doc()


def same(sent: bytes, stored: bytes) -> bool:
    return same_compound_file(io.BytesIO(sent), io.BytesIO(stored))


def test_the_builder_writes_what_olefile_reads():
    import olefile

    with olefile.OleFileIO(io.BytesIO(DOC), raise_defects=olefile.DEFECT_INCORRECT) as opened:
        assert opened.openstream("WordDocument").read() == b"Minutes " * 900
        assert opened.openstream("ObjectPool/_1/Contents").read() == b"embedded"
        assert len(opened.listdir()) == 7


def test_the_same_file_is_the_same():
    assert same(DOC, DOC)


@pytest.mark.parametrize(
    "changes",
    [
        {SUMMARY: property_set("Another title, much longer" * 400)},
        {DOCUMENT_SUMMARY: property_set("ContentTypeId 0x0101")},
        {SUMMARY: property_set("a"), DOCUMENT_SUMMARY: property_set("b" * 5000)},
    ],
)
def test_properties_may_be_written(changes: dict[str, bytes]):
    assert same(DOC, a_doc(**changes))


def test_properties_may_be_added():
    assert same(a_doc(**{DOCUMENT_SUMMARY: None}), DOC)


@pytest.mark.parametrize(
    "changes",
    [
        {"WordDocument": b"Minutes " * 899 + b"minutes "},
        {"WordDocument": b"Minutes " * 901},
        {"1Table": b"tablE" * 30},
        {"1Table": None},
        {"Data": b"picturE" * 2000},
        {"Macros": b"new"},
        {"Macros": {}},
        {"ObjectPool": {"_1": {"Contents": b"embeddeD", SUMMARY: property_set("of the embedded one")}}},
        {"ObjectPool": {"_1": {"Contents": b"embedded", SUMMARY: property_set("of the embedded two")}}},
        {"ObjectPool": {"_2": {"Contents": b"embedded", SUMMARY: property_set("of the embedded one")}}},
        {"ObjectPool": None},
        {SUMMARY: None},
        {SUMMARY: b"no property set"},
        {SUMMARY: b""},
        {SUMMARY: {}},
    ],
)
def test_anything_else_is_a_difference(changes: dict[str, Any]):
    assert not same(DOC, a_doc(**changes))


def test_the_class_of_the_document_is_content():
    tree = {"WordDocument": b"x" * 5000}

    assert not same(compound_file(tree), compound_file(tree, clsid=b"1" * 16))


@given(st.integers(0, len(DOC) - 1), st.integers(1, 255))
def test_a_changed_byte_is_never_taken_for_the_same_unless_it_is_a_propertys_or_nobodys(at: int, flip: int):
    stored = bytearray(DOC)
    stored[at] ^= flip

    if same(DOC, bytes(stored)):
        assert streams(bytes(stored)) == streams(DOC)


def streams(doc: bytes) -> dict[str, bytes]:
    import olefile

    with olefile.OleFileIO(io.BytesIO(doc)) as opened:
        paths = [path for path in opened.listdir() if path[0] not in {SUMMARY, DOCUMENT_SUMMARY}]
        return {"/".join(path): opened.openstream(path).read() for path in paths}


@given(st.integers(0, len(DOC)))
def test_a_file_that_was_cut_off_is_not_proven_where_anything_is_missing(size: int):
    stored = DOC[:size]

    if same(DOC, stored):
        assert streams(stored) == streams(DOC)


@given(st.binary(max_size=3000), st.booleans())
def test_no_content_is_an_exception(rest: bytes, has_header: bool):
    hostile = DOC[:512] + rest if has_header else rest

    assert not same(DOC, hostile)
    assert not same(hostile, DOC)


@given(st.lists(st.tuples(st.integers(24, 511), st.integers(0, 255)), max_size=8))
def test_no_header_is_an_exception(changes: list[tuple[int, int]]):
    hostile = bytearray(DOC)
    for at, value in changes:
        hostile[at] = value

    same(bytes(hostile), bytes(hostile))


def test_a_table_that_claims_to_be_huge_costs_nothing():
    hostile = bytearray(DOC)
    hostile[0x2C:0x30] = (0x00FFFFFF).to_bytes(4, "little")
    tracemalloc.start()
    try:
        assert not same(DOC, bytes(hostile))
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file():
    large = compound_file({"WordDocument": bytes(6 << 20), SUMMARY: property_set("a")})
    rewritten = compound_file({"WordDocument": bytes(6 << 20), SUMMARY: property_set("b")})
    streams_ = io.BytesIO(large), io.BytesIO(rewritten)
    import olefile  # noqa: F401 - so that the module itself is not counted

    tracemalloc.start()
    try:
        assert same_compound_file(*streams_)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_an_error_of_a_stream_passes_through():
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 512:
                raise TimeoutError("the connection broke")
            return super().read(size)

    with pytest.raises(TimeoutError):
        same_compound_file(io.BytesIO(DOC), Broken(DOC))

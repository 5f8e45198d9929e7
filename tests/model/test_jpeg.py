"""Pictures that SharePoint wrote properties into, and those that lost or changed anything."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.exif import ExifDamaged, fixed_values
from shared.model.jpeg import same_picture
from tests.model import jpegs
from tests.model.jpegs import (
    EXTENDED,
    IFD0,
    IMAGE,
    JFIF,
    MAKE,
    ORIENTATION,
    PROFILE,
    TAKEN,
    TAKEN_ON,
    TITLE,
    XMP,
    exif,
    jpeg,
    photoshop,
    resource,
    segment,
)

EXIF_SEGMENT, XMP_SEGMENT = segment(0xE1, exif()), segment(0xE1, XMP)
PATHS, IPTC = resource(0x07D0, b"a path"), resource(0x0404, b"keywords")
PICTURE = jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE)
NEW_TITLE = {**IFD0, TITLE: (1, "A longer title than before".encode("utf-16-le"))}


def same(sent: bytes, stored: bytes) -> bool:
    return same_picture(io.BytesIO(sent), io.BytesIO(stored))


def with_exif(**changes: object) -> bytes:
    content = exif(**changes)  # type: ignore[arg-type]
    return jpeg(JFIF, segment(0xE1, content), XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE)


@pytest.mark.parametrize(
    "stored",
    [
        PICTURE,
        jpeg(JFIF, EXIF_SEGMENT, segment(0xE1, XMP + b"a title"), photoshop(PATHS, IPTC), PROFILE),
        with_exif(main=NEW_TITLE),
        with_exif(main={tag: value for tag, value in IFD0.items() if tag != TITLE}),
        with_exif(padding=b"padding!" * 9),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, resource(0x0404, b"others")), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(resource(0x0425, bytes(16)), IPTC, PATHS), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS), photoshop(IPTC), PROFILE),
        jpeg(JFIF, b"\xff" + EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE),
        jpeg(JFIF, photoshop(PATHS, IPTC), XMP_SEGMENT, EXIF_SEGMENT, PROFILE),
    ],
)
def test_properties_may_be_written(stored: bytes):
    assert same(PICTURE, stored)


@pytest.mark.parametrize("added", [EXIF_SEGMENT, XMP_SEGMENT, photoshop(IPTC)])
def test_properties_may_be_added(added: bytes):
    assert same(jpeg(JFIF, PROFILE), jpeg(JFIF, added, PROFILE))


@pytest.mark.parametrize(
    "stored",
    [
        PICTURE[:-1],
        PICTURE + b"x",
        PICTURE.replace(b"picture\xff\0picture", b"picture\xff\0pictura", 1),
        PICTURE.replace(b"a film", b"a fish"),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, IPTC)),
        jpeg(EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE),
        jpeg(JFIF, XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, photoshop(PATHS, IPTC), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(IPTC), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(resource(0x07D0, b"b path"), IPTC), PROFILE),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE, segment(0xE1, EXTENDED)),
        jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, photoshop(PATHS, IPTC), PROFILE, segment(0xFE, b"a comment")),
        with_exif(main={**IFD0, ORIENTATION: (3, b"\1\0")}),
        with_exif(main={tag: value for tag, value in IFD0.items() if tag != MAKE}),
        with_exif(main={**IFD0, MAKE: (2, b"A camera's Maker\0")}),
        with_exif(main={**IFD0, 0x0110: (2, b"a model\0")}),
        with_exif(taken={**TAKEN_ON, TAKEN: (2, b"2026:11:24 09:30:00\0")}),
        with_exif(taken={}),
        with_exif(thumbnail=b"\xff\xd8other\xff\xd9"),
        b"",
    ],
)
def test_anything_else_is_a_difference(stored: bytes):
    assert not same(PICTURE, stored)


def test_extended_xmp_is_part_of_the_picture():
    sent = jpeg(JFIF, XMP_SEGMENT, segment(0xE1, EXTENDED))

    assert same(sent, jpeg(JFIF, segment(0xE1, XMP + b"x"), segment(0xE1, EXTENDED)))
    assert not same(sent, jpeg(JFIF, XMP_SEGMENT, segment(0xE1, EXTENDED[:-1] + b"!")))


@given(st.integers(0, len(PICTURE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_a_difference_unless_it_is_a_propertys(at: int, flip: int):
    stored = bytearray(PICTURE)
    stored[at] ^= flip

    if same(PICTURE, bytes(stored)):
        assert stored[-len(IMAGE) :] == IMAGE
        assert JFIF in stored
        assert PROFILE in stored
        assert at >= 2 + len(JFIF)


@given(st.integers(0, len(exif()) - 1), st.integers(1, 255))
def test_a_changed_byte_of_exif_shows_unless_it_is_a_texts_or_a_places(at: int, flip: int):
    changed = bytearray(exif())
    changed[at] ^= flip
    try:
        values = fixed_values(bytes(changed))
    except ExifDamaged:
        return

    if values == fixed_values(exif()):
        for content in (b"A camera's maker", b"2026:11:23 09:30:00", b"maker's notes" * 5, jpegs.THUMBNAIL):
            assert content in changed


@given(st.integers(0, len(PICTURE)), st.binary(max_size=200))
def test_no_content_is_an_exception(size: int, rest: bytes):
    hostile = PICTURE[:size] + rest

    assert same(PICTURE, hostile) in {True, False}
    assert same(hostile, PICTURE) in {True, False}


@given(st.binary(max_size=300))
def test_no_exif_is_another_exception(content: bytes):
    for segment_ in (content, b"Exif\0\0II*\0" + content, b"Exif\0\0MM\0*" + content):
        try:
            fixed_values(segment_)
        except ExifDamaged:
            continue


def test_directories_that_lead_in_a_circle_end():
    circle = bytearray(exif())
    first = int.from_bytes(circle[10:14], "little")
    count = int.from_bytes(circle[6 + first : 8 + first], "little")
    after = 6 + first + 2 + 12 * count
    circle[after : after + 4] = first.to_bytes(4, "little")

    with pytest.raises(ExifDamaged):
        fixed_values(bytes(circle))


def test_values_that_lie_in_each_other_cost_no_more_than_the_segment():
    entry = b"\x0f\x01\x07\0" + (60_000).to_bytes(4, "little") + (8).to_bytes(4, "little")
    overlapping = b"Exif\0\0II*\0\x08\0\0\0" + (5000).to_bytes(2, "little") + entry * 5000 + bytes(4)
    tracemalloc.start()
    try:
        with pytest.raises(ExifDamaged):
            fixed_values(overlapping)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_header_without_end_is_not_proven():
    endless = b"\xff\xd8" + segment(0xFE, bytes(60_000)) * 300 + IMAGE

    assert not same(endless, endless)


def test_memory_does_not_grow_with_the_picture():
    large = jpeg(JFIF, EXIF_SEGMENT, image=IMAGE + bytes(16 << 20))
    rewritten = jpeg(JFIF, EXIF_SEGMENT, XMP_SEGMENT, image=IMAGE + bytes(16 << 20))
    streams = io.BytesIO(large), io.BytesIO(rewritten)
    tracemalloc.start()
    try:
        assert same_picture(*streams)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()

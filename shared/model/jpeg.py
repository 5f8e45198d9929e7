"""Compares JPEG pictures that SharePoint may have written properties into.

A JPEG is a row of segments up to the image data (ITU-T T.81, annex B). Properties that people see as columns, such as a
title or keywords, lie in three of them: XMP in an APP1 (XMP part 3, 1.1.3), texts of Exif in an APP1 (shared/model/
exif.py), and IPTC in the image resources of an APP13 (IPTC-IIM; Photoshop file formats, image resource blocks). The
rule:

1.  From the start of the image data on, every byte is the same: the picture itself and whatever lies behind it, such as
    a second picture or a film.
2.  All segments but those three are the same, in the same order: quantisation, size, colour profiles, further XMP that
    holds parts of the picture ("extended").
3.  XMP does not vanish; its text may change.
4.  Exif says the same, but for the texts that exif.py names. It may be added.
5.  Image resources are the same but for IPTC and its digest; IPTC does not vanish.

What has no image data within 16 MiB, or is damaged, is not proven. An error of a stream passes through.
"""

import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import BinaryIO

from shared.model.byte_streams import read_fully, same_bytes, size_of
from shared.model.exif import EXIF, ExifDamaged, fixed_values

_START = b"\xff\xd8"
_START_OF_SCAN = 0xDA
_APP1, _APP13 = 0xE1, 0xED
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_RESOURCE = b"8BIM"
_IPTC, _IPTC_DIGEST = 0x0404, 0x0425
_MAX_RESOURCES = 10_000
_MAX_HEADER_BYTES = 16 * 1024 * 1024


class _Damaged(ValueError):
    """It is no sound JPEG, or beyond what is compared."""


@dataclass(slots=True)
class _Header:
    """What lies before the image data."""

    fixed: list[tuple[int, bytes]] = field(default_factory=list)
    xmp: int = 0
    exif: bytes | None = None
    resources: bytearray = field(default_factory=bytearray)
    size_bytes: int = 0

    def image_resources(self) -> tuple[Counter[bytes], bool]:
        """The resources that must stay as they are, and whether there is IPTC."""
        resources = _resources(bytes(self.resources))
        fixed = Counter(content for number, content in resources if number not in {_IPTC, _IPTC_DIGEST})
        return fixed, any(number == _IPTC for number, _ in resources)


def same_picture(sent: BinaryIO, stored: BinaryIO) -> bool:
    """Whether the stored picture holds everything of the sent one, by the rule above."""
    sent_bytes, stored_bytes = size_of(sent), size_of(stored)
    try:
        ours, theirs = _read_header(sent), _read_header(stored)
        our_resources, has_iptc = ours.image_resources()
        their_resources, still_has_iptc = theirs.image_resources()
        rest_bytes = sent_bytes - ours.size_bytes
        return (
            rest_bytes == stored_bytes - theirs.size_bytes
            and ours.fixed == theirs.fixed
            and ours.xmp <= theirs.xmp
            and our_resources == their_resources
            and still_has_iptc >= has_iptc
            and _same_exif(ours.exif, theirs.exif)
            and same_bytes(sent, stored, rest_bytes)
        )
    except (_Damaged, ExifDamaged):
        return False


def _same_exif(ours: bytes | None, theirs: bytes | None) -> bool:
    if ours is None or ours == theirs:
        return True
    return theirs is not None and fixed_values(ours) == fixed_values(theirs)


def _read_header(stream: BinaryIO) -> _Header:
    """Everything before the first start of scan; the stream stands there afterwards."""
    header = _Header(size_bytes=len(_START))
    _refuse(read_fully(stream, len(_START)) != _START)
    while True:
        marker = _marker(stream, header)
        if marker == _START_OF_SCAN:
            return header
        content = b"" if marker in _WITHOUT_LENGTH else _content(stream, header)
        _refuse(header.size_bytes > _MAX_HEADER_BYTES)
        _sort_in(header, marker, content)


def _marker(stream: BinaryIO, header: _Header) -> int:
    """The next one; it may be filled up with 0xFF (T.81, B.1.1.2)."""
    found = b"\xff"
    _refuse(read_fully(stream, 1) != found)
    header.size_bytes += 1
    while found == b"\xff":
        found = read_fully(stream, 1)
        header.size_bytes += 1
        _refuse(not found or header.size_bytes > _MAX_HEADER_BYTES)
    return found[0]


def _content(stream: BinaryIO, header: _Header) -> bytes:
    length = read_fully(stream, 2)
    _refuse(len(length) < 2)
    size_bytes = int.from_bytes(length) - 2
    _refuse(size_bytes < 0)
    content = read_fully(stream, size_bytes)
    _refuse(len(content) < size_bytes)
    header.size_bytes += 2 + size_bytes
    return content


def _sort_in(header: _Header, marker: int, content: bytes) -> None:
    if marker == _APP1 and content.startswith(_XMP):
        header.xmp += 1
    elif marker == _APP1 and content.startswith(EXIF) and header.exif is None:
        header.exif = content
    elif marker == _APP13 and content.startswith(_PHOTOSHOP):
        header.resources += content.removeprefix(_PHOTOSHOP)
    else:
        header.fixed.append((marker, content))


def _resources(content: bytes) -> list[tuple[int, bytes]]:
    """Numbers and contents, the number and name among them."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(content):
        start = at
        _refuse(content[at : at + 4] != _RESOURCE or len(content) < at + 7)
        (number,) = struct.unpack_from(">H", content, at + 4)
        at += 6 + _even(1 + content[at + 6])
        _refuse(len(content) < at + 4)
        (size_bytes,) = struct.unpack_from(">L", content, at)
        at += 4 + size_bytes
        _refuse(len(content) < at)
        found.append((number, content[start:at]))
        _refuse(len(found) > _MAX_RESOURCES)
        at += size_bytes % 2
    return found


def _even(number: int) -> int:
    return number + number % 2


def _refuse(condition: bool) -> None:
    if condition:
        raise _Damaged

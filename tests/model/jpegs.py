"""Writes JPEG files of segments, and the Exif in them: enough of both for pictures of a test."""

import struct

XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"
EXTENDED = b"http://ns.adobe.com/xmp/extension/\0" + b"depth" * 20
THUMBNAIL = b"\xff\xd8small\xff\xd9"
ORIENTATION, MAKE, TAKEN, TITLE, LATITUDE = 0x0112, 0x010F, 0x9003, 0x9C9B, 0x0002
type Value = tuple[int, bytes]
"""The type of a tag, and its bytes."""

IFD0: dict[int, Value] = {
    ORIENTATION: (3, b"\6\0"),
    MAKE: (2, b"A camera's maker\0"),
    TITLE: (1, "Team".encode("utf-16-le")),
}
TAKEN_ON: dict[int, Value] = {TAKEN: (2, b"2026:11:23 09:30:00\0"), 0x927C: (7, b"maker's notes" * 5)}
PLACE: dict[int, Value] = {LATITUDE: (5, bytes(range(24)))}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}


def exif(main: dict[int, Value] | None = None, taken: dict[int, Value] | None = None, **others: bytes) -> bytes:
    """With a directory of its own for what the camera noted, one for the place, and a small picture."""
    main = IFD0 if main is None else main
    taken = TAKEN_ON if taken is None else taken
    content = bytearray(b"II*\0\0\0\0\0" + others.get("padding", b""))
    place_at = _directory(content, PLACE, {})
    taken_at = _directory(content, taken, {})
    small = others.get("thumbnail", THUMBNAIL)
    small_at = len(content)
    content += small
    second = _directory(content, {}, {0x0201: small_at, 0x0202: len(small)})
    first = _directory(content, main, {0x8769: taken_at, 0x8825: place_at}, second)
    content[4:8] = struct.pack("<L", first)
    return b"Exif\0\0" + bytes(content)


def _directory(content: bytearray, values: dict[int, Value], pointers: dict[int, int], following: int = 0) -> int:
    entries = []
    for tag, (kind, value) in values.items():
        stored = value.ljust(4, b"\0")
        if len(value) > 4:
            stored = struct.pack("<L", len(content))
            content += value
        entries.append((tag, struct.pack("<HHL", tag, kind, len(value) // _SIZES[kind]) + stored))
    entries += [(tag, struct.pack("<HHLL", tag, 4, 1, place)) for tag, place in pointers.items()]
    start = len(content)
    content += struct.pack("<H", len(entries)) + b"".join(entry for _, entry in sorted(entries))
    content += struct.pack("<L", following)
    return start


def resource(number: int, content: bytes) -> bytes:
    padding = b"\0" * (len(content) % 2)
    return b"8BIM" + struct.pack(">HH", number, 0) + struct.pack(">L", len(content)) + content + padding


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def photoshop(*resources: bytes) -> bytes:
    return segment(0xED, b"Photoshop 3.0\0" + b"".join(resources))


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
PROFILE = segment(0xE2, b"ICC_PROFILE\0\1\1" + b"colours" * 30)
TABLES = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\x10\0\x10\x01\x01\x11\0")
IMAGE = b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"picture\xff\0" * 300 + b"\xff\xd9" + b"a film behind it"


def jpeg(*segments: bytes, image: bytes = IMAGE) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + TABLES + image

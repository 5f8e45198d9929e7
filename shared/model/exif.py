"""Reads what an Exif segment says, but for the texts that SharePoint and other programs write as properties.

Exif is a little TIFF: directories of tags, each with a type, a count and a value, which lies elsewhere when it is large
(CIPA DC-008, 4.6; TIFF 6.0, section 2). So a program that changes one text may move all the others, and only the values
can be compared. These may change: title, subject, author, comment, keywords, rating, description, artist, copyright,
software and the date of change (Windows' property system writes them: "System.Photo" and "Photo metadata policies",
learn.microsoft.com), and padding. Everything else is content: orientation, dates of taking, camera, place, maker's
notes, the small picture.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

EXIF = b"Exif\0\0"

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of one value, by type."""
_DIRECTORIES = frozenset({0x8769, 0x8825, 0xA005})
"""Exif, GPS, interoperability: their value is where the directory lies."""
_THUMBNAIL, _THUMBNAIL_BYTES = 0x0201, 0x0202
_MAY_CHANGE = frozenset(
    {
        0x010E,  # ImageDescription
        0x0131,  # Software
        0x0132,  # DateTime: of the last change
        0x013B,  # Artist
        0x4746,  # Rating
        0x4749,  # RatingPercent
        0x8298,  # Copyright
        0x9C9B,  # XPTitle
        0x9C9C,  # XPComment
        0x9C9D,  # XPAuthor
        0x9C9E,  # XPKeywords
        0x9C9F,  # XPSubject
        0xEA1C,  # padding
    }
)
_MAX_DIRECTORIES = 16
_ENTRY_BYTES = 12
_MOST_READ = 4
"""All values together, in sizes of the segment: values that lie in each other can't grow without bounds."""

type _Key = tuple[tuple[int, ...], int]


class ExifDamaged(ValueError):
    """It is no sound TIFF."""


def fixed_values(segment: bytes) -> dict[_Key, tuple[int, bytes]]:
    """Type and bytes of each value that must stay, by its directory's way and its tag. Raises ExifDamaged.

    Bytes come as they are, so that two segments of different byte order differ; the order is a value, too.
    """
    tiff = segment.removeprefix(EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        raise ExifDamaged
    try:
        return {((), 0): (0, tiff[:4])} | dict(_Tiff(tiff, order).values())
    except (struct.error, KeyError) as damage:
        raise ExifDamaged from damage


@dataclass(slots=True)
class _Tiff:
    content: bytes
    order: str
    directories: int = 0
    value_bytes: int = 0

    def values(self) -> Iterator[tuple[_Key, tuple[int, bytes]]]:
        """All that must stay, of the chain of main directories and of those below them."""
        place, number = self._number(4), 0
        while place:
            yield from self._directory(place, (number,))
            place = self._number(place + 2 + _ENTRY_BYTES * self._count(place))
            number += 1

    def _directory(self, place: int, way: tuple[int, ...]) -> Iterator[tuple[_Key, tuple[int, bytes]]]:
        self.directories += 1
        if self.directories > _MAX_DIRECTORIES:
            raise ExifDamaged
        thumbnail: dict[int, int] = {}
        for index in range(self._count(place)):
            tag, kind, value = self._entry(place + 2 + _ENTRY_BYTES * index)
            if tag in _DIRECTORIES:
                yield (way, tag), (kind, b"")
                yield from self._directory(self._integer(value), (*way, tag))
            elif tag in {_THUMBNAIL, _THUMBNAIL_BYTES}:
                thumbnail[tag] = self._integer(value)
            elif tag not in _MAY_CHANGE:
                yield (way, tag), (kind, value)
        if thumbnail:
            yield (way, _THUMBNAIL), (0, self._part(thumbnail[_THUMBNAIL], thumbnail[_THUMBNAIL_BYTES]))

    def _entry(self, place: int) -> tuple[int, int, bytes]:
        tag, kind, count = struct.unpack_from(f"{self.order}HHL", self.content, place)
        size_bytes = _SIZES[kind] * count
        start = place + 8 if size_bytes <= 4 else self._number(place + 8)
        return tag, kind, self._part(start, size_bytes)

    def _part(self, start: int, size_bytes: int) -> bytes:
        part = self.content[start : start + size_bytes]
        self.value_bytes += len(part)
        if len(part) != size_bytes or self.value_bytes > _MOST_READ * len(self.content):
            raise ExifDamaged
        return part

    def _integer(self, value: bytes) -> int:
        return int(struct.unpack_from(f"{self.order}L", value)[0])

    def _count(self, place: int) -> int:
        return int(struct.unpack_from(f"{self.order}H", self.content, place)[0])

    def _number(self, place: int) -> int:
        return int(struct.unpack_from(f"{self.order}L", self.content, place)[0])

"""Compares old Office files (.doc, .xls, .ppt: OLE compound files) that SharePoint may have written properties into.

A compound file is a tree of storages and streams (MS-CFB). SharePoint writes a library's columns into the document's
two property sets, which are streams of the root storage (MS-OLEPS 2.25: SummaryInformation and
DocumentSummaryInformation, which holds the custom properties too). The rule:

1.  Every storage and stream but these two is there on both sides, under the same path, and nothing else is: the same
    bytes in a stream, the same class and state bits of a storage. So text, sheets, slides, pictures, macros and
    embedded documents, with the property sets of those, cannot be lost, changed or added.
2.  The two do not vanish; their text may change, since it shows the library's columns. They can be read and are what
    they say.

Where in the file a stream lies, and what is left over in free sectors, is nobody's content.

`olefile` reads the header, the tables of sectors and the directory; streams are read here, a few sectors at a time, for
olefile holds a whole stream in memory. Not proven is what olefile finds wrong, what is above 512 MiB, and what has a
larger directory (about 8,000 entries) or more small streams than any document has. An error of a stream passes through.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from shared.model.byte_streams import PART_BYTES, Readable, read_fully, same_bytes, size_of

if TYPE_CHECKING:
    import olefile

_PROPERTY_SETS = frozenset({("\x05SummaryInformation",), ("\x05DocumentSummaryInformation",)})
_PROPERTY_SET_BEGINS = b"\xfe\xff"
_MAX_FILE_BYTES = 512 * 1024 * 1024
_MAX_DIRECTORY_BYTES = 1024 * 1024
_MAX_MINI_TABLE_BYTES = 2 * 1024 * 1024
_HEADER_BYTES = 512
_SPARE_TABLE_SECTORS = 110
"""The header alone has room for 109, used or not."""
_END = 0xFFFFFFFE
_DAMAGES = (
    OSError,  # olefile's own errors are of this kind
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What olefile raises on damaged files: it has no list of its own."""

type _Path = tuple[str, ...]


class _Damaged(ValueError):
    """It is no sound compound file, or beyond what is compared."""


class _Guarded:
    """What olefile sees of a stream; remembers the stream's own error, to tell it from damage."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.failed: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes."""
        try:
            return read_fully(self._stream, size)
        except Exception as error:
            self.failed = error
            raise

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place in the file."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._stream.tell()


def same_compound_file(sent: BinaryIO, stored: BinaryIO) -> bool:
    """Whether the stored file holds everything of the sent one, by the rule above."""
    guards = _Guarded(sent), _Guarded(stored)
    try:
        for stream in (sent, stored):
            _refuse(size_of(stream) > _MAX_FILE_BYTES)
        ours, theirs = (_CompoundFile(guard) for guard in guards)
        return (
            ours.storages == theirs.storages
            and ours.fixed_sizes() == theirs.fixed_sizes()
            and ours.property_sets() <= theirs.property_sets()
            and all(
                same_bytes(ours.open(path), theirs.open(path), size_bytes)
                for path, size_bytes in ours.fixed_sizes().items()
            )
            and all(theirs.is_property_set(path) for path in theirs.property_sets())
        )
    except _DAMAGES:
        for guard in guards:
            if guard.failed is not None:
                raise guard.failed from None
        return False


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes that lie together in the file."""

    start: int
    size_bytes: int


class _CompoundFile:
    """One file, its directory read. Raises one of _DAMAGES wherever it is not sound."""

    def __init__(self, stream: _Guarded) -> None:
        self._stream = stream
        self._ole = _read_directory(stream)
        self.storages: dict[_Path, tuple[str, int]] = {}
        """Class and state bits."""
        self._streams: dict[_Path, olefile.OleDirectoryEntry] = {}
        self._collect((), self._ole.root)
        _refuse(self._ole.root.size > PART_BYTES * len(self._streams))
        self._small_sectors = list(self._chain(self._ole.root.isectStart, self._ole.fat, self._ole.root.size))

    def fixed_sizes(self) -> dict[_Path, int]:
        """The sizes of all streams that must stay as they are."""
        return {path: entry.size for path, entry in self._streams.items() if path not in _PROPERTY_SETS}

    def property_sets(self) -> set[_Path]:
        """Those of the document that are there."""
        return {path for path in self._streams if path in _PROPERTY_SETS}

    def is_property_set(self, path: _Path) -> bool:
        """Whether it can be read whole, and begins like one."""
        entry = self._streams[path]
        begins, rest = read_fully(self.open(path), len(_PROPERTY_SET_BEGINS)), self.open(path)
        return begins == _PROPERTY_SET_BEGINS and same_bytes(rest, self.open(path), entry.size)

    def open(self, path: _Path) -> Readable:
        """A stream's bytes."""
        entry = self._streams[path]
        return _Runs(self._stream, _joined(self._runs(entry)))

    def _collect(self, path: _Path, storage: "olefile.OleDirectoryEntry") -> None:
        self.storages[path] = (storage.clsid, storage.dwUserFlags)
        for entry in storage.kids:
            here = (*path, entry.name)
            if entry.kids or entry.entry_type == 1:
                self._collect(here, entry)
            else:
                self._streams[here] = entry

    def _runs(self, entry: "olefile.OleDirectoryEntry") -> Iterator[_Run]:
        ole, left = self._ole, entry.size
        if entry.is_minifat:
            size, table = ole.mini_sector_size, ole.minifat
        else:
            size, table = ole.sector_size, ole.fat
        for sector in self._chain(entry.isectStart, table, left, size):
            start = self._place_of_small(sector) if entry.is_minifat else (sector + 1) * ole.sector_size
            yield _Run(start, min(size, left))
            left -= size

    def _place_of_small(self, sector: int) -> int:
        """Small streams lie in one stream of the root, in sectors of their own size."""
        ole = self._ole
        index, offset = divmod(sector * ole.mini_sector_size, ole.sector_size)
        return int((self._small_sectors[index] + 1) * ole.sector_size + offset)

    def _chain(self, sector: int, table: Sequence[int], size_bytes: int, sector_bytes: int = 0) -> Iterator[int]:
        """The sectors of so many bytes, in order; raises where the chain ends before, or leads out of the file."""
        for _ in range(-(-size_bytes // (sector_bytes or self._ole.sector_size))):
            _refuse(not 0 <= sector < len(table))
            yield sector
            sector = table[sector]


class _Runs:
    """Reads runs one after the other."""

    def __init__(self, stream: _Guarded, runs: Iterator[_Run]) -> None:
        self._stream = stream
        self._runs = runs
        self._here = _Run(0, 0)

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        here = self._here if self._here.size_bytes else next(self._runs, self._here)
        wanted = min(size, here.size_bytes)
        self._here = _Run(here.start + wanted, here.size_bytes - wanted)
        self._stream.seek(here.start)
        return self._stream.read(wanted)


def _joined(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Runs that follow each other as one, up to the size of a part."""
    joined = _Run(0, 0)
    for run in runs:
        end = joined.start + joined.size_bytes
        if joined.size_bytes and run.start == end and joined.size_bytes < PART_BYTES:
            joined = _Run(joined.start, joined.size_bytes + run.size_bytes)
            continue
        if joined.size_bytes:
            yield joined
        joined = run
    if joined.size_bytes:
        yield joined


def _read_directory(stream: _Guarded) -> "olefile.OleFileIO":
    """Header, tables and directory. Imported here: most of what the app moves is no compound file."""
    import olefile

    class Bounded(olefile.OleFileIO):  # type: ignore[misc]
        """Looks at how large a part is before olefile reads it."""

        def loadfat(self, header: bytes) -> None:
            _refuse(self.num_fat_sectors * self.sector_size // 4 > 2 * self.nb_sect + _SPARE_TABLE_SECTORS * 128)
            super().loadfat(header)

        def loaddirectory(self, sect: int) -> None:
            size_bytes = 0
            sector = sect
            while sector != _END:
                size_bytes += self.sector_size
                _refuse(size_bytes > _MAX_DIRECTORY_BYTES or sector >= len(self.fat))
                sector = self.fat[sector]
            super().loaddirectory(sect)

    opened = Bounded(stream, raise_defects=olefile.DEFECT_INCORRECT)
    _refuse(opened.num_mini_fat_sectors * opened.sector_size > _MAX_MINI_TABLE_BYTES)
    opened.loadminifat()
    return opened


def _refuse(condition: bool) -> None:
    if condition:
        raise _Damaged

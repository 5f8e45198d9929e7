"""Opens a zip that comes from anywhere, so that no input costs more than bounded memory and time.

Refused are: a directory above 4 MiB (about 50,000 parts); two parts of one name; parts that are encrypted or packed
other than stored or deflated, all that OPC allows (ISO/IEC 29500-2, annex B); parts that would unpack to more than one
gibibyte and twenty times the file; offsets outside of the file.
"""

import io
import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from shared.model.byte_streams import read_fully, size_of

_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_UNPACKED_FREELY_BYTES = 1024 * 1024 * 1024
_UNPACKED_RATIO = 20
_ENCRYPTED = 0x1

DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, expat.ExpatError, UnicodeDecodeError)
"""What reading a damaged or foreign zip, or the XML in it, raises."""


class StreamFailed(Exception):
    """Carries an error of the stream itself past zipfile, which takes any OSError for a damaged zip."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """The zip, to be read; raises one of DAMAGES, or StreamFailed. Closing it leaves the stream open."""
    size_bytes = size_of(stream)
    opened = zipfile.ZipFile(_GuardedStream(stream, size_bytes))
    entries = opened.infolist()
    refuse(len({each.filename for each in entries}) < len(entries), "two parts have one name")
    refuse(any(not _is_readable(each) for each in entries), "a part is encrypted or packed in a foreign way")
    unpacked_bytes = sum(each.file_size for each in entries)
    refuse(unpacked_bytes > _UNPACKED_FREELY_BYTES + _UNPACKED_RATIO * size_bytes, "it unpacks to too much")
    return opened


def refuse(condition: bool, reason: str) -> None:
    """Treat the zip as damaged where the condition holds."""
    if condition:
        raise zipfile.BadZipFile(reason)


def _is_readable(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} and not entry.flag_bits & _ENCRYPTED


class _GuardedStream:
    """What zipfile sees of a stream."""

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self._stream = stream
        self._size_bytes = size_bytes
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; zipfile reads a whole directory at once, and no more than 4 MiB of anything else."""
        refuse(size > _MAX_DIRECTORY_BYTES, "the directory is too large")
        try:
            return read_fully(self._stream, size if size >= 0 else _MAX_DIRECTORY_BYTES)
        except Exception as error:
            raise StreamFailed(error) from error

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the file."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._stream.tell(), io.SEEK_END: self._size_bytes}[whence]
        refuse(not 0 <= start + offset <= self._size_bytes, "an offset lies outside of the file")
        return self._stream.seek(start + offset)

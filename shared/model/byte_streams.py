"""Reading seekable byte streams in parts of a fixed size, so that files of any size need the same memory."""

import io
from typing import BinaryIO, Protocol

PART_BYTES = 64 * 1024


class Readable(Protocol):
    """What can be read; a single read may give less than was asked for."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


def read_fully(stream: Readable, size: int) -> bytes:
    """The next `size` bytes, fewer only at the stream's end."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def same_bytes(first: Readable, second: Readable, size: int) -> bool:
    """Whether the next `size` bytes of both are there and are equal."""
    while size > 0:
        wanted = min(size, PART_BYTES)
        part = read_fully(first, wanted)
        if len(part) != wanted or part != read_fully(second, wanted):
            return False
        size -= wanted
    return True


def size_of(stream: BinaryIO) -> int:
    """How many bytes the stream has; it stands at its start afterwards."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size

"""Reads one version of a blob's content: at once, in parts that are read ahead, as a stream, or as a seekable copy.

However large the blob is, only a few parts of it are held. A blob that changed or vanished while it is read is a
StaleError, so that the file is looked at again.
"""

import io
import tempfile
from collections import deque
from collections.abc import Buffer, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import BinaryIO

from shared.errors import NotFound, PreconditionFailed
from shared.model.content_hash import ContentHash
from shared.model.stored import BlobFacts
from shared.sync.ports import Blobs

PART_BYTES = 1024 * 1024
"""What one request reads. What fits in one part is not worth a thread that reads ahead."""
_PARTS_AHEAD = 2
_IN_MEMORY_BYTES = 4 * 1024 * 1024


def read_range(blobs: Blobs, facts: BlobFacts, start: int, size_bytes: int) -> bytes:
    """Some bytes of exactly this version."""
    if size_bytes == 0:
        return b""
    try:
        return blobs.read(facts.name, facts.etag, start, size_bytes)
    except NotFound as gone:
        raise PreconditionFailed("The content changed in Moment Cloud while it was read.") from gone


def read_parts(blobs: Blobs, facts: BlobFacts, start: int, end: int, see: Callable[[bytes], None]) -> Generator[bytes]:
    """The bytes from `start` to before `end` in parts; the next ones are read while the caller works on one.

    `see` gets each part right after it was read, in the thread that reads, and so a little ahead of the caller.
    """

    def read(at: int) -> bytes:
        part = read_range(blobs, facts, at, min(PART_BYTES, end - at))
        see(part)
        return part

    coming: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as ahead:
        try:
            for at in range(start, end, PART_BYTES):
                coming.append(ahead.submit(partial(read, at)))
                if len(coming) > _PARTS_AHEAD:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for each in coming:
                each.cancel()


def hash_up_to(blobs: Blobs, facts: BlobFacts, hasher: ContentHash, end: int) -> None:
    """Bring the hasher to byte `end` by reading what lies between."""
    for _ in read_parts(blobs, facts, hasher.hashed_bytes, end, hasher.update):
        pass


def open_stream(blobs: Blobs, facts: BlobFacts) -> BinaryIO:
    """The content from its beginning, read once, a part held at a time."""
    return io.BufferedReader(_BlobStream(blobs, facts), PART_BYTES)


def seekable_copy(blobs: Blobs, facts: BlobFacts) -> BinaryIO:
    """The whole content as a stream that can seek."""
    spool = spool_for(facts.size_bytes)
    for start in range(0, facts.size_bytes, PART_BYTES):
        spool.write(read_range(blobs, facts, start, min(PART_BYTES, facts.size_bytes - start)))
    spool.seek(0)
    return spool


def spool_for(size_bytes: int) -> BinaryIO:
    """A place for this many bytes: in memory when they are few, else a temporary file."""
    return io.BytesIO() if size_bytes <= _IN_MEMORY_BYTES else tempfile.TemporaryFile()


class _BlobStream(io.RawIOBase):
    """A range of the blob for each read."""

    def __init__(self, blobs: Blobs, facts: BlobFacts) -> None:
        super().__init__()
        self._blobs = blobs
        self._facts = facts
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        size_bytes = min(len(view), self._facts.size_bytes - self._position)
        content = read_range(self._blobs, self._facts, self._position, size_bytes)
        view[: len(content)] = content
        self._position += len(content)
        return len(content)

"""Reads one version of a blob's content: whole, in fragments one ahead, as a stream, or as a seekable copy.

A blob that changed or vanished while it is read is a StaleError, so that the file is looked at again.
"""

import io
import tempfile
from collections.abc import Buffer, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from shared.errors import NotFound, PreconditionFailed
from shared.model.content_hash import ContentHash
from shared.model.stored import BlobFacts
from shared.sync.ports import Blobs

_IN_MEMORY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of the content; `hash_state` is quickXorHash's state after its last byte."""

    start: int
    content: bytes
    hash_state: str

    @property
    def end(self) -> int:
        """The byte after its last one."""
        return self.start + len(self.content)


def read_range(blobs: Blobs, facts: BlobFacts, start: int, size_bytes: int) -> bytes:
    """Some bytes of exactly this version."""
    if size_bytes == 0:
        return b""
    try:
        return blobs.read(facts.name, facts.etag, start, size_bytes)
    except NotFound as gone:
        raise PreconditionFailed("The content changed in Moment Cloud while it was read.") from gone


def read_fragments(blobs: Blobs, facts: BlobFacts, hasher: ContentHash, fragment_bytes: int) -> Generator[Fragment]:
    """The content from `hasher.hashed_bytes` on; each fragment is read while the caller works on the one before."""

    def read_next() -> Fragment | None:
        start = hasher.hashed_bytes
        size_bytes = min(fragment_bytes, facts.size_bytes - start)
        if size_bytes <= 0:
            return None
        content = read_range(blobs, facts, start, size_bytes)
        hasher.update(content)
        return Fragment(start, content, hasher.state())

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as ahead:
        coming = ahead.submit(read_next)
        while (fragment := coming.result()) is not None:
            coming = ahead.submit(read_next)
            yield fragment


def hash_up_to(blobs: Blobs, facts: BlobFacts, hasher: ContentHash, end: int, fragment_bytes: int) -> None:
    """Bring the hasher to byte `end` by reading what lies between."""
    while (start := hasher.hashed_bytes) < end:
        hasher.update(read_range(blobs, facts, start, min(fragment_bytes, end - start)))


def open_stream(blobs: Blobs, facts: BlobFacts, fragment_bytes: int) -> BinaryIO:
    """The content from its beginning, read once, a fragment held at a time."""
    return io.BufferedReader(_BlobStream(blobs, facts), fragment_bytes)


def seekable_copy(blobs: Blobs, facts: BlobFacts, fragment_bytes: int) -> BinaryIO:
    """The whole content as a stream that can seek."""
    spool = spool_for(facts.size_bytes)
    for start in range(0, facts.size_bytes, fragment_bytes):
        spool.write(read_range(blobs, facts, start, min(fragment_bytes, facts.size_bytes - start)))
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

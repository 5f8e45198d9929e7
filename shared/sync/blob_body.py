"""A range of a blob as the body of a request: read while it is sent, and hashed on the way.

A request may be tried several times. Each attempt reads from the beginning of the range and hashes on a copy of the
state there; only what one attempt read to its end counts. A failure to read is Moment Cloud's and not SharePoint's: it
passes the adapter of SharePoint as SourceFailed, which nothing there handles, and is what it was again behind it.
"""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from shared.errors import MomentError, SourceFailed
from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.stored import BlobFacts
from shared.sync.blob_reading import hash_up_to, read_parts
from shared.sync.ports import Blobs


class BlobBody:
    """The bytes of a blob's version from where a hash stands to before `end`."""

    def __init__(self, blobs: Blobs, facts: BlobFacts, before: ContentHash, end: int) -> None:
        self.start = before.hashed_bytes
        self.end = end
        self._blobs = blobs
        self._facts = facts
        self._before = before.copy()
        self._after: ContentHash | None = None

    def __len__(self) -> int:
        return self.end - self.start

    @contextmanager
    def parts(self) -> Iterator[Iterator[bytes]]:
        """The bytes, from the first one."""
        hasher = self._before.copy()
        reading = read_parts(self._blobs, self._facts, self.start, self.end, hasher.update)
        with closing(reading), closing(self._counted(reading, hasher)) as parts:
            yield parts

    def hash_at(self, position: int) -> ContentHash:
        """The hash of the blob up to a byte of this range; what was not read to the end is read again for it."""
        if position == self.end and self._after is not None:
            return self._after
        hasher = self._before.copy()
        hash_up_to(self._blobs, self._facts, hasher, position)
        return hasher

    def fingerprints(self) -> Fingerprints:
        """Of the blob up to the end of this range."""
        return self.hash_at(self.end).fingerprints()

    def _counted(self, reading: Iterator[bytes], hasher: ContentHash) -> Generator[bytes]:
        try:
            yield from reading
        except MomentError as error:
            raise SourceFailed(error) from error
        self._after = hasher


@contextmanager
def source_failures() -> Iterator[None]:
    """Raise what kept us from reading a body that was being sent as what it is."""
    try:
        yield
    except SourceFailed as failed:
        raise failed.error from failed

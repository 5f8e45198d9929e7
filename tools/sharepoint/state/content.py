"""File contents on disk. A content is written once under a name of its own and never changed, so that versions, the
recycle bin and a rewrite after upload can point at the same bytes without copying them."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.quick_xor_hash import QuickXorHash

COPY_BYTES = 1 << 20


@dataclass(slots=True, frozen=True)
class StoredContent:
    """Bytes on disk and what Graph tells of them."""

    blob: str
    size_bytes: int
    quick_xor_hash: str


class ContentWriter:
    """Takes content as it streams in and hashes it on the way; nothing of it stays in memory."""

    def __init__(self, path: Path, blob: str) -> None:
        self.blob = blob
        self.hash = QuickXorHash()
        self._path = path
        self._file: BinaryIO | None = None

    @property
    def size_bytes(self) -> int:
        """Bytes accepted so far."""
        return self.hash.length

    def write(self, piece: bytes) -> None:
        """Append the next bytes."""
        if self._file is None:
            self._file = self._path.open("ab", buffering=0)
        self._file.write(piece)
        self.hash.update(piece)

    def close(self) -> None:
        """Release the file; writing again opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def go_back_to(self, earlier: QuickXorHash) -> None:
        """Forget everything after ``earlier``, which is a copy of the hash taken then."""
        self.close()
        if self._path.exists():
            with self._path.open("r+b") as file:
                file.truncate(earlier.length)
        self.hash = earlier

    def finish(self) -> StoredContent:
        """Close and return what was stored."""
        self.close()
        self._path.touch()
        return StoredContent(self.blob, self.hash.length, self.hash.base64())

    def discard(self) -> None:
        """Remove what was written."""
        self.close()
        self._path.unlink(missing_ok=True)


class ContentStore:
    """A folder of contents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)

    def path(self, blob: str) -> Path:
        """Return where a content lies."""
        return self._folder / blob

    def writer(self) -> ContentWriter:
        """Begin a new content."""
        blob = new_guid()
        return ContentWriter(self.path(blob), blob)

    def reopen(self, blob: str) -> ContentWriter:
        """Go on with a content that an earlier run began; its hash is worked out again from the bytes."""
        writer = ContentWriter(self.path(blob), blob)
        if self.path(blob).exists():
            self._hash_into(writer.hash, blob)
        return writer

    def adopt(self, path: Path) -> StoredContent:
        """Take over a finished file from elsewhere on this disk."""
        blob = new_guid()
        path.rename(self.path(blob))
        hashed = QuickXorHash()
        self._hash_into(hashed, blob)
        return StoredContent(blob, hashed.length, hashed.base64())

    def share(self, content: StoredContent) -> StoredContent:
        """Give a content a second name, so that each of two files can give up its own; no byte is copied."""
        blob = new_guid()
        self.path(blob).hardlink_to(self.path(content.blob))
        return replace(content, blob=blob)

    def scratch(self) -> Path:
        """Return a path for a file that :meth:`adopt` will take over."""
        return self._folder / f"{new_guid()}.scratch"

    def remove(self, blob: str) -> None:
        """Delete a content for good."""
        self.path(blob).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete every content."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)

    def _hash_into(self, hashed: QuickXorHash, blob: str) -> None:
        with self.path(blob).open("rb", buffering=0) as file:
            while piece := file.read(COPY_BYTES):
                hashed.update(piece)

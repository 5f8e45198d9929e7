"""The content of a sample file: opened as a stream, so that a large one is made while it is read and never stored."""

import hashlib
import io
import random
from collections.abc import Buffer, Callable
from dataclasses import dataclass

_BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that can be opened again and again and are always the same."""

    size_bytes: int
    open: Callable[[], "io.BytesIO | Noise"]

    def sha256(self) -> str:
        """The fingerprint of all bytes."""
        with self.open() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def of_bytes(content: bytes) -> Content:
    """Content that is held in memory."""
    return Content(len(content), lambda: io.BytesIO(content))


def of_text(text: str) -> Content:
    """Text in UTF-8."""
    return of_bytes(text.encode())


def large(size_bytes: int) -> Content:
    """Noise of any size, made while it is read."""
    return Content(size_bytes, lambda: Noise(size_bytes))


class Noise(io.RawIOBase):
    """Blocks of the same noise, each stamped with its number, so that no two are alike."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__()
        self._size_bytes = size_bytes
        self._position = 0
        self._noise = random.Random(2026).randbytes(_BLOCK_BYTES - 8)
        self._block = b""

    def __len__(self) -> int:
        return self._size_bytes

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How much was read; with the length it tells `requests` how much is to come."""
        return self._position

    def readinto(self, buffer: Buffer) -> int:
        """Fill the buffer as far as the current block goes."""
        view = memoryview(buffer).cast("B")
        number, offset = divmod(self._position, _BLOCK_BYTES)
        if offset == 0:
            self._block = number.to_bytes(8, "big") + self._noise
        count = min(len(view), _BLOCK_BYTES - offset, self._size_bytes - self._position)
        view[:count] = self._block[offset : offset + count]
        self._position += count
        return count

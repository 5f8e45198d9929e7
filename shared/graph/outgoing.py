"""Gives `requests` the body of one attempt: with a Content-Length, and part by part where it is read meanwhile.

urllib3 sends each part of an iterable as it comes and closes the connection where that raises, so that a request that
was sent half counts for nobody as done. `requests` takes the size from `__len__` (requests.utils.super_len).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.model.bodies import Sendable


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one attempt sends. No `read`, for then urllib3 would cut it into pieces of 16 KiB."""

    parts: Iterator[bytes]
    size_bytes: int

    def __len__(self) -> int:
        return self.size_bytes

    def __iter__(self) -> Iterator[bytes]:
        return self.parts


@contextmanager
def outgoing(content: Sendable | None) -> Iterator[bytes | _Parts | None]:
    """The body of one attempt; a later one opens it again."""
    if content is None or isinstance(content, bytes):
        yield content
        return
    with content.parts() as parts:
        yield _Parts(parts, len(content))

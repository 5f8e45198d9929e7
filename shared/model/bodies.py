"""What is sent as the body of a request: bytes that are there, or content that is read while it is sent."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol


class Body(Protocol):
    """Content of a known size that is read while it is sent, so that nothing holds all of it.

    Its parts may raise SourceFailed (shared/errors.py) and nothing else on purpose.
    """

    def __len__(self) -> int:
        """Its size in bytes, more than none."""

    def parts(self) -> AbstractContextManager[Iterator[bytes]]:
        """Its bytes from the beginning. Each attempt at a request opens them anew, and closes what it left unread."""


type Sendable = bytes | Body


def whole(content: Sendable) -> bytes:
    """All of it at once, for whoever has room for it."""
    if isinstance(content, bytes):
        return content
    with content.parts() as parts:
        return b"".join(parts)

"""The fingerprints of content while it streams by: SharePoint's own, and one that nobody can forge.

quickXorHash is what SharePoint answers with; its state can be saved, so another process goes on where one stopped. It
finds damage and no forgery. SHA-256 is ours. Its state can't be saved: where a transfer went on in another process, it
is known only if the content was read from its beginning again, and None otherwise.
"""

import copy
import hashlib
from dataclasses import dataclass
from typing import Self

from shared.model.quick_xor_hash import QuickXorHash


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Of some content: its size, quickXorHash (base64) and SHA-256 (hex; None: not known)."""

    size_bytes: int
    quick_xor_hash: str
    sha256: str | None = None


class ContentHash:
    """Both hashes at once. `hashed_bytes` is how far they got."""

    def __init__(self) -> None:
        self._quick_xor = QuickXorHash()
        self._sha256: hashlib._Hash | None = hashlib.sha256()

    @classmethod
    def resume(cls, state: str) -> Self:
        """Go on from a quickXorHash's state; SHA-256 is lost."""
        resumed = cls()
        resumed._quick_xor = QuickXorHash.resume(state)
        resumed._sha256 = None
        return resumed

    def copy(self) -> Self:
        """One that goes on from here by itself."""
        copied = type(self)()
        copied._quick_xor = copy.copy(self._quick_xor)
        copied._sha256 = None if self._sha256 is None else self._sha256.copy()
        return copied

    @property
    def hashed_bytes(self) -> int:
        """The bytes seen so far, those before `resume` too."""
        return self._quick_xor.hashed_bytes

    def update(self, content: bytes) -> None:
        """See the next bytes."""
        self._quick_xor.update(content)
        if self._sha256 is not None:
            self._sha256.update(content)

    def state(self) -> str:
        """What `resume` takes, base64."""
        return self._quick_xor.state()

    def fingerprints(self) -> Fingerprints:
        """Of all bytes seen so far."""
        sha256 = None if self._sha256 is None else self._sha256.hexdigest()
        return Fingerprints(self.hashed_bytes, self._quick_xor.base64(), sha256)

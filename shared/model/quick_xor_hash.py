"""quickXorHash, the only hash that SharePoint gives for a file (learn.microsoft.com, "QuickXorHash algorithm").

Byte i of the content is XORed into a circular register of 160 bits at bit 11·i mod 160; at the end the length, as 64
bits, is XORed into the register's last eight bytes. The positions repeat after 160 bytes, so content may be XORed onto
itself in rows of 160 bytes first: here as big integers, by halves, so that Python's own loop runs once per row only at
the end. It detects damage; it is no protection against an attacker.
"""

import base64
import struct
from typing import Self

_ROW_BYTES = 160
_ROW_BITS = 8 * _ROW_BYTES
_REGISTER_BITS = 160
_REGISTER_MASK = (1 << _REGISTER_BITS) - 1
_BITS_PER_BYTE = 11
_LENGTH_AT_BIT = 96
_STRETCH_BYTES = 96 * _ROW_BYTES
"""Content is folded in stretches of this size, which stay in the processor's cache."""
_STATE = struct.Struct("<20sQ")


class QuickXorHash:
    """The hash of content that arrives in pieces; `state` and `resume` carry it from one process to another."""

    __slots__ = ("_count", "_register", "_row")

    def __init__(self) -> None:
        self._count = 0
        self._register = 0
        self._row = 0

    @classmethod
    def resume(cls, state: str) -> Self:
        """The hash as it was when `state` was taken. Raises ValueError for anything that isn't such a state."""
        register, count = _STATE.unpack(_decoded(state))
        resumed = cls()
        resumed._register = int.from_bytes(register, "little")
        resumed._count = count
        return resumed

    @property
    def hashed_bytes(self) -> int:
        """How many bytes were hashed so far."""
        return self._count

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Hash the next bytes of the content."""
        with memoryview(data) as given, given.cast("B") as view:
            folded = 0
            for start in range(0, len(view), _STRETCH_BYTES):
                folded ^= int.from_bytes(view[start : start + _STRETCH_BYTES], "little")
            self._row ^= _one_row(folded << 8 * (self._count % _ROW_BYTES))
            self._count += len(view)

    def state(self) -> str:
        """What `resume` needs, as 40 characters of base64."""
        return base64.b64encode(_STATE.pack(self._current().to_bytes(20, "little"), self._count)).decode("ascii")

    def digest(self) -> bytes:
        """The 20 bytes of the hash; more content may follow."""
        return (self._current() ^ self._count << _LENGTH_AT_BIT).to_bytes(20, "little")

    def base64(self) -> str:
        """The hash as Graph writes it (resources/hashes, `quickXorHash`)."""
        return base64.b64encode(self.digest()).decode("ascii")

    def _current(self) -> int:
        """The register, without the length."""
        spread = 0
        for index, byte in enumerate(self._row.to_bytes(_ROW_BYTES, "little")):
            spread ^= byte << _BITS_PER_BYTE * index % _REGISTER_BITS
        return self._register ^ (spread & _REGISTER_MASK) ^ (spread >> _REGISTER_BITS)


def _one_row(folded: int) -> int:
    """All rows of 160 bytes in an integer, XORed onto each other."""
    while (rows := -(-folded.bit_length() // _ROW_BITS)) > 1:
        half = (rows + 1) // 2 * _ROW_BITS
        folded = (folded >> half) ^ (folded & ((1 << half) - 1))
    return folded


def _decoded(state: str) -> bytes:
    raw = base64.b64decode(state, validate=True)
    if len(raw) != _STATE.size:
        raise ValueError(f"a quickXorHash state has {_STATE.size} bytes, this one has {len(raw)}")
    return raw

"""quickXorHash, the only hash SharePoint Online gives for a file.

https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash

Byte ``i`` is XORed into a circular register of 160 bits at bit ``11 * i mod 160``; the length goes into the last
eight bytes. The positions repeat every 160 bytes, so whole stretches of input can be XORed onto each other as big
integers first, and the 160 positions be worked out once at the end: that makes pure Python fast enough.
"""

import base64

_PERIOD = 160
_SHIFT = 11
_WIDTH_BITS = 160
_STRETCH = 480 * 128  # a multiple of the period, and of Python's 30-bit digits so that no shift crosses digits


class QuickXorHash:
    """Feed it bytes in pieces of any size, then read :meth:`base64`."""

    __slots__ = ("_folded", "length")

    def __init__(self) -> None:
        self._folded = 0
        self.length = 0

    def update(self, piece: bytes | bytearray | memoryview) -> None:
        """Add the next bytes of the content."""
        view = memoryview(piece)
        size = len(view)
        position = 0
        offset = self.length % _STRETCH
        folded = self._folded
        if offset:
            position = min(_STRETCH - offset, size)
            folded ^= int.from_bytes(view[:position], "little") << (8 * offset)
        while position < size:
            folded ^= int.from_bytes(view[position : position + _STRETCH], "little")
            position += _STRETCH
        self._folded = folded
        self.length += size

    def copy(self) -> "QuickXorHash":
        """Return an independent copy; a fragment that breaks off is undone by going back to it."""
        twin = QuickXorHash()
        twin._folded = self._folded
        twin.length = self.length
        return twin

    def digest(self) -> bytes:
        """Return the 20 bytes."""
        register = 0
        for index, byte in enumerate(self._one_period()):
            register ^= byte << (_SHIFT * index % _WIDTH_BITS)
        register = (register >> _WIDTH_BITS) ^ (register & ((1 << _WIDTH_BITS) - 1))
        register ^= (self.length & 0xFFFF_FFFF_FFFF_FFFF) << 96
        return register.to_bytes(20, "little")

    def base64(self) -> str:
        """Return the hash as Graph writes it in ``file.hashes.quickXorHash``."""
        return base64.b64encode(self.digest()).decode("ascii")

    def _one_period(self) -> bytes:
        raw = self._folded.to_bytes((self._folded.bit_length() + 7) // 8, "little")
        cell = 0
        for start in range(0, len(raw), _PERIOD):
            cell ^= int.from_bytes(raw[start : start + _PERIOD], "little")
        return cell.to_bytes(_PERIOD, "little")

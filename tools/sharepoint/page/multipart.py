"""Forms with files, as browsers send them, read piece by piece: a file of any size passes through a small buffer.

https://www.rfc-editor.org/rfc/rfc7578 and, for names, the ``multipart/form-data`` encoding of the HTML standard.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import unquote

from tools.sharepoint.state.errors import invalid_request

_MAX_HEADER_BYTES = 16 * 1024
_PARAMETER = re.compile(r';\s*([\w*]+)=(?:"([^"]*)"|([^;\s]*))')


@dataclass(slots=True, frozen=True)
class Part:
    """One field; ``file_name`` is None for those that are no files."""

    name: str
    file_name: str | None


class MultipartReader:
    """Reads one body: :meth:`next_part`, then its :meth:`pieces` or not, and so on until there is none."""

    def __init__(self, chunks: AsyncIterator[bytes], content_type: str) -> None:
        media_type, _, _ = content_type.partition(";")
        boundary = _parameters(content_type).get("boundary", "")
        if media_type.strip().lower() != "multipart/form-data" or not boundary:
            raise invalid_request("The form is not multipart/form-data")
        self._chunks = chunks
        self._delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
        self._buffer = bytearray(b"\r\n")  # so that the first delimiter looks like the others
        self._inside = True

    async def next_part(self) -> Part | None:
        """Pass over what is left of the present part and return the next one."""
        async for _ in self.pieces():
            pass
        while len(self._buffer) < 2:
            await self._more()
        if self._buffer.startswith(b"--"):
            return None
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _MAX_HEADER_BYTES:
                raise invalid_request("The header of a field is too long")
            await self._more()
        header = self._buffer[:end].decode("utf-8", "replace")
        del self._buffer[: end + 4]
        self._inside = True
        return _part(header)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the content of the present part."""
        while self._inside:
            end = self._buffer.find(self._delimiter)
            self._inside = end < 0
            keep = len(self._delimiter) - 1  # the delimiter may have begun at the end of what is here
            ready = bytes(self._buffer[:end] if end >= 0 else self._buffer[: max(0, len(self._buffer) - keep)])
            del self._buffer[: len(ready) + (len(self._delimiter) if end >= 0 else 0)]
            if ready:
                yield ready
            if self._inside:
                await self._more()

    async def text(self, limit: int) -> str:
        """Return the content of the present part, which must be short."""
        received = bytearray()
        async for piece in self.pieces():
            received += piece
            if len(received) > limit:
                raise invalid_request("A field of the form is too long")
        return received.decode("utf-8", "replace")

    async def _more(self) -> None:
        piece = await anext(self._chunks, None)
        if piece is None:
            raise invalid_request("The form breaks off in the middle")
        self._buffer += piece


def _part(header: str) -> Part:
    for line in header.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            given = _parameters(value)
            extended = given.get("filename*", "")
            file_name = unquote(extended.rpartition("'")[2]) if extended else given.get("filename")
            return Part(given.get("name", ""), file_name)
    return Part("", None)


def _parameters(header: str) -> dict[str, str]:
    return {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(header)}

"""What passes between the host and a worker process, and the framed channel it passes through."""

import asyncio
import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .protos import TypedData

_HEADER = struct.Struct("!I")


@dataclass(frozen=True)
class IndexedFunction:
    """A function as the worker library indexed it; bindings are JSON texts, as in function.json."""

    function_id: str
    name: str
    raw_bindings: tuple[str, ...]
    retry: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Indexed:
    """The worker's first message: its functions, or why there are none."""

    functions: tuple[IndexedFunction, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class Invocation:
    """One call of one function."""

    invocation_id: str
    function_id: str
    function_name: str
    input_data: Mapping[str, TypedData]
    trigger_metadata: Mapping[str, TypedData] = field(default_factory=dict)
    retry_count: int = 0
    max_retry_count: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of an invocation."""

    invocation_id: str
    succeeded: bool
    error: str = ""
    stack: str = ""
    return_value: TypedData | None = None
    outputs: Mapping[str, TypedData] = field(default_factory=dict)


class Channel:
    """Whole Python messages over a stream; both ends are this program, so pickle is safe."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, message: object) -> None:
        """Send one message."""
        payload = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        self._writer.write(_HEADER.pack(len(payload)))
        self._writer.write(payload)
        await self._writer.drain()

    async def receive(self) -> Any:
        """Wait for one message; EOFError when the other end is gone."""
        try:
            (size,) = _HEADER.unpack(await self._reader.readexactly(_HEADER.size))
            return pickle.loads(await self._reader.readexactly(size))  # noqa: S301 - see the class
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise EOFError from error

    def close(self) -> None:
        """Close this end; the other receives EOFError."""
        self._writer.close()

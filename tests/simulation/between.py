"""A reverse proxy on loopback between the app and one service, at which requests can be counted, broken and stopped.

Method, path with query (as it came, nothing encoded anew, so that signatures hold), headers and bodies go through as
they are, the bodies in pieces. The Host header goes through too: a service that makes links from it, as the local
SharePoint does for uploadUrl, nextLink, deltaLink and download URLs, makes links that lead back here. Only its webUrl,
which is for people, leads past it. Azure's shared key and SAS sign the path and not the host, so Azurite takes both.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import hdrs, web
from multidict import CIMultiDict
from yarl import URL

from tests.simulation.crossing import Crossing, Turn
from tests.simulation.refusals import refusal
from tests.simulation.wire import WireFault, WireFaults, WireKind

_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection", "expect"}
_IDLE_S = 1.0
_PATIENCE_S = 30


class Cut(Exception):
    """The client's connection is to be broken here."""


class Between:
    """A proxy that runs while the `with` block does. `upstream` is scheme, host and port, such as `http://127.0.0.1:7072`.

    What is called by `before` and `after` runs in the proxy's only thread: nothing else passes meanwhile, and it must
    not use the proxy itself.
    """

    def __init__(
        self, upstream: str, *, name: str, faults: WireFaults | None = None, crossing: Crossing | None = None
    ) -> None:
        self.name = name
        self.url = ""
        self.faults = faults or WireFaults()
        self.crossing = crossing or Crossing()
        self._upstream = upstream.rstrip("/")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"between-{name}", daemon=True)
        self._runner: web.ServerRunner | None = None
        self._client: aiohttp.ClientSession | None = None
        self._failed: BaseException | None = None

    @property
    def requests(self) -> int:
        """How many went on to the service so far; with a shared crossing, all of its."""
        return self.crossing.forwarded

    def before(self, nth: int, call: Callable[[], None]) -> None:
        """Call it when the nth request from now arrives; that one is not forwarded and its connection breaks."""
        self.crossing.before(nth, call)

    def after(self, nth: int, call: Callable[[], None]) -> None:
        """Call it when the service has answered the nth request from now, before the answer goes back."""
        self.crossing.after(nth, call)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(_PATIENCE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(_PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_S)
        self._loop.close()
        if self._failed is not None and kind is None:
            raise self._failed

    async def _start(self) -> None:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S)
        timeout = aiohttp.ClientTimeout(total=None)
        self._client = aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False)
        self._runner = web.ServerRunner(
            web.Server(self._handle, auto_decompress=False), handle_signals=False, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=512).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[-1][1]}"

    async def _stop(self) -> None:
        assert self._runner is not None
        assert self._client is not None
        await self._runner.cleanup()
        await self._client.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        turn = self.crossing.arrive(request.method, request.raw_path, request.headers)
        try:
            return await self._pass(request, turn)
        except (Cut, ConnectionError, aiohttp.ClientError, web.RequestPayloadError, asyncio.IncompleteReadError):
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=502)

    def _call(self, call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:
            self._failed = error

    async def _pass(self, request: web.BaseRequest, turn: Turn) -> web.StreamResponse:
        if turn.before is not None:
            self._call(turn.before)
            raise Cut
        looked_at = self.faults.looks_inside(request.method, request.raw_path)
        body = await request.read() if looked_at and _may_be_read_whole(request) else b""
        fault = self.faults.take(request.method, request.raw_path, request.headers, body)
        kind = fault.kind if fault else None
        if fault and kind is WireKind.DELAYED:
            await asyncio.sleep(fault.delay_s)
        if fault and fault.kind.status is not None:
            return await _refuse(request, fault)
        if kind is WireKind.REQUEST_CUT and not request.can_read_body:
            raise Cut
        self.crossing.forward()
        async with self._forwarded(request, body, cut=kind is WireKind.REQUEST_CUT) as answer:
            if turn.after is not None:
                self._call(turn.after)
            if kind is WireKind.UNANSWERED:
                raise Cut
            return await _give_back(request, answer, cut=kind is WireKind.RESPONSE_CUT)

    def _forwarded(
        self, request: web.BaseRequest, body: bytes, *, cut: bool
    ) -> "aiohttp.client._RequestContextManager":
        assert self._client is not None
        headers = _passed_on(request.headers)
        pieces = _half_of(request) if cut else request.content.iter_any()
        return self._client.request(
            request.method,
            URL(self._upstream + request.raw_path, encoded=True),
            headers=headers,
            data=body or (pieces if request.can_read_body else None),
            skip_auto_headers=(hdrs.USER_AGENT, hdrs.CONTENT_TYPE, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING),
            allow_redirects=False,
        )


def _may_be_read_whole(request: web.BaseRequest) -> bool:
    """An entity group transaction has at most 4 MiB; anything else says its condition in a header."""
    return request.path.endswith("$batch")


def _passed_on(headers: "CIMultiDict[str] | object") -> "CIMultiDict[str]":
    kept: CIMultiDict[str] = CIMultiDict()
    for name, value in headers.items():  # type: ignore[attr-defined]
        if name.lower() not in _OF_THE_CONNECTION:
            kept.add(name, value)
    return kept


async def _half_of(request: web.BaseRequest) -> AsyncIterator[bytes]:
    """The first half of the body; then the service's connection breaks."""
    left = (request.content_length or 2) // 2
    async for piece in request.content.iter_any():
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            break
    raise Cut


async def _refuse(request: web.BaseRequest, fault: WireFault) -> web.StreamResponse:
    assert fault.kind.status is not None
    # Unread, the body would be taken for the next request.
    async for _ in request.content.iter_any():
        pass
    answer = refusal(fault.kind.status, request.raw_path, request.headers, fault.retry_after_s)
    response = web.Response(status=answer.status, headers=answer.headers, body=answer.body)
    await response.prepare(request)
    await response.write_eof()
    return response


async def _give_back(request: web.BaseRequest, answer: aiohttp.ClientResponse, *, cut: bool) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=_passed_on(answer.headers))
    if answer.content_length is None and request.method != hdrs.METH_HEAD and answer.status not in {204, 304}:
        response.enable_chunked_encoding()
    await response.prepare(request)
    left = (answer.content_length or 2) // 2
    async for piece in answer.content.iter_any():
        if cut:
            await response.write(piece[:left])
            left -= len(piece)
            if left <= 0:
                break
        else:
            await response.write(piece)
    if cut:
        raise Cut
    await response.write_eof()
    return response

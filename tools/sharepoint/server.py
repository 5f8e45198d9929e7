"""The sockets: plain HTTP always, HTTPS as well if asked for; both lead to the same gateway."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from tools.sharepoint.certificates import server_context
from tools.sharepoint.gateway import Exchange, Gateway
from tools.sharepoint.notifier import Notifier
from tools.sharepoint.options import Options
from tools.sharepoint.resources.call import Reply
from tools.sharepoint.state.content import COPY_BYTES
from tools.sharepoint.state.errors import ConnectionDropped
from tools.sharepoint.state.snapshot import load, save
from tools.sharepoint.state.tenant import Tenant

SAVE_EVERY_S = 20.0


class SharePointServer:
    """A running local SharePoint; :meth:`start` and :meth:`stop` belong to one event loop."""

    def __init__(self, options: Options, folder: Path) -> None:
        self.options = options
        self.folder = folder
        self.tenant = Tenant(options, folder)
        self.url = ""
        self.tls_url = ""
        self.ca_path: Path | None = None
        self._gateway = Gateway(self.tenant)
        self._notifier = Notifier(self.tenant)
        self.tenant.courier = self._notifier
        self._http: web.Server | None = None
        self._runner: web.ServerRunner | None = None
        self._saver: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the saved state and listen; raise ``OSError`` if a port is taken."""
        if self.options.state is not None:
            load(self.tenant, self.folder)
        self._http = web.Server(self._handle)
        self._runner = web.ServerRunner(self._http, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        self.url = f"http://127.0.0.1:{await self._listen(self.options.port, None)}"
        if self.options.tls:
            self.ca_path, context = server_context(self.folder / "tls")
            self.tls_url = f"https://localhost:{await self._listen(self.options.tls_port, context)}"
        self.tenant.http_base = self.url
        self._notifier.start()
        if self.options.state is not None:
            self._saver = asyncio.get_running_loop().create_task(self._save_now_and_then())

    async def stop(self) -> None:
        """Stop listening and save."""
        if self._saver is not None:
            self._saver.cancel()
        if self._runner is not None and self._http is not None:
            open_transports = [each.transport for each in self._http.connections if each.transport is not None]
            await self._runner.cleanup()
            for transport in open_transports:
                transport.abort()  # TLS would wait for its client to say goodbye
        await self._notifier.stop()
        for writer in self.tenant.writers.values():
            writer.close()
        if self.url and self.options.state is not None:  # never over the state of one that holds the port
            save(self.tenant, self.folder)

    async def _listen(self, port: int, context: ssl.SSLContext | None) -> int:
        assert self._runner is not None
        site = web.TCPSite(self._runner, self.options.host, port, ssl_context=context, backlog=512)
        await site.start()
        listener = self._runner.addresses[-1]
        return int(listener[1])

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            if self.tenant.changed:
                save(self.tenant, self.folder)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        exchange = Exchange(
            method=request.method,
            raw_url=request.raw_path,
            headers=request.headers,
            base_url=f"{request.scheme}://{request.host}",
            chunks=_chunks(request),
        )
        try:
            reply = await self._gateway.answer(exchange)
            response, sent = await self._write(request, exchange, reply)
        except (ConnectionDropped, ConnectionError, web.RequestPayloadError, asyncio.IncompleteReadError):
            self._gateway.write_down(exchange, 0, 0)
            _break(request)
            return web.Response(status=500)
        self._gateway.write_down(exchange, reply.status, sent)
        if self.options.log:
            print(f"{reply.status} {exchange.method} {exchange.raw_url.partition('?')[0]}", flush=True)
        return response

    async def _write(
        self, request: web.BaseRequest, exchange: Exchange, reply: Reply
    ) -> tuple[web.StreamResponse, int]:
        if reply.file is not None:
            return await _write_file(request, exchange, reply, reply.file)
        body = b""
        if reply.text is not None:
            body = reply.text.encode()
        elif reply.body is not None:
            body = json.dumps(reply.body, separators=(",", ":"), ensure_ascii=False).encode()
        if body:
            reply.headers["Content-Type"] = reply.content_type
        if exchange.drop_response_after is not None:
            await _write_and_break(request, exchange, reply, body)
        response = web.Response(status=reply.status, body=body, headers=reply.headers)
        await response.prepare(request)
        await response.write_eof()
        return response, len(body)


async def _chunks(request: web.BaseRequest) -> AsyncIterator[bytes]:
    if not request.can_read_body:
        return
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    async for piece in request.content.iter_any():
        yield piece


async def _write_file(
    request: web.BaseRequest, exchange: Exchange, reply: Reply, path: Path
) -> tuple[web.StreamResponse, int]:
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_type = reply.content_type
    response.content_length = reply.length
    await response.prepare(request)
    sent = 0
    with path.open("rb", buffering=0) as file:
        file.seek(reply.first)
        while sent < reply.length:
            piece = file.read(min(COPY_BYTES // 4, reply.length - sent))
            if not piece:
                raise ConnectionResetError
            limit = exchange.drop_response_after
            if limit is not None and sent + len(piece) >= limit:
                await response.write(piece[: limit - sent])
                raise ConnectionDropped
            await response.write(piece)
            sent += len(piece)
    await response.write_eof()
    return response, sent


async def _write_and_break(request: web.BaseRequest, exchange: Exchange, reply: Reply, body: bytes) -> None:
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(body)
    if exchange.drop_response_after:
        await response.prepare(request)
        await response.write(body[: exchange.drop_response_after])
    raise ConnectionDropped


def _break(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.abort()

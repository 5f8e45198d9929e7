"""The HTTP side of the host: functions, the blob webhook, and the admin addresses.

Pages: https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http and
https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from .bindings import FunctionSpec
from .blob_events import BlobWebhook
from .http_trigger import MAX_BODY_BYTES, http_call, http_response
from .keys import Keys
from .messages import Outcome
from .pool import WorkerDied
from .routes import Routes
from .runner import Call

RunHttp = Callable[[FunctionSpec, Call], Awaitable[Outcome]]
Trigger = Callable[[FunctionSpec, str], None]


class Server:
    """Answers every request; what it may do comes from the host."""

    def __init__(
        self,
        *,
        keys: Keys,
        functions: Mapping[str, FunctionSpec],
        routes: Routes,
        webhook: BlobWebhook | None,
        run: RunHttp,
        trigger: Trigger,
        state: Callable[[], dict[str, Any]],
    ) -> None:
        self._keys = keys
        self._functions = functions
        self._routes = routes
        self._webhook = webhook
        self._run = run
        self._trigger = trigger
        self._state = state

    def application(self) -> web.Application:
        """Make the aiohttp application."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_route("*", r"/{path:[\s\S]*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        first = path.strip("/").partition("/")[0].lower()
        if first == "admin":
            return await self._admin(request, path)
        if first == "runtime":
            return await self._runtime(request, path)
        return await self._function(request, path)

    def _allowed(self, request: web.Request, level: str) -> bool:
        return self._keys.allow(level, request.headers.get("x-functions-key"), request.query.get("code"))

    async def _function(self, request: web.Request, path: str) -> web.StreamResponse:
        found = self._routes.find(request.method, path)
        if found is None:
            is_home = path == "/" and request.method == "GET"
            return web.Response(text="The local Functions host is up and running.") if is_home else not_found()
        spec, parameters = found
        if not self._allowed(request, str(spec.trigger.values.get("authLevel") or "function")):
            return web.Response(status=401)
        try:
            return http_response(spec, await self._run(spec, await http_call(request, parameters)))
        except WorkerDied:
            return web.Response(status=500)
        except TimeoutError:
            return web.Response(status=503)

    async def _runtime(self, request: web.Request, path: str) -> web.Response:
        if path.strip("/").lower() != "runtime/webhooks/blobs" or self._webhook is None or request.method != "POST":
            return not_found()
        if not self._allowed(request, "system"):
            return web.Response(status=401)
        event_type = request.headers.get("aeg-event-type", "")
        name = request.query.get("functionName", "")
        try:
            status, answer = await self._webhook.receive(name, event_type, await request.read())
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return web.Response(status=400)
        return web.json_response(answer, status=status) if answer is not None else web.Response(status=status)

    async def _admin(self, request: web.Request, path: str) -> web.Response:
        parts = path.strip("/").split("/")[1:]
        if request.method == "GET" and parts in (["host", "status"], ["host", "ping"]):
            return web.json_response(self._state())
        if not self._allowed(request, "admin"):
            return web.Response(status=401)
        if parts[:1] != ["functions"] or len(parts) > 2:
            return not_found()
        if request.method == "GET" and len(parts) == 1:
            return web.json_response(
                [{"name": name, "trigger": each.trigger_kind} for name, each in self._functions.items()]
            )
        spec = self._functions.get(parts[1].lower()) if len(parts) == 2 else None
        if spec is None or request.method != "POST":
            return not_found()
        return self._start(spec, await request.read())

    def _start(self, spec: FunctionSpec, body: bytes) -> web.Response:
        try:
            given = json.loads(body or b"{}").get("input", "")
        except (ValueError, AttributeError):
            return web.Response(status=400)
        self._trigger(spec, given if isinstance(given, str) else json.dumps(given))
        return web.Response(status=202)


def not_found() -> web.Response:
    """Answer as for a path without a function."""
    return web.Response(status=404)

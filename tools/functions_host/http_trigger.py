"""The HTTP trigger: from a request to a call of its function, and from its result to a response.

Rules seen in the real host: empty query values are dropped and repeated ones joined with a comma, header names are
lower case, an exception or no answer is an empty 500. Page:
https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
"""

from email.utils import formatdate
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import CIMultiDict

from .bindings import FunctionSpec
from .messages import Outcome
from .protos import RpcHttp, RpcHttpCookie, TypedData
from .runner import Call

MAX_BODY_BYTES = 210 * 1024 * 1024
"""https://learn.microsoft.com/azure/azure-functions/functions-scale#service-limits"""
_OURS = {"content-length", "transfer-encoding", "connection"}
_SAME_SITE = {1: "Lax", 2: "Strict", 3: "None"}


async def http_call(request: web.Request, route_parameters: dict[str, str]) -> Call:
    """Make the call."""
    http = RpcHttp(
        method=request.method,
        url=f"{request.scheme}://{request.host}{request.raw_path}",
        headers=_joined((name.lower(), value) for name, value in request.headers.items()),
        query=_joined(parse_qsl(request.raw_path.partition("?")[2])),
        params=route_parameters,
        body=TypedData(bytes=await request.read()),
    )
    return Call(TypedData(http=http), captures=route_parameters)


def _joined(pairs: Any) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: ",".join(each) for name, each in values.items()}


def http_response(spec: FunctionSpec, outcome: Outcome) -> web.Response:
    """Make the response of a finished call."""
    if not outcome.succeeded:
        return web.Response(status=500)
    name = next((each.name for each in spec.outputs if each.kind == "http"), "$return")
    value = outcome.return_value if name == "$return" else outcome.outputs.get(name)
    kind = value.WhichOneof("data") if value is not None else None
    if value is None or kind is None:
        return web.Response(status=204)
    if kind == "http":
        return _from_message(value.http)
    return web.Response(body=_body(value), content_type="text/plain", charset="utf-8")


def _from_message(http: RpcHttp) -> web.Response:
    headers = CIMultiDict({name: value for name, value in http.headers.items() if name.lower() not in _OURS})
    for cookie in http.cookies or ():
        headers.add("Set-Cookie", _cookie(cookie))
    status = int(http.status_code)
    body = None if status in {204, 304} or status < 200 else _body(http.body)
    return web.Response(status=status, headers=headers, body=body)


def _body(value: TypedData | None) -> bytes:
    raw = getattr(value, (value.WhichOneof("data") if value else None) or "", b"")
    return raw if isinstance(raw, bytes) else str(raw).encode()


def _cookie(cookie: RpcHttpCookie) -> str:
    def given(name: str) -> Any:
        return getattr(getattr(cookie, name), "value", None)

    morsel = SimpleCookie({cookie.name: cookie.value})[cookie.name]
    attributes = {"domain": given("domain"), "path": given("path"), "samesite": _SAME_SITE.get(cookie.same_site)}
    attributes |= {"secure": given("secure"), "httponly": given("http_only")}
    if given("max_age") is not None:
        attributes["max-age"] = str(int(given("max_age")))
    if given("expires") is not None:
        attributes["expires"] = formatdate(given("expires").seconds, usegmt=True)
    morsel.update({name: value for name, value in attributes.items() if value})
    return morsel.OutputString()

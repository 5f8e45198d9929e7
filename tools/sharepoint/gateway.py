"""The way of every request: address, fault, token, charge, handler, error envelope.

It knows nothing of sockets; ``server.py`` feeds it exchanges and writes what it returns.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from aiohttp.web import RequestPayloadError

from tools.sharepoint.addressing import Segment, read_path, split_url
from tools.sharepoint.resources.call import Call, Json, PerformAgain, Reply
from tools.sharepoint.routes import Match, Surface, check_options, find_graph_route, find_other_route
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.errors import ConnectionDropped, GraphError, invalid_request
from tools.sharepoint.state.faults import Fault
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.tenant import Tenant

logger = logging.getLogger(__name__)
VERSIONS = ("/v1.0", "/v2.0")
_ASIDE = (Surface.CONTROL, Surface.PAGE)


@dataclass(slots=True)
class Exchange:
    """A request on its way through, with what the ledger wants to know of it."""

    method: str
    raw_url: str
    headers: Mapping[str, str]
    base_url: str
    chunks: AsyncIterator[bytes]
    route: str = "(unknown)"
    surface: Surface = Surface.GRAPH
    ru: int = 0
    bytes_in: int = 0
    request_id: str = field(default_factory=new_guid)
    drop_body_after: int | None = None
    drop_response_after: int | None = None
    rate_limit: dict[str, str] = field(default_factory=dict)
    began: float = 0.0
    ahead_s: float = 0.0
    retry_after_s: float = 0.0

    async def counted_chunks(self) -> AsyncIterator[bytes]:
        """Yield the body and count it; a fault can break the connection after some bytes."""
        async for piece in self.chunks:
            if self.drop_body_after is not None and self.bytes_in + len(piece) >= self.drop_body_after:
                yield piece[: self.drop_body_after - self.bytes_in]
                self.bytes_in = self.drop_body_after
                raise ConnectionDropped
            self.bytes_in += len(piece)
            yield piece
        if self.drop_body_after is not None:
            raise ConnectionDropped


class Gateway:
    """Answers exchanges on behalf of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def answer(self, exchange: Exchange) -> Reply:
        """Return the reply, errors included."""
        exchange.began, exchange.ahead_s = self._tenant.clock.now(), self._tenant.clock.ahead_s
        try:
            reply = await self._perform(exchange)
        except GraphError as error:
            reply = self._envelope(exchange, error)
        except (ConnectionDropped, ConnectionError, RequestPayloadError):
            raise
        except UnicodeDecodeError:
            reply = self._envelope(exchange, invalid_request("The URL is not valid UTF-8"))
        except Exception as error:
            logger.exception("%s %s", exchange.method, exchange.raw_url.partition("?")[0])
            reply = self._envelope(exchange, GraphError(500, "generalException", f"{type(error).__name__} here"))
        reply.headers.update(exchange.rate_limit)
        exchange.retry_after_s = float(reply.headers.get("Retry-After", 0))
        reply.headers["request-id"] = exchange.request_id
        reply.headers["client-request-id"] = exchange.headers.get("client-request-id", exchange.request_id)
        return reply

    async def _perform(self, exchange: Exchange) -> Reply:
        raw_path, query = split_url(exchange.raw_url)
        version = next((each for each in VERSIONS if raw_path.startswith(f"{each}/")), "")
        match = self._match(exchange, raw_path, version)
        route = match.route
        exchange.route, exchange.surface = route.template, route.surface
        call = Call(
            self._tenant, exchange.method, route.template, match.params, match.paths, query, exchange.headers,
            exchange.base_url, exchange.counted_chunks(), raw_path, perform_again=self._again(exchange),
            version=version,
        )  # fmt: skip
        if route.surface in _ASIDE:
            check_options(route, query)
            return await route.handler(call)
        return await self._perform_with_faults(exchange, match, call)

    def _match(self, exchange: Exchange, raw_path: str, version: str) -> Match:
        if version:
            return find_graph_route(exchange.method, self._canonical(read_path(raw_path.removeprefix(version))))
        return find_other_route(exchange.method, read_path(raw_path))

    async def _perform_with_faults(self, exchange: Exchange, match: Match, call: Call) -> Reply:
        tenant = self._tenant
        if tenant.settings.latency_ms:
            await asyncio.sleep(tenant.settings.latency_ms / 1000)
        fault = tenant.faults.take(exchange.method, exchange.route, call.raw_path, exchange.headers)
        exchange.rate_limit = self._charge(exchange, match, call)
        error = fault.error() if fault else None
        if fault:
            await self._prepare(exchange, fault)
        if error and fault and not fault.apply_then_status:
            raise error
        if match.route.surface is Surface.GRAPH:
            call.application_id = tenant.tokens.application(exchange.headers.get("Authorization", ""), call.now)
        check_options(match.route, call.query)
        reply = await match.route.handler(call)
        if error:
            raise error
        if exchange.method != "GET":
            tenant.changed = True
        return reply

    def _charge(self, exchange: Exchange, match: Match, call: Call) -> dict[str, str]:
        exchange.ru = match.route.charge
        if match.route.template.endswith("/delta") and ("token" in call.query or "token" in call.params):
            exchange.ru = 1
        if match.route.template.endswith("/uploadSession") and exchange.method == "PUT":
            exchange.ru = self._tenant.settings.fragment_ru
        return self._tenant.budget.charge(exchange.ru, self._tenant.clock.now()) if exchange.ru else {}

    @staticmethod
    async def _prepare(exchange: Exchange, fault: Fault) -> None:
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.drop_while == "response":
            exchange.drop_response_after = fault.drop_after_bytes
        else:
            exchange.drop_body_after = fault.drop_after_bytes
        if exchange.drop_body_after is not None and exchange.method in ("GET", "DELETE"):
            raise ConnectionDropped

    def _canonical(self, segments: list[Segment]) -> list[Segment]:
        """Lead the many spellings of an address to the one the route table knows."""
        sites = self._tenant.sites
        texts = [segment.text for segment in segments]
        if len(texts) > 3 and texts[0] == "sites" and texts[2] == "drive":
            library = sites.find(texts[1], segments[1].path).default_library()
            segments = [Segment("drives"), Segment(library.drive_id), *segments[3:]]
        elif len(texts) > 5 and texts[0] == "sites" and texts[2] == "lists" and texts[4] == "drive":
            library = sites.find(texts[1], segments[1].path).get_library(texts[3])
            segments = [Segment("drives"), Segment(library.drive_id), *segments[5:]]
        elif len(texts) > 2 and texts[0] == "drives" and texts[2] == "list":
            library = sites.get_drive(texts[1])
            site_id = sites.of(library).site_id
            return [Segment("sites"), Segment(site_id), Segment("lists"), Segment(library.list_id), *segments[3:]]
        if len(segments) > 2 and segments[0].text == "drives" and segments[2].text == "root":
            segments.insert(2, Segment("items"))
        return segments

    def _again(self, outer: Exchange) -> PerformAgain:
        async def perform(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
            async def chunks() -> AsyncIterator[bytes]:
                yield body

            merged = {"Authorization": outer.headers.get("Authorization", ""), "Content-Length": str(len(body))}
            inner = Exchange(method, url, {**merged, **_canonical_headers(headers)}, outer.base_url, chunks())
            reply = await self.answer(inner)
            self.write_down(inner, reply.status, 0)
            return reply

        return perform

    def write_down(self, exchange: Exchange, status: int, bytes_out: int) -> None:
        """Add the exchange to the ledger; status 0 means that the connection broke. Control plane and page stay out."""
        if exchange.surface in _ASIDE:
            return
        self._tenant.ledger.add(
            time=self._tenant.clock.now(),
            method=exchange.method,
            route=exchange.route,
            path=exchange.raw_url.partition("?")[0],
            status=status,
            ru=exchange.ru,
            bytes_in=exchange.bytes_in,
            bytes_out=bytes_out,
            user_agent=exchange.headers.get("User-Agent", ""),
            client_request_id=exchange.headers.get("client-request-id", ""),
            began=exchange.began,
            ahead_s=exchange.ahead_s,
            retry_after_s=exchange.retry_after_s,
        )

    def _envelope(self, exchange: Exchange, error: GraphError) -> Reply:
        inner: Json = {
            "date": iso(self._tenant.clock.now())[:-1],
            "request-id": exchange.request_id,
            "client-request-id": exchange.headers.get("client-request-id", exchange.request_id),
        }
        for code in reversed(error.inner):
            inner = {"code": code, "innerError": inner} if "code" in inner else {"code": code, **inner}
        body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
        return Reply(error.status, body, dict(error.headers))


def _canonical_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Write names as ``If-Match`` does: the headers inside a batch are a plain dictionary."""
    return {"-".join(part.capitalize() for part in name.split("-")): value for name, value in headers.items()}

"""Collections that Graph answers in pages (https://learn.microsoft.com/graph/paging)."""

from collections.abc import Iterator, Mapping

from shared.graph import wire
from shared.graph.request import GraphTransport


def rows(
    transport: GraphTransport, route: str, values: Mapping[str, str], params: Mapping[str, str] | None = None
) -> Iterator[wire.Json]:
    """Every row, page after page; a nextLink is called as it is."""
    found, link = wire.read(transport.request("GET", route, values, params=params), wire.page)
    yield from found
    while link is not None:
        found, link = wire.read(transport.follow(link, route), wire.page)
        yield from found

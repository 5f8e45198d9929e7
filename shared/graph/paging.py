"""Collections that Graph answers in pages (https://learn.microsoft.com/graph/paging)."""

from collections import Counter
from collections.abc import Iterator, Mapping

from shared.errors import Unavailable
from shared.graph import wire
from shared.graph.request import GraphTransport

_MOST = 3
"""So often a link may come: a page that is not ready yet may be named again."""


def rows(
    transport: GraphTransport, route: str, values: Mapping[str, str], params: Mapping[str, str] | None = None
) -> Iterator[wire.Json]:
    """Every row, page after page; a nextLink is called as it is. Raises Unavailable where the pages never end."""
    met: Counter[int] = Counter()
    found, link = wire.read(transport.request("GET", route, values, params=params), wire.page)
    yield from found
    while link is not None:
        met[hash(link)] += 1
        if met[hash(link)] > _MOST:
            raise Unavailable("The pages of SharePoint's answer lead back to themselves.")
        found, link = wire.read(transport.follow(link, route), wire.page)
        yield from found

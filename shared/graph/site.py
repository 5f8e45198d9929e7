"""The sites that hold the libraries, in order: their ids, their content types, and how many lists they have.

SharePoint supports 2,000 lists and libraries in a site (service description, SharePoint limits), so one that is nearly
full gets no more. A site's lists are counted once per process and again after ten minutes; what this process makes in
between it counts itself. Graph leaves out the lists of SharePoint's own, and other instances make libraries too, so the
limit that is set has to keep some distance.
"""

import threading
from collections.abc import Callable, Iterator, Sequence

from shared.graph import wire
from shared.graph.content_type import ensure_content_type
from shared.graph.paging import rows
from shared.graph.request import GraphTransport

_COUNT_HOLDS_S = 600.0


class Site:
    """`address` is `hostname:/sites/path` (site-getbypath) or a site id. Safe for threads; `now` is in seconds."""

    def __init__(self, transport: GraphTransport, address: str, most_lists: int, now: Callable[[], float]) -> None:
        self.address = address
        self._transport = transport
        self._most_lists = most_lists
        self._now = now
        self._id = _Once(self._find_id)
        self._content_type_id = _Once(lambda: ensure_content_type(transport, self.id))
        self._counting = threading.Lock()
        self._lists = 0
        self._counted_at = -_COUNT_HOLDS_S

    @property
    def id(self) -> str:
        """The site's id, `hostname,guid,guid`."""
        return self._id.get()

    @property
    def content_type_id(self) -> str:
        """The id of the site's content type for Moment's files, which is made when it is missing."""
        return self._content_type_id.get()

    def take_place(self) -> bool:
        """Count a list that is about to be made; False where there is no room for it."""
        with self._counting:
            if self._now() - self._counted_at >= _COUNT_HOLDS_S:
                found = rows(self._transport, "/sites/{site}/lists", {"site": self.id}, wire.ID_FIELD)
                self._lists, self._counted_at = sum(1 for _ in found), self._now()
            if self._lists >= self._most_lists:
                return False
            self._lists += 1
            return True

    def give_place_back(self) -> None:
        """The list was not made."""
        with self._counting:
            self._lists -= 1

    def close(self) -> None:
        """SharePoint takes no more lists there: leave it alone until they are counted again."""
        with self._counting:
            self._lists = max(self._lists, self._most_lists)

    def _find_id(self) -> str:
        host, colon, path = self.address.partition(":")
        if not colon:
            return self.address
        names = path.strip("/").split("/")
        places = {f"part{number}": name for number, name in enumerate(names)}
        route = "/sites/{host}:/" + "/".join(f"{{{place}}}" for place in places)
        response = self._transport.request("GET", route, {"host": host, **places}, params=wire.ID_FIELD)
        return wire.read(response, wire.identifier)


class Sites:
    """The sites of the settings, in their order. Safe for threads."""

    def __init__(
        self, transport: GraphTransport, addresses: Sequence[str], most_lists: int, now: Callable[[], float]
    ) -> None:
        self._transport = transport
        self._most_lists = most_lists
        self._now = now
        self._in_order = tuple(map(self._site, addresses))
        self._others: dict[str, Site] = {}

    def __iter__(self) -> Iterator[Site]:
        return iter(self._in_order)

    def of(self, site_id: str) -> Site:
        """The site of this id; libraries may still be in one that the settings no longer name."""
        known = next((site for site in self if site.id == site_id), None)
        return known or self._others.setdefault(site_id, self._site(site_id))

    def _site(self, address: str) -> Site:
        return Site(self._transport, address, self._most_lists, self._now)


class _Once:
    """A value that the first caller computes while the others wait. A failure is not kept."""

    def __init__(self, compute: Callable[[], str]) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._value = ""

    def get(self) -> str:
        if not self._value:
            with self._lock:
                self._value = self._value or self._compute()
        return self._value

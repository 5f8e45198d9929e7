"""The one site that holds the libraries: its id, and its content type, looked up once per process."""

import threading
from collections.abc import Callable

from shared.graph import wire
from shared.graph.content_type import ensure_content_type
from shared.graph.request import GraphTransport


class Site:
    """`address` is `hostname:/sites/path` (site-getbypath) or a site id. Safe for threads."""

    def __init__(self, transport: GraphTransport, address: str) -> None:
        self._transport = transport
        self._address = address
        self._id = _Once(self._find_id)
        self._content_type_id = _Once(lambda: ensure_content_type(transport, self.id))

    @property
    def id(self) -> str:
        """The site's id, `hostname,guid,guid`."""
        return self._id.get()

    @property
    def content_type_id(self) -> str:
        """The id of the site's content type for Moment's files, which is made when it is missing."""
        return self._content_type_id.get()

    def _find_id(self) -> str:
        host, colon, path = self._address.partition(":")
        if not colon:
            return self._address
        names = path.strip("/").split("/")
        places = {f"part{number}": name for number, name in enumerate(names)}
        route = "/sites/{host}:/" + "/".join(f"{{{place}}}" for place in places)
        response = self._transport.request("GET", route, {"host": host, **places}, params=wire.ID_FIELD)
        return wire.read(response, wire.identifier)


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

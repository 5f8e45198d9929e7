"""A request as handlers see it, and the reply they give; neither knows about sockets."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.sharepoint.state.errors import GraphError, invalid_request, item_not_found, not_supported
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.site import Site
from tools.sharepoint.state.tenant import Tenant

Json = dict[str, Any]
MAX_JSON_BYTES = 4 << 20


@dataclass(slots=True)
class Reply:
    """An answer: JSON, text, or a stretch of a file."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    content_type: str = "application/json"
    file: Path | None = None
    first: int = 0
    length: int = 0


@dataclass(slots=True)
class Call:
    """A request whose route is known. ``paths`` holds what stood between the colons of an
    address by path, already decoded."""

    tenant: Tenant
    method: str
    route: str
    params: dict[str, str]
    paths: dict[str, tuple[str, ...]]
    query: dict[str, str]
    headers: Mapping[str, str]
    base_url: str
    chunks: AsyncIterator[bytes]
    raw_path: str = ""
    perform_again: "PerformAgain" = field(kw_only=True)
    version: str = "/v1.0"
    application_id: str = ""

    @property
    def now(self) -> float:
        """The time of the tenant's clock."""
        return self.tenant.clock.now()

    @property
    def content_length(self) -> int | None:
        """The announced length of the body, if there is one."""
        header = self.headers.get("Content-Length", "")
        return int(header) if header.isdecimal() else None

    async def json(self) -> Json:
        """Return the body as a JSON object; an empty body counts as an empty object."""
        received = bytearray()
        async for piece in self.chunks:
            received += piece
            if len(received) > MAX_JSON_BYTES:
                raise GraphError(413, "invalidRequest", "The request body is too large")
        if not received:
            return {}
        try:
            body = json.loads(received)
        except ValueError:
            raise invalid_request("The request body is not valid JSON") from None
        if not isinstance(body, dict):
            raise invalid_request("The request body must be a JSON object")
        return body

    def graph_url(self, path: str) -> str:
        """Return an absolute Graph URL on the host and version the client uses."""
        return f"{self.base_url}{self.version}{path}"

    # what the address names

    def site(self) -> Site:
        """Return the site the address names."""
        return self.tenant.sites.find(self.params["site"], self.paths.get("site"))

    def site_at_path(self) -> Site:
        """Return the site of an address outside Graph, where ``{site}`` is the last part of its path."""
        return self.tenant.sites.at(f"/sites/{self.params['site']}")

    def site_of(self, library: Library) -> Site:
        """Return the site that holds a library."""
        return self.tenant.sites.of(library)

    def library(self) -> Library:
        """Return the library that the address names as a list or as a drive."""
        if "drive" in self.params:
            return self.tenant.sites.get_drive(self.params["drive"])
        return self.site().get_library(self.params["list"])

    def item(self) -> tuple[Library, DriveItem]:
        """Return the drive item or list item that the address names."""
        library = self.library()
        if "number" in self.params:
            item = library.get_list_item(self.params["number"])
        else:
            start = library.get_item(self.params["item"])
            found = library.find_path(start, self.paths.get("item", ()))
            if found is None:
                raise item_not_found()
            item = found
        if item.hidden_until > self.now:
            raise item_not_found("The resource could not be found yet.")
        return library, item


PerformAgain = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Reply]]
Handler = Callable[[Call], Awaitable[Reply]]


def only(body: Json, *names: str) -> None:
    """Raise 501 for a body property that is not implemented."""
    for name in body:
        if name not in names and not name.endswith(("@odata.type", "@odata.context")):
            raise not_supported(f"the body property '{name}'")


def text_of(body: Json, name: str, default: str | None = None) -> str:
    """Return a string property, or 400."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise invalid_request(f"The property '{name}' must be a string")
    return value

"""Document libraries, one for each customer (https://learn.microsoft.com/graph/api/resources/list).

A new library costs a constant number of requests: create it, read its drive, and `complete_library`, which reads its
content types and columns and adds what is missing. Every step may be repeated after a crash.

Graph can't make a content type the default (contentType.order is accepted and ignored), so the plain Document of a
library that we made is removed: ours is then the only one for files, and new files get it. A library that people made
keeps all its content types; the columns are there for files of any of them.
"""

import logging
import re

from shared.errors import NameTaken, NotFound, PermanentError
from shared.graph import wire
from shared.graph.content_type import NAME
from shared.graph.paging import rows
from shared.graph.request import GraphTransport
from shared.graph.site import Site
from shared.model.drive_items import Library

_PLAIN_DOCUMENT = re.compile(r"0x010100[0-9A-F]{32}", re.IGNORECASE)
"""The id of a library's own copy of Document, whatever its name in the site's language."""

_logger = logging.getLogger(__name__)


class Libraries:
    """The libraries of the site. Safe for threads."""

    def __init__(self, transport: GraphTransport, site: Site) -> None:
        self._transport = transport
        self._site = site

    def create_library(self, name: str, description: str) -> Library:
        """A document library with the Moment content type and its columns (list-create). Raises NameTaken."""
        response = self._transport.request(
            "POST", "/sites/{site}/lists", {"site": self._site.id}, json=wire.list_body(name, description)
        )
        library = self._library(wire.read(response, lambda body: body))
        self.complete_library(library, made_here=True)
        return library

    def find_library(self, name: str) -> tuple[Library, str] | None:
        """The library of this display name and its description (list-get by title)."""
        place = {"site": self._site.id, "list": name}
        try:
            response = self._transport.request("GET", "/sites/{site}/lists/{list}", place, params=wire.LIST_FIELDS)
        except NotFound:
            return None
        body = wire.read(response, lambda body: body)
        return (self._library(body), wire.description(body)) if wire.is_library(body) else None

    def complete_library(self, library: Library, *, made_here: bool) -> None:
        """Give a library what it still lacks of content type and columns. Harmless when complete.

        `made_here`: an interrupted `create_library` left it; in any other nothing that people made is taken away.
        """
        self._ensure_content_type(library, made_here=made_here)
        self._ensure_columns(library)

    def describe_library(self, library: Library, description: str) -> None:
        """Another description (PATCH of a list, in the v1.0 metadata only)."""
        place = {"site": self._site.id, "list": library.list_id}
        self._transport.request("PATCH", "/sites/{site}/lists/{list}", place, json=wire.description_body(description))

    def rename_library(self, list_id: str, name: str) -> None:
        """Another display name; its address stays (PATCH of a list, in the v1.0 metadata only). Raises NameTaken."""
        place = {"site": self._site.id, "list": list_id}
        self._transport.request("PATCH", "/sites/{site}/lists/{list}", place, json=wire.title_body(name))

    def _library(self, body: wire.Json) -> Library:
        return wire.library(body, self._drive_id(wire.identifier(body)))

    def _drive_id(self, list_id: str) -> str:
        """The library's drive; right after creation SharePoint may not know it yet."""
        place = {"site": self._site.id, "list": list_id}
        response = self._transport.until_known(
            lambda: self._transport.request("GET", "/sites/{site}/lists/{list}/drive", place, params=wire.ID_FIELD),
            NotFound,
        )
        return wire.read(response, wire.identifier)

    def _ensure_content_type(self, library: Library, *, made_here: bool) -> None:
        ours = self._site.content_type_id
        place = {"site": self._site.id, "list": library.list_id}
        route = "/sites/{site}/lists/{list}/contentTypes"
        present = list(rows(self._transport, route, place, wire.NAME_FIELDS))
        if not any(each["id"].startswith(ours) or each["name"] == NAME for each in present):
            url = f"{self._transport.base_url}/sites/{self._site.id}/contentTypes/{ours}"
            # A library that people made may have content types switched off; its columns are enough then.
            tolerated = NameTaken if made_here else PermanentError
            self._allow(tolerated, "POST", f"{route}/addCopy", place, wire.add_copy_body(url))
        for each in present if made_here else []:
            if _PLAIN_DOCUMENT.fullmatch(each["id"]):
                # Refused where a person's file uses it already; then new files keep it as their default.
                self._allow(PermanentError, "DELETE", f"{route}/{{type}}", {**place, "type": each["id"]})

    def _ensure_columns(self, library: Library) -> None:
        place = {"site": self._site.id, "list": library.list_id}
        route = "/sites/{site}/lists/{list}/columns"
        present = {each["name"]: each for each in rows(self._transport, route, place, wire.INDEX_FIELDS)}
        for name, definition in wire.COLUMN_BODIES.items():
            if name not in present:
                self._allow(NameTaken, "POST", route, place, definition)
            elif definition.get("indexed") and not present[name].get("indexed"):
                # Views filter on an indexed column only, once a library has more than 5,000 files.
                column = {**place, "column": present[name]["id"]}
                self._allow(PermanentError, "PATCH", f"{route}/{{column}}", column, wire.INDEX_BODY)

    def _allow(
        self,
        refusal: type[PermanentError],
        method: str,
        route: str,
        values: dict[str, str],
        body: wire.Json | None = None,
    ) -> None:
        """A step without which the library still works, or that another instance may have done."""
        try:
            self._transport.request(method, route, values, json=body)
        except refusal as exc:
            _logger.warning("library step refused", extra={"method": method, "route": route, "reason": str(exc)})

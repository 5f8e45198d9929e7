"""Document libraries, one for each customer (https://learn.microsoft.com/graph/api/resources/list).

A new library costs a constant number of requests: create it, read its drive, and `complete_library`, which reads its
content types and columns and adds what is missing; where several sites are set, one more for each site that it does not
come into. Every step may be repeated after a crash.

Graph can't make a content type the default (contentType.order is accepted and ignored), so the plain Document of a
library that we made is removed: ours is then the only one for files, and new files get it. A library that people made
keeps all its content types; the columns are there for files of any of them.
"""

import logging
import re

from shared.errors import LibraryLimit, MomentError, NameTaken, NotFound, PermanentError, QuotaExceeded
from shared.graph import wire
from shared.graph.content_type import NAME
from shared.graph.paging import rows
from shared.graph.request import GraphTransport
from shared.graph.site import Site, Sites
from shared.model.drive_items import Library

_PLAIN_DOCUMENT = re.compile(r"0x010100[0-9A-F]{32}", re.IGNORECASE)
"""The id of a library's own copy of Document, whatever its name in the site's language."""

_logger = logging.getLogger(__name__)


class Libraries:
    """The libraries of all sites. Safe for threads."""

    def __init__(self, transport: GraphTransport, sites: Sites) -> None:
        self._transport = transport
        self._sites = sites

    def create_library(self, name: str, description: str) -> Library:
        """A document library with the Moment content type and its columns, in the first site that has room.

        Raises NameTaken where that site has a list of this name, or another site a library; QuotaExceeded.
        """
        refused: dict[Site, MomentError] = {}
        for site in self._sites:
            if not site.take_place():
                continue
            try:
                library = self._create(site, name, description)
            except MomentError as refusal:
                site.give_place_back()
                if type(refusal) not in {PermanentError, QuotaExceeded}:
                    raise
                # How Graph refuses a list too many is documented nowhere: another site may take it.
                refused[site] = refusal
            else:
                for each in refused:
                    each.close()
                self.complete_library(library, made_here=True)
                return library
        if refused:
            raise next(iter(refused.values()))
        self._check_elsewhere(name)
        raise LibraryLimit(
            "All SharePoint sites have as many lists and libraries as they may. An administrator should make another "
            "site, give the app its permission there, and add it to SHAREPOINT_SITES."
        )

    def _create(self, site: Site, name: str, description: str) -> Library:
        """list-create. A library of this name in another site is the one that is meant."""
        self._check_elsewhere(name, site)
        body = wire.list_body(name, description)
        response = self._transport.request("POST", "/sites/{site}/lists", {"site": site.id}, json=body)
        return self._library(site.id, wire.read(response, lambda body: body))

    def _check_elsewhere(self, name: str, here: Site | None = None) -> None:
        if any(site is not here and self._find_in(site, name) for site in self._sites):
            raise NameTaken(f"Another SharePoint site has a library named {name!r}.")

    def find_library(self, name: str) -> tuple[Library, str] | None:
        """The library of this display name and its description, in the first site that has one."""
        return next(filter(None, (self._find_in(site, name) for site in self._sites)), None)

    def _find_in(self, site: Site, name: str) -> tuple[Library, str] | None:
        """list-get by title."""
        place = {"site": site.id, "list": name}
        try:
            response = self._transport.request("GET", "/sites/{site}/lists/{list}", place, params=wire.LIST_FIELDS)
        except NotFound:
            return None
        body = wire.read(response, lambda body: body)
        return (self._library(site.id, body), wire.description(body)) if wire.is_library(body) else None

    def complete_library(self, library: Library, *, made_here: bool) -> None:
        """Give a library what it still lacks of content type and columns. Harmless when complete.

        `made_here`: an interrupted `create_library` left it; in any other nothing that people made is taken away.
        """
        self._ensure_content_type(library, made_here=made_here)
        self._ensure_columns(library)

    def describe_library(self, library: Library, description: str) -> None:
        """Another description (PATCH of a list, in the v1.0 metadata only)."""
        place = {"site": library.site_id, "list": library.list_id}
        self._transport.request("PATCH", "/sites/{site}/lists/{list}", place, json=wire.description_body(description))

    def rename_library(self, site_id: str, list_id: str, name: str) -> None:
        """Another display name; its address stays (PATCH of a list, in the v1.0 metadata only). Raises NameTaken."""
        place = {"site": site_id, "list": list_id}
        self._transport.request("PATCH", "/sites/{site}/lists/{list}", place, json=wire.title_body(name))

    def _library(self, site_id: str, body: wire.Json) -> Library:
        return wire.library(body, site_id, self._drive_id(site_id, wire.identifier(body)))

    def _drive_id(self, site_id: str, list_id: str) -> str:
        """The library's drive; right after creation SharePoint may not know it yet."""
        place = {"site": site_id, "list": list_id}
        response = self._transport.until_known(
            lambda: self._transport.request("GET", "/sites/{site}/lists/{list}/drive", place, params=wire.ID_FIELD),
            NotFound,
        )
        return wire.read(response, wire.identifier)

    def _ensure_content_type(self, library: Library, *, made_here: bool) -> None:
        ours = self._sites.of(library.site_id).content_type_id
        place = {"site": library.site_id, "list": library.list_id}
        route = "/sites/{site}/lists/{list}/contentTypes"
        present = list(rows(self._transport, route, place, wire.NAME_FIELDS))
        if not any(each["id"].startswith(ours) or each["name"] == NAME for each in present):
            url = f"{self._transport.base_url}/sites/{library.site_id}/contentTypes/{ours}"
            # A library that people made may have content types switched off; its columns are enough then.
            tolerated = NameTaken if made_here else PermanentError
            self._allow(tolerated, "POST", f"{route}/addCopy", place, wire.add_copy_body(url))
        for each in present if made_here else []:
            if _PLAIN_DOCUMENT.fullmatch(each["id"]):
                # Refused where a person's file uses it already; then new files keep it as their default.
                self._allow(PermanentError, "DELETE", f"{route}/{{type}}", {**place, "type": each["id"]})

    def _ensure_columns(self, library: Library) -> None:
        place = {"site": library.site_id, "list": library.list_id}
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

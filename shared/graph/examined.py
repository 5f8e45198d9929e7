"""What the doctor asks SharePoint beside what the use cases ask: read afresh, nothing of it from memory.

`describe_again` writes what is there already. It needs the right to manage lists, which making a library needs too; how
Graph refuses it to an app with the role `write` is documented nowhere.
"""

import base64
import json
from collections.abc import Iterator

from shared.graph import wire
from shared.graph.content_type import ensure_content_type
from shared.graph.paging import rows
from shared.graph.request import GraphTransport
from shared.graph.site import Sites


class Examined:
    """Sites and tokens as the doctor looks at them. Safe for threads."""

    def __init__(self, transport: GraphTransport, sites: Sites) -> None:
        self._transport = transport
        self._sites = sites

    def graph_date(self) -> str:
        """The time by Graph's clock, as HTTP writes it; empty where it gave none. Raises Unavailable."""
        return self._transport.date()

    def permissions(self) -> tuple[str, ...] | None:
        """The application permissions that a new token of ours names; None where it can't be read. Raises Unavailable.

        A token that is kept may be older than the last consent. Where nothing was consented to, Entra leaves `roles`
        out (entra: access-token-claims-reference).
        """
        claims = _claims(self._transport.fresh_token())
        return None if claims is None else tuple(sorted(map(str, claims.get("roles") or ())))

    def find_site(self, address: str) -> str:
        """The id of a site of the settings, which is asked for once more. Raises NotFound, AccessDenied."""
        site_id = next(site.id for site in self._sites if site.address == address)
        response = self._transport.request("GET", "/sites/{site}", {"site": site_id}, params=wire.ID_FIELD)
        return wire.read(response, wire.identifier)

    def complete_content_type(self, site_id: str) -> str:
        """Make the site's content type and columns where they are missing; gives the content type's id."""
        return ensure_content_type(self._transport, site_id)

    def count_lists(self, site_id: str) -> int:
        """How many lists and libraries a site has, without SharePoint's own, which Graph does not show."""
        return sum(1 for _ in rows(self._transport, "/sites/{site}/lists", {"site": site_id}, wire.ID_FIELD))

    def drives(self, site_id: str) -> Iterator[str]:
        """The drives of a site's libraries, that of its default library first (drive-get, drive-list)."""
        place = {"site": site_id}
        response = self._transport.request("GET", "/sites/{site}/drive", place, params=wire.ID_FIELD)
        default = wire.read(response, wire.identifier)
        yield default
        found = rows(self._transport, "/sites/{site}/drives", place, wire.ID_FIELD)
        yield from (each["id"] for each in found if each["id"] != default)

    def describe_again(self, site_id: str, drive_id: str) -> None:
        """Give a library the description that it has: harmless, and refused to whoever may not manage lists."""
        response = self._transport.request(
            "GET", "/drives/{drive}/list", {"drive": drive_id}, params={"$select": "id,description"}
        )
        list_id, same = wire.read(response, lambda body: (wire.identifier(body), wire.description(body)))
        place = {"site": site_id, "list": list_id}
        self._transport.request("PATCH", "/sites/{site}/lists/{list}", place, json=wire.description_body(same))


def _claims(token: str) -> wire.Json | None:
    """What a JWT says; Microsoft may make it unreadable at any time (entra: access-tokens)."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (LookupError, ValueError):
        return None
    return claims if isinstance(claims, dict) else None

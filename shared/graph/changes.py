"""What changed since the last pull (https://learn.microsoft.com/graph/api/driveitem-delta and …/listitem-delta).

A delta gives the latest state of each item, page by page; the last page has the link for the next pull. With a link a
page costs one resource unit, without one two. A drive's delta knows no columns, and a list's delta no sizes, hashes or
drive item ids, so there are two; their items join by unique id.
"""

from collections.abc import Mapping

import requests

from shared.errors import NotFound, ResyncRequired, Unavailable
from shared.graph import change_wire, wire
from shared.graph.request import GraphTransport
from shared.model.drive_items import ChangePage, ColumnChange, ItemChange

_AGAIN_S = 300.0


class Changes:
    """The deltas of libraries. Safe for threads; one library is pulled by one at a time."""

    def __init__(self, transport: GraphTransport) -> None:
        self._transport = transport

    def changes(self, drive_id: str, link: str) -> ChangePage[ItemChange]:
        """A page of the drive's delta; an empty link starts from nothing. Raises ResyncRequired."""
        route, place = "/drives/{drive}/root/delta", {"drive": drive_id}
        response = self._ask(route, place, link, change_wire.ITEM_CHANGES, change_wire.NO_PARENTS)
        return self._own(wire.read(response, lambda body: change_wire.item_changes(body, drive_id)))

    def column_changes(self, site_id: str, list_id: str, link: str) -> ChangePage[ColumnChange]:
        """A page of the list items' delta with the four columns. Raises ResyncRequired."""
        route, place = "/sites/{site}/lists/{list}/items/delta", {"site": site_id, "list": list_id}
        link = change_wire.with_columns(link)
        try:
            response = self._ask(route, place, link, change_wire.COLUMN_CHANGES, {})
        except ResyncRequired as lost:
            lost.link = change_wire.with_columns(lost.link)
            raise
        return self._own(wire.read(response, change_wire.column_changes))

    def find_columns(self, drive_id: str, item_id: str) -> ColumnChange | None:
        """One item's columns as they are now (resources/listitem)."""
        place = {"drive": drive_id, "item": item_id}
        try:
            response = self._transport.request(
                "GET", "/drives/{drive}/items/{item}/listItem", place, params=change_wire.COLUMN_CHANGES
            )
        except NotFound:
            return None
        return wire.read(response, change_wire.column_change)

    def _own[T](self, page: ChangePage[T]) -> ChangePage[T]:
        """The page, if it goes on at Graph; else nothing of it is taken, so that the link before it stays good."""
        if not self._transport.hosts.is_graph(page.link):
            raise Unavailable("SharePoint's list of changes continues on another host; it was not followed.", _AGAIN_S)
        return page

    def _ask(
        self,
        route: str,
        place: Mapping[str, str],
        link: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
    ) -> requests.Response:
        """A page. A link that no longer works raises ResyncRequired with one that may, or with none."""
        try:
            if link:
                return self._transport.follow(link, route, headers)
            return self._transport.request("GET", route, place, params=params, headers=headers)
        except ResyncRequired as lost:
            if not link:
                # To begin anew is the cure for 410; where that gets one as well, only time helps.
                raise Unavailable(f"SharePoint gives no list of the library's items. {lost}", _AGAIN_S) from lost
            if lost.link == link or not self._transport.hosts.is_graph(lost.link):
                lost.link = ""
            raise

"""Edits of an item that exists: rename, move, delete, columns (https://learn.microsoft.com/graph/api/driveitem-update).

`e_tag` goes out as If-Match, empty for whatever version is there. It is the drive item's eTag everywhere, also for the
columns, which belong to the list item: on SharePoint both count the same thing, `"{UniqueId},version"`, every write
moves both, and writing the columns "bumps eTag, lastModifiedDateTime and version". A mismatch is a 412 and nothing is
written (driveitem-update, listitem-update: "if-match").
"""

from shared.errors import NotFound, PreconditionFailed
from shared.graph import wire
from shared.graph.classify import request_id
from shared.graph.request import GraphTransport
from shared.graph.written import written_columns, written_item
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem, Written

_ITEM = "/drives/{drive}/items/{item}"
_FIELDS = f"{_ITEM}/listItem/fields"
_ROOT = "root"


class ItemEdits:
    """Edits of items. Safe for threads."""

    def __init__(self, transport: GraphTransport) -> None:
        self._transport = transport

    def update_item(
        self, drive_id: str, item_id: str, e_tag: str, name: str | None = None, parent_id: str | None = None
    ) -> DriveItem:
        """Rename or move with If-Match, in one request. Raises PreconditionFailed, NameTaken, Locked, NotFound.

        To move something to the library's root costs one request more: here Graph wants the root's own id.
        """
        assert name is not None or parent_id is not None, "there is something to change"
        if parent_id == _ROOT:
            parent_id = self._root_id(drive_id)
        response = self._transport.request(
            "PATCH",
            _ITEM,
            {"drive": drive_id, "item": item_id},
            json=wire.move_body(name, parent_id),
            headers=wire.if_match(e_tag),
        )
        return written_item(response)

    def delete_item(self, drive_id: str, item_id: str, e_tag: str) -> str:
        """Delete with If-Match, to the recycle bin; gives Graph's id of the request, empty where it was gone.

        Raises PreconditionFailed, Locked.
        """
        place = {"drive": drive_id, "item": item_id}
        try:
            return request_id(self._transport.request("DELETE", _ITEM, place, headers=wire.if_match(e_tag)).headers)
        except NotFound:
            return ""

    def set_columns(self, drive_id: str, item_id: str, columns: Columns, e_tag: str = "") -> Written | None:
        """One PATCH of the columns that have a value (listitem-update); gives the item's new eTag, None for no value.

        Right after the upload SharePoint may not know the item yet (404) or still be changing it (409): both pass, the
        second only without an eTag. With one (If-Match) it raises PreconditionFailed where the item was changed.
        """
        body = wire.fields_body(columns)
        if not body:
            return None
        return self._transport.until_known(
            lambda: self._patch_fields(drive_id, item_id, body, e_tag),
            NotFound,
            *(() if e_tag else (PreconditionFailed,)),
        )

    def write_columns(self, drive_id: str, item_id: str, e_tag: str, columns: Columns) -> Written:
        """Set all four columns, empty ones to nothing, with If-Match; gives the new eTag. Raises PreconditionFailed."""
        return self._patch_fields(drive_id, item_id, wire.all_fields_body(columns), e_tag)

    def _patch_fields(self, drive_id: str, item_id: str, body: wire.Json, e_tag: str) -> Written:
        response = self._transport.request(
            "PATCH", _FIELDS, {"drive": drive_id, "item": item_id}, json=body, headers=wire.if_match(e_tag)
        )
        return written_columns(response)

    def _root_id(self, drive_id: str) -> str:
        place = {"drive": drive_id, "item": _ROOT}
        return wire.read(self._transport.request("GET", _ITEM, place, params=wire.ID_FIELD), wire.identifier)

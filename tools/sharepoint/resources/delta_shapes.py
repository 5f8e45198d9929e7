"""How changed and deleted items look in delta, which is not quite how they look elsewhere.

https://learn.microsoft.com/graph/api/driveitem-delta and https://learn.microsoft.com/graph/api/listitem-delta: no
``parentReference.path``, and for business drives no ``cTag`` and, on deleted items, no ``name``.
"""

from typing import Protocol

from tools.sharepoint.resources import odata, shapes
from tools.sharepoint.resources.call import Call, Json
from tools.sharepoint.state.changes import Change, Tombstone
from tools.sharepoint.state.delta_tokens import Cursor
from tools.sharepoint.state.library import Library

_EXCLUDE_PARENT = "deltaexcludeparent"


class View(Protocol):
    """What a page needs to know about the kind of its items."""

    kind: str

    def with_ancestors(self, change: Change) -> list[str]:
        """Return the ids to show for a change, its own last."""

    def show(self, item_id: str, change: Change) -> Json:
        """Return the body of one of them."""


class DriveView:
    """Drive items; changed ones come with their ancestors, up to the root."""

    kind = "driveItem"

    def __init__(self, call: Call, library: Library, cursor: Cursor) -> None:
        self._call = call
        self._library = library
        self._brings_ancestors = not cursor.full  # a full pull shows them as items of their own
        self._only_root = _excludes_parents(call)

    def with_ancestors(self, change: Change) -> list[str]:
        """Return the ids of root, folders and item; with ``deltaExcludeParent`` those of root and item."""
        if not self._brings_ancestors:
            return [change.item_id]
        items, chain = self._library.items, [change.item_id]
        item = items.get(change.item_id)
        parent_id = item.parent_id if item is not None else change.tombstone and change.tombstone.parent_id
        while parent_id and parent_id in items:
            chain.append(parent_id)
            parent_id = items[parent_id].parent_id
        if self._only_root and len(chain) > 1:
            chain = [change.item_id, self._library.root_id]
        return chain[::-1]

    def show(self, item_id: str, change: Change) -> Json:
        """Return a driveItem."""
        if item_id == change.item_id and change.tombstone is not None:
            return odata.select(self._call, self._deleted(item_id, change.tombstone))
        settings = self._call.tenant.settings
        body = shapes.item_body(self._call, self._library, self._library.items[item_id])
        if not settings.delta_c_tag:
            body.pop("cTag", None)
        if not settings.delta_parent_path:
            body["parentReference"].pop("path", None)
            body["parentReference"].pop("name", None)
        if not odata.selected(self._call, "downloadUrl"):
            body.pop("@microsoft.graph.downloadUrl", None)
        return odata.select(self._call, body)

    def _deleted(self, item_id: str, tombstone: Tombstone) -> Json:
        return {
            "id": item_id,
            "parentReference": {
                "driveType": "documentLibrary",
                "driveId": self._library.drive_id,
                "siteId": self._call.site_of(self._library).site_id,
                "id": tombstone.parent_id,
            },
            "deleted": {"state": "deleted"},
        }


class ListView:
    """List items, folders among them; they come without ancestors."""

    kind = "listItem"

    def __init__(self, call: Call, library: Library, _cursor: Cursor) -> None:
        self._call = call
        self._library = library
        self._expanded = odata.expand(call.query.get("$expand", ""), ("fields",))

    def with_ancestors(self, change: Change) -> list[str]:
        """Return the item's own id."""
        return [change.item_id]

    def show(self, item_id: str, change: Change) -> Json:
        """Return a listItem."""
        if item_id == change.item_id and change.tombstone is not None:
            return odata.select(self._call, self._deleted(change.tombstone))
        body = shapes.list_item_body(self._call, self._library, self._library.items[item_id], self._expanded)
        expanded = {name: value for name, value in body.items() if name in self._expanded}
        return expanded | odata.select(self._call, body)

    def _deleted(self, tombstone: Tombstone) -> Json:
        return {
            "id": str(tombstone.list_item_id),
            "parentReference": {"siteId": self._call.site_of(self._library).site_id},
            "contentType": {"id": tombstone.content_type_id, "name": tombstone.content_type_name},
            "deleted": {"state": "deleted"},
        }


def _excludes_parents(call: Call) -> bool:
    """Whether the caller wants no ancestors: a header of this name, or among those of ``Prefer``."""
    preferred = {each.strip().lower() for each in call.headers.get("Prefer", "").split(",")}
    return _EXCLUDE_PARENT in preferred or "deltaExcludeParent" in call.headers

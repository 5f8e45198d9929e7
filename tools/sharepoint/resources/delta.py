"""Delta of a drive and of a list: what changed since a token was issued, each item in its latest state.

https://learn.microsoft.com/graph/api/driveitem-delta and https://learn.microsoft.com/graph/api/listitem-delta
"""

from collections.abc import Callable
from itertools import islice
from urllib.parse import urlencode

from tools.sharepoint.resources import odata
from tools.sharepoint.resources.call import Call, Json, Reply
from tools.sharepoint.resources.delta_shapes import DriveView, ListView, View
from tools.sharepoint.state.changes import Change, ChangeLog
from tools.sharepoint.state.delta_tokens import Cursor, TokenExpired, gone, read_token
from tools.sharepoint.state.errors import invalid_request, not_supported
from tools.sharepoint.state.library import Library


async def drive_delta(call: Call) -> Reply:
    """GET /drives/{drive}/root/delta; ``$expand`` is refused as the real one does (onedrive-api-docs issue 1181)."""
    library, folder = call.item()
    if folder.parent_id is not None:
        raise not_supported("delta of a folder other than the root")
    if "listItem" in call.query.get("$expand", ""):
        raise invalid_request("One of the provided arguments is not acceptable")
    odata.expand(call.query.get("$expand", ""), ())
    return _answer(call, library, library.changes.drive, DriveView)


async def list_delta(call: Call) -> Reply:
    """GET /sites/{site}/lists/{list}/items/delta, with ``$expand=fields``."""
    library = call.library()
    odata.expand(call.query.get("$expand", ""), ("fields",))
    return _answer(call, library, library.changes.rows, ListView)


def _answer(call: Call, library: Library, log: ChangeLog, make_view: Callable[[Call, Library, Cursor], View]) -> Reply:
    token = call.params.get("token") or call.query.get("token", "")
    until = call.tenant.change_faults.visible_until(call.now)
    end = log.end(until)
    fresh = Cursor(library.list_id, 0, end, full=True, generation=log.generation, issued_at=int(call.now))
    if token == "latest":
        return _reply(call, [], fresh.next_pull(end, call.now), more=False)
    cursor = fresh
    if token:
        life_s = call.tenant.settings.delta_token_life_s
        try:
            cursor = read_token(token, library.list_id, log, call.now, life_s)
        except TokenExpired as expired:
            raise gone(expired.flavour, _link(call, fresh)) from None
    if call.tenant.change_faults.take("empty_pages"):
        return _reply(call, [], cursor, more=True)
    return _Pull(call, log, make_view(call, library, cursor), cursor, until).reply()


class _Pull:
    """One page. Parents may come before or after children, and any item on several pages."""

    def __init__(self, call: Call, log: ChangeLog, view: View, cursor: Cursor, until: float) -> None:
        self._call = call
        self._log = log
        self._view = view
        self._cursor = cursor
        self._until = until
        self._size = odata.page_size(call, call.tenant.settings.delta_page_size)
        self._page: dict[str, Json] = {}
        self._taken: list[int] = []

    def reply(self) -> Reply:
        """Fill the page and say where the next one begins."""
        more = self._fill()
        faults = self._call.tenant.change_faults
        if self._taken and (repeated := faults.take_all("repeated_items")):
            earlier = [self._cursor.sequence, *self._taken]
            return self._finish(earlier[max(0, len(earlier) - 1 - repeated)], more=True)
        if not more and not self._cursor.full and (unchanged := faults.take_all("unchanged_items")):
            self._add_unchanged(unchanged)
        return self._finish(self._taken[-1] if more else self._log.end(self._until), more=more)

    def _fill(self) -> bool:
        """Take changes until the page is full; return whether some are left."""
        for change in self._log.current_after(self._cursor.sequence, self._until):
            if self._is_kept_back(change):
                continue
            wanted = [item_id for item_id in self._view.with_ancestors(change) if item_id not in self._page]
            if self._taken and len(self._page) + len(wanted) > self._size:
                return True
            for item_id in wanted:
                self._page[item_id] = self._view.show(item_id, change)
            self._taken.append(change.sequence)
        return False

    def _is_kept_back(self, change: Change) -> bool:
        """Whether a tombstone is not told of: by a setting, by a fault, or as a full pull never had the item."""
        tombstone, settings = change.tombstone, self._call.tenant.settings
        if tombstone is None:
            return False
        begun = self._cursor.begun
        return (
            tombstone.untold
            or (tombstone.with_folder and not settings.descendant_tombstones)
            or (self._cursor.full and change.sequence <= begun)
            or (change.born > begun and not settings.short_lived_tombstones)
        )

    def _add_unchanged(self, count: int) -> None:
        live = (
            change
            for change in self._log.current_after(0, self._until)
            if change.tombstone is None and change.item_id not in self._page
        )
        for change in islice(live, count):
            self._page[change.item_id] = self._view.show(change.item_id, change)

    def _finish(self, sequence: int, *, more: bool) -> Reply:
        now = self._call.now
        position = self._cursor.further(sequence, now) if more else self._cursor.next_pull(sequence, now)
        return _reply(self._call, list(self._page.values()), position, more=more, kind=self._view.kind)


def _reply(call: Call, value: list[Json], cursor: Cursor, *, more: bool, kind: str = "driveItem") -> Reply:
    link = "@odata.nextLink" if more else "@odata.deltaLink"
    return Reply(
        body={
            "@odata.context": call.graph_url(f"/$metadata#Collection({kind})"),
            link: _link(call, cursor),
            "value": value,
        }
    )


def _link(call: Call, cursor: Cursor) -> str:
    """Return the address that goes on from a cursor, with the other options of the call."""
    path = call.raw_path.partition("delta(")[0] + "delta" if "delta(" in call.raw_path else call.raw_path
    return f"{call.base_url}{path}?{urlencode({**call.query, 'token': cursor.token()})}"

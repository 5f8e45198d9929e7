"""Brings what people did in SharePoint into Moment, one library at a time.

    pull   drive delta from the saved link, page by page: folders into the tree, files into their records,
           deletions remembered; the link is saved after its page is applied, so a pull cut off anywhere goes on
    columns  list-item delta with the four columns, only where the drive delta or a notification says there is something
    end    deletions are decided when all pages are in (shared/sync/deletions.py)

An idle library costs one request. 410 starts a full walk: what it does not meet is probed before it counts as deleted.
One pull per library at a time, across instances, by a lease on the library's row that ends by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import (
    NotFound,
    PermanentError,
    PreconditionFailed,
    RefusedForSafety,
    ResyncRequired,
    StaleError,
    TransientError,
)
from shared.model.drive_items import ColumnChange, DriveItem, ItemChange
from shared.model.libraries import LibraryState, TreeFolder, Watch
from shared.sync.adoption import Adoption
from shared.sync.change_ports import FolderTree, FollowedSharePoint, KeyQueue, Libraries
from shared.sync.deletions import Deletions
from shared.sync.ingest_items import ItemIngest
from shared.sync.ports import Clock
from shared.sync.subscriptions import Subscriptions

_NOTIFICATION_TAKES = timedelta(minutes=5)
"""Notifications of drive changes come within five minutes at most (change-notifications-overview)."""

_PATIENCE_S = 30.0
_DATES_ARE_CUT = timedelta(seconds=1)
"""SharePoint's dates are whole seconds."""
_CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the storage's clock and ours may be apart when a wish is held against a pull's beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """The use case. `time_limit_s` bounds one run; the rest goes on from the queue."""

    libraries: Libraries
    tree: FolderTree
    items: ItemIngest
    adoption: Adoption
    deletions: Deletions
    subscriptions: Subscriptions
    sharepoint: FollowedSharePoint
    pulls: KeyQueue
    clock: Clock
    new_id: Callable[[], str]
    lease_s: float
    time_limit_s: float

    def pull(self, drive_id: str, wanted_at: datetime, *, notified: bool) -> None:
        """Read the library's changes. Nothing happens when a pull that began after `wanted_at` has already done so."""
        state = self.libraries.find(drive_id)
        if state is None or state.stopped_reason:
            return
        if state.pulled_at is not None and state.pulled_at - _CLOCKS_DIFFER > wanted_at and not state.in_pull:
            return
        if state.lease_until is not None and state.lease_until > self.clock():
            rest_s = (state.lease_until - self.clock()).total_seconds()
            self.pulls.send(_key(drive_id, notified=notified), rest_s + 1)
            return
        try:
            _Pull(self, self._leased(state, notified=notified), notified=notified).run()
        except StaleError:
            self.pulls.send(_key(drive_id, notified=notified), 1)
        except TransientError as failure:
            delay_s = _PATIENCE_S if failure.delay_s is None else failure.delay_s
            self._give_back(drive_id, str(failure))
            self.pulls.send(_key(drive_id, notified=notified), delay_s)
        except NotFound:
            self._give_back(
                drive_id, stopped_reason="The library is gone in SharePoint. Its files are kept as they were."
            )
        except PermanentError as refusal:
            self._give_back(drive_id, str(refusal))

    def take(self, key: str, wanted_at: datetime) -> None:
        """Do what a key of the queue of pulls names: `notified:`, `poll:` or `renew:`, then the drive's id."""
        kind, _, drive_id = key.partition(":")
        if kind != "renew":
            self.pull(drive_id, wanted_at, notified=kind == "notified")
            return
        try:
            self.subscriptions.renew(drive_id)
        except (StaleError, TransientError):
            self.pulls.send(key, _PATIENCE_S)

    def _give_back(self, drive_id: str, reason: str = "", stopped_reason: str = "") -> None:
        """End the lease of a pull that could not be finished, and show why."""
        state = self.libraries.find(drive_id)
        if state is None:
            return
        after = replace(
            state,
            lease_until=None,
            lease_owner="",
            watch_reason=reason or state.watch_reason,
            stopped_reason=stopped_reason,
        )
        try:
            self.libraries.save(state, after)
        except PreconditionFailed:
            return

    def approve(self, drive_id: str) -> None:
        """A person lets the deletions happen that the guard stopped."""
        state = self.libraries.find(drive_id)
        if state is not None and state.stopped_reason:
            self.libraries.save(state, replace(state, stopped_reason="", approved=True, in_pull=True))
            self.pulls.send(_key(drive_id, notified=False))

    def _leased(self, state: LibraryState, *, notified: bool) -> LibraryState:
        """The lease comes first: two that subscribed at once would each remove the other's subscription."""
        now = self.clock()
        leased = self.libraries.save(
            state,
            replace(
                state,
                lease_owner=self.new_id(),
                lease_until=now + timedelta(seconds=self.lease_s),
                notified_at=now if notified else state.notified_at,
            ),
        )
        if leased.watch is Watch.NEW:
            return self.subscriptions.ensure(leased)
        return self.subscriptions.heard(leased) if notified else leased


class _Pull:
    """One run. `state` is always the newest saved version."""

    def __init__(self, use: Ingest, state: LibraryState, *, notified: bool) -> None:
        self._use = use
        self._notified = notified
        self._began = use.clock()
        self._was_cut_off = state.in_pull
        self._unannounced: list[DriveItem] = []
        self._before = state
        self.state = state

    def run(self) -> None:
        """Pages, columns, deletions, done; or the rest from the queue when the time is up."""
        if self._read_items() and self._read_columns() and self._decide_deletions():
            self._finish()

    def _read_items(self) -> bool:
        while True:
            try:
                page = self._use.sharepoint.changes(self.state.drive_id, self.state.changes_link)
            except ResyncRequired as lost:
                self._save(changes_link=lost.link, walk_id=self._use.new_id(), in_pull=True)
                continue
            if page.entries:
                self._apply(page.entries)
            has_something = bool(page.entries) or self.state.in_pull
            if page.link != self.state.changes_link or has_something != self.state.in_pull:
                self._save(changes_link=page.link, in_pull=has_something or not page.is_last)
            if page.is_last:
                return True
            if self._is_late():
                return self._go_on_later()

    def _read_columns(self) -> bool:
        if not (self.state.in_pull or self._notified):
            return True
        while True:
            try:
                page = self._use.sharepoint.column_changes(
                    self.state.site_id, self.state.list_id, self.state.fields_link
                )
            except ResyncRequired as lost:
                self._save(fields_link=lost.link)
                continue
            unknown = self._follow_columns(page.entries)
            if unknown:
                # Made since the drive delta was read, perhaps: that first, then their columns.
                if not self._read_items():
                    return False
                self._follow_columns(unknown)
            if page.link != self.state.fields_link:
                self._save(fields_link=page.link)
            if page.is_last:
                return True
            if self._is_late():
                return self._go_on_later()

    def _follow_columns(self, entries: tuple[ColumnChange, ...]) -> tuple[ColumnChange, ...]:
        """The last entry of an id counts; gives those of which no file is known."""
        latest = {each.unique_id: each for each in entries}.values()
        return tuple(each for each in latest if self._use.items.columns(self.state.customer, each) is None)

    def _apply(self, entries: tuple[ItemChange, ...]) -> None:
        """One page; the last entry of an id counts. Folders first, so that new files find their place."""
        customer, latest = self.state.customer, {each.id: each.item for each in entries}
        alive = [item for item in latest.values() if item is not None and not item.is_root]
        if self.state.walk_id:
            self._use.tree.mark_seen(customer, self.state.walk_id, [item.id for item in alive])
        self._use.tree.unmark_gone(customer, [item.id for item in alive])
        folders = [item for item in alive if item.is_folder]
        for item in folders:
            self._use.tree.put(customer, TreeFolder(item.id, item.name, item.parent_id or ""))
        root_id = next((item.id for item in latest.values() if item and item.is_root), self.state.root_id)
        self._use.adoption.look_at(self.state, root_id, folders)
        if root_id != self.state.root_id:
            self._save(root_id=root_id)
        for item in alive:
            if not item.is_folder and self._use.items.file(customer, item):
                self._unannounced.append(item)
        self._use.tree.mark_gone(customer, [id_ for id_, item in latest.items() if item is None])

    def _decide_deletions(self) -> bool:
        """False when the guard stopped them; the library rests until a person approves."""
        try:
            if self.state.walk_id:
                self._use.deletions.probe_unseen(self.state)
            self._use.deletions.carry_out(self.state)
        except RefusedForSafety as refusal:
            self._save(stopped_reason=str(refusal), lease_until=None, lease_owner="")
            return False
        return True

    def _finish(self) -> None:
        if self.state.walk_id:
            self._use.tree.forget_seen(self.state.customer, self.state.walk_id)
        self._save(in_pull=False, walk_id="", approved=False, pulled_at=self._began, lease_until=None, lease_owner="")
        if self._came_without_notification():
            self._use.subscriptions.went_quiet(self.state)

    def _came_without_notification(self) -> bool:
        """Changes that are older than any notification takes, since a pull that had nothing to do with one."""
        before = self._before
        if self._notified or self._was_cut_off or before.watch is not Watch.SUBSCRIBED or before.pulled_at is None:
            return False
        since = max(before.pulled_at, before.notified_at or before.pulled_at)
        overdue = self._began - _NOTIFICATION_TAKES
        return any(
            item.modified_at and since - _DATES_ARE_CUT < item.modified_at < overdue for item in self._unannounced
        )

    def _is_late(self) -> bool:
        return self._use.clock() - self._began > timedelta(seconds=self._use.time_limit_s)

    def _go_on_later(self) -> bool:
        self._save(lease_until=None, lease_owner="")
        self._use.pulls.send(_key(self.state.drive_id, notified=self._notified))
        return False

    def _save(self, **changes: object) -> None:
        until = self._use.clock() + timedelta(seconds=self._use.lease_s)
        after = replace(self.state, **({"lease_until": until} | changes))  # type: ignore[arg-type]
        self.state = self._use.libraries.save(self.state, after)


def _key(drive_id: str, *, notified: bool) -> str:
    return f"{'notified' if notified else 'poll'}:{drive_id}"

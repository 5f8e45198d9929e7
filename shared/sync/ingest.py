"""Brings what people did in SharePoint into Moment, one library at a time.

    pull   drive delta from the saved link, page by page: folders into the tree, files into their records,
           deletions remembered; the link is saved after its page is applied, so a pull cut off anywhere goes on
    columns  list-item delta with the four columns, only where the drive delta or a notification says there is something
    end    deletions are decided when all pages are in (shared/sync/deletions.py)

An idle library costs one request. 410 starts a full walk (shared/sync/walks.py).
One pull per library at a time, across instances, by a lease on the library's row that ends by itself.
"""

from collections.abc import Callable
from contextlib import suppress
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
from shared.model.drive_items import DriveItem
from shared.model.libraries import Answer, LibraryState, Stop, Watch, came_unannounced
from shared.sync.change_ports import KeyQueue, Libraries, PulledSharePoint, Watching
from shared.sync.deletions import Deletions
from shared.sync.ingest_links import LinksMet
from shared.sync.ingest_page import PageIngest
from shared.sync.own_echoes import ALWAYS, RESTED, OwnEchoes
from shared.sync.ports import Clock
from shared.sync.pulled import Pulled, pull_key
from shared.sync.waiting_wishes import WaitingWishes
from shared.sync.walks import Walks
from shared.telemetry import pulling

_PATIENCE_S = 30.0
_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """The use case. `time_limit_s` bounds one run; the rest goes on from the queue."""

    libraries: Libraries
    pages: PageIngest
    deletions: Deletions
    walks: Walks
    subscriptions: Watching
    sharepoint: PulledSharePoint
    pulls: KeyQueue
    waiting: WaitingWishes
    echoes: OwnEchoes
    clock: Clock
    new_id: Callable[[], str]
    lease_s: float
    time_limit_s: float

    def pull(self, drive_id: str, wanted_at: datetime, *, notified: bool) -> Pulled:
        """Read the library's changes. Nothing happens when a pull that began after `wanted_at` has already done so."""
        with pulling(drive_id, self.clock, notified=notified) as came_to:
            return came_to(self._pull(drive_id, wanted_at, notified=notified))

    def _pull(self, drive_id: str, wanted_at: datetime, *, notified: bool) -> Pulled:
        state = self.libraries.find(drive_id)
        if state is None or state.stop is Stop.GONE:
            return Pulled.REFUSED
        if state.was_pulled_after(wanted_at):
            return Pulled.DONE
        if rest_s := state.leased_for_s(self.clock()):
            self.waiting.again(pull_key(drive_id, notified=notified), rest_s)
            return Pulled.LATER
        owner, key = self.new_id(), pull_key(drive_id, notified=notified)
        try:
            return _Pull(self, self._leased(state, owner, notified=notified), notified=notified).run()
        except StaleError:
            # A person's answer, most likely: it is carried out next, not when the lease would end.
            self._give_back(drive_id, owner)
            self.pulls.send(key, 1)
            return Pulled.LATER
        except TransientError as failure:
            self._give_back(drive_id, owner, str(failure))
            self.pulls.send(key, _PATIENCE_S if failure.delay_s is None else failure.delay_s)
            return Pulled.LATER
        except PermanentError as refusal:
            self._give_back(drive_id, owner, str(refusal), is_gone=isinstance(refusal, NotFound))
            return Pulled.REFUSED
        except Exception:
            # The platform tries again: a lease that is held would have that try wait for it and count as done.
            self._give_back(drive_id, owner)
            raise

    def take(self, key: str, wanted_at: datetime) -> None:
        """Do what a key of the queue of pulls names, before the drive's id.

        `notified:`, `rested:`, `poll:` pull, `renew:` its subscription, `walk:` begins a full walk, `look:` is it back?
        """
        kind, _, drive_id = key.partition(":")
        others = {"renew": self.subscriptions.renew, "walk": self.walks.start, "look": self.walks.look_again}
        if kind in others:
            try:
                others[kind](drive_id)
            except (StaleError, TransientError):
                self.pulls.send(key, _PATIENCE_S)
        elif kind != "notified" or not self.echoes.rests(drive_id):
            self.pull(drive_id, ALWAYS if kind == RESTED else wanted_at, notified=kind in {"notified", RESTED})

    def _give_back(self, drive_id: str, owner: str, reason: str = "", *, is_gone: bool = False) -> None:
        """End the lease of a pull that could not be finished, and show why; not where another has it by now."""
        for _ in range(_TRIES):
            state = self.libraries.find(drive_id)
            if state is None or state.lease_owner != owner:
                return
            after = replace(state, lease_until=None, lease_owner="", failure=reason or state.failure)
            with suppress(PreconditionFailed):
                self.libraries.save(state, after.gone(self.clock()) if is_gone else after)
                return

    def _leased(self, state: LibraryState, owner: str, *, notified: bool) -> LibraryState:
        """The lease comes first: two that subscribed at once would each remove the other's subscription."""
        now = self.clock()
        after = replace(state, lease_owner=owner, lease_until=now + timedelta(seconds=self.lease_s))
        leased = self.libraries.save(state, replace(after, notified_at=now if notified else state.notified_at))
        if leased.watch is Watch.NEW:
            return self.subscriptions.ensure(leased)
        return self.subscriptions.heard(leased) if notified else leased


class _Pull:
    """One run. `state` is always the newest saved version."""

    def __init__(self, use: Ingest, state: LibraryState, *, notified: bool) -> None:
        self._use = use
        self._notified = notified
        self._began = use.clock()
        self._is_late = self._limit()
        self._unannounced: list[DriveItem] = []
        self._links = LinksMet()
        self.state = self._before = state

    def run(self) -> Pulled:
        """Pages, columns, deletions, done; or the rest from the queue when the time is up."""
        if self._read_items() and self._read_columns() and (decided := self._decide_deletions()):
            self._finish(decided)
            return Pulled.DONE
        return Pulled.GOES_ON

    def _read_items(self) -> bool:
        while True:
            self._links.follow(self.state.changes_link)
            try:
                page = self._use.sharepoint.changes(self.state.drive_id, self.state.changes_link)
            except ResyncRequired as lost:
                self._links.follow("resync")
                self._save(self.state.walking(self._use.new_id(), lost.link))
                continue
            applied = self._use.pages.apply(self.state, page)
            self._unannounced += applied.changed
            goes_on = bool(page.entries) or self.state.in_pull or not page.is_last
            noted = self.state.noting(applied.passed_over)
            after = replace(noted, changes_link=page.link, root_id=applied.root_id, in_pull=goes_on)
            if after != self.state:
                self._save(after)
            if page.is_last:
                return True
            if self._is_late():
                return self._go_on_later()

    def _read_columns(self) -> bool:
        if not (self.state.in_pull or self._notified):
            return True
        while True:
            self._links.follow(f"columns {self.state.fields_link}")
            walk_id = self.state.walk_id
            try:
                page = self._use.sharepoint.column_changes(
                    self.state.site_id, self.state.list_id, self.state.fields_link
                )
            except ResyncRequired as lost:
                self._links.follow("resync of columns")
                self._save(fields_link=lost.link)
                continue
            applied = self._use.pages.columns(self.state, page.entries, page.passed_over)
            if applied.unknown:
                # Made since the drive delta was read, perhaps: that first, then their columns.
                if not self._read_items():
                    return False
                applied.passed_over += self._use.pages.columns(self.state, applied.unknown).passed_over
            if self.state.walk_id != walk_id:
                continue  # a walk began, which reads all columns
            after = replace(self.state.noting(applied.passed_over), fields_link=page.link)
            if after != self.state:
                self._save(after)
            if page.is_last:
                return True
            if self._is_late():
                return self._go_on_later()

    def _decide_deletions(self) -> LibraryState | None:
        """What is gone is dealt with or waits for a person; gives the state to end with, None for the rest later."""
        if not self.state.in_pull:
            return self.state
        if self.state.walk_id or self._use.deletions.has_something(self.state):
            self._save(deciding_at=self._use.clock())  # before it decides: shared/sync/release.py
        if self.state.walk_id and not self._end_walk():
            return None
        try:
            count = self._use.deletions.guard(self.state)
        except RefusedForSafety as refusal:
            return self.state.asking(str(refusal), refusal.files, refusal.total, self._use.clock())
        if count:
            self._save(answered_files=0 if self.state.answer is Answer.NONE else count)
        if self._use.deletions.carry_out(self.state, self._limit()):
            return self.state.decided()
        self._go_on_later()
        return None

    def _end_walk(self) -> bool:
        """False when the time was up before all that the walk did not meet was asked for."""
        self._save()
        cursor = self._use.walks.probe_unseen(self.state, self._limit())
        if cursor:
            self._save(walk_cursor=cursor)
            return self._go_on_later()
        missing = self._use.walks.missing_folders(self.state)
        self._save(walk_id="", walk_cursor="", missing_folders="; ".join(missing))
        self._use.walks.forget(self.state)
        return True

    def _finish(self, state: LibraryState) -> None:
        self._save(state, in_pull=False, pulled_at=self._began, failure="", lease_until=None, lease_owner="")
        if not self._notified and came_unannounced(self._before, self._unannounced, self._began):
            self._use.subscriptions.went_quiet(self.state)

    def _limit(self) -> Callable[[], bool]:
        """Whether the time is up for what begins now: each part gets on, however long those before it took."""
        until = self._use.clock() + timedelta(seconds=self._use.time_limit_s)
        return lambda: self._use.clock() > until

    def _go_on_later(self) -> bool:
        self._save(lease_until=None, lease_owner="")
        self._use.pulls.send(pull_key(self.state.drive_id, notified=self._notified))
        return False

    def _save(self, base: LibraryState | None = None, **changes: object) -> None:
        until = self._use.clock() + timedelta(seconds=self._use.lease_s)
        after = replace(base or self.state, **({"lease_until": until} | changes))  # type: ignore[arg-type]
        self.state = self._use.libraries.save(self.state, after)

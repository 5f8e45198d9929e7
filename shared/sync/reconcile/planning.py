"""Finds out what a sync by hand would do, and writes it down as a plan.

Towards SharePoint each unfinished file is an action. From SharePoint the pull itself runs, on stores that keep back
what it writes (watched_files.py, rehearsal.py), so a plan says what the pull would do because the pull says it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.model.directory import Links
from shared.model.drive_items import ChangePage, ColumnChange, DriveItem, ItemChange
from shared.model.files import FileRecord
from shared.model.journal import Event
from shared.model.plan import MAX_ACTIONS, Action, fingerprint_of_change, kinds_of
from shared.model.runs import Count, Counts, Direction, Part, Problem, Run
from shared.sync.change_ports import FolderTree, KeyQueue, Libraries, PulledFiles, PulledSharePoint, Watching
from shared.sync.ingest import Ingest
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.pulled import Pulled
from shared.sync.reconcile.candidates import Candidates
from shared.sync.reconcile.planned_transfers import FoldersMet, PlannedTransfers
from shared.sync.reconcile.ports import RunControl, RunStore, Visit, ended
from shared.sync.reconcile.rehearsal import RehearsedFolders, RehearsedLibraries, RehearsedTree, Silence
from shared.sync.reconcile.watched_files import Judge, WatchedFiles

_LONGEST = timedelta(minutes=15)
_ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PullPorts:
    """Everything that a pull reads and writes."""

    files: PulledFiles
    tree: FolderTree
    libraries: Libraries
    folders: Folders
    pulls: KeyQueue
    pushes: KeyQueue
    watching: Watching
    sharepoint: PulledSharePoint


type BuildIngest = Callable[[PullPorts], Ingest]


def rehearsed(ports: PullPorts, judge: Judge) -> PullPorts:
    """The same, on stores that write only what the judge lets through."""
    return replace(
        ports,
        files=WatchedFiles(ports.files, judge),
        tree=RehearsedTree(ports.tree),
        libraries=RehearsedLibraries(ports.libraries),
        folders=RehearsedFolders(ports.folders),
        pulls=Silence(),
        pushes=Silence(),
        watching=Silence(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Runs the pull of a customer's library with a judge of what it writes."""

    ports: PullPorts
    ingest_on: BuildIngest
    clock: Clock

    def run(self, run: Run, customer: str, judge: Judge) -> list[Problem]:
        """To the end, however many pages there are; gives what stands in its way."""
        link = self.ports.folders.find(customer, LIBRARY)
        if link is None:
            return []
        ports = rehearsed(self.ports, judge)
        ingest, until = self.ingest_on(ports), self.clock() + _LONGEST
        if run.is_full:
            ingest.walks.start(link.drive_id)
        while ingest.pull(link.drive_id, self.clock() + _LONGEST, notified=False) is Pulled.GOES_ON:
            if self.clock() > until:
                return [Problem(f"library of {customer}", "It has more changes than can be looked at beforehand.")]
        state = ports.libraries.find(link.drive_id)
        reason = (state.stopped_reason or state.failure) if state else ""
        return [Problem(f"library of {customer}", reason)] if reason else []


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWork:
    """Makes the plan of a run."""

    store: RunStore
    candidates: Candidates
    transfers: PlannedTransfers
    rehearsal: Rehearsal

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """All of it in one visit: a plan of yesterday and today would be neither."""
        self.store.clear_actions(run.id)
        writer, problems = _Writer(self.store, run.id), []
        metered = Metered(self.rehearsal.ports.sharepoint)
        try:
            if Direction.TO_SHAREPOINT in run.directions:
                self._to_sharepoint(run, writer)
            if Direction.FROM_SHAREPOINT in run.directions:
                rehearsal = replace(self.rehearsal, ports=replace(self.rehearsal.ports, sharepoint=metered))
                problems = rehearsal.run(run, run.customer, _note(run, writer))
        except _TooLongError:
            problems = [Problem("plan", f"It would be longer than {MAX_ACTIONS} actions; sync without a plan instead.")]
        writer.flush()
        return ended(part, writer.counts + Counter({Count.RESOURCE_UNITS: metered.units}), problems)

    def _to_sharepoint(self, run: Run, writer: "_Writer") -> None:
        met = FoldersMet()
        for each in self.candidates.of(Links(run.customer, run.project or None)):
            action = self.transfers.action(run.customer, each.file_id, met)
            if action is not None:
                writer.add(action)


def change_action(before: FileRecord | None, after: FileRecord, event: Event) -> Action | None:
    """A write of a pull as an action; None where it changes nothing for people."""
    kinds = kinds_of(before, after)
    if not kinds:
        return None
    return Action(
        kinds=kinds,
        customer=after.customer,
        file=after.id,
        name=after.name,
        project=after.links.project,
        change=event.text,
        who=event.who,
        fingerprint=fingerprint_of_change(before.version if before else 0, after),
    )


def is_in_scope(run: Run, before: FileRecord | None, after: FileRecord) -> bool:
    """Whether a change concerns the run's project, where it has one."""
    projects = {each.links.project for each in (before, after) if each is not None}
    return not run.project or run.project in projects


def _note(run: Run, writer: "_Writer") -> Judge:
    def judge(before: FileRecord | None, after: FileRecord, event: Event) -> bool:
        action = change_action(before, after, event)
        if action is not None and is_in_scope(run, before, after):
            writer.add(action)
        return False

    return judge


class _TooLongError(Exception):
    """The plan reached its limit."""


class _Writer:
    """Writes actions down, a hundred at a time, and counts them."""

    def __init__(self, store: RunStore, run_id: str) -> None:
        self.counts: Counts = Counter()
        self._store, self._run_id = store, run_id
        self._written = 0
        self._waiting: list[Action] = []

    def add(self, action: Action) -> None:
        """One more. Raises _TooLongError."""
        if self._written + len(self._waiting) >= MAX_ACTIONS:
            raise _TooLongError
        self.counts.update(action.kinds)
        self.counts.update({Count.BYTES: action.size_bytes, Count.RESOURCE_UNITS: action.units})
        self._waiting.append(action)
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        self._store.add_actions(self._run_id, self._written, self._waiting)
        self._written += len(self._waiting)
        self._waiting = []


@dataclass(slots=True)
class Metered:
    """SharePoint as a pull reads it, with what that costs in resource units."""

    sharepoint: PulledSharePoint
    units: int = 0

    def changes(self, drive_id: str, link: str) -> ChangePage[ItemChange]:
        """A page of a delta: one unit with a link, two without."""
        self.units += 1 if link else 2
        return self.sharepoint.changes(drive_id, link)

    def column_changes(self, site_id: str, list_id: str, link: str) -> ChangePage[ColumnChange]:
        """Likewise."""
        self.units += 1 if link else 2
        return self.sharepoint.column_changes(site_id, list_id, link)

    def find_item(self, drive_id: str, item_id: str) -> DriveItem | None:
        """One unit."""
        self.units += 1
        return self.sharepoint.find_item(drive_id, item_id)

    def find_columns(self, drive_id: str, item_id: str) -> ColumnChange | None:
        """Likewise."""
        self.units += 1
        return self.sharepoint.find_columns(drive_id, item_id)

"""A page of files that something is left to do with: each is taken on once, then looked at until it is settled.

What is done is what the triggers do: `TransferFiles.move` for content, `PushEdits.push` for edits. How a file counts:

    the record afterwards                                 counts as
    ----------------------------------------------------  -----------------------------------------------------
    gone, deleted, kept in Moment Cloud, never uploaded   settled: there was nothing to do after all; so is a
                                                          deletion that may still be undone
    in SharePoint, nothing left                           settled: a transfer, a release, or an edit sent
    blocked                                               settled, with its reason
    moving                                                not yet, for six hours: a large file takes its time
    waiting, or an edit that waits                        not yet, for fifteen minutes; it goes on by itself

An item of the part is a file's id, or `<id>@<fingerprint>` where a plan is carried out; once the file was taken on,
`<what was done>=<id>`.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.model.files import FileRecord, FileState
from shared.model.push_plan import differs_from_baseline
from shared.model.runs import MAX_PROBLEMS, Count, Counts, Part, PartKind, Problem, Run
from shared.model.undo import held_for_s
from shared.model.unfinished import is_unfinished
from shared.sync.change_ports import FollowedFiles
from shared.sync.file_states import FileStates
from shared.sync.ports import Clock
from shared.sync.push import PushEdits
from shared.sync.reconcile.planned_transfers import FoldersMet, PlannedTransfers
from shared.sync.reconcile.ports import RunControl, Visit, again, ended, look_later
from shared.sync.reconcile.runs import new_part
from shared.sync.transfer import TransferFiles
from shared.sync.upload_sessions import UploadSessions

FILES_AT_ONCE = 25
_VISIT = timedelta(seconds=60)
_WAITING = timedelta(minutes=15)
_MOVING = timedelta(hours=6)

_NOT_AS_PLANNED = "It is not any more as it was in the plan, so it was left."
_TRANSFER, _RELEASE, _EDIT = "transfer", "release", "edit"


def files_part(run_id: str, customer: str, file_ids: tuple[str, ...], now: datetime) -> Part:
    """A part for these items; named by the first, so that handing the same ones out twice makes one part."""
    first = file_ids[0].partition("@")[0]
    return new_part(run_id, PartKind.FILES, f"files:{customer}:{first}", now, customer, items=file_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesWork:
    """Settles files."""

    files: FollowedFiles
    states: FileStates
    transfer: TransferFiles
    push: PushEdits
    sessions: UploadSessions
    planned: PlannedTransfers
    clock: Clock

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """Take on what was not yet, for a minute; then look at what is not settled."""
        until = self.clock() + _VISIT
        counts: Counts = Counter()
        problems: list[Problem] = []
        open_items: list[str] = []
        for item in part.items:
            done, _, what = item.rpartition("=")
            file_id, _, planned = what.partition("@")
            if not done and (self.clock() > until or control.is_cancelled()):
                open_items.append(item)
                continue
            if planned and not self._is_as_planned(part.customer, file_id, planned):
                counts[Count.CHANGED_MEANWHILE] += 1
                problems.append(Problem(self._named(part.customer, file_id), _NOT_AS_PLANNED))
                continue
            done = done or self._take_on(part.customer, file_id, counts)
            record = self.files.find(part.customer, file_id)
            if record is not None and done:
                settled = self._settled(part, record, done, problems)
                counts += settled or Counter()
                open_items += [] if settled is not None else [f"{done}={file_id}"]
        return self._go_on(part, open_items, counts, problems)

    def _go_on(self, part: Part, items: list[str], counts: Counts, problems: list[Problem]) -> Visit:
        if not items:
            return ended(replace(part, items=()), counts, problems)
        after = replace(
            part,
            items=tuple(items),
            counts=part.counts + counts,
            problems=(*part.problems, *problems)[:MAX_PROBLEMS],
        )
        return again(after) if any("=" not in item for item in items) else look_later(after, self.clock())

    def _named(self, customer: str, file_id: str) -> str:
        record = self.files.find(customer, file_id)
        return f"{record.name} ({file_id})" if record else file_id

    def _is_as_planned(self, customer: str, file_id: str, fingerprint: str) -> bool:
        action = self.planned.action(customer, file_id, FoldersMet())
        return action is not None and action.fingerprint == fingerprint

    def _take_on(self, customer: str, file_id: str, counts: Counts) -> str:
        """Do what is left to do with the file; gives what that was, empty for nothing."""
        record = self.files.find(customer, file_id)
        if record is None or held_for_s(record, self.clock()):
            return ""
        if record.state is FileState.DELETED and record.transfer is not None and record.transfer.upload_url is not None:
            self.sessions.cancel(record.transfer.upload_url)
            self.states.end_session(record)
            counts[Count.SESSIONS_CANCELLED] += 1
            return self._take_on(customer, file_id, counts)
        if record.blob_name is not None and not record.delete_pending:
            self.transfer.move(customer, file_id)
            return _TRANSFER if _proven_version(record) != self._proven_now(record) else _RELEASE
        if record.delete_pending or differs_from_baseline(record):
            self.push.push(customer, file_id)
            return _EDIT
        return ""

    def _proven_now(self, record: FileRecord) -> str | None:
        """The version of the blob that is proven to be in SharePoint now; None also while it is on its way."""
        after = self.files.find(record.customer, record.id)
        return None if after is None or after.blob_name is not None else _proven_version(after)

    def _settled(self, part: Part, record: FileRecord, done: str, problems: list[Problem]) -> Counts | None:
        """What a settled file counts as; None while it is not."""
        name = f"{record.name} ({record.id})"
        if record.state is FileState.BLOCKED:
            problems.append(Problem(name, record.reason))
            return Counter([Count.BLOCKED])
        if not _is_on_its_way(record):
            return _count(record, done)
        waited = self.clock() - part.wanted_at
        if waited < (_MOVING if record.state is FileState.MOVING else _WAITING):
            return None
        problems.append(Problem(name, record.reason or "It is still on its way."))
        return Counter([Count.STILL_WAITING])


def _is_on_its_way(record: FileRecord) -> bool:
    if record.state in {FileState.WAITING, FileState.MOVING}:
        return True
    return record.state in {FileState.IN_SHAREPOINT, FileState.DELETED} and is_unfinished(record)


def _proven_version(record: FileRecord) -> str | None:
    return None if record.baseline is None else record.baseline.blob_etag


def _count(record: FileRecord, done: str) -> Counts:
    if done == _EDIT:
        return Counter([Count.EDITS_SENT])
    if record.state is not FileState.IN_SHAREPOINT:
        return Counter()
    if done == _RELEASE:
        return Counter([Count.RELEASES])
    return Counter({Count.TRANSFERS: 1, Count.BYTES: record.size_bytes or 0})

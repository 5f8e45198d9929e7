"""Brings edits made in Moment to SharePoint: rename, move, columns, delete, and the renames of folders and libraries.

Each write carries If-Match with the eTag of the baseline, one request where nobody else touched the item. On 412 the
item is read and followed first (shared/sync/ingest_items.py merges), then what is still wanted is tried again. A file
that a person has open waits, and shows so. A deletion that can still be undone is left alone until then; one that
SharePoint refuses brings the file back into sight, with the reason.
"""

from dataclasses import dataclass, replace

from shared.errors import (
    Locked,
    NameTaken,
    NotFound,
    PermanentError,
    PreconditionFailed,
    ProblemError,
    StaleError,
    TransientError,
)
from shared.model.causes import Reason, cause_of
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem
from shared.model.files import Baseline, FileRecord, FileState
from shared.model.following import vanished
from shared.model.journal import Event
from shared.model.names import numbered
from shared.model.push_plan import Push, wanted_push
from shared.model.transfer_plan import back_off_s
from shared.model.undo import held_for_s
from shared.sync.change_ports import FollowedFiles, FollowedSharePoint, KeyQueue
from shared.sync.deleting import Deleting
from shared.sync.ingest_items import ItemIngest
from shared.sync.placement import Placements
from shared.sync.ports import Clock
from shared.sync.provision import Provision
from shared.sync.wanted_columns import WantedColumns
from shared.telemetry import working
from shared.telemetry.work import Work

_TRIES = 4
_LOOK_AGAIN_S = 1.0
_MAX_NAMESAKES = 100
OPEN_IN_SHAREPOINT = "Open in SharePoint: a change made in Moment waits until it is closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class PushEdits:
    """The use case for one file."""

    files: FollowedFiles
    sharepoint: FollowedSharePoint
    items: ItemIngest
    placements: Placements
    provision: Provision
    wanted_columns: WantedColumns
    deleting: Deleting
    pushes: KeyQueue
    clock: Clock

    def take(self, key: str) -> None:
        """Do what a key of the queue of pushes names: `customer/file`."""
        customer, _, file_id = key.partition("/")
        self.push(customer, file_id)

    def push(self, customer: str, file_id: str) -> None:
        """Do what the record wants of SharePoint; what has to wait comes back through the queue."""
        with working("push", self.clock, customer=customer, file=file_id) as work:
            self._push(customer, file_id, work)

    def _push(self, customer: str, file_id: str, work: Work) -> None:
        key = f"{customer}/{file_id}"
        try:
            for _ in range(_TRIES):
                if self._step(customer, file_id, work):
                    return
            work.outcome = "overtaken"
            self.pushes.send(key, back_off_s(1))
        except StaleError:
            work.outcome = "overtaken"
            self.pushes.send(key, back_off_s(1))  # another push of this file was faster
        except TransientError as failure:
            work.came_to("waiting", cause_of(failure))
            record = self.files.find(customer, file_id)
            if record is not None:
                text = OPEN_IN_SHAREPOINT if isinstance(failure, Locked) else str(failure)
                self._note(record, Reason(text, cause_of(failure)))
            self.pushes.send(key, back_off_s(2) if failure.delay_s is None else failure.delay_s)
        except (PermanentError, ProblemError) as refusal:
            work.came_to("refused", cause_of(refusal))
            record = self.files.find(customer, file_id)
            if record is not None:
                self._show_refusal(record, refusal)

    def _step(self, customer: str, file_id: str, work: Work) -> bool:
        """One look and one round of writes; True when nothing is left to do."""
        record = self.files.find(customer, file_id)
        if record is None or (record.baseline is None and not record.delete_pending):
            return True
        if rest_s := held_for_s(record, self.clock()):
            self.pushes.send(f"{customer}/{file_id}", rest_s + _LOOK_AGAIN_S)
            return True
        if record.delete_pending:
            return self._delete(record, work)
        assert record.baseline is not None
        columns = self.wanted_columns.of(record)
        wanted = wanted_push(record, columns)
        if not wanted:
            self._note(record, Reason())
            return True
        try:
            self._write(record, record.baseline, wanted, columns)
            work.came_to("pushed")
        except StaleError:
            self._look(record, record.baseline)
        except NotFound:
            if self._look(record, record.baseline) and wanted.move:
                self.provision.renewed_target(self.placements.of(record.links))
        return False

    def _delete(self, record: FileRecord, work: Work) -> bool:
        """Whatever became of the objects that the file belonged to; True when it is done."""
        try:
            self.deleting.carry_out(record)
        except StaleError:
            if record.baseline is not None:
                self._look(record, record.baseline)
            return False
        work.came_to("deleted")
        return True

    def _write(self, record: FileRecord, baseline: Baseline, wanted: Push, columns: Columns) -> None:
        if wanted.rename or wanted.move:
            parent_id = self.provision.target(self.placements.of(record.links)).parent_id if wanted.move else None
            item = self._rename_or_move(record, baseline, parent_id)
            after = replace(record, name=item.name, place_pending=False, baseline=_moved(baseline, item))
            text = f"{'Moved' if wanted.move else 'Renamed'} in SharePoint: {item.name!r}."
            record = self._save(record, after, text, item.request_id)
            columns = self.wanted_columns.of(record)
        if record.baseline is not None and (wanted.columns or wanted.move):
            self._write_columns(record, record.baseline, columns)

    def _rename_or_move(self, record: FileRecord, baseline: Baseline, parent_id: str | None) -> DriveItem:
        """In one request; under a numbered name where the wanted one is taken."""
        parent_id = None if parent_id == baseline.parent_id else parent_id
        for number in range(1, _MAX_NAMESAKES):
            name = record.name if number == 1 else numbered(record.name, number)
            try:
                return self.sharepoint.update_item(baseline.drive_id, baseline.item_id, baseline.e_tag, name, parent_id)
            except NameTaken:
                continue
        raise NameTaken(f"There are already {_MAX_NAMESAKES} files named like {record.name!r} there.")

    def _write_columns(self, record: FileRecord, baseline: Baseline, columns: Columns) -> None:
        written = self.sharepoint.write_columns(baseline.drive_id, baseline.item_id, baseline.e_tag, columns)
        agreed = replace(
            baseline,
            e_tag=written.e_tag or baseline.e_tag,
            tags=columns.tags,
            activity=columns.activity,
            year=columns.year,
            period=columns.period,
        )
        self._save(record, replace(record, baseline=agreed), "Columns set in SharePoint.", written.request_id)

    def _look(self, record: FileRecord, baseline: Baseline) -> bool:
        """Read the item and its columns and follow them; False when it is gone: its deletion there counts."""
        item = self.sharepoint.find_item(baseline.drive_id, baseline.item_id)
        if item is None:
            gone = vanished(record, self.clock())
            if gone.changes:
                self._save(record, gone.record, "It was deleted in SharePoint meanwhile.")
            return False
        self.items.file(record.customer, item)
        columns = self.sharepoint.find_columns(baseline.drive_id, baseline.item_id)
        if columns is not None:
            self.items.columns(record.customer, columns)
        self._agree_on_etag(record.customer, record.id, item)
        return True

    def _agree_on_etag(self, customer: str, file_id: str, item: DriveItem) -> None:
        record = self.files.find(customer, file_id)
        if record is not None and record.baseline is not None and record.baseline.e_tag != item.e_tag:
            after = replace(record, baseline=replace(record.baseline, e_tag=item.e_tag))
            self._save(record, after, "Read again in SharePoint.")

    def _show_refusal(self, record: FileRecord, refusal: PermanentError | ProblemError) -> None:
        if not record.delete_pending:
            text = f"A change made in Moment was refused by SharePoint: {refusal}"
            self._note(record, Reason(text, cause_of(refusal)))
            return
        text = f"It was deleted in Moment, and SharePoint refuses that: {refusal}"
        after = replace(record, state=FileState.BLOCKED, reason=text, cause=cause_of(refusal), may_pass=True)
        if after != record:
            self._save_note(record, after, f"Not deleted: {refusal}")

    def _note(self, record: FileRecord, why: Reason) -> None:
        is_pending = record.state is FileState.DELETED and record.delete_pending
        if record.why == why or not (record.state is FileState.IN_SHAREPOINT or is_pending):
            return
        after = replace(record, reason=why.text, cause=why.cause)
        self._save_note(record, after, why.text or "Nothing waits any more.")

    def _save_note(self, record: FileRecord, after: FileRecord, text: str) -> None:
        """A remark for people; where somebody else saved in between, it is not worth another try."""
        try:
            self._save(record, after, text)
        except PreconditionFailed:
            return

    def _save(self, record: FileRecord, after: FileRecord, text: str, request_id: str = "") -> FileRecord:
        return self.files.save(record, after, Event(text, request_id=request_id))


def _moved(baseline: Baseline, item: DriveItem) -> Baseline:
    return replace(
        baseline,
        name=item.name,
        parent_id=item.parent_id or baseline.parent_id,
        e_tag=item.e_tag,
        web_url=item.web_url or baseline.web_url,
    )

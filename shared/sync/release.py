"""Lets go of the blob of a file whose content was proven to be in SharePoint.

The rule: only the version of the blob that was proven is deleted (by its ETag), and only where the proven content can
still be reached in SharePoint: as the file is, in its version history, or in a recycle bin. People may edit, move or
delete the file from the moment it is there; SharePoint keeps what it was ("Enable and configure versioning", "Restore
deleted items from the site recycle bin", support.microsoft.com), a deleted library's files too.

    released                                        looked at before
    ----------------------------------------------  ------------------------------------------------------------
    right after the proof, by the same invocation   nothing: the proof is seconds old
    the same, but a pull decided on deletions        the item: one deleted before its record knew it would never be
      meanwhile                                      seen as deleted otherwise
    later, by another invocation                    the item; where the library can't be found the blob stays
    of a file that was deleted meanwhile            nothing: it is in the recycle bin
    missing: its deletion there was dismissed       the item; while it is not back the blob stays
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import PreconditionFailed, TransientError
from shared.model.causes import Cause, Reason
from shared.model.files import Baseline, FileRecord, FileState
from shared.model.following import vanished
from shared.sync.change_ports import Libraries
from shared.sync.file_states import FileStates
from shared.sync.ports import Blobs, Clock, Files, SharePoint, TransferQueue

_ROOT = "root"
_TRIES = 3
_LOOK_AGAIN_S = 60.0
_CLOCKS_DIFFER = timedelta(seconds=5)
NOT_FOUND = Reason(
    "The library is not found in SharePoint, so that the content is kept in Moment Cloud, too.", Cause.LIBRARY_GONE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The use case. Harmless to repeat; a blob that was overwritten meanwhile is looked at again."""

    files: Files
    libraries: Libraries
    blobs: Blobs
    sharepoint: SharePoint
    states: FileStates
    queue: TransferQueue
    clock: Clock

    def at_once(self, record: FileRecord, since: datetime) -> None:
        """Of a file that was just committed by the invocation that began `since`."""
        if record.baseline is None or not self._may_have_missed_it(record.baseline, since):
            self.blob_of(record)
        else:
            self.later(record)

    def later(self, record: FileRecord) -> None:
        """Of a file that was committed by another invocation."""
        baseline = record.baseline
        if baseline is None:
            return
        try:
            is_there = self.sharepoint.find_item(baseline.drive_id, baseline.item_id) is not None
            is_library_there = is_there or self.sharepoint.find_item(baseline.drive_id, _ROOT) is not None
        except TransientError as failure:
            delay_s = _LOOK_AGAIN_S if failure.delay_s is None else failure.delay_s
            self.queue.send(record.customer, record.id, delay_s)
            return
        if is_there:
            self.blob_of(record)
        elif record.missing:
            return
        elif is_library_there:
            self.blob_of(self._deleted_there(record))
        else:
            self.states.note(record, NOT_FOUND)

    def blob_of(self, record: FileRecord) -> None:
        """Delete the proven version of the blob, and say so."""
        if record.blob_name is None or record.baseline is None:
            return
        try:
            self.blobs.release(record.blob_name, record.baseline.blob_etag)
        except PreconditionFailed:
            self.queue.send(record.customer, record.id)
        else:
            self.states.release_done(record)

    def _may_have_missed_it(self, baseline: Baseline, since: datetime) -> bool:
        """Whether a pull decided on deletions while the record did not say yet which item it is."""
        library = self.libraries.find(baseline.drive_id)
        decided_at = library.deciding_at if library else None
        return decided_at is not None and decided_at + _CLOCKS_DIFFER >= since

    def _deleted_there(self, record: FileRecord) -> FileRecord:
        """The record after somebody deleted its item. Raises PreconditionFailed where it is edited all the time."""
        for attempt in range(_TRIES):
            gone = vanished(record, self.clock())
            if not gone.changes:
                break
            try:
                return self.files.save(record, gone.record, gone.event)
            except PreconditionFailed:
                fresh = self.files.find(record.customer, record.id)
                if attempt == _TRIES - 1 or fresh is None or fresh.state is not FileState.IN_SHAREPOINT:
                    raise
                record = fresh
        return record

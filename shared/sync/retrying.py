"""Tries now what waits or is blocked: a message to the queue that is responsible for it.

    the record                                                     goes to
    -------------------------------------------------------------  ---------------------------------------------
    a deletion that is due                                         pushes
    a deletion that may still be undone, or done                   nothing to try
    its content is being moved by an instance just now             nothing to try
    missing: a person dismissed its deletion in SharePoint         nothing to try, unless it has new content here
    content in Moment Cloud that waits, is blocked or has to move  transfers
    an edit that waits or was refused                              pushes
    anything else                                                  nothing to try

A message more is harmless: those that wait for their time stay, and whichever comes first does the work.
"""

from dataclasses import dataclass

from shared.errors import Collision, UnknownObject
from shared.model.directory import StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.push_plan import differs_from_baseline
from shared.model.undo import is_deletion_due
from shared.sync.change_ports import KeyQueue
from shared.sync.placement import Placements
from shared.sync.places import Places
from shared.sync.ports import Blobs, Clock, Files, TransferQueue

_WAITING_HERE = frozenset({FileState.WAITING, FileState.BLOCKED, FileState.MOVING, FileState.IN_SHAREPOINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """The use case."""

    files: Files
    blobs: Blobs
    placements: Placements
    places: Places
    transfers: TransferQueue
    pushes: KeyQueue
    clock: Clock

    def retry(self, customer: str, file_id: str) -> FileRecord:
        """Have it tried now; gives the file as people see it. Raises UnknownObject, and Collision that says why not."""
        record = self.files.find(customer, file_id)
        if record is None:
            raise UnknownObject(f"Customer {customer!r} has no file {file_id!r}.", "file")
        if self._has_to_move(record):
            self.transfers.send(customer, file_id)
        elif self._has_to_be_pushed(record):
            self.pushes.send(f"{customer}/{file_id}")
        else:
            raise Collision(self._why_not(record))
        return self.places.shown(record)

    def _has_to_move(self, record: FileRecord) -> bool:
        if record.blob_name is None or record.delete_pending or self._is_claimed(record):
            return False
        match record.state:
            case FileState.EXPECTED:
                return self.blobs.find(record.blob_name) is not None
            case FileState.IN_MOMENT_CLOUD:
                return self.placements.storage(record.customer, record.links.project) is StorageLocation.SHAREPOINT
            case _:
                return record.state in _WAITING_HERE

    def _has_to_be_pushed(self, record: FileRecord) -> bool:
        if record.delete_pending:
            return is_deletion_due(record, self.clock())
        waits = bool(record.reason) or differs_from_baseline(record)
        is_there = record.baseline is not None and not record.missing and not self._is_claimed(record)
        return is_there and record.state is not FileState.DELETED and waits

    def _is_claimed(self, record: FileRecord) -> bool:
        return record.transfer is not None and record.transfer.claimed_until > self.clock()

    def _why_not(self, record: FileRecord) -> str:
        if record.delete_pending:
            return "The file was deleted, and that can still be undone."
        if record.state is FileState.DELETED:
            return "The file is deleted."
        if self._is_claimed(record):
            return "The file is just being moved to SharePoint."
        if record.missing or record.state is FileState.EXPECTED:
            return record.reason
        return "Nothing waits: the file is where it belongs."

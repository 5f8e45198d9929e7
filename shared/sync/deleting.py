"""Carries out a deletion made in Moment: the item goes to SharePoint's recycle bin, content in Moment Cloud goes.

The record says so before content in Moment Cloud goes, for nothing brings that back: a restore before that is true, one
after it is refused. It says last that all is done, whoever saved it meanwhile: an item is in the recycle bin then, also
for somebody who restored the file in the moment between.
"""

from dataclasses import dataclass, replace

from shared.errors import PreconditionFailed, StaleError
from shared.model.files import FileRecord
from shared.model.journal import Event
from shared.model.names import upload_blob_name
from shared.model.stored import BlobFacts
from shared.model.undo import DELETED_IN_MOMENT, begun, ended
from shared.sync.change_ports import FollowedFiles, FollowedSharePoint
from shared.sync.ports import Blobs, Clock

_TRIES = 4
_TOO_LATE_THERE = (
    "It was being deleted in SharePoint while it was restored here. Restore it from the library's recycle bin there."
)
_TOO_LATE_HERE = "It was being deleted while it was restored; its content is gone. Upload the file again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleting:
    """The use case. It is due: whoever calls it has looked."""

    files: FollowedFiles
    blobs: Blobs
    sharepoint: FollowedSharePoint
    clock: Clock

    def carry_out(self, record: FileRecord) -> None:
        """Delete what is there. Raises PreconditionFailed where the item was touched in SharePoint, Locked."""
        there, request_id = record.baseline, ""
        if there is not None and there.item_id:
            request_id = self.sharepoint.delete_item(there.drive_id, there.item_id, there.e_tag)
        if (content := self._content_of(record)) is not None:
            going = self._begin(record)
            if going is None:
                return
            record = going
            self._release(record, content)
        self._end(record, request_id)

    def _content_of(self, record: FileRecord) -> BlobFacts | None:
        """Content that was uploaded just before and that nobody has noted yet counts, too."""
        return self.blobs.find(record.blob_name or upload_blob_name(record.customer, record.id, record.requested_name))

    def _begin(self, record: FileRecord) -> FileRecord | None:
        """Say that the content goes, before it does; None where somebody undid the deletion, so that it moves again."""
        for _ in range(_TRIES):
            try:
                return self.files.save(record, begun(record), "Its content is being deleted.")
            except PreconditionFailed:
                fresh = self.files.find(record.customer, record.id)
                if fresh is None or not fresh.delete_pending:
                    return None
                record = fresh
        raise StaleError("The file is being changed by others right now.")

    def _release(self, record: FileRecord, content: BlobFacts | None) -> None:
        for _ in range(_TRIES):
            if content is None:
                return None
            try:
                return self.blobs.release(content.name, content.etag)
            except PreconditionFailed:
                content = self._content_of(record)  # uploaded once more in this moment
        raise StaleError("The content is being uploaded again and again.")

    def _end(self, record: FileRecord, request_id: str) -> None:
        was_there = record.baseline is not None
        text = "Deleted in SharePoint, as in Moment." if was_there else "Deleted from Moment Cloud."
        for _ in range(_TRIES):
            too_late = _TOO_LATE_THERE if was_there else _TOO_LATE_HERE
            after = ended(record, DELETED_IN_MOMENT if record.delete_pending else too_late)
            try:
                self.files.save(record, replace(after, changed_at=self.clock()), Event(text, request_id=request_id))
            except PreconditionFailed:
                fresh = self.files.find(record.customer, record.id)
                if fresh is None:
                    return
                record = fresh
            else:
                return
        raise StaleError("The file is being changed by others right now.")

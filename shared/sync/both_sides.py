"""Commits a transfer that found the file changed on both sides: shared/model/both_changed.py says what becomes of it.

The second file's record comes first, so that a process that dies in between leaves nothing that has no record; run
again, the second file is recognised and its record found.
"""

from contextlib import suppress
from dataclasses import dataclass

from shared.errors import PreconditionFailed
from shared.model.both_changed import copy_id, copy_of, kept_both
from shared.model.causes import Cause
from shared.model.drive_items import DriveItem
from shared.model.files import Baseline, FileRecord
from shared.model.journal import Event
from shared.sync.claim import Claim
from shared.sync.ports import Clock, Files


@dataclass(frozen=True, slots=True)
class BothSides:
    """Keeps both versions, each under a record."""

    files: Files
    clock: Clock

    def commit(self, claim: Claim, theirs: DriveItem, copy: Baseline, request_id: str) -> FileRecord:
        """`copy` is where Moment's content lies now, proven. Gives the file's own record."""
        record = claim.record
        text = f"Changed on both sides ({Cause.BOTH_CHANGED}): what was written in SharePoint stays in this file"
        with suppress(PreconditionFailed):  # made by an earlier attempt, or by a pull that met the file
            origin = f"Uploaded in Moment for {theirs.name!r} (file {record.id}), which had changed in SharePoint"
            proven = f"in SharePoint as {copy.name!r}, {copy.proof}"
            made = Event(f"{origin}: {proven}.", request_id=request_id)
            self.files.create(copy_of(record, copy, self.clock()), made)
        after = kept_both(record, theirs, copy.blob_etag, self.clock())
        beside = f"what was uploaded in Moment lies beside it as {copy.name!r}"
        known_as = self.files.find_by_item(record.customer, copy.item_id) or copy_id(record, copy.blob_etag)
        return claim.replace(after, Event(f"{text}; {beside} (file {known_as}).", request_id=request_id))

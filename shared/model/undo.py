"""A deletion made in Moment: the record is deleted at once, what is left of the file only after a while. Pure.

    the record                   means                                         undone by `restored`
    ---------------------------  --------------------------------------------  ---------------------------------
    deleted, pending, held       nothing may be deleted before `held.until`    yes
    deleted, pending             due: the queue of pushes is about to do it    yes, while it is not done
    deleted, pending, begun      its content in Moment Cloud is just going     no
    blocked, pending             SharePoint refuses it; the reason says why    yes: the file is kept
    deleted, not pending         done, or deleted in SharePoint                no

What it becomes:

    before the deletion          after the restore
    ---------------------------  -----------------------------------------------------------
    moving                       waiting: its move had been given up, and goes on
    anything else                the same, with its reason
    not known (older versions)   in-sharepoint
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.model.files import FileRecord, FileState, HeldDeletion

MAX_HOLD_S = 600
DELETED_IN_MOMENT = "Deleted in Moment."
_GOES_ON = "Its move to SharePoint was interrupted by a deletion that was undone; it goes on."


def deleted(record: FileRecord, now: datetime, hold_s: float) -> FileRecord:
    """The record after a deletion that is not carried out before so many seconds are over."""
    before = record.held or HeldDeletion(now, record.state, record.reason, record.cause)
    held = replace(before, until=now + timedelta(seconds=hold_s))
    after = replace(record, state=FileState.DELETED, reason=DELETED_IN_MOMENT, cause=None)
    return replace(after, delete_pending=True, held=held)


def restored(record: FileRecord) -> FileRecord:
    """The record as it was before a deletion that is still pending."""
    before = record.held or HeldDeletion(record.changed_at, FileState.IN_SHAREPOINT)
    after = replace(record, delete_pending=False, held=None, state=before.state)
    if before.state is FileState.MOVING:
        return replace(after, state=FileState.WAITING, reason=_GOES_ON, cause=None)
    return replace(after, reason=before.reason, cause=before.cause)


def begun(record: FileRecord) -> FileRecord:
    """The record just before its content in Moment Cloud is deleted."""
    before = record.held or HeldDeletion(record.changed_at, FileState.IN_SHAREPOINT)
    return replace(record, held=replace(before, begun=True))


def is_begun(record: FileRecord) -> bool:
    """Whether it is too late to undo a deletion that is not done yet."""
    return record.delete_pending and record.held is not None and record.held.begun


def ended(record: FileRecord, reason: str = DELETED_IN_MOMENT) -> FileRecord:
    """The record after nothing is left of the file.

    The name of a blob that never moved is kept, so that a late upload to it is not taken for a new file. A transfer is
    over, but for an upload session that is still to be cancelled: what it left in SharePoint is a file of its own.
    """
    blob_name = record.blob_name if record.baseline is None else None
    has_session = record.transfer is not None and record.transfer.upload_url is not None
    return replace(
        record,
        state=FileState.DELETED,
        reason=reason,
        cause=None,
        delete_pending=False,
        place_pending=False,
        held=None,
        blob_name=blob_name,
        transfer=record.transfer if has_session else None,
    )


def held_for_s(record: FileRecord, now: datetime) -> float:
    """For how many seconds nothing of the deleted file may be touched; 0: not held, or no longer."""
    if not record.delete_pending or record.held is None:
        return 0.0
    return max((record.held.until - now).total_seconds(), 0.0)


def is_deletion_due(record: FileRecord, now: datetime) -> bool:
    """Whether a deletion is to be carried out now."""
    return record.delete_pending and held_for_s(record, now) == 0

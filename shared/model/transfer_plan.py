"""Decides what to do with one file whose content may have to move to SharePoint. Pure; shared/sync/transfer.py does it.

content in the blob        baseline   stored in     claim      do
-------------------------  ---------  ------------  ---------  --------------------------------------
any, the file is deleted   any        any           any        release what was proven and note it
another version, the same  yes        any           any        bring it back: whoever deleted it had not seen that
none, never arrived        no         any           any        nothing: the upload is still to come
none, had arrived          no         any           any        report it as lost
none                       yes        any           any        note that the blob is released
the version already proven yes        any           any        release the blob
some                       any        any           held       wait until the claim ends
some                       no         moment        free       keep it in Moment Cloud
some                       no         sharepoint    free       send it as a new file
another version            yes        any           free       send it as a new version of the file
"""

from datetime import datetime
from enum import StrEnum

from shared.model.directory import StorageLocation
from shared.model.files import FileRecord, FileState


class Step(StrEnum):
    """What to do next with a file."""

    NOTHING = "nothing"
    REPORT_LOST = "report lost"
    NOTE_RELEASED = "note released"
    BRING_BACK = "bring back"
    RELEASE = "release"
    WAIT = "wait"
    KEEP = "keep"
    SEND_NEW = "send new"
    SEND_VERSION = "send version"


def next_step(record: FileRecord, blob_etag: str | None, storage: StorageLocation, now: datetime) -> Step:
    """The step for this record, the blob's current ETag (None: there is no blob) and where it should be stored."""
    if blob_etag is not None and record.baseline is not None and record.baseline.blob_etag == blob_etag:
        return Step.RELEASE
    if record.state is FileState.DELETED:
        return _of_deleted(record, blob_etag)
    if blob_etag is None:
        return _without_content(record)
    if record.transfer is not None and record.transfer.claimed_until > now:
        return Step.WAIT
    if record.baseline is not None:
        return Step.SEND_VERSION
    return Step.SEND_NEW if storage is StorageLocation.SHAREPOINT else Step.KEEP


def _of_deleted(record: FileRecord, blob_etag: str | None) -> Step:
    """A deletion that Moment still has to carry out takes all content with it."""
    if record.baseline is None or record.blob_name is None:
        return Step.NOTHING
    if blob_etag is None:
        return Step.NOTE_RELEASED
    return Step.NOTHING if record.delete_pending else Step.BRING_BACK


def _without_content(record: FileRecord) -> Step:
    if record.baseline is not None:
        return Step.NOTE_RELEASED if record.blob_name else Step.NOTHING
    return Step.NOTHING if record.state in {FileState.EXPECTED, FileState.BLOCKED} else Step.REPORT_LOST


BACK_OFF_S = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds until the next try after the first, second… failure in a row; the last one repeats."""


def back_off_s(attempts: int) -> float:
    """How long to wait after this many failures in a row (1 or more)."""
    return BACK_OFF_S[min(attempts, len(BACK_OFF_S)) - 1]

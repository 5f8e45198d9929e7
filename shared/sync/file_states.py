"""The one place that writes a file's state and its reason, with shared/sync/claim.py, which does so during a transfer.

Every method is one transaction and raises PreconditionFailed when somebody else saved in between.
"""

from dataclasses import replace
from datetime import timedelta

from shared.model.causes import Cause, Reason
from shared.model.drive_items import Target
from shared.model.files import FileRecord, FileState, Transfer
from shared.model.stored import BlobFacts
from shared.sync.claim import Claim
from shared.sync.ports import Clock, Files

_OF_THE_NAME = frozenset({Cause.NAME_REFUSED, Cause.PATH_TOO_LONG, Cause.TYPE_REFUSED})
_BACK = "Brought back: newer content was uploaded in Moment than that which was deleted."


class FileStates:
    """Saves a file's next state with the sentence for its journal."""

    def __init__(self, files: Files, clock: Clock) -> None:
        self._files = files
        self._clock = clock

    def claim(
        self, record: FileRecord, facts: BlobFacts, owner: str, claim_s: float, target: Target | None = None
    ) -> Claim:
        """Take the file for this invocation; what an earlier attempt at the same content left is kept.

        `target` is where it goes, if that is known already; `Claim.aim` says so later otherwise.
        """
        now = self._clock()
        until = now + timedelta(seconds=claim_s)
        old = record.transfer
        if old is not None and old.blob_etag == facts.etag:
            transfer = replace(old, owner=owner, claimed_until=until)
            if record.state is FileState.BLOCKED and record.cause in _OF_THE_NAME and old.upload_url is None:
                # Nothing was made under the refused name: the one that the file has now is tried.
                transfer = replace(transfer, name=record.name, asked_name=record.name)
        else:
            name = record.name
            transfer = Transfer(owner=owner, claimed_until=until, blob_etag=facts.etag, name=name, asked_name=name)
        if target is not None and transfer.parent_id is None:
            transfer = replace(transfer, drive_id=target.drive_id, parent_id=target.parent_id)
        after = self._touched(record, FileState.MOVING, Reason("Moving to SharePoint."), facts)
        saved = self._files.save(record, replace(after, transfer=transfer), "Claimed for moving to SharePoint.")
        return Claim(saved, self._files, self._clock, claim_s)

    def keep(self, record: FileRecord, facts: BlobFacts) -> None:
        """The content arrived and stays in Moment Cloud."""
        if record.state is FileState.IN_MOMENT_CLOUD and record.size_bytes == facts.size_bytes:
            return
        after = self._touched(record, FileState.IN_MOMENT_CLOUD, Reason("Stored in Moment Cloud."), facts)
        self._files.save(record, replace(after, transfer=None, attempts=0), "Stored in Moment Cloud.")

    def wait(self, record: FileRecord, facts: BlobFacts, why: Reason) -> FileRecord:
        """It could not be claimed yet; the queue brings the file again."""
        if record.state is FileState.WAITING and record.why == why:
            return record
        return self._files.save(record, self._touched(record, FileState.WAITING, why, facts), f"Waiting: {why.text}")

    def release_done(self, record: FileRecord) -> None:
        """The blob is gone after its content was proven to be in SharePoint."""
        after = replace(record, blob_name=None, changed_at=self._clock())
        if record.state is FileState.IN_SHAREPOINT and record.cause is Cause.LIBRARY_GONE:
            after = replace(after, reason="", cause=None)  # it is there again
        self._files.save(record, after, "Released from Moment Cloud.")

    def block(self, record: FileRecord, why: Reason, *, may_pass: bool = True) -> None:
        """The file needs attention. A sync tries again where the reason `may_pass` by itself."""
        if record.state is FileState.BLOCKED and (record.why, record.may_pass) == (why, may_pass):
            return
        transfer = None if record.transfer is None else replace(record.transfer, claimed_until=self._clock())
        after = replace(
            record,
            state=FileState.BLOCKED,
            reason=why.text,
            cause=why.cause,
            may_pass=may_pass,
            transfer=transfer,
            changed_at=self._clock(),
            attempts=0,
        )
        self._files.save(record, after, f"Blocked: {why.text}")

    def end_session(self, record: FileRecord) -> None:
        """The upload session that an ended transfer left open is cancelled."""
        self._files.save(record, replace(record, transfer=None), "Upload session cancelled.")

    def note(self, record: FileRecord, why: Reason) -> None:
        """The file stays in its state and says what something that was asked of it waits for."""
        if record.why != why:
            self._files.save(record, replace(record, reason=why.text, cause=why.cause), why.text)

    def bring_back(self, record: FileRecord) -> None:
        """A deleted file has content that whoever deleted it had not seen: it is a file again, and goes on its way.

        What a transfer was sending may lie where that transfer aimed, so it goes on there, and moves afterwards.
        """
        is_aimed = record.transfer is not None and record.transfer.parent_id is not None
        after = replace(record, state=FileState.WAITING, reason=_BACK, cause=None, changed_at=self._clock())
        after = replace(after, place_pending=record.place_pending or is_aimed)
        self._files.save(record, after, _BACK)

    def content_arrived(self, record: FileRecord, blob_name: str) -> FileRecord:
        """New content was uploaded for a file whose earlier content has moved already."""
        baseline = replace(record.baseline, changed_there=False) if record.baseline else None
        after = replace(record, blob_name=blob_name, baseline=baseline, changed_at=self._clock())
        return self._files.save(record, after, "New content arrived in Moment Cloud.")

    def _touched(self, record: FileRecord, state: FileState, why: Reason, facts: BlobFacts) -> FileRecord:
        return replace(
            record,
            state=state,
            reason=why.text,
            cause=why.cause,
            size_bytes=facts.size_bytes,
            content_type=facts.content_type,
            changed_at=self._clock(),
        )

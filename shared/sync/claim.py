"""A file that one invocation holds while it moves it: the states, reasons and progress of a transfer under way.

A claim always carries the newest saved version of its record, so that whoever handles a failure goes on from what is
stored. Every method is one transaction and raises PreconditionFailed when somebody else saved in between, which ends
the claim. It begins with `FileStates.claim`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.errors import PreconditionFailed
from shared.model.both_changed import as_seen, is_copy_name
from shared.model.causes import Reason
from shared.model.drive_items import Target, UploadSession
from shared.model.files import Baseline, FileRecord, FileState, Transfer
from shared.model.journal import Event
from shared.model.merge import merge_tags
from shared.sync.ports import Clock, Files


class Claim:
    """A file that this invocation is moving. `record` is its newest saved version."""

    def __init__(self, record: FileRecord, files: Files, clock: Clock, claim_s: float) -> None:
        self.record = record
        self._files = files
        self._clock = clock
        self._claim_s = claim_s

    @property
    def transfer(self) -> Transfer:
        """The transfer under way."""
        if self.record.transfer is None:
            raise RuntimeError("a claimed record has a transfer")
        return self.record.transfer

    @property
    def is_half_over(self) -> bool:
        """Whether the claim should be renewed at the next occasion."""
        return self.transfer.claimed_until - self._clock() < timedelta(seconds=self._claim_s / 2)

    @property
    def is_beside(self) -> bool:
        """Whether an earlier attempt noted to send this content as a second file beside the file."""
        return self.transfer.name != self.transfer.asked_name and is_copy_name(self.transfer.name)

    def aim(self, target: Target) -> None:
        """Note where the file goes before it is sent there."""
        if (self.transfer.drive_id, self.transfer.parent_id) != (target.drive_id, target.parent_id):
            self._renew("Its folder is known.", drive_id=target.drive_id, parent_id=target.parent_id)

    def try_name(self, name: str) -> None:
        """Note the name under which it is sent, so that ingest knows the new item for ours."""
        if self.transfer.name != name and self.transfer.upload_url is None:
            self._renew(f"Sent as {name!r}.", name=name)

    def open_session(self, name: str, drive_id: str, session: UploadSession) -> None:
        """Remember an upload session before its first fragment is sent."""
        self._renew(
            f"Upload session opened for {name!r}.",
            name=name,
            drive_id=drive_id,
            upload_url=session.url,
            upload_expires_at=session.expires_at,
            hashed_bytes=0,
            hash_state="",
        )

    def drop_session(self) -> None:
        """The upload session is over; the next attempt opens a new one."""
        self._renew("Upload session ended.", upload_url=None, upload_expires_at=None, hashed_bytes=0, hash_state="")

    def progress(self, hashed_bytes: int, hash_state: str) -> None:
        """Renew the claim and note how far the content got."""
        self._renew(f"{hashed_bytes} bytes are in SharePoint.", hashed_bytes=hashed_bytes, hash_state=hash_state)

    def commit(self, baseline: Baseline, tags: tuple[str, ...], request_id: str = "") -> FileRecord:
        """SharePoint has the content, proven: the link is the SharePoint URL from here on.

        The item may have a record of its own: a person renamed or moved it at once, so that ingest did not know it for
        ours, or put the same file there before. That one ends here, and what it says of the item counts.
        """
        try:
            self._commit(baseline, request_id, tags=tags)
        except PreconditionFailed:
            other = self._other_record_of(baseline.item_id)
            if other is None or other.baseline is None:
                raise
            self._end(other)
            self._commit(as_seen(baseline, other.baseline), request_id, **self._taken_over(baseline, tags, other))
        return self.record

    def replace(self, after: FileRecord, event: Event) -> FileRecord:
        """End the claim with this record, which says what became of the transfer."""
        self.record = self._files.save(self.record, after, event)
        return self.record

    def _commit(self, baseline: Baseline, request_id: str, **changes: object) -> None:
        renamed_meanwhile = self.record.name != self.transfer.asked_name
        self._save(
            Event(f"In SharePoint as {baseline.name!r}, {baseline.proof}.", request_id=request_id),
            name=self.record.name if renamed_meanwhile else baseline.name,
            state=FileState.IN_SHAREPOINT,
            reason="",
            cause=None,
            baseline=baseline,
            # SharePoint may have rewritten it: what counts is what a person opens from now on.
            size_bytes=baseline.size_bytes,
            transfer=None,
            attempts=0,
            missing=False,
            **changes,
        )

    def _other_record_of(self, item_id: str) -> FileRecord | None:
        """A live record that is not ours but has the item; a deleted one says that the item is gone."""
        file_id = self._files.find_by_item(self.record.customer, item_id)
        other = self._files.find(self.record.customer, file_id) if file_id and file_id != self.record.id else None
        return None if other is None or other.state is FileState.DELETED else other

    def _end(self, other: FileRecord) -> None:
        text = "It is a file that was just being moved from Moment Cloud, and goes on there."
        ended = replace(other, state=FileState.DELETED, reason=text, cause=None, baseline=None)
        moved_to = f"{self.record.customer}/{self.record.id}"
        self._files.save(other, replace(ended, moved_to=moved_to, changed_at=self._clock()), text)

    def _taken_over(self, baseline: Baseline, tags: tuple[str, ...], other: FileRecord) -> dict[str, object]:
        """What people did to the item meanwhile; tags they added stay, and those we sent."""
        tags = merge_tags(baseline.tags, tags, (*baseline.tags, *other.tags))
        stayed = other.baseline is not None and other.baseline.parent_id == baseline.parent_id
        links = self.record.links if self.record.place_pending or stayed else other.links
        return {"tags": tags, "links": links}

    def wait(self, why: Reason) -> None:
        """Give the claim back; the queue brings the file again."""
        released = replace(self.transfer, claimed_until=self._clock())
        self._save(
            f"Waiting: {why.text}",
            state=FileState.WAITING,
            reason=why.text,
            cause=why.cause,
            transfer=released,
            attempts=self.record.attempts + 1,
        )

    def hand_over(self, hashed_bytes: int, hash_state: str) -> None:
        """Give the claim back in the middle of a large file, so that another invocation goes on."""
        after = replace(self.transfer, claimed_until=self._clock(), hashed_bytes=hashed_bytes, hash_state=hash_state)
        self._save(f"{hashed_bytes} bytes are in SharePoint; going on in the next run.", transfer=after)

    def _renew(self, event: str, **changes: str | int | datetime | None) -> None:
        until = self._clock() + timedelta(seconds=self._claim_s)
        self._save(event, transfer=replace(self.transfer, claimed_until=until, **changes))  # type: ignore[arg-type]

    def _save(self, event: Event | str, **changes: object) -> None:
        after = replace(self.record, changed_at=self._clock(), **changes)  # type: ignore[arg-type]
        self.record = self._files.save(self.record, after, event)

"""Sends a file's content to SharePoint: one PUT for a small file, an upload session for a large one.

Where SharePoint refuses a PUT for its size, the file goes through a session, and so do the next ones of this process.

A name that is taken by the same content is our own earlier attempt, or the same file that a person put there: it is
adopted. Beside any other, ours becomes `name (2).ext`. Nothing is ever overwritten by a new file.

New content for a file becomes its newest version, unless the file's content changed in SharePoint too: then it goes
beside it (shared/model/both_changed.py). A small one is put with If-Match, so that nobody's work gets in between
unseen. An upload session locks its item for others while it is open; it is asked for right after the item was looked
at, without If-Match, for opening one moves the eTag.

Content of one part (blob_reading.py) is read before it is sent, more than that while it is sent.
"""

import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from shared.errors import Locked, NameTaken, NotFound, PreconditionFailed, TooLarge
from shared.model.bodies import Sendable
from shared.model.both_changed import changed_there, copy_id, copy_name
from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.drive_items import DriveItem, Target
from shared.model.files import Baseline, FileRecord, FileState, Proof
from shared.model.names import numbered
from shared.model.push_plan import differs_from_baseline
from shared.model.stored import BlobFacts
from shared.sync.blob_body import BlobBody, source_failures
from shared.sync.blob_reading import PART_BYTES, open_stream, read_range, seekable_copy
from shared.sync.claim import Claim
from shared.sync.ports import Blobs, Files, SharePoint
from shared.sync.proof import Prover, SentContent
from shared.sync.upload_sessions import Destination, UploadSessions

_ALWAYS_AT_ONCE_BYTES = 4_000_000
"""Older pages of driveitem-put-content take so much in one request, so every SharePoint does."""
_MAX_NAMESAKES = 1000
_NAME_LOCKED_S = 60.0
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """Content that is in SharePoint now: the item, what was sent, and how to read that again."""

    item: DriveItem
    fingerprints: Fingerprints
    content: SentContent
    proof: Proof | None = None
    """Set where the item was recognised by its content, so that it need not be proven again."""
    beside: DriveItem | None = None
    """The file itself, where its content had changed in SharePoint, so that ours went beside it."""
    seen_e_tag: str = ""
    """Of a new version: the eTag up to which all is followed, where the item may have moved on before it was sent."""


@dataclass(frozen=True, slots=True)
class Content:
    """A blob's content. `at_once` is what one request sends; None: it takes an upload session."""

    sent: SentContent
    at_once: Sendable | None
    fingerprints: Callable[[], Fingerprints]


@dataclass(frozen=True, slots=True)
class Sending:
    """One transfer's content on its way."""

    claim: Claim
    facts: BlobFacts
    content: Content
    own_ids: Collection[str] = field(default=())
    """The records whose item may be what an earlier attempt made."""


class Sender:
    """Sends content as a new file or as a new version of a file."""

    def __init__(
        self,
        *,
        blobs: Blobs,
        files: Files,
        sharepoint: SharePoint,
        sessions: UploadSessions,
        prover: Prover,
        small_file_max_bytes: int,
    ) -> None:
        self._blobs = blobs
        self._files = files
        self._sharepoint = sharepoint
        self._sessions = sessions
        self._prover = prover
        self._small_file_max_bytes = small_file_max_bytes

    @source_failures()
    def send_new(self, claim: Claim, facts: BlobFacts, target: Target) -> Sent | None:
        """Create the file in its folder; None when the time ran out and the rest goes on in another run."""
        sending = Sending(claim, facts, self._content(facts), {claim.record.id})
        return self._send_as(sending, target, claim.transfer.asked_name)

    @source_failures()
    def send_version(self, claim: Claim, facts: BlobFacts, baseline: Baseline, target: Target) -> Sent | None:
        """Give the file in SharePoint this content as its newest version; as a new file when it is gone there."""
        sending = Sending(claim, facts, self._content(facts), {claim.record.id})
        for _ in range(_LOOKS):
            item = self._sharepoint.find_item(baseline.drive_id, baseline.item_id)
            if item is None:
                break
            is_changed = changed_there(item, baseline)
            if is_changed or item.e_tag != baseline.e_tag:
                # A pull may have followed what an earlier attempt wrote, so that the eTag alone says nothing.
                adopted = self._recognise(item, sending.content)
                if adopted is not None:
                    return replace(adopted, seen_e_tag=baseline.e_tag)
            if is_changed:
                return self._send_beside(sending, item, target)
            try:
                return self._replace(sending, item, baseline)
            except NotFound:
                break
            except PreconditionFailed:
                continue
        else:
            raise PreconditionFailed("The file is being changed in SharePoint again and again.")
        return self._send_as(sending, target, claim.transfer.asked_name)

    def _send_beside(self, sending: Sending, theirs: DriveItem, target: Target) -> Sent | None:
        """As a second file in the folder where the file is now, or where an earlier attempt may have put it already."""
        record, facts = sending.claim.record, sending.facts
        if sending.claim.is_beside:
            folder, name = target, sending.claim.transfer.name
        else:
            folder = Target(theirs.drive_id, theirs.parent_id or target.parent_id)
            name = copy_name(theirs.name, facts.written_at or record.changed_at)
        sending.claim.aim(folder)
        sending = replace(sending, own_ids={copy_id(record, facts.etag)})
        sent = self._send_as(sending, folder, name)
        return None if sent is None else replace(sent, beside=theirs)

    def _send_as(self, sending: Sending, target: Target, wanted: str) -> Sent | None:
        for name in _names(sending.claim, wanted):
            sending.claim.try_name(name)
            try:
                return self._create(sending, target, name)
            except NameTaken:
                adopted = self._adopt(sending, target, name)
                if adopted is not None:
                    return adopted
        raise NameTaken(f"There are already {_MAX_NAMESAKES} files named like {wanted!r} here.")

    def _create(self, sending: Sending, target: Target, name: str) -> Sent | None:
        content = sending.content
        item = self._at_once(
            sending, lambda body: self._sharepoint.put_file(target.drive_id, target.parent_id, name, body)
        )
        if item is not None:
            return Sent(item, content.fingerprints(), content.sent)
        return self._through_session(sending, Destination(target.drive_id, name, parent_id=target.parent_id))

    def _replace(self, sending: Sending, item: DriveItem, baseline: Baseline) -> Sent | None:
        content = sending.content
        replaced = self._at_once(
            sending, lambda body: self._sharepoint.replace_file(item.drive_id, item.id, body, item.e_tag)
        )
        if replaced is not None:
            seen = "" if item.e_tag == baseline.e_tag else baseline.e_tag
            return Sent(replaced, content.fingerprints(), content.sent, seen_e_tag=seen)
        sent = self._through_session(sending, Destination(item.drive_id, item.name, item_id=item.id))
        return None if sent is None else replace(sent, seen_e_tag=baseline.e_tag)

    def _at_once(self, sending: Sending, put: Callable[[Sendable], DriveItem]) -> DriveItem | None:
        """In one request; None where the content takes an upload session, or is in one already."""
        body = sending.content.at_once
        if body is None or len(body) > self._small_file_max_bytes or sending.claim.transfer.upload_url is not None:
            return None
        try:
            return put(body)
        except TooLarge:
            if len(body) <= _ALWAYS_AT_ONCE_BYTES:
                raise
            self._small_file_max_bytes = _ALWAYS_AT_ONCE_BYTES
            return None

    def _through_session(self, sending: Sending, destination: Destination) -> Sent | None:
        uploaded = self._sessions.upload(sending.claim, sending.facts, destination)
        return None if uploaded is None else Sent(uploaded.item, uploaded.fingerprints, sending.content.sent)

    def _adopt(self, sending: Sending, target: Target, name: str) -> Sent | None:
        existing = self._sharepoint.find_child(target.drive_id, target.parent_id, name)
        if existing is None:
            raise Locked(f"Another upload of {name!r} to this folder is under way in SharePoint.", _NAME_LOCKED_S)
        if existing.is_folder or not self._may_become(sending, existing):
            return None
        return self._recognise(existing, sending.content)

    def _may_become(self, sending: Sending, existing: DriveItem) -> bool:
        """Whether the item is nobody's, ours, or one that people put there and Moment has only looked at since."""
        customer = sending.claim.record.customer
        owner = self._files.find_by_item(customer, existing.id)
        if owner is None or owner in sending.own_ids:
            return True
        other = self._files.find(customer, owner)
        return other is not None and _is_only_looked_at(other)

    def _recognise(self, item: DriveItem, content: Content) -> Sent | None:
        fingerprints = content.fingerprints()
        proof = self._prover.recognise(item, fingerprints, content.sent)
        return None if proof is None else Sent(item, fingerprints, content.sent, proof)

    def _content(self, facts: BlobFacts) -> Content:
        if facts.size_bytes <= min(PART_BYTES, self._small_file_max_bytes):
            small = read_range(self._blobs, facts, 0, facts.size_bytes)
            hasher = ContentHash()
            hasher.update(small)
            again = SentContent(lambda: io.BytesIO(small), lambda: io.BytesIO(small))
            return Content(again, small, hasher.fingerprints)
        sent = SentContent(lambda: open_stream(self._blobs, facts), lambda: seekable_copy(self._blobs, facts))
        body = BlobBody(self._blobs, facts, ContentHash(), facts.size_bytes)
        return Content(sent, body if facts.size_bytes <= self._small_file_max_bytes else None, body.fingerprints)


def _is_only_looked_at(record: FileRecord) -> bool:
    if record.baseline is None or record.state is not FileState.IN_SHAREPOINT:
        return False
    from_people = record.baseline.proof is None and record.blob_name is None
    return from_people and not differs_from_baseline(record)


def _names(claim: Claim, wanted: str) -> Iterator[str]:
    """The names to try: the wanted one and then numbered ones; first that of an upload session that is still open."""
    names = [wanted, *(numbered(wanted, number) for number in range(2, _MAX_NAMESAKES))]
    under_way = claim.transfer.name
    if claim.transfer.upload_url is not None and under_way in names:
        yield under_way
    yield from names

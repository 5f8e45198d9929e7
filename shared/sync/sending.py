"""Sends a file's content to SharePoint: one PUT for a small file, an upload session for a large one.

A name that is taken by the same content is our own earlier attempt, or the same file that a person put there: it is
adopted. Beside any other, ours becomes `name (2).ext`. Nothing is ever overwritten by a new file.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from shared.errors import Locked, NameTaken, NotFound
from shared.model.drive_items import DriveItem, Target
from shared.model.files import Baseline, FileRecord, FileState, Proof
from shared.model.names import numbered
from shared.model.push_plan import differs_from_baseline
from shared.model.quick_xor_hash import QuickXorHash
from shared.model.stored import BlobFacts
from shared.sync.blob_reading import hash_up_to, read_range, seekable_copy
from shared.sync.file_states import Claim
from shared.sync.ports import Blobs, Files, SharePoint
from shared.sync.proof import find_proof
from shared.sync.upload_sessions import Destination, UploadSessions

_MAX_NAMESAKES = 1000
_NAME_LOCKED_S = 60.0


@dataclass(frozen=True, slots=True)
class Sent:
    """Content that is in SharePoint now: the item, what was sent, and how to read that again."""

    item: DriveItem
    size_bytes: int
    quick_xor_hash: str
    open_sent: Callable[[], BinaryIO]
    proof: Proof | None = None
    """Set where the item was recognised by its content, so that it need not be proven again."""


@dataclass(frozen=True, slots=True)
class Content:
    """A blob's content: held in memory when it is small, read again when it is large."""

    size_bytes: int
    small: bytes | None
    quick_xor_hash: Callable[[], str]
    open: Callable[[], BinaryIO]


class Sender:
    """Sends content as a new file or as a new version of a file."""

    def __init__(
        self, *, blobs: Blobs, files: Files, sharepoint: SharePoint, sessions: UploadSessions, small_file_max_bytes: int
    ) -> None:
        self._blobs = blobs
        self._files = files
        self._sharepoint = sharepoint
        self._sessions = sessions
        self._small_file_max_bytes = small_file_max_bytes

    def send_new(self, claim: Claim, facts: BlobFacts, target: Target) -> Sent | None:
        """Create the file in its folder; None when the time ran out and the rest goes on in another run."""
        content = self._content(facts)
        for name in _names(claim):
            claim.try_name(name)
            try:
                return self._create(claim, facts, content, target, name)
            except NameTaken:
                adopted = self._adopt(claim, content, target, name)
                if adopted is not None:
                    return adopted
        raise NameTaken(f"There are already {_MAX_NAMESAKES} files named like {claim.record.name!r} here.")

    def send_version(self, claim: Claim, facts: BlobFacts, baseline: Baseline, target: Target) -> Sent | None:
        """Give the file in SharePoint this content as its newest version; as a new file when it is gone there."""
        item = self._sharepoint.find_item(baseline.drive_id, baseline.item_id)
        if item is None:
            return self.send_new(claim, facts, target)
        content = self._content(facts)
        if item.e_tag != baseline.e_tag:
            adopted = self._recognise(item, content)
            if adopted is not None:
                return adopted
        try:
            return self._replace(claim, facts, content, item)
        except NotFound:
            return self.send_new(claim, facts, target)

    def _create(self, claim: Claim, facts: BlobFacts, content: Content, target: Target, name: str) -> Sent | None:
        if content.small is not None:
            item = self._sharepoint.put_file(target.drive_id, target.parent_id, name, content.small)
            return Sent(item, content.size_bytes, content.quick_xor_hash(), content.open)
        destination = Destination(target.drive_id, name, parent_id=target.parent_id)
        return self._through_session(claim, facts, content, destination)

    def _replace(self, claim: Claim, facts: BlobFacts, content: Content, item: DriveItem) -> Sent | None:
        if content.small is not None:
            replaced = self._sharepoint.replace_file(item.drive_id, item.id, content.small)
            return Sent(replaced, content.size_bytes, content.quick_xor_hash(), content.open)
        destination = Destination(item.drive_id, item.name, item_id=item.id)
        return self._through_session(claim, facts, content, destination)

    def _through_session(
        self, claim: Claim, facts: BlobFacts, content: Content, destination: Destination
    ) -> Sent | None:
        uploaded = self._sessions.upload(claim, facts, destination)
        if uploaded is None:
            return None
        return Sent(uploaded.item, content.size_bytes, uploaded.quick_xor_hash, content.open)

    def _adopt(self, claim: Claim, content: Content, target: Target, name: str) -> Sent | None:
        existing = self._sharepoint.find_child(target.drive_id, target.parent_id, name)
        if existing is None:
            raise Locked(f"Another upload of {name!r} to this folder is under way in SharePoint.", _NAME_LOCKED_S)
        if existing.is_folder or not self._may_become(claim.record, existing):
            return None
        return self._recognise(existing, content)

    def _may_become(self, record: FileRecord, existing: DriveItem) -> bool:
        """Whether the item is nobody's, ours, or one that people put there and Moment has only looked at since."""
        owner = self._files.find_by_item(record.customer, existing.id)
        if owner in {None, record.id}:
            return True
        other = self._files.find(record.customer, owner) if owner else None
        if other is None or other.baseline is None or other.state is not FileState.IN_SHAREPOINT:
            return False
        from_people = other.baseline.proof is None and other.blob_name is None
        return from_people and not differs_from_baseline(other)

    def _recognise(self, item: DriveItem, content: Content) -> Sent | None:
        quick_xor_hash = content.quick_xor_hash()
        proof = find_proof(self._sharepoint, item, content.size_bytes, quick_xor_hash, content.open)
        return None if proof is None else Sent(item, content.size_bytes, quick_xor_hash, content.open, proof)

    def _content(self, facts: BlobFacts) -> Content:
        if facts.size_bytes > self._small_file_max_bytes:
            return Content(
                facts.size_bytes,
                None,
                lambda: self._hash_of(facts),
                lambda: seekable_copy(self._blobs, facts, self._sessions.fragment_bytes),
            )
        small = read_range(self._blobs, facts, 0, facts.size_bytes)
        hasher = QuickXorHash()
        hasher.update(small)
        return Content(facts.size_bytes, small, hasher.base64, lambda: io.BytesIO(small))

    def _hash_of(self, facts: BlobFacts) -> str:
        hasher = QuickXorHash()
        hash_up_to(self._blobs, facts, hasher, facts.size_bytes, self._sessions.fragment_bytes)
        return hasher.base64()


def _names(claim: Claim) -> Iterator[str]:
    """The names to try: the one of an upload session that is still open, else the file's own and then numbered ones."""
    if claim.transfer.upload_url is not None:
        yield claim.transfer.name
    asked = claim.transfer.asked_name
    yield asked
    for number in range(2, _MAX_NAMESAKES):
        yield numbered(asked, number)

"""Sends a large file through an upload session, fragment by fragment, over as many invocations as it takes.

The session's URL is saved before the first fragment, so a successor asks the session where to go on and sends nothing
twice (driveitem-createuploadsession). A fragment is read while it is sent: its size costs no memory, only what has to
be sent again after a break. quickXorHash's state is saved with the claim; a successor reads again only what lies
between that state and the session's position, and so does not know the SHA-256.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import NameTaken, StaleError, Throttled, Unavailable, UploadSessionGone
from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.drive_items import DriveItem, UploadSession
from shared.model.stored import BlobFacts
from shared.sync.blob_body import BlobBody
from shared.sync.blob_reading import hash_up_to
from shared.sync.claim import Claim
from shared.sync.ports import Blobs, Clock, SharePoint

_SESSIONS_PER_RUN = 3
_SLOT_WAIT_S = 30.0
_SLOT_RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class Destination:
    """What the session writes: a new file `name` in `parent_id`, or a new version of `item_id`."""

    drive_id: str
    name: str
    parent_id: str | None = None
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A finished upload and the fingerprints of the bytes that were sent."""

    item: DriveItem
    fingerprints: Fingerprints


class UploadSessions:
    """Uploads large files, a few at a time per process so that they do not keep all its threads."""

    def __init__(
        self,
        *,
        blobs: Blobs,
        sharepoint: SharePoint,
        clock: Clock,
        fragment_bytes: int,
        time_limit_s: float,
        large_at_once: int,
    ) -> None:
        self._fragment_bytes = fragment_bytes
        self._blobs = blobs
        self._sharepoint = sharepoint
        self._clock = clock
        self._time_limit = timedelta(seconds=time_limit_s)
        self._slots = threading.BoundedSemaphore(large_at_once)

    def upload(self, claim: Claim, facts: BlobFacts, destination: Destination) -> Uploaded | None:
        """Send everything, or as much as the time allows; None when another run has to go on.

        Raises NameTaken (session cancelled), NotFound (folder gone), and what SharePoint refuses.
        """
        with self._slot():
            deadline = self._clock() + self._time_limit
            for _ in range(_SESSIONS_PER_RUN):
                try:
                    return self._run(claim, facts, destination, deadline)
                except UploadSessionGone:
                    self._abandon(claim)
                except NameTaken:
                    self._abandon(claim)
                    raise
            raise Unavailable("SharePoint ended the upload session again and again.")

    def cancel(self, upload_url: str) -> None:
        """End a session that nobody will go on with, so that it does not lock the name."""
        self._sharepoint.cancel_upload_session(upload_url)

    def _run(self, claim: Claim, facts: BlobFacts, destination: Destination, deadline: datetime) -> Uploaded | None:
        session = self._session(claim, destination)
        hasher = self._hasher_at(claim, facts, session.next_byte)
        while (start := hasher.hashed_bytes) < facts.size_bytes:
            end = min(start + self._fragment_bytes, facts.size_bytes)
            fragment = BlobBody(self._blobs, facts, hasher, end)
            item, taken = self._send(session.url, fragment, facts.size_bytes)
            hasher = fragment.hash_at(taken)
            if item is not None:
                return Uploaded(item, hasher.fingerprints())
            if self._clock() >= deadline:
                claim.hand_over(taken, hasher.state())
                return None
            if claim.is_half_over:
                claim.progress(taken, hasher.state())
        raise UploadSessionGone("SharePoint took all bytes but did not finish the file.")

    def _session(self, claim: Claim, destination: Destination) -> UploadSession:
        if claim.transfer.upload_url is not None and claim.transfer.name == destination.name:
            return self._sharepoint.upload_session(claim.transfer.upload_url)
        self._abandon(claim)
        if destination.item_id is not None:
            session = self._sharepoint.open_replace_session(destination.drive_id, destination.item_id)
        else:
            session = self._sharepoint.open_upload_session(
                destination.drive_id, destination.parent_id or "root", destination.name
            )
        claim.open_session(destination.name, destination.drive_id, session)
        return session

    def _hasher_at(self, claim: Claim, facts: BlobFacts, next_byte: int) -> ContentHash:
        transfer = claim.transfer
        usable = bool(transfer.hash_state) and transfer.hashed_bytes <= next_byte
        hasher = ContentHash.resume(transfer.hash_state) if usable else ContentHash()
        hash_up_to(self._blobs, facts, hasher, next_byte)
        return hasher

    def _send(self, url: str, fragment: BlobBody, total_bytes: int) -> tuple[DriveItem | None, int]:
        """Send one fragment; the item when the file is finished, and up to which byte the session took it."""
        try:
            reply = self._sharepoint.send_fragment(url, fragment, fragment.start, total_bytes)
        except UploadSessionGone:
            raise
        except (StaleError, Unavailable):
            taken = self._sharepoint.upload_session(url).next_byte
            if taken == fragment.start:
                raise
        else:
            if reply.item is not None:
                return reply.item, fragment.end
            taken = reply.next_byte
        if not fragment.start < taken <= fragment.end:
            raise UploadSessionGone("The upload session expects bytes that do not follow what was sent.")
        return None, taken

    def _abandon(self, claim: Claim) -> None:
        if claim.transfer.upload_url is not None:
            self._sharepoint.cancel_upload_session(claim.transfer.upload_url)
            claim.drop_session()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=_SLOT_WAIT_S):
            raise Throttled("Other large files go first.", _SLOT_RETRY_S)
        try:
            yield
        finally:
            self._slots.release()

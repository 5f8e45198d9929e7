"""Upload sessions: one open session for a target at a time, fragments strictly in order.

https://learn.microsoft.com/graph/api/driveitem-createuploadsession
"""

import asyncio
import re
from dataclasses import dataclass, field

from tools.sharepoint.state.errors import (
    GraphError,
    invalid_range,
    invalid_request,
    item_not_found,
    name_already_exists,
    too_large,
    unauthenticated,
)
from tools.sharepoint.state.names import key
from tools.sharepoint.state.uploads import UploadTarget

FRAGMENT_UNIT_BYTES = 320 * 1024
MAX_FRAGMENT_BYTES = 60 * 1024 * 1024
MAX_FILE_BYTES = 250 * 1024**3
SLIDING_EXPIRY_S = 15 * 60
TEMPAUTH_LIFE_S = 24 * 60 * 60
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(slots=True)
class UploadSession:
    """An upload in pieces. It expires 15 minutes after the last fragment, its URL 24 hours after it was made."""

    guid: str
    tempauth: str
    drive_id: str
    target: UploadTarget
    who: str
    created_at: float
    expires_at: float
    blob: str
    defer_commit: bool = False
    total: int | None = None
    received: int = 0


@dataclass(slots=True)
class Fragment:
    """The byte range one PUT announces."""

    first: int
    last: int
    total: int

    @property
    def size_bytes(self) -> int:
        """Number of bytes."""
        return self.last - self.first + 1


def read_content_range(header: str, content_length: int | None) -> Fragment:
    """Read ``Content-Range: bytes a-b/total``."""
    found = _CONTENT_RANGE.fullmatch(header.strip())
    if found is None:
        raise invalid_request("Content-Range must be 'bytes first-last/total'")
    fragment = Fragment(*(int(number) for number in found.groups()))
    if content_length is None:
        raise GraphError(411, "invalidRequest", "Content-Length is required")
    if fragment.size_bytes != content_length:
        raise invalid_request("Content-Length does not match Content-Range", "fragmentLengthMismatch")
    if fragment.last >= fragment.total:
        raise invalid_request("Content-Range lies outside the file", "fragmentLengthMismatch")
    return fragment


def check_fragment(session: UploadSession, fragment: Fragment) -> None:
    """Raise unless this is the fragment the session expects next."""
    if fragment.total > MAX_FILE_BYTES:
        raise too_large("The file is larger than 250 GB")
    if session.total is not None and fragment.total != session.total:
        raise invalid_request("The total size differs from that of the fragments before", "fragmentLengthMismatch")
    if fragment.first < session.received:
        raise invalid_range("These bytes were received already", "fragmentOverlap")
    if fragment.first > session.received:
        raise invalid_range("Bytes before these are missing", "fragmentOutOfOrder")
    if fragment.size_bytes > MAX_FRAGMENT_BYTES:
        raise too_large("A fragment must have less than 60 MiB")
    if fragment.size_bytes % FRAGMENT_UNIT_BYTES and fragment.last + 1 != fragment.total:
        raise invalid_request("A fragment other than the last must be a multiple of 320 KiB")


@dataclass(slots=True)
class OpenSessions:
    """The sessions that exist, by the guid in their URL."""

    sessions: dict[str, UploadSession] = field(default_factory=dict)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def open(self, session: UploadSession, now: float) -> None:
        """Register a session, unless the same target has one already: a session locks its target."""
        wanted = self._place(session)
        for other in list(self.sessions.values()):
            if other.expires_at <= now:
                continue
            if self._place(other) == wanted:
                raise name_already_exists("An upload session already exists for the specified item name")
        self.sessions[session.guid] = session

    def get(self, guid: str, tempauth: str, now: float) -> UploadSession:
        """Return a live session."""
        session = self.sessions.get(guid)
        if session is None or session.expires_at <= now:
            raise item_not_found("The upload session was not found")
        if tempauth != session.tempauth or now > session.created_at + TEMPAUTH_LIFE_S:
            raise unauthenticated("The upload URL is not valid or has expired")
        return session

    def lock(self, session: UploadSession) -> asyncio.Lock:
        """Return the lock that makes fragments of one session wait for each other."""
        return self.locks.setdefault(session.guid, asyncio.Lock())

    def close(self, session: UploadSession) -> None:
        """Forget a session."""
        self.sessions.pop(session.guid, None)
        self.locks.pop(session.guid, None)

    def expired(self, now: float) -> list[UploadSession]:
        """Return the sessions whose time is over."""
        return [session for session in self.sessions.values() if session.expires_at <= now]

    def expire_all(self, now: float) -> None:
        """End every session at once, as a fault."""
        for session in self.sessions.values():
            session.expires_at = now

    @staticmethod
    def _place(session: UploadSession) -> tuple[str, ...]:
        target = session.target
        return (session.drive_id, target.start_id, *(key(name) for name in target.folders), key(target.name))

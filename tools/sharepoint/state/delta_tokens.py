"""The token inside a nextLink or deltaLink: a place in a change log, which clients must treat as opaque.

https://learn.microsoft.com/graph/delta-query-overview. The real one shows a position in the list's change log, too.
"""

import base64
from dataclasses import dataclass, replace

from tools.sharepoint.state.changes import ChangeLog
from tools.sharepoint.state.clock import from_iso
from tools.sharepoint.state.errors import GraphError, invalid_request

APPLY_DIFFERENCES = "resyncChangesApplyDifferences"
UPLOAD_DIFFERENCES = "resyncChangesUploadDifferences"
FLAVOURS = (APPLY_DIFFERENCES, UPLOAD_DIFFERENCES, "resyncRequired", "syncStateNotFound")
_SEPARATOR = ";"


@dataclass(slots=True, frozen=True)
class Cursor:
    """A place in a log. A pull began at ``begun``; a ``full`` one enumerates what exists and skips older tombstones."""

    list_id: str
    sequence: int
    begun: int
    full: bool
    generation: int
    issued_at: int

    def further(self, sequence: int, now: float) -> "Cursor":
        """Return a later place in the same pull."""
        return replace(self, sequence=sequence, issued_at=int(now))

    def next_pull(self, sequence: int, now: float) -> "Cursor":
        """Return the place where the next pull begins."""
        return replace(self, sequence=sequence, begun=sequence, full=False, issued_at=int(now))

    def token(self) -> str:
        """Write the cursor as a token."""
        parts = ("4", self.list_id, self.issued_at, self.sequence, self.begun, int(self.full), self.generation)
        return base64.urlsafe_b64encode(_SEPARATOR.join(str(part) for part in parts).encode()).decode("ascii")


class TokenExpired(Exception):
    """The token was good once: 410 follows."""

    def __init__(self, flavour: str) -> None:
        super().__init__(flavour)
        self.flavour = flavour


def read_token(token: str, list_id: str, log: ChangeLog, now: float, life_s: float) -> Cursor:
    """Return the place a token stands for; a time stands for the place the log had reached then."""
    if "T" in token and "-" in token:
        sequence = log.end(_moment(token))
        return Cursor(list_id, sequence, sequence, full=False, generation=log.generation, issued_at=int(now))
    cursor = _decode(token)
    if cursor.list_id != list_id:
        raise invalid_request("The token belongs to another drive or list")
    if cursor.generation != log.generation:
        raise TokenExpired(log.flavour or APPLY_DIFFERENCES)
    if cursor.sequence > log.sequence or now - cursor.issued_at > life_s:
        raise TokenExpired(APPLY_DIFFERENCES)
    return cursor


def gone(flavour: str, location: str) -> GraphError:
    """410 with the address that enumerates everything anew."""
    return GraphError(410, flavour, "Resync required. Replace any local items with the server's version", (),
                      {"Location": location})  # fmt: skip


def _decode(token: str) -> Cursor:
    try:
        version, list_id, *numbers = base64.urlsafe_b64decode(token).decode("ascii").split(_SEPARATOR)
        issued_at, sequence, begun, full, generation = (int(number) for number in numbers)
    except ValueError:
        raise invalid_request("The token is not valid") from None
    if version != "4":
        raise invalid_request("The token is not valid")
    return Cursor(list_id, sequence, begun, bool(full), generation, issued_at)


def _moment(token: str) -> float:
    try:
        return from_iso(token)
    except ValueError:
        raise invalid_request("The token is neither a token nor a time") from None

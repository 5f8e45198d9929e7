"""Why a file waits or needs attention, as one word that a page can translate and offer help for. Pure.

The word is derived here and nowhere else, from the class of the error and from what Graph said: its codes
(https://learn.microsoft.com/graph/errors), and its words where it has no code for the case. The first row that fits
counts; a row without codes and words fits every error of its class.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import (
    AccessDenied,
    ContentDiffers,
    LibraryLimit,
    Locked,
    MomentError,
    NameNotAllowed,
    NameTaken,
    NotFound,
    NotShownYet,
    PermanentError,
    QuotaExceeded,
    Throttled,
    TooLarge,
    TransientError,
    UnknownObject,
)


class Cause(StrEnum):
    """What stands in the way of a file. The page has a sentence for each, in each language."""

    LOCKED = "locked"
    """Somebody has it open."""
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    LIBRARY_NEW = "library-new"
    """The library or folder was just made, and SharePoint does not show it yet."""
    CHECKED_OUT = "checked-out"
    NO_ACCESS = "no-access"
    SITE_FULL = "site-full"
    LIBRARY_LIMIT = "library-limit"
    LIBRARY_GONE = "library-gone"
    PATH_TOO_LONG = "path-too-long"
    NAME_REFUSED = "name-refused"
    TYPE_REFUSED = "type-refused"
    MALWARE = "malware"
    RETENTION = "retention"
    COPY_DIFFERS = "copy-differs"
    BOTH_CHANGED = "both-changed"
    OBJECT_GONE = "object-gone"
    """The customer, project, activity or task that it belongs to no longer exists in Moment."""
    TOO_LARGE = "too-large"
    MISSING = "missing"
    """Its content is gone."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a record says: a sentence for people, and its cause. Empty and None where nothing stands in the way."""

    text: str = ""
    cause: Cause | None = None


_RETENTION = r"retention|\bon hold\b|legal hold|compliance|records? management|\bis a record\b"
_TYPE = r"blocked by the administrator|file (?:type|extension)|extension .*(?:not allowed|blocked)"
_TOO_LONG = r"too long|too deep|longer than"


@dataclass(frozen=True, slots=True)
class _Row:
    kind: type[MomentError]
    cause: Cause
    codes: frozenset[str] = frozenset()
    words: str = ""

    def fits(self, error: MomentError) -> bool:
        if not isinstance(error, self.kind):
            return False
        has_code = bool(self.codes.intersection(error.codes))
        has_words = bool(self.words) and re.search(self.words, error.said, re.IGNORECASE) is not None
        return has_code or has_words or not (self.codes or self.words)


_TABLE = (
    _Row(MomentError, Cause.MALWARE, frozenset({"malwareDetected", "virusSuspicious"})),
    _Row(MomentError, Cause.LIBRARY_NEW, frozenset({"resourceBeingProvisioned", "provisioningNotAllowed"})),
    _Row(Locked, Cause.CHECKED_OUT, frozenset({"resourceCheckedOut"}), r"checked[ -]?out"),
    _Row(Locked, Cause.RETENTION, words=_RETENTION),
    _Row(Locked, Cause.LOCKED),
    _Row(Throttled, Cause.THROTTLED),
    _Row(NotShownYet, Cause.LIBRARY_NEW),
    _Row(TransientError, Cause.UNREACHABLE),
    _Row(PermanentError, Cause.PATH_TOO_LONG, frozenset({"pathIsTooLong", "pathTooDeep"})),
    _Row(NameNotAllowed, Cause.PATH_TOO_LONG, words=_TOO_LONG),
    _Row(PermanentError, Cause.TYPE_REFUSED, frozenset({"blockedFileType"}), _TYPE),
    _Row(NameNotAllowed, Cause.NAME_REFUSED),
    _Row(NameTaken, Cause.NAME_REFUSED),
    _Row(PermanentError, Cause.RETENTION, words=_RETENTION),
    _Row(AccessDenied, Cause.NO_ACCESS),
    _Row(TooLarge, Cause.TOO_LARGE),
    _Row(LibraryLimit, Cause.LIBRARY_LIMIT),
    _Row(QuotaExceeded, Cause.SITE_FULL),
    _Row(ContentDiffers, Cause.COPY_DIFFERS),
    # Folders and libraries that are gone are made anew: what is not found after that is the library's site.
    _Row(NotFound, Cause.LIBRARY_GONE),
    _Row(UnknownObject, Cause.OBJECT_GONE),
    _Row(MomentError, Cause.OTHER),
)


def cause_of(error: MomentError) -> Cause:
    """The table above."""
    return next(row.cause for row in _TABLE if row.fits(error))


def reason_of(error: MomentError) -> Reason:
    """The error's own sentence and its cause."""
    return Reason(str(error), cause_of(error))

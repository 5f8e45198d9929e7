"""Lines of many files' journals, in the order of files and versions, as an export reads them. Pure."""

from dataclasses import dataclass
from datetime import datetime

from shared.errors import InvalidInput
from shared.model.checks import ID_PATTERN
from shared.model.journal import Event
from shared.model.page_tokens import place_of, token_of

_DIGITS = 8
"""Of a version in a row key (shared/model/rows.py)."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What happened to a file with one saved version of its record."""

    customer: str
    file: str
    version: int
    at: datetime
    event: Event
    state: str
    """The file's state afterwards; empty in lines of the app's first version."""


@dataclass(frozen=True, slots=True)
class Range:
    """Which lines: of one file or of all, from a time to before another; None: no bound."""

    file: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def has(self, at: datetime) -> bool:
        """Whether a line of this time belongs to it."""
        return (self.since is None or at >= self.since) and (self.before is None or at < self.before)


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where an export goes on: behind this line."""

    file: str
    version: int

    @property
    def token(self) -> str:
        """The token that leads here."""
        return token_of((self.file, str(self.version)))


def line_place_of(token: str | None, wanted: Range) -> LinePlace | None:
    """The place that a token leads to; None for the beginning. Raises InvalidInput for another list's token."""
    file, version = place_of(token, 2)
    if token is None:
        return None
    fits = ID_PATTERN.fullmatch(file) and version.isascii() and version.isdigit() and len(version) <= _DIGITS
    if not fits or (wanted.file is not None and wanted.file != file):
        raise InvalidInput("page is not a token that this list gave.", "page")
    return LinePlace(file, int(version))

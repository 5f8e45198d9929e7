"""Pages of a file's journal, newest first. Pure.

A journal has one line for each version of its record, and the versions follow each other without gaps. So a page is a
range of versions, found from the record's own version without reading what is newer or older.
"""

from dataclasses import dataclass

from shared.errors import InvalidInput
from shared.model.page_tokens import place_of, token_of


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a page, both ends included; none where `newest` is before `oldest`."""

    oldest: int
    newest: int

    @property
    def next_token(self) -> str | None:
        """Leads to the page of what is older; None where nothing is."""
        return token_of((str(self.oldest),)) if self.oldest > 1 else None


def oldest_shown(token: str | None) -> int | None:
    """The oldest version of the page that gave this token; None for the first page. Raises InvalidInput."""
    (text,) = place_of(token, 1)
    if token is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput("page is not a token that this list gave.", "page")
    return int(text)


def versions_below(version: int, limit: int) -> Versions:
    """So many versions before this one, newest first."""
    return Versions(max(version - limit, 1), version - 1)

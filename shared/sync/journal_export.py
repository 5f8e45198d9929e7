"""The journals of a customer's files, in pages of bounded work: an export of any size is many short requests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.errors import UnknownObject
from shared.model.files import FileRecord
from shared.model.journal_lines import JournalLine, LinePlace, Range, line_place_of
from shared.model.stored import Page

_MOST_READ = 10_000
"""Lines that a page reads at most, whether they are wanted or not: ten requests."""


class JournalledFiles(Protocol):
    """The records and their journals."""

    def find(self, customer: str, file_id: str) -> FileRecord | None:
        """The record."""

    def journal_lines(
        self, customer: str, file_id: str | None, after: LinePlace | None
    ) -> Iterable[tuple[Sequence[JournalLine], bool]]:
        """The lines of a file, of all files for None, from behind a place, by file and version; a request at a time."""


@dataclass(frozen=True, slots=True)
class JournalExport:
    """The use case."""

    files: JournalledFiles

    def page(self, customer: str, wanted: Range, token: str | None, limit: int) -> Page[JournalLine]:
        """At most `limit` lines by file and version; a page may hold none and still lead to another one.

        Raises UnknownObject for a file that is none, and InvalidInput for a bad token.
        """
        after = line_place_of(token, wanted)
        if wanted.file is not None and self.files.find(customer, wanted.file) is None:
            raise UnknownObject(f"Customer {customer!r} has no file {wanted.file!r}.", "file")
        found: list[JournalLine] = []
        read = 0
        for lines, has_more in self.files.journal_lines(customer, wanted.file, after):
            for line in lines:
                if wanted.has(line.at):
                    found.append(line)
                after = LinePlace(line.file, line.version)
                if len(found) == limit and (has_more or line is not lines[-1]):
                    return Page(found, after.token)
            read += len(lines)
            if has_more and read >= _MOST_READ and after is not None:
                return Page(found, after.token)
        return Page(found)

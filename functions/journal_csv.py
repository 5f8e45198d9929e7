"""Lines of journals as CSV: RFC 4180, UTF-8, and harmless in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC

from shared.model.journal_lines import JournalLine

COLUMNS = ("customer", "file", "version", "at", "side", "who", "event", "state", "requestId")
CSV = "text/csv"
_FORMULAS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_CONTROLS = tuple("\t\r\n")


def csv_of(lines: Iterable[JournalLine], *, has_header: bool) -> bytes:
    """A row for each line; the names of the columns before them where it is the beginning of a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    if has_header:
        writer.writerow(COLUMNS)
    writer.writerows(_cells(line) for line in lines)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{cell}" if cell.startswith(_CONTROLS) or cell.lstrip().startswith(_FORMULAS) else cell


def _cells(line: JournalLine) -> list[str | int]:
    at = line.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = line.event
    return [
        harmless(line.customer),
        harmless(line.file),
        line.version,
        at,
        event.side.value,
        harmless(event.who),
        harmless(event.text),
        line.state,
        harmless(event.request_id),
    ]

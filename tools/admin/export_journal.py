"""Write the journals of files as CSV, page by page as they come: of some customers, or of all."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlencode

from tools.admin.api import AppApi, Json, Refused

_LINES_AT_ONCE = 5000
_HEADER_END = b"\r\n"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of one file, from and to a day or a time; None: all."""

    file: str | None
    since: str | None
    until: str | None


def export_journal(
    api: AppApi, customers: Sequence[str] | None, wanted: Wanted, out: Path | None, *, as_json: bool
) -> int:
    """Write the lines of these customers, of all for None, to a file or to stdout; 1 where one was refused, else 0.

    A file appears under its name once it is whole, so a stopped export leaves an earlier one as it was.
    """
    whole = [each["id"] for each in api.items("customers")] if customers is None else list(customers)
    done: list[Json] = []
    failed: list[Json] = []
    with _target(out) as target:
        for customer in whole:
            try:
                lines = _write(api, customer, wanted, target, has_header=not done)
            except Refused as refusal:
                failed.append({"customer": customer, "reason": str(refusal)})
                print(f"{customer}: {refusal}", file=sys.stderr, flush=True)
            else:
                done.append({"customer": customer, "lines": lines})
    if as_json:
        print(json.dumps({"out": str(out), "done": done, "failed": failed}, indent=2, ensure_ascii=False))
    return 1 if failed else 0


def _write(api: AppApi, customer: str, wanted: Wanted, target: BinaryIO, *, has_header: bool) -> int:
    """One customer's lines; gives how many there were."""
    given = {"file": wanted.file, "from": wanted.since, "to": wanted.until, "limit": _LINES_AT_ONCE}
    query = urlencode({name: value for name, value in given.items() if value is not None})
    lines, is_first = 0, True
    for part in api.parts(f"customers/{quote(customer, safe='')}/journal.csv?{query}"):
        header, end, rest = part.partition(_HEADER_END) if is_first else (b"", b"", part)
        target.write(header + end + rest if has_header else rest)
        lines, is_first = lines + _lines_in(rest), False
        print(f"{customer}: {lines} lines", file=sys.stderr, flush=True)
    return lines


def _lines_in(part: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(part.decode(), newline="")))


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    unfinished = out.with_name(f"{out.name}.part")
    with unfinished.open("wb") as target:
        yield target
    unfinished.replace(out)

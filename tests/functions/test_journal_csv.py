"""CSV that any program reads back as it was, and that no spreadsheet takes for formulas."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.journal_csv import COLUMNS, csv_of, harmless
from shared.model.journal import Event, Side
from shared.model.journal_lines import JournalLine

AT = datetime(2026, 11, 23, 9, 30, 0, 123_456, UTC)


def line(text: str, who: str = "Kari") -> JournalLine:
    return JournalLine("c1", "f1", 7, AT, Event(text, Side.SHAREPOINT, who, "id-1"), "waiting")


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_a_line_is_one_row_with_the_time_in_utc():
    assert read(csv_of([line("renamed")], has_header=True)) == [
        list(COLUMNS),
        ["c1", "f1", "7", "2026-11-23T09:30:00.123Z", "sharepoint", "Kari", "renamed", "waiting", "id-1"],
    ]
    assert csv_of([], has_header=False) == b""


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d", "\u00a0@"])
def test_what_a_spreadsheet_would_take_for_a_formula_gets_an_apostrophe(begin: str):
    (row,) = read(csv_of([line(f"{begin}HYPERLINK(0)", who=f"{begin}cmd")], has_header=False))

    assert (row[6], row[5]) == (f"'{begin}HYPERLINK(0)", f"'{begin}cmd")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_the_text_it_comes_back_as_one_cell(text: str, who: str):
    (row,) = read(csv_of([line(text, who)], has_header=False))

    assert (row[6], row[5]) == (harmless(text), harmless(who))
    assert not row[6].lstrip().startswith(("=", "+", "-", "@"))


def test_every_cell_of_text_is_quoted():
    text = csv_of([line("a")], has_header=False).decode()

    assert text.startswith('"c1","f1",7,"2026')
    assert text.endswith('"\r\n')

import io
import time
from typing import Any

from rich.console import Console

from tools.stack.display import PlainLines, files_table, open_display
from tools.stack.watch import Row


def a_row(name: str = "a.txt", state: str = "in-sharepoint", place: str = "Nordlicht", **changes: Any) -> Row:
    document = {
        "name": name,
        "state": state,
        "tags": [],
        "sizeBytes": 5,
        "reason": "because",
        "link": "http://127.0.0.1:7072/sites/moment/Nordlicht/a%20b.txt" if state == "in-sharepoint" else None,
        "inMomentCloud": state != "in-sharepoint",
        "changedAt": "2026-11-23T09:30:02+00:00",
    }
    return Row(document | changes, place, 1795426200.0)  # 09:30:00


def shown_by(width: int = 160, **_: Any) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=False)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_lines_tell_each_change_once():
    console = shown_by()
    lines = PlainLines(console)
    moving, moved = a_row(state="moving"), a_row()

    for row in (moving, moved, moved):
        lines.update({("c", "f"): row})

    assert text_of(console).count("\n") == 1
    assert "2.0 s  in-sharepoint" in text_of(console)


def test_a_file_that_somebody_changed_is_told_once_with_what_was_done():
    console = shown_by()
    lines = PlainLines(console)
    lines.skip({("c", "f"): a_row()})
    renamed = a_row("b.txt")
    renamed.news = "renamed from 'a.txt' to 'b.txt' (in SharePoint by Grace)"

    for _ in range(2):
        lines.update({("c", "f"): renamed})

    assert text_of(console).count("\n") == 1
    assert "b.txt  (Nordlicht)  renamed from 'a.txt' to 'b.txt' (in SharePoint by Grace)" in text_of(console)


def test_what_blocks_a_file_is_shown_in_the_place_of_its_link():
    console = shown_by()

    PlainLines(console).update({("c", "f"): a_row(state="blocked")})

    assert "because" in text_of(console)


def test_many_files_of_one_place_share_a_line():
    rows = [a_row(f"Receipt {n:02d}.txt", "in-sharepoint" if n < 30 else "waiting") for n in range(50)]

    table = files_table(rows, None)

    assert table.row_count == 1
    console = shown_by()
    console.print(table)
    assert "Receipt 00.txt … Receipt 49.txt" in text_of(console)
    assert "30 of 50" in text_of(console)


def test_a_low_window_shows_the_last_rows_and_says_how_many_are_above():
    rows = [a_row(f"{n}.txt", place=f"Customer {n}") for n in range(12)]
    table = files_table(rows, 5)

    assert table.row_count == 5
    assert table.title == "Files (7 more above)"


def test_a_file_on_its_way_counts_on():
    row = a_row(state="waiting")
    row.arrived_at = time.time() - 5

    assert 5 <= row.seconds < 60


def test_nobody_at_a_terminal_gets_lines():
    assert isinstance(open_display(shown_by()), PlainLines)

"""Shows files on their way: a live table in a terminal, one line for each change elsewhere."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from tools.stack.watch import Key, Row

_COLOURS = {"in-sharepoint": "green", "in-moment-cloud": "cyan", "blocked": "red", "deleted": "dim", "expected": "dim"}
_TOGETHER_FROM = 10
_FRAME_LINES = 6

type Cells = tuple[str, str, str, str, str]


class Display(Protocol):
    """Where the state of files is shown."""

    def update(self, rows: dict[Key, Row]) -> None:
        """Show the rows as they are now."""

    def close(self) -> None:
        """Show no more."""


def open_display(console: Console) -> Display:
    """A table where somebody looks at a terminal, lines where not."""
    return LiveTable(console) if console.is_terminal else PlainLines(console)


class PlainLines:
    """One line whenever a file comes to rest, or changes in a way that a person sees."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[Key, tuple[object, ...]] = {}

    def skip(self, rows: dict[Key, Row]) -> None:
        """Take these as shown already."""
        self._shown = {key: row.shown for key, row in rows.items()}

    def update(self, rows: dict[Key, Row]) -> None:
        """Print what changed; states that last for a moment only are left out."""
        for key, row in rows.items():
            if self._shown.get(key) != row.shown and (row.is_settled or row.document["state"] == "waiting"):
                self._shown[key] = row.shown
                self._console.print(_line(row), markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Nothing is held back."""


class LiveTable:
    """A table that is drawn again; where the window is too low, the rows that changed last."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()
        self._last = Table()

    def update(self, rows: dict[Key, Row]) -> None:
        """Draw it again."""
        room = max(5, self._console.height - _FRAME_LINES)
        self._last = files_table(rows.values(), None)
        self._live.update(files_table(rows.values(), room), refresh=True)

    def close(self) -> None:
        """Leave the whole table on the screen."""
        self._live.stop()
        self._console.print(self._last)


def files_table(rows: Iterable[Row], room: int | None) -> Table:
    """The table; with `room`, at most that many lines."""
    lines = list(_lines(rows))
    left_out = 0 if room is None else max(0, len(lines) - room)
    title = f"Files ({left_out} more above)" if left_out else "Files"
    table = Table(title=title, title_justify="left", expand=True)
    table.add_column("File", overflow="ellipsis", no_wrap=True, ratio=3)
    table.add_column("Belongs to", overflow="ellipsis", no_wrap=True, ratio=4)
    table.add_column("State", no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    table.add_column("SharePoint link, below the site", overflow="ellipsis", no_wrap=True, ratio=5)
    for name, place, state, seconds, link in lines[left_out:]:
        colour = _COLOURS.get(state, "yellow")
        target = f"[link={link}]{escape(_readable(link))}[/link]" if link.startswith("http") else escape(link)
        table.add_row(escape(name), escape(place), f"[{colour}]{state}[/]", seconds, target)
    return table


def _readable(link: str) -> str:
    """The part of a link that tells one file from another."""
    return unquote("/".join(link.split("/")[5:]))


def _lines(rows: Iterable[Row]) -> Iterable[Cells]:
    """The rows; many files of one place share a line."""
    by_place: dict[str, list[Row]] = {}
    for row in rows:
        by_place.setdefault(row.place, []).append(row)
    for together in by_place.values():
        if len(together) < _TOGETHER_FROM:
            yield from map(_cells, together)
        else:
            yield _summary(together)


def _summary(rows: list[Row]) -> Cells:
    names = sorted(row.document["name"] for row in rows)
    settled = [row for row in rows if row.is_settled]
    states = {row.document["state"] for row in settled}
    state = states.pop() if len(settled) == len(rows) and len(states) == 1 else f"{len(settled)} of {len(rows)}"
    seconds = max(row.seconds for row in rows)
    link = next((row.document["link"] for row in settled if row.document["link"]), "").rpartition("/")[0]
    return f"{names[0]} … {names[-1]}", rows[0].place, state, f"{seconds:.1f}", link


def _cells(row: Row) -> Cells:
    document = row.document
    link = document["link"] or ("" if document["state"] == "in-moment-cloud" else document["reason"])
    return document["name"], row.place, document["state"], f"{row.seconds:.1f}", link


def _line(row: Row) -> str:
    """A file that came to rest tells how long it took and its link; one that somebody changed, what was done."""
    name, place, state, seconds, link = _cells(row)
    if row.news:
        at = datetime.fromisoformat(row.document["changedAt"]).astimezone()
        return f" {at:%H:%M:%S}  {state:<16} {name}  ({place})  {row.news}"
    return f"{seconds:>7} s  {state:<16} {name}  ({place})  {link}"

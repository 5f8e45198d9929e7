"""A row's progress on the screen; where nobody looks at one, a line when something new begins."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from tools.load.outcome import Progress


@contextlib.contextmanager
def shown_progress(row: str, console: Console) -> Iterator[Progress]:
    """What a row tells of itself."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, refresh_per_second=2) as bars:
        task = bars.add_task(f"{row}: programs are started", total=None)
        last = ""

        def say(what: str, done: int, total: int) -> None:
            nonlocal last
            bars.update(task, description=f"{row}: {what}", completed=done, total=total or None)
            if not console.is_terminal and what.partition("(")[0] != last:
                last = what.partition("(")[0]
                print(f"{datetime.now(UTC):%H:%M:%S} {row}: {what}", flush=True)

        yield say

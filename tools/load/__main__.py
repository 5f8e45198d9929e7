"""`python -m tools.load --row drop`: put the whole app under load on this machine, check it, print what it took.

Each row starts its own Azurite, local SharePoint and host. Figures go to .local/load/results.json. Exit code 0 only
when everything that is checked held.
"""

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from tools.load import daily, drop, notifications, stream, walk
from tools.load.outcome import Outcome
from tools.load.shown import shown_progress
from tools.load.world import LoadWorld, load_world
from tools.stack.children import StackError
from tools.stack.folders import LOCAL

type Run = Callable[[LoadWorld, float, Callable[[str, int, int], None]], Outcome]

ROWS: dict[str, Run] = {
    "drop": drop.run,
    "stream": stream.run,
    "notifications": notifications.run,
    "daily": daily.run,
    "walk": walk.run,
}
_ON_DISK = {"stream"}
_STOPPED = 143
_RESULTS = LOCAL / "load" / "results.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the rows; 0 when all is as it should be, 1 when not, 2 when something did not start."""
    parser = argparse.ArgumentParser(prog="python -m tools.load", description=__doc__)
    parser.add_argument("--row", action="append", choices=[*ROWS, "all"], required=True, help="may be given again")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the full size, default 1")
    parser.add_argument("--workers", type=int, default=4, help="worker processes of the host, default 4")
    arguments = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_STOPPED))  # so that everything that was started is ended
    rows = list(ROWS) if "all" in arguments.row else list(dict.fromkeys(arguments.row))
    console, good = Console(), True
    for row in rows:
        try:
            outcome = _run(row, arguments.scale, arguments.workers, console)
        except StackError as error:
            console.print(f"[red]{row}: {error}")
            return 2
        _keep(outcome, arguments)
        _show(outcome, console)
        good = good and outcome.good
    return 0 if good else 1


def _run(row: str, scale: float, workers: int, console: Console) -> Outcome:
    with shown_progress(row, console) as say, load_world(workers, azurite_on_disk=row in _ON_DISK) as world:
        return ROWS[row](world, scale, say)


def _show(outcome: Outcome, console: Console) -> None:
    table = Table(title=f"{outcome.row}: {outcome.size}", show_header=False)
    for name, value in outcome.figures.items():
        table.add_row(name, str(value))
    for check in outcome.checks:
        table.add_row(check.what, "[green]yes" if check.good else f"[red]NO: {check.found}")
    console.print(table)
    console.print("All is as it should be." if outcome.good else "[red]NOT as it should be.")


def _keep(outcome: Outcome, arguments: argparse.Namespace) -> None:
    """In place of the row's earlier result."""
    _RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(_RESULTS.read_text()) if _RESULTS.exists() else {}
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    kept[outcome.row] = outcome.document() | {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "scale": arguments.scale,
        "workers": arguments.workers,
    }
    _RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

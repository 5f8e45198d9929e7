"""`python -m tools.bench [--row small]`: this app and rclone do the same work, and everything is counted.

`--row all` are the rows beside rclone, which is the default; `--row also` those of the app alone.

Each row starts its own Azurite, local SharePoint and host; the contestants take turns. Figures go to
.local/bench/results.json, a chart beside it. `--publish` puts what is kept there into bench/ and docs/performance.md
and runs nothing. Exit code 0 where every target that was judged was reached, 1 where not, 2 where something did not
start.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import psutil
from rich.console import Console

from tools.bench.chart import chart
from tools.bench.publishing import publish
from tools.bench.results import keep, load_results, result_of, stored
from tools.bench.rows import ALSO, ROWS
from tools.bench.running import run
from tools.bench.tables import show
from tools.load.shown import shown_progress
from tools.stack.children import StackError
from tools.stack.folders import LOCAL

_GROUPS = {"all": list(ROWS), "also": list(ALSO)}
_STOPPED = 143
_LISTEN_S = 3.0
"""Before a row begins, for what else the machine does."""
_RESULTS = LOCAL / "bench" / "results.json"
_CHART = LOCAL / "bench" / "chart.svg"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the rows one after another."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument(
        "--row", action="append", choices=[*_GROUPS, *ROWS, *ALSO], default=[], help="may be given again"
    )
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contestant, default 3")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the full size, default 1")
    parser.add_argument("--publish", action="store_true", help="only write bench/ and docs/performance.md")
    arguments = parser.parse_args(argv)
    if arguments.publish:
        publish(_RESULTS, list(ROWS), list(ALSO))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_STOPPED))  # so that everything that was started is ended
    console, good = Console(), True
    for name in names_of(arguments.row):
        try:
            good = _run(name, arguments.scale, arguments.rounds, console) and good
        except StackError as error:
            console.print(f"[red]{name}: {error}")
            return 2
    _CHART.write_text(chart(load_results(_RESULTS, list(ROWS))), encoding="utf-8")
    console.print(f"Figures: {_RESULTS}, chart: {_CHART}")
    return 0 if good else 1


def names_of(wanted: Sequence[str]) -> list[str]:
    """The rows that were asked for, once each; a group stands for its rows, nothing for those beside rclone."""
    found = [name for each in wanted or ["all"] for name in _GROUPS.get(each, [each])]
    return list(dict.fromkeys(found))


def _run(name: str, scale: float, rounds: int, console: Console) -> bool:
    row, busy_percent = (ROWS | ALSO)[name], psutil.cpu_percent(_LISTEN_S)
    with shown_progress(name, console) as say:
        runs = run(row, scale, rounds, say)
    kept = stored(row, runs, scale, busy_percent, datetime.now(UTC))
    keep(_RESULTS, name, kept)
    result = result_of(name, kept)
    show(result, console)
    return all(verdict.good for verdict in result.judged())


if __name__ == "__main__":
    sys.exit(main())

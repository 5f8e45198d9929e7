"""The results in words: a table on the screen for each row, one table for the document. Pure but for the printing."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from tools.bench.measured import Figure
from tools.bench.results import Result
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST
from tools.bench.targets import Kind, Verdict

_SHOWN = {
    "requests": "requests to Graph",
    "fragments": "fragments",
    "units": "resource units",
    "deltas": "of the requests: deltas",
    "refused": "refused with 429",
    "early": "sent before Retry-After had passed",
    "bytes_in": "bytes to SharePoint",
    "bytes_out": "bytes from SharePoint",
    "storage": "storage operations",
    "storage_looks": "looks at queues",
    "wall_s": "seconds",
    "cpu_s": "processor seconds",
    "peak_mib": "peak memory, MiB",
}


def show(result: Result, console: Console) -> None:
    """The row with all figures of each contestant, and the verdicts."""
    table = Table(title=f"{result.name}: {result.title} (scale {result.scale:g}, {result.rounds} rounds)")
    table.add_column("")
    for name in result.contestants:
        table.add_column(name, justify="right")
    for name, words in _names(result).items():
        values = [figures.get(name) for figures in result.contestants.values()]
        table.add_row(words, *("" if each is None else each.shown() for each in values))
    console.print(table)
    for verdict in result.verdicts():
        console.print(f"  {_word(result, verdict)}  {verdict.target}: {verdict.found}", highlight=False)
    if not result.has_times and any(each.kind is Kind.TIME for each in result.verdicts()):
        console.print("  Times are not judged: full size, three rounds and a quiet machine are needed.")


def _names(result: Result) -> dict[str, str]:
    """The figures to show: the usual ones, then those of single processes and of the row."""
    seen = dict.fromkeys(name for figures in result.contestants.values() for name in figures)
    hidden = {"others", "writes", *(name for name in seen if name.startswith("storage_"))} - set(_SHOWN)
    more = {name: name for name in seen if name not in _SHOWN and name not in hidden}
    return _SHOWN | more


def _word(result: Result, verdict: Verdict) -> str:
    if verdict.kind is Kind.TIME and not result.has_times:
        return "[yellow]not judged[/]"
    return "[green]reached[/]" if verdict.good else "[red]NOT REACHED[/]"


def markdown(results: Iterable[Result]) -> str:
    """The table of docs/performance.md."""
    lines = [
        "| Row | | Requests + fragments | Units | Storage operations | Seconds | CPU s | Peak MiB | Verdict |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        size = "" if result.scale == 1 else f", at {result.scale:g} of the size"
        rows = [name for name in (RCLONE, RCLONE_BEST, MOMENT) if name in result.contestants]
        rows += [name for name in result.contestants if name not in rows]
        for number, name in enumerate(rows):
            head = f"`{result.name}` {result.title}{size}" if number == 0 else ""
            verdict = "<br>".join(_sentence(result, each) for each in result.verdicts()) if name == MOMENT else ""
            lines.append(f"| {head} | {name} | {_cells(result, result.contestants[name])} | {verdict} |")
    return "\n".join(lines)


def _cells(result: Result, figures: Mapping[str, Figure]) -> str:
    calls = f"{figures['requests'].median:,.0f} + {figures['fragments'].median:,.0f}"
    seconds = figures["wall_s"].shown() if result.has_times else "not measured"
    cpu = f"{figures['cpu_s'].median:.1f}" if result.has_times else "not measured"
    units, storage = (f"{figures[name].median:,.0f}" for name in ("units", "storage"))
    return " | ".join([calls, units, storage, seconds, cpu, f"{figures['peak_mib'].median:,.0f}"])


def _sentence(result: Result, verdict: Verdict) -> str:
    if verdict.kind is Kind.TIME and not result.has_times:
        return f"{verdict.target}: not judged"
    return f"{verdict.target}: {'yes' if verdict.good else '**no**'}, {verdict.found}"

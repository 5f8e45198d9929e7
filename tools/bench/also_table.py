"""The table of what is measured without a peer: one line for each step of a row. Pure.

Times are shown where the machine did nothing else, at any size: no verdict depends on them. A figure is a time when its
name says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields

from tools.bench.growth import SIZE
from tools.bench.measured import Figure
from tools.bench.results import Result
from tools.bench.storage import Operations
from tools.bench.targets import Verdict
from tools.bench.traffic import Traffic

_USUAL = {
    "wall_s",
    "storage",
    "cpu_s",
    "peak_mib",
    SIZE,
    *(each.name for each in fields(Traffic)),
    *(f"storage_{each.name}" for each in fields(Operations)),
}


def also_markdown(results: Iterable[Result]) -> str:
    """The second table of docs/performance.md."""
    lines = [
        "| Row | Step | Measured | Requests + fragments, units | Storage operations | CPU s | Peak MiB | Verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for number, (step, figures) in enumerate(result.contestants.items()):
            head = _head(result) if number == 0 else ""
            verdict = "<br>".join(map(_sentence, result.verdicts())) if number == 0 else ""
            lines.append(f"| {head} | {step} | {_own(result, figures)} | {_cells(result, figures)} | {verdict} |")
    return "\n".join(lines)


def own_figures(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Those that only this row has."""
    return {
        name: each
        for name, each in figures.items()
        if name not in _USUAL and "_mib of " not in name and "_s of " not in name
    }


def is_time(name: str) -> bool:
    """Whether a figure of this name depends on the machine: seconds, milliseconds, a rate."""
    return name.endswith((", s", ", ms")) or " a second" in name or name.startswith("CPU s")


def _own(result: Result, figures: Mapping[str, Figure]) -> str:
    shown = {name: each for name, each in own_figures(figures).items() if result.was_quiet or not is_time(name)}
    return "<br>".join(f"{name}: {figure.shown()}" for name, figure in shown.items()) or "not measured"


def _head(result: Result) -> str:
    size = "" if result.scale == 1 else f", at {result.scale:g} of the size"
    quiet = "" if result.was_quiet else f"; no times, for others used {result.busy_percent:.0f} % of the machine"
    return f"`{result.name}` {result.title}{size}{quiet}"


def _cells(result: Result, figures: Mapping[str, Figure]) -> str:
    traffic = f"{figures['requests'].median:,.0f} + {figures['fragments'].median:,.0f}, {figures['units'].median:,.0f}"
    storage, memory = (f"{figures[name].median:,.0f}" for name in ("storage", "peak_mib"))
    cpu = f"{figures['cpu_s'].median:.1f}" if result.was_quiet else "not measured"
    return f"{traffic} | {storage} | {cpu} | {memory}"


def _sentence(verdict: Verdict) -> str:
    return f"{verdict.target}: {'yes' if verdict.good else '**no**'}, {verdict.found}"

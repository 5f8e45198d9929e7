"""The table of what is measured without a peer: one line for each step of a row. Pure.

Times are always shown here, with what others used of the machine, because no verdict depends on them.
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
            own = "<br>".join(f"{name}: {figure.shown()}" for name, figure in own_figures(figures).items())
            lines.append(f"| {head} | {step} | {own} | {_cells(figures)} | {verdict} |")
    return "\n".join(lines)


def own_figures(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Those that only this row has."""
    return {
        name: each
        for name, each in figures.items()
        if name not in _USUAL and "_mib of " not in name and "_s of " not in name
    }


def _head(result: Result) -> str:
    size = "" if result.scale == 1 else f", at {result.scale:g} of the size"
    quiet = "" if result.was_quiet else f"; others used {result.busy_percent:.0f} % of the machine"
    return f"`{result.name}` {result.title}{size}{quiet}"


def _cells(figures: Mapping[str, Figure]) -> str:
    traffic = f"{figures['requests'].median:,.0f} + {figures['fragments'].median:,.0f}, {figures['units'].median:,.0f}"
    storage, memory = (f"{figures[name].median:,.0f}" for name in ("storage", "peak_mib"))
    return " | ".join([traffic, storage, f"{figures['cpu_s'].median:.1f}", memory])


def _sentence(verdict: Verdict) -> str:
    return f"{verdict.target}: {'yes' if verdict.good else '**no**'}, {verdict.found}"

"""The results of all rows as they are kept: one JSON document, a row in place of its earlier result.

    {"rows": {name: {"title", "at", "machine", "busy_percent", "scale", "rounds", "contestants": {name: {"figures": {
     name: [median, least, most]}, "routes": {name: count}}}}}}

`busy_percent` is what others used of all cores just before the row began. Where it was more than `_QUIET_PERCENT`,
times are not judged.
"""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tools.bench.growth import GROWTH
from tools.bench.measured import Figure, Measured, document, read, summed_up
from tools.bench.row import Row
from tools.bench.targets import TARGETS, Kind, Verdict

_QUIET_PERCENT = 10.0
_FULL_TIMES = 3
"""So many rounds make a median."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row's result, as it was read."""

    name: str
    title: str
    at: str
    machine: str
    busy_percent: float
    scale: float
    rounds: int
    contestants: Mapping[str, Mapping[str, Figure]]
    routes: Mapping[str, Mapping[str, int]]

    @property
    def was_quiet(self) -> bool:
        """Whether the machine did nothing else just before."""
        return self.busy_percent <= _QUIET_PERCENT

    @property
    def has_times(self) -> bool:
        """Whether the machine was quiet, the size full and there were enough rounds, so that times mean something."""
        return self.was_quiet and self.scale >= 1 and self.rounds >= _FULL_TIMES

    def verdicts(self) -> list[Verdict]:
        """What became of the row's targets."""
        targets = TARGETS.get(self.name) or GROWTH.get(self.name, ())
        return [target.judge(self.contestants, self.scale) for target in targets]

    def judged(self) -> list[Verdict]:
        """Those that count: times only where there are some."""
        return [each for each in self.verdicts() if each.kind is not Kind.TIME or self.has_times]


def machine() -> str:
    """What it was measured on, in words."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def stored(
    row: Row, runs: Mapping[str, Sequence[Measured]], scale: float, busy_percent: float, at: datetime
) -> dict[str, Any]:
    """A row's result as it is written."""
    contestants = {
        name: {"figures": document(summed_up(measured)), "routes": dict(measured[-1].routes)}
        for name, measured in runs.items()
    }
    return {
        "title": row.title,
        "at": at.isoformat(timespec="seconds"),
        "machine": machine(),
        "busy_percent": busy_percent,
        "scale": scale,
        "rounds": max(len(measured) for measured in runs.values()),
        "contestants": contestants,
    }


def result_of(name: str, kept: Mapping[str, Any]) -> Result:
    """A row's result as it was read."""
    contestants = {who: read(each["figures"]) for who, each in kept["contestants"].items()}
    routes = {who: each["routes"] for who, each in kept["contestants"].items()}
    plain = {key: kept[key] for key in ("title", "at", "machine", "busy_percent", "scale", "rounds")}
    return Result(name=name, contestants=contestants, routes=routes, **plain)


def load_results(file: Path, names: Sequence[str]) -> list[Result]:
    """All that are kept, in the order of these names."""
    rows = _rows(file)
    return [result_of(name, rows[name]) for name in names if name in rows]


def keep(file: Path, name: str, result: Mapping[str, Any]) -> None:
    """Put a row in place of its earlier result."""
    _write(file, _rows(file) | {name: result})


def take_over(source: Path, target: Path) -> None:
    """Put all rows of one file into another, in place of what that has of them."""
    _write(target, _rows(target) | _rows(source))


def _write(file: Path, rows: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"rows": rows}, indent=1) + "\n", encoding="utf-8")


def _rows(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    rows: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    return rows

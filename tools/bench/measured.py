"""One run of one contestant, and what several runs come to: medians and spread. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import median
from typing import Any

from tools.bench.processes import ProcessUse
from tools.bench.storage import Operations
from tools.bench.traffic import Traffic

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run used. `uses` are the contestant's own processes, `around` those of Azurite and SharePoint."""

    wall_s: float
    traffic: Traffic
    storage: Operations
    uses: Mapping[str, ProcessUse]
    around: Mapping[str, ProcessUse]
    routes: Mapping[str, int] = field(default_factory=dict)
    extra: Mapping[str, float] = field(default_factory=dict)

    def with_extra(self, extra: Mapping[str, float]) -> "Measured":
        """The same with more figures, which are the row's own."""
        return replace(self, extra={**self.extra, **extra})

    def figures(self) -> dict[str, float]:
        """All numbers by name. `peak_mib` is the sum over the contestant's processes."""
        named = {f"peak_mib of {name}": use.peak_bytes / _MIB for name, use in self.uses.items()}
        named |= {f"cpu_s of {name}": use.cpu_s for name, use in {**self.uses, **self.around}.items()}
        storage = {f"storage_{name}": float(value) for name, value in asdict(self.storage).items()}
        return {
            "wall_s": self.wall_s,
            **{name: float(value) for name, value in asdict(self.traffic).items()},
            "storage": float(self.storage.total),
            **storage,
            "cpu_s": sum(use.cpu_s for use in self.uses.values()),
            "peak_mib": sum(use.peak_bytes for use in self.uses.values()) / _MIB,
            **named,
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of a figure over the rounds, and the least and the most."""

    median: float
    least: float
    most: float

    def shown(self) -> str:
        """For people: the median, and the spread where there is any."""
        text = _number(self.median)
        return text if self.least == self.most else f"{text} ({_number(self.least)} to {_number(self.most)})"


type Figures = Mapping[str, Figure]


def summed_up(rounds: Sequence[Measured]) -> dict[str, Figure]:
    """The figures of all rounds; one that a round does not have counts as 0 there."""
    each = [measured.figures() for measured in rounds]
    names = list(dict.fromkeys(name for figures in each for name in figures))
    found: dict[str, Figure] = {}
    for name in names:
        values = [figures.get(name, 0.0) for figures in each]
        found[name] = Figure(median(values), min(values), max(values))
    return found


def document(figures: Figures) -> dict[str, Any]:
    """For results.json."""
    return {name: [_rounded(each.median), _rounded(each.least), _rounded(each.most)] for name, each in figures.items()}


def read(stored: Mapping[str, Sequence[float]]) -> dict[str, Figure]:
    """Figures as `document` wrote them."""
    return {name: Figure(*values) for name, values in stored.items()}


def _rounded(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"

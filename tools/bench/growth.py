"""What is to become of a cost when a library grows: the verdicts of the row without a peer that states some. Pure.

The row's steps say how large they are by the figure `files`. Judged are counts, which are the same on every machine;
times are shown only. What timers do beside a step is counted with it, so a few operations are forgiven.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.bench.measured import Figures
from tools.bench.targets import Contest, Kind, Verdict

SIZE = "files"
_TOLERANCE = 1.1
"""A count that grows linearly may be so much more than a straight line through the two steps before says."""


@dataclass(frozen=True, slots=True)
class DoesNotGrow:
    """The same in a library of any size, but for `slack`."""

    figure: str
    slack: float = 0

    def judge(self, contest: Contest, scale: float) -> Verdict:
        """Every step against the smallest; the scale does not matter."""
        del scale
        values = _by_size(contest, self.figure)
        good = all(value <= values[0][1] + self.slack for _, value in values)
        return Verdict(f"{self.figure}: does not grow", Kind.COUNT, good, _shown(values))


@dataclass(frozen=True, slots=True)
class GrowsLinearly:
    """For each further file no more than for the files before, but for `slack`."""

    figure: str
    slack: float = 0

    def judge(self, contest: Contest, scale: float) -> Verdict:
        """Each step against the straight line through the two smaller ones; the scale does not matter."""
        del scale
        values = _by_size(contest, self.figure)
        good = all(
            found <= _TOLERANCE * _line(first, second, size) + self.slack
            for first, second, (size, found) in zip(values, values[1:], values[2:], strict=False)
        )
        return Verdict(f"{self.figure}: grows linearly", Kind.COUNT, good, _shown(values))


_OF_TIMERS = 8
"""Storage operations of the timers that may fall into something short."""
_OF_TIMERS_IN_A_WALK = 200
"""The same of a walk, which is measured once and long enough to meet those of each half hour."""
_OF_ROUNDING = 4
"""Requests for a page that is not full, of two deltas, in two steps."""

type Growth = DoesNotGrow | GrowsLinearly

GROWTH: Mapping[str, tuple[Growth, ...]] = {
    "library": (
        DoesNotGrow("pull: requests"),
        DoesNotGrow("pull: storage operations", slack=_OF_TIMERS),
        GrowsLinearly("walk: requests", slack=_OF_ROUNDING),
        GrowsLinearly("walk: storage operations", slack=_OF_TIMERS_IN_A_WALK),
        DoesNotGrow("page: storage operations"),
    ),
}


def _by_size(contest: Contest, figure: str) -> list[tuple[float, float]]:
    """(files, value), the smallest first."""
    return sorted((_median(figures, SIZE), _median(figures, figure)) for figures in contest.values())


def _median(figures: Figures, name: str) -> float:
    return figures[name].median


def _line(first: tuple[float, float], second: tuple[float, float], size: float) -> float:
    slope = (second[1] - first[1]) / (second[0] - first[0]) if second[0] > first[0] else 0.0
    return second[1] + slope * (size - second[0])


def _shown(values: list[tuple[float, float]]) -> str:
    return ", ".join(f"{value:,.0f}" for _, value in values)

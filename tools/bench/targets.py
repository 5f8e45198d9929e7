"""What this app is to reach in each row, in one table, and what a run made of it. Pure.

A target names a figure and what it may be at most: a number, or a share of what rclone needed in the same run, of its
best flags where not said otherwise. Numbers that grow with the files are given for the full size and shrink with the
scale.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tools.bench.measured import Figure, Figures
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST

type Contest = Mapping[str, Figures]
"""The figures of each contestant."""


class Kind(StrEnum):
    """What a target depends on: counts are the same on any machine, times and memory are not."""

    COUNT = "count"
    TIME = "time"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a target was reached, and what was found."""

    target: str
    kind: Kind
    good: bool
    found: str


@dataclass(frozen=True, slots=True)
class AtMost:
    """A number."""

    figure: str
    most: float
    kind: Kind = Kind.COUNT
    slack: float | None = None
    """What of it does not depend on the files; the rest shrinks with the scale. None: nothing of it shrinks."""

    def judge(self, contest: Contest, scale: float) -> Verdict:
        """Compare."""
        most = self.most
        if self.slack is not None:
            most = math.ceil((self.most - self.slack) * min(scale, 1.0)) + self.slack
        ours = contest[MOMENT][self.figure].median
        return Verdict(f"{_words(self.figure)} ≤ {most:g}", self.kind, ours <= most, _shown(ours))


@dataclass(frozen=True, slots=True)
class AgainstRclone:
    """A share of what rclone needed. `strictly`: less than that."""

    figure: str
    kind: Kind
    share: float = 1.0
    strictly: bool = False
    peer: str = ""
    """One of its ways; else the better of them."""

    def judge(self, contest: Contest, scale: float) -> Verdict:
        """Compare; the scale does not matter."""
        del scale
        peers = [self.peer] if self.peer else [each for each in (RCLONE, RCLONE_BEST) if each in contest]
        theirs = min(_of(contest[each], self.figure) for each in peers)
        ours, most = _of(contest[MOMENT], self.figure), theirs * self.share
        sign, whose = "<" if self.strictly else "≤", f"{self.peer or 'rclone'}'s"
        share = "" if self.share == 1 else f"{self.share:g} of "
        good = ours < most if self.strictly else ours <= most
        name = f"{_words(self.figure)} {sign} {share}{whose}"
        return Verdict(name, self.kind, good, f"{_shown(ours)} to {_shown(theirs)}")


type Target = AtMost | AgainstRclone

_FASTER = AgainstRclone("wall_s", Kind.TIME, strictly=True)

TARGETS: dict[str, tuple[Target, ...]] = {
    "small": (AtMost("requests", 225, slack=5), AtMost("units", 445, slack=5), _FASTER),
    "small-columns": (AtMost("requests", 425, slack=5), AtMost("units", 845, slack=5)),
    "small-far": (_FASTER,),
    "medium": (
        AgainstRclone("calls", Kind.COUNT, strictly=True),
        AgainstRclone("peak_mib", Kind.MEMORY, share=0.5, peer=RCLONE_BEST),
        AgainstRclone("wall_s", Kind.TIME),
    ),
    "large-far": (_FASTER, AgainstRclone("peak_mib", Kind.MEMORY, peer=RCLONE)),
    "unchanged": (AtMost("requests", 1), AtMost("units", 1)),
    "one-changed": (AtMost("requests", 3), AtMost("units", 4)),
    "folder-rename": (AtMost("delta pages", 1), AtMost("writes", 0)),
    "killed": (AtMost("fragments twice", 1),),
    "refused": (AtMost("added_s", 5.5, Kind.TIME), AtMost("early", 0)),
    "budget": (AtMost("of the budget's time", 1.05, Kind.TIME),),
    "budget-four": (AtMost("of the budget's time", 1.05, Kind.TIME),),
}


def _of(figures: Figures, name: str) -> float:
    """A figure's median; `calls` are requests to Graph and fragments together."""
    if name == "calls":
        return figures["requests"].median + figures["fragments"].median
    return figures.get(name, Figure(0, 0, 0)).median


def _words(figure: str) -> str:
    return {"wall_s": "seconds", "peak_mib": "MiB of memory", "added_s": "seconds added", "calls": "calls"}.get(
        figure, figure
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.2f}"

"""What a row came to: figures to print, and checks that decide the exit code."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

type Progress = Callable[[str, int, int], None]
"""Hears what is going on, how much of it is done, and of how much (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that has to hold, whether it did, and what was found."""

    what: str
    good: bool
    found: str = ""


@dataclass(slots=True)
class Outcome:
    """One row: what was asked of it, figures by name in the order in which they are shown, and checks."""

    row: str
    size: str
    figures: dict[str, str | float] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether everything that was checked held."""
        return all(each.good for each in self.checks)

    def check(self, what: str, good: object, found: object = "") -> None:
        """Note a check; `found` is shown where it did not hold."""
        self.checks.append(Check(what, bool(good), str(found)))

    def document(self) -> dict[str, Any]:
        """For results.json."""
        checks = [{"what": each.what, "good": each.good, "found": each.found} for each in self.checks]
        return {"row": self.row, "size": self.size, "good": self.good, "figures": self.figures, "checks": checks}


def quantile(values: list[float], share: float) -> float:
    """The value below which this share (0 to 1) of the values lies; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

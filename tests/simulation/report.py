"""What a storm did, by kind, and how it says that an invariant was broken."""

from collections import Counter
from dataclasses import dataclass, field


class Violation(AssertionError):
    """An invariant of the design that did not hold; the text says which, of what, and what was found instead."""


@dataclass
class Report:
    """Counts of one storm or of many added up."""

    seeds: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    """What people did, such as "upload" or "sharepoint rename"."""
    faults: Counter[str] = field(default_factory=Counter)
    """What was injected and really happened, such as "429" or "host killed"."""
    crash_points: int = 0
    """Enumerated moments at which a process was killed."""

    def add(self, other: "Report") -> None:
        """Take in what another storm did."""
        self.seeds += other.seeds
        self.operations.update(other.operations)
        self.faults.update(other.faults)
        self.crash_points += other.crash_points

    def lines(self) -> list[str]:
        """For people: the totals, then each kind, most frequent first."""
        operations, faults = self.operations.total(), self.faults.total()
        shown = [f"{self.seeds} seeds, {operations} operations, {faults} faults, {self.crash_points} crash points"]
        for title, counted in (("operations", self.operations), ("faults", self.faults)):
            if counted:
                shown.append(f"  {title}: " + ", ".join(f"{name} {n}" for name, n in counted.most_common()))
        return shown

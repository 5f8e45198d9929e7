"""What a check comes to: pass, fail or unknown, why, and what mends it. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    """It could not be looked at; nothing is known to be wrong."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one check. `mend` has commands and click paths, the first of them first; none for a pass."""

    outcome: Outcome
    why: str
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A check and its verdict, as it is shown."""

    check: str
    title: str
    verdict: Verdict
    took_s: float = 0.0


def passed(why: str) -> Verdict:
    """All is well."""
    return Verdict(Outcome.PASS, why)


def failed(why: str, *mend: str) -> Verdict:
    """Something is wrong, and this mends it."""
    return Verdict(Outcome.FAIL, why, mend)


def unknown(why: str, *mend: str) -> Verdict:
    """It can't be told; this makes it so that it can."""
    return Verdict(Outcome.UNKNOWN, why, mend)

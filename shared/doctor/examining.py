"""Runs checks in their order: what a check needs has to have passed, else it is unknown and says because of what."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.doctor.ground import About, Ground
from shared.doctor.verdicts import Line, Outcome, Verdict, failed, unknown
from shared.errors import MomentError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check[Seen]:
    """One check: `look` does and gives what it saw, `judge` and `blame` decide and are pure."""

    name: str
    title: str
    needs: tuple[str, ...]
    """The names of the checks without which this one says nothing; they come before it."""
    look: Callable[[Ground], Seen]
    judge: Callable[[Seen, About], Verdict]
    """What it means."""
    blame: Callable[[MomentError, About], Verdict]
    """What it means that looking was refused."""

    def verdict(self, ground: Ground) -> Verdict:
        """Look and decide. Never raises: an error that was not foreseen is a failure too, and is logged."""
        try:
            try:
                seen = self.look(ground)
            except MomentError as error:
                return self.blame(error, ground.about)
            return self.judge(seen, ground.about)
        except Exception as error:  # noqa: BLE001 - one check that breaks must not keep the others
            _log.exception("a check broke", extra={"check": self.name})
            return failed(
                f"The check itself broke ({type(error).__name__}).",
                "Look into the log for the line 'a check broke', and report it with that.",
            )


type AnyCheck = Check[Any]


def examine(
    checks: Sequence[AnyCheck], ground: Ground, only: Iterable[str] = (), seconds: Callable[[], float] = time.monotonic
) -> Iterator[Line]:
    """Each check's line as soon as it is known; with `only` these checks and what they need."""
    wanted = with_needs(checks, only)
    causes: dict[str, Line] = {}
    for check in checks:
        if check.name not in wanted:
            continue
        ground.told(check.title)
        began = seconds()
        cause = next((causes[name] for name in check.needs if name in causes), None)
        verdict = check.verdict(ground) if cause is None else _for(cause)
        line = Line(check.name, check.title, verdict, seconds() - began)
        if verdict.outcome is not Outcome.PASS:
            causes[check.name] = cause or line
        yield line


def unexamined(checks: Sequence[AnyCheck], because: Line, only: Iterable[str] = ()) -> Iterator[Line]:
    """The lines where nothing could be begun."""
    wanted = with_needs(checks, only)
    return (
        Line(check.name, check.title, _for(because))
        for check in checks
        if check.name in wanted and check.name != because.check
    )


def with_needs(checks: Sequence[AnyCheck], only: Iterable[str]) -> frozenset[str]:
    """These checks and, at any distance, what they need; all for none."""
    by_name: Mapping[str, AnyCheck] = {check.name: check for check in checks}
    wanted, open_ = set[str](), list(only) or list(by_name)
    while open_:
        name = open_.pop()
        if name not in wanted:
            wanted.add(name)
            open_ += by_name[name].needs
    return frozenset(wanted)


def _for(cause: Line) -> Verdict:
    is_failure = cause.verdict.outcome is Outcome.FAIL
    return unknown(f"Because '{cause.title}' {'failed: mend that first' if is_failure else 'is unknown'}.")

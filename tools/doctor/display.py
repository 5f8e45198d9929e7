"""How the doctor's lines look: in colour on a terminal, plain anywhere else, and what is waited for meanwhile."""

import json
import shutil
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

type Json = dict[str, Any]

_SIGNS = {"pass": ("32", "pass"), "fail": ("31;1", "FAIL"), "unknown": ("33", "unknown")}
_WORD_WIDTH = 9
_TITLE_WIDTH = 26
_QUIET_S = 10.0


@dataclass
class Display:
    """Prints lines to `out` and what is being waited for to `waiting`. `seconds` is a monotonic clock."""

    out: TextIO
    waiting: TextIO
    seconds: Callable[[], float] = time.monotonic
    _told_at: float = field(init=False)
    _is_shown: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._told_at = self.seconds()

    def told(self, what: str) -> None:
        """What is being done: on a terminal at once and in one place, else a line every ten seconds."""
        if self.waiting.isatty():
            print(f"\r\x1b[K… {what}"[: shutil.get_terminal_size().columns + 3], end="", file=self.waiting, flush=True)
            self._is_shown = True
        elif self.seconds() - self._told_at >= _QUIET_S:
            print(f"still looking: {what}", file=self.waiting, flush=True)
            self._told_at = self.seconds()

    def clear(self) -> None:
        """Take away what is being done."""
        if self._is_shown:
            print("\r\x1b[K", end="", file=self.waiting, flush=True)
            self._is_shown = False

    def show(self, check: Json) -> None:
        """One line, and below it what mends it."""
        self.clear()
        colour, word = _SIGNS[check["outcome"]]
        width = max(60, shutil.get_terminal_size((120, 24)).columns) - _WORD_WIDTH - _TITLE_WIDTH
        first, *more = textwrap.wrap(check["why"], width, break_long_words=False, break_on_hyphens=False) or [""]
        print(
            f"{self._coloured(colour, word.ljust(_WORD_WIDTH))}{check['title'].ljust(_TITLE_WIDTH)}{first}",
            file=self.out,
        )
        for line in more:
            print(" " * (_WORD_WIDTH + _TITLE_WIDTH) + line, file=self.out)
        for step in check["mend"]:
            print(f"{' ' * _WORD_WIDTH}{self._coloured('36', '→')} {step}", file=self.out)
        self.out.flush()

    def sum_up(self, checks: Sequence[Json]) -> None:
        """The last line."""
        self.clear()
        counts = {outcome: sum(each["outcome"] == outcome for each in checks) for outcome in _SIGNS}
        print(f"{counts['pass']} passed, {counts['fail']} failed, {counts['unknown']} unknown.", file=self.out)

    def _coloured(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.out.isatty() else text


def as_json(checks: Sequence[Json]) -> str:
    """All lines, as the API answers them."""
    ok = all(each["outcome"] != "fail" for each in checks)
    return json.dumps({"ok": ok, "checks": list(checks)}, indent=2, ensure_ascii=False)

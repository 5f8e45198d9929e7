"""A program of the stack: started in a process group of its own, watched, and stopped with everything it started.

Its output goes to a file in .local/logs. It is ready when a line there matches, or when a probe says so.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.stack.folders import LOGS, ROOT

_STOP_S = 10.0
_LOOK_S = 0.05
_SHOWN_LINES = 12


class StackError(Exception):
    """Something that keeps the stack from running, in words for the person who typed the command."""


class Child:
    """One program. Its log is the newest of its name."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], logs: Path = LOGS) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        logs.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        with self.log.open("wb") as output:
            try:
                self._process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**environ, "PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise StackError(f"{name} could not be started: {error}") from error

    @property
    def pid(self) -> int:
        """The process's id, which is also its group's."""
        return self._process.pid

    def ready(self, pattern: str, timeout_s: float) -> re.Match[str]:
        """Wait for a line of its output that matches."""
        regex = re.compile(pattern, re.MULTILINE)
        return self.until(lambda: regex.search(self.output()), timeout_s)

    def until[T](self, probe: Callable[[], T | None], timeout_s: float) -> T:
        """Wait until the probe gives something; raises StackError when the program ends or takes too long."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            self.check()
            found = probe()
            if found:
                return found
            time.sleep(_LOOK_S)
        raise StackError(self._trouble(f"was not ready after {timeout_s:.0f} s"))

    def check(self) -> None:
        """Raise StackError when the program has ended."""
        code = self._process.poll()
        if code is not None:
            how = f"was stopped by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
            raise StackError(self._trouble(how))

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def ask_to_stop(self) -> None:
        """Ask the whole group to end; `stop` waits for it."""
        self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the program and everything it started."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_S)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _trouble(self, what: str) -> str:
        lines = [line for line in self.output().splitlines() if line.strip()][-_SHOWN_LINES:]
        shown = "".join(f"\n  | {line}" for line in lines)
        return f"{self.name} {what}. Its log is {self.log}{shown}"

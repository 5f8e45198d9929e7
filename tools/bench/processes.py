"""Processor time and the most resident memory of some processes while something went on.

Linux keeps the highest resident memory of a process itself (proc(5): VmHWM, reset by writing 5 to clear_refs), so that
no peak falls between two looks. Elsewhere the highest of the looks counts.
"""

import contextlib
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_EVERY_S = 0.2
_HIGHEST = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What one process used; `cpu_s` is user and system time together."""

    cpu_s: float
    peak_bytes: int


class Watch:
    """Looks at processes by name until the block ends. One that ends meanwhile counts with its last look."""

    def __init__(self, processes: Callable[[], Mapping[str, int]]) -> None:
        self._processes = processes
        self._began: dict[tuple[str, int], float] = {}
        self._last: dict[tuple[str, int], ProcessUse] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on_looking, name="processes", daemon=True)

    def __enter__(self) -> Self:
        for pid in self._processes().values():
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/clear_refs").write_text("5")
        self._look(is_first=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._look()

    def uses(self) -> dict[str, ProcessUse]:
        """By name; successors of the same name add their time and share their peak."""
        found: dict[str, ProcessUse] = {}
        for (name, _), use in self._last.items():
            before = found.get(name, ProcessUse(0.0, 0))
            found[name] = ProcessUse(before.cpu_s + use.cpu_s, max(before.peak_bytes, use.peak_bytes))
        return found

    def _go_on_looking(self) -> None:
        while not self._ended.wait(_EVERY_S):
            self._look()

    def _look(self, *, is_first: bool = False) -> None:
        for name, pid in self._processes().items():
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                times, rss = process.cpu_times(), process.memory_info().rss
                used_s = times.user + times.system
                began = self._began.setdefault((name, pid), used_s if is_first else 0.0)
                before = self._last.get((name, pid), ProcessUse(0.0, 0)).peak_bytes
                self._last[name, pid] = ProcessUse(used_s - began, max(before, rss, _highest(pid)))


def _highest(pid: int) -> int:
    try:
        found = _HIGHEST.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0

"""The most resident memory that each process had while something went on."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import psutil

_EVERY_S = 0.5
MIB = 1 << 20


@dataclass(slots=True)
class Peaks:
    """Bytes by the process's name; `before` is what each had at the beginning."""

    before: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, rss_bytes: int) -> None:
        """Take in one look at one process."""
        self.before.setdefault(name, rss_bytes)
        self.most[name] = max(self.most.get(name, 0), rss_bytes)

    def worker_mib(self) -> float:
        """The most that any worker had."""
        return max((each for name, each in self.most.items() if name.startswith("worker")), default=0) / MIB

    def shown(self) -> str:
        """For people: each process with its peak, and what it had before."""
        return ", ".join(
            f"{name} {most // MIB} (before {self.before[name] // MIB})" for name, most in self.most.items()
        )


@contextlib.contextmanager
def peaks_of(processes: Callable[[], Mapping[str, int]]) -> Iterator[Peaks]:
    """Look again and again, until the block ends, at the processes of these ids by name."""
    peaks, ended = Peaks(), threading.Event()

    def look() -> None:
        for name, pid in processes().items():
            with contextlib.suppress(psutil.NoSuchProcess):
                peaks.note(name, psutil.Process(pid).memory_info().rss)

    def sample() -> None:
        while not ended.wait(_EVERY_S):
            look()

    look()
    sampler = threading.Thread(target=sample, name="memory", daemon=True)
    sampler.start()
    try:
        yield peaks
    finally:
        ended.set()
        sampler.join()

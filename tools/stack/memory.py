"""Samples the memory of the host while something goes on."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_EVERY_S = 0.05


@dataclass(slots=True)
class Peak:
    """The most that was seen."""

    bytes: int = 0


@contextlib.contextmanager
def peak_memory(measure: Callable[[], int]) -> Iterator[Peak]:
    """Measure again and again until the block ends."""
    peak = Peak(measure())
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(_EVERY_S):
            peak.bytes = max(peak.bytes, measure())

    sampler = threading.Thread(target=sample, name="memory", daemon=True)
    sampler.start()
    try:
        yield peak
    finally:
        ended.set()
        sampler.join()

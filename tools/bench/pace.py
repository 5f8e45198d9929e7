"""Things that happen at a steady rate, whether what went before has ended or not, and how long each took.

Who waits for an answer before the next request measures a system that slows its own users down. Here each thing is due
at a moment of its own, and one that is late counts from when it was due.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tools.load.outcome import quantile

AT_ONCE = 32
"""Threads, and so connections."""
_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def due_times(began: float, things: int, a_second: float) -> list[float]:
    """When each is due, in seconds of the epoch."""
    return [began + number / a_second for number in range(things)]


def paced[T, R](things: Sequence[T], a_second: float, do: Callable[[T, float], R]) -> list[R]:
    """Do it for each, in threads; `do` hears when its thing was due. Gives what each came to, in their order.

    It sleeps until the next one is due, whatever became of those before: the steady rate is what is measured.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="paced") as pool:
        running = []
        for thing, due in zip(things, due_times(time.time(), len(things), a_second), strict=True):
            time.sleep(max(due - time.time(), 0.0))
            running.append(pool.submit(do, thing, due))
        return [each.result() for each in running]


def percentiles(seconds: Sequence[float], unit: str = "s") -> dict[str, float]:
    """p50, p95, p99 and the most, as figures with their unit in the name: `s` or `ms`."""
    factor = 1000.0 if unit == "ms" else 1.0
    found = {f"{name}, {unit}": quantile([*seconds], share) * factor for name, share in _SHARES.items()}
    return found | {f"most, {unit}": max(seconds, default=0.0) * factor}

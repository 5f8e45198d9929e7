"""Looks for a shorter story: the same seed without some of its steps, as long as a rule is still broken.

Hosts run at their own pace, so a storm without a step that did not matter may hold by chance; what is given is the
shortest that failed.
"""

import time

from tests.simulation.hosts import Stage
from tests.simulation.storm import Failed, Storm


def shrunk(stage: Stage, seed: int, length: int, failure: Failed, minutes: float) -> Failed:
    """The shortest failure that was found in so many minutes; the given one where none is shorter."""
    deadline, best, parts = time.monotonic() + minutes * 60, failure, 2
    while time.monotonic() < deadline and len(best.steps) > 1 and parts <= len(best.steps):
        for left_out in _cut(best.steps, parts):
            if time.monotonic() > deadline:
                break
            shorter = _play(stage, seed, length, [each for each in best.steps if each not in left_out])
            if shorter is not None:
                best = shorter
                break
        else:
            parts *= 2
    return best


def _cut(steps: list[int], parts: int) -> list[list[int]]:
    """The steps in so many pieces."""
    size = -(-len(steps) // parts)
    return [steps[start : start + size] for start in range(0, len(steps), size)]


def _play(stage: Stage, seed: int, length: int, steps: list[int]) -> Failed | None:
    try:
        Storm(stage, seed, length).run(steps)
    except Failed as failure:
        return failure
    return None

"""The model level of the storm, bounded: some seeds, hypothesis over the steps, and what storms found before."""

import pytest

from tests.simulation.model_storm import ModelStorm, Step, run_seed, steps_of, violation_of


@pytest.mark.parametrize("seed", range(12))
def test_both_sides_agree_after_a_storm(seed: int) -> None:
    assert run_seed(seed).operations.total() > 0


def test_the_same_seed_is_the_same_storm() -> None:
    variant, steps = steps_of(5)
    told = []
    for _ in range(2):
        storm = ModelStorm(variant)
        storm.run(steps)
        told.append((storm.told, storm.world.network.requests, storm.world.clock()))
    assert told[0] == told[1]


def test_nothing_happens_in_a_storm_without_steps() -> None:
    assert violation_of(0, [Step("poll")]) is None

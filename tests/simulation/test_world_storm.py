"""Short storms in the world: two hosts, people on both sides, faults. `make storm` plays as many as one likes."""

from collections.abc import Iterator

import pytest

from tests.simulation.hosts import Stage, open_stage
from tests.simulation.storm import Failed, Storm

_STEPS = 24


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with open_stage() as running:
        yield running


@pytest.mark.xdist_group("world-storm")
@pytest.mark.parametrize("seed", [1, 2])
def test_after_a_storm_in_the_world_every_invariant_holds(stage: Stage, seed: int):
    try:
        report = Storm(stage, seed, _STEPS).run()
    except Failed as failure:
        pytest.fail(f"{failure.story.text()}\n\n{failure}\nagain: make storm LEVEL=world SEED={seed} RUNS=1")
    assert report.operations.total() > _STEPS / 4

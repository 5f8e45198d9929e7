"""The model level of the storm, bounded: a range of seeds, and hypothesis over steps. `make storm` goes on."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.model.directory import Links
from shared.sync.registration import NewFile
from tests.simulation.model_storm import ENTROPY, ModelStorm, Step, run_seed, shortest, steps_of, violation_of
from tests.simulation.report import Violation

_NAMES = sorted(ModelStorm(0).acts)
_NUMBERS = st.integers(0, ENTROPY)
_STEPS = st.lists(st.builds(Step, st.sampled_from([*_NAMES, *["work"] * 10]), _NUMBERS, _NUMBERS), max_size=40)


@pytest.mark.parametrize("seed", range(16))
def test_both_sides_agree_after_a_storm(seed: int) -> None:
    assert run_seed(seed).seeds == 1


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 3), _STEPS)
def test_both_sides_agree_whatever_people_and_machines_do(variant: int, steps: list[Step]) -> None:
    broken = violation_of(variant, steps)
    assert broken is None, broken


def test_the_same_seed_is_the_same_storm() -> None:
    variant, steps = steps_of(5)
    told = []
    for _ in range(2):
        storm = ModelStorm(variant)
        storm.run(steps)
        told.append((storm.told, storm.world.network.requests, storm.world.clock()))
    assert told[0] == told[1]


class _Careless(ModelStorm):
    """A storm in which a blob vanishes without anybody's wish."""

    def end(self) -> None:
        self.world.blobs.stored.clear()
        super().end()


def test_a_content_that_vanished_is_told() -> None:
    storm = _Careless(0)
    with storm.world.running():
        record = storm.world.app.registration.announce(NewFile("a.txt", Links("c1"))).record
        storm.world.blobs.put(f"c1/{record.id}/a.txt", storm.world.witness.new_content("moment"))
        with pytest.raises(Violation, match="Content <<1>> is nowhere"):
            storm.end()


def test_a_story_is_told_without_what_does_not_matter() -> None:
    needless = [Step("time", number) for number in range(9)]
    steps = [*needless, Step("moment upload", 1, 0), *needless]
    breaks = lambda kept: any(each.name == "moment upload" for each in kept)  # noqa: E731
    assert shortest(steps, breaks) == [Step("moment upload", 1, 0)]

"""Which seeds `make storm` plays."""

from tests.simulation.__main__ import SEEDS_ON_A_STAGE, by_stage


def test_all_seeds_are_played_however_many_stages_they_need():
    seeds = range(2 * SEEDS_ON_A_STAGE + 5)

    played = [list(some) for some in by_stage(iter(seeds))]

    assert [len(some) for some in played] == [SEEDS_ON_A_STAGE, SEEDS_ON_A_STAGE, 5]
    assert [seed for some in played for seed in some] == list(seeds)


def test_a_seed_is_taken_when_its_turn_comes():
    seeds = iter(range(10))

    some = next(by_stage(seeds))

    assert (next(some), next(some), next(seeds)) == (0, 1, 2)

"""Each row of the load in a small form, on the real programs: nothing lost, queues empty, memory bounded. No times."""

from collections.abc import Iterator

import pytest

from tools.load import daily, drop, notifications, stream, walk
from tools.load.outcome import Outcome
from tools.load.world import LoadWorld, load_world

_TIMED = "people's single uploads moved within"


@pytest.fixture(scope="module")
def world() -> Iterator[LoadWorld]:
    with load_world(workers=2) as running:
        yield running


def told(what: str, done: int, total: int) -> None:
    """Nobody looks."""
    assert what
    assert done >= 0 <= total


def broken(outcome: Outcome) -> list[str]:
    """What did not hold, but for what a busy machine may make late."""
    return [f"{each.what}: {each.found}" for each in outcome.checks if not each.good and _TIMED not in each.what]


def test_a_drop_loses_nothing(world: LoadWorld):
    outcome = drop.run(world, 0.003, told)

    assert broken(outcome) == []
    assert "in SharePoint once" in str(outcome.document())


def test_a_stream_of_large_files_arrives_byte_by_byte(world: LoadWorld):
    assert broken(stream.run(world, 0.01, told)) == []


def test_a_burst_of_notifications_becomes_few_pulls(world: LoadWorld):
    assert broken(notifications.run(world, 0.01, told)) == []


def test_a_daily_run_ends_and_finds_what_nobody_told_of(world: LoadWorld):
    assert broken(daily.run(world, 0.008, told)) == []


def test_a_walk_of_a_known_library_changes_nothing_and_a_pull_after_it_costs_one_request(world: LoadWorld):
    assert broken(walk.run(world, 0.0005, told)) == []

"""Somebody's single file beside thousands that somebody else dropped at once."""

from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from shared.sync.arrivals import AT_LEAST, AT_ONCE, TOGETHER, WITHIN
from tests.world import World


def uploaded(world: World, count: int, links: Links | None = None) -> list[FileRecord]:
    """Files of one customer, a new one if none is given, whose events have not been handed over yet."""
    links = links or Links(world.customer().id)
    return [world.upload(links, f"note {number}.txt") for number in range(count)]


def hand_over(world: World, records: list[FileRecord]) -> None:
    """The blob trigger, in the order in which the files came."""
    for record in records:
        world.app.arrivals.arrived(record.blob_name or "")


def moved(world: World, records: list[FileRecord]) -> int:
    return sum(world.read(record).state is FileState.IN_SHAREPOINT for record in records)


def test_a_single_file_does_not_wait_for_the_crowd_before_it(world: World):
    crowd, single = uploaded(world, 12), uploaded(world, 1)

    hand_over(world, [*crowd, *single])

    assert (moved(world, crowd), moved(world, single)) == (AT_ONCE, 1)


def test_every_file_of_a_crowd_waits_in_the_queue_and_moves_from_there(world: World):
    crowd = uploaded(world, 12)
    hand_over(world, crowd)

    waiting = world.stores.bodies.blobs
    assert len(waiting) == len(crowd) - AT_ONCE
    while waiting:
        world.app.transfer.blob_arrived(waiting.popleft())

    assert moved(world, crowd) == len(crowd)


def test_a_blob_that_comes_again_is_no_crowd(world: World):
    (only,) = uploaded(world, 1)

    hand_over(world, [only] * (AT_ONCE + 2))

    assert not world.stores.bodies.blobs
    assert moved(world, [only]) == 1


def test_who_uploads_now_and_then_never_waits(world: World):
    for record in uploaded(world, AT_ONCE + 2):
        hand_over(world, [record])
        world.clock.advance(WITHIN.total_seconds() / AT_ONCE + 1)

    assert not world.stores.bodies.blobs


def test_a_crowd_stays_one_for_as_long_as_it_comes(world: World):
    crowd = uploaded(world, AT_ONCE * 3)

    for record in crowd:
        hand_over(world, [record])
        world.clock.advance(WITHIN.total_seconds() / AT_ONCE - 1)

    assert moved(world, crowd) == AT_ONCE


def test_after_a_crowd_its_customers_files_are_single_ones_again(world: World):
    crowd = uploaded(world, AT_ONCE + 2)
    later = uploaded(world, 1, crowd[0].links)
    hand_over(world, crowd)

    world.clock.advance(WITHIN.total_seconds() + 1)
    hand_over(world, later)

    assert moved(world, later) == 1


def test_the_more_customers_come_together_the_fewer_of_each_go_first(world: World):
    crowds = [uploaded(world, AT_LEAST + 2) for _ in range(TOGETHER // AT_LEAST + 3)]

    for records in zip(*crowds, strict=True):
        hand_over(world, list(records))

    assert {moved(world, crowd) for crowd in crowds} == {AT_LEAST}

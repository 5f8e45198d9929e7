"""Pages of a customer's journals: whole, in order, bounded, and narrowed by file and time."""

from datetime import timedelta

import pytest

from shared.errors import InvalidInput, UnknownObject
from shared.model.directory import Links, StorageLocation
from shared.model.journal_lines import JournalLine, Range
from tests.world import World


def lines(world: World, customer: str, wanted: Range, limit: int = 1000) -> list[JournalLine]:
    found, token = [], None
    while True:
        page = world.app.journal_export.page(customer, wanted, token, limit)
        assert len(page.items) <= limit
        found += page.items
        token = page.next_token
        if token is None:
            return found


@pytest.fixture
def customer(world: World) -> str:
    """With three files of different names and histories."""
    customer = world.customer(StorageLocation.MOMENT).id
    for number in range(3):
        record, _ = world.announce(Links(customer), f"{number}.txt")
        for edit in range(number):
            world.app.edits.edit(customer, record.id, world.an_edit(name=f"{number}-{edit}.txt"))
    return customer


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 1000])
def test_pages_of_any_size_hold_every_line_once_in_the_order_of_files_and_versions(
    world: World, customer: str, limit: int
):
    found = lines(world, customer, Range(), limit)

    assert sorted((each.file, each.version) for each in found) == [(each.file, each.version) for each in found]
    assert len({(each.file, each.version) for each in found}) == len(found) == 6
    of_each = {each.file: [one.event for one in found if one.file == each.file] for each in found}
    for file_id, events in of_each.items():
        assert events == [event for _, event in world.app.files.journal(customer, file_id)]


def test_one_files_lines_are_its_journal_and_nobody_elses(world: World, customer: str):
    every = lines(world, customer, Range())
    file_id = max(every, key=lambda each: each.version).file

    found = lines(world, customer, Range(file=file_id), limit=2)

    assert found == [each for each in every if each.file == file_id]
    assert len(found) == 3


def test_a_time_range_has_its_beginning_and_not_its_end(world: World, customer: str):
    every = lines(world, customer, Range())
    middle = sorted(each.at for each in every)[3]

    later = lines(world, customer, Range(since=middle), limit=1)
    earlier = lines(world, customer, Range(before=middle), limit=1)

    assert {each.at >= middle for each in later} == {True}
    assert {each.at < middle for each in earlier} == {True}
    assert len(later) + len(earlier) == len(every)
    assert lines(world, customer, Range(since=middle + timedelta(days=1))) == []


def test_a_token_of_another_file_or_list_and_an_unknown_file_are_refused(world: World, customer: str):
    every = lines(world, customer, Range())
    token = world.app.journal_export.page(customer, Range(), None, 1).next_token
    other = next(each.file for each in every if each.file != every[0].file)

    for wanted, given in ((Range(other), token), (Range(), "nonsense"), (Range(), "WyJhfmIiLCAiMSJd")):
        with pytest.raises(InvalidInput) as refused:
            world.app.journal_export.page(customer, wanted, given, 1)
        assert refused.value.field == "page"
    with pytest.raises(UnknownObject):
        world.app.journal_export.page(customer, Range("no-file"), None, 1)

"""Event Grid tells of blobs that are gone, foreign or oddly named: nothing is retried for ever, and others move."""

import pytest

from shared.errors import PermanentError
from shared.model.directory import Links
from shared.model.files import FileState
from tests.world import World

GONE = [
    "x",
    "/",
    "nobody/nothing/a.txt",
    "nobody/" + "a" * 900,
    "nobody/a/b/c/d/e/f/\u202egpj.exe",
    "nobody//a.txt",
    "nobody/%2e%2e/a?b#c",
    "nobody/' or 1 eq 1/a.txt",
]


@pytest.mark.parametrize("blob_name", GONE)
def test_a_blob_that_is_not_there_is_left_alone_and_the_next_one_moves(world: World, blob_name: str):
    world.app.arrivals.arrived(blob_name)

    record = world.upload(Links(world.customer().id), "beside.txt")
    world.app.arrivals.arrived(record.blob_name or "")

    assert world.read(record).state is FileState.IN_SHAREPOINT


def test_a_name_that_no_blob_has_fails_with_what_storage_said_so_that_it_is_given_up(world: World):
    with pytest.raises(PermanentError, match="Looking at blob"):
        world.app.arrivals.arrived("../../a.txt")


@pytest.mark.parametrize("times", [2, 5])
def test_an_event_that_comes_again_moves_the_file_once(world: World, times: int):
    record = world.upload(Links(world.customer().id), "once.txt")

    for _ in range(times):
        world.app.arrivals.arrived(record.blob_name or "")

    moved = world.read(record)
    assert moved.baseline is not None
    assert world.children(moved.baseline.drive_id, moved.baseline.parent_id or "") == ["once.txt"]

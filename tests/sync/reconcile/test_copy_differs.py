"""A file whose stored copy differs: kept, shown with both fingerprints, and not sent again until a person says so."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.model.causes import Cause
from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from shared.model.files import FileRecord, FileState
from shared.model.quick_xor_hash import QuickXorHash
from shared.model.runs import RunState
from tests.conftest import moments_storage
from tests.world import World, environ_for
from tools.sharepoint.running import LocalSharePoint


class Damaging:
    """A SharePoint that stores something else."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.uploads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.sharepoint, name)

    def put_file(self, drive_id: str, parent_id: str, name: str, content: bytes) -> DriveItem:
        item = self._world.sharepoint.put_file(drive_id, parent_id, name, content[:-1] + b"!")
        self.uploads += 1
        return item


@pytest.fixture
def world(sharepoint: LocalSharePoint) -> Iterator[World]:
    """A storage of its own: the daily job looks at everything that is there."""
    with moments_storage() as azurite:
        yield World.start(environ_for(azurite.connection_string, sharepoint), sharepoint)


@pytest.fixture
def differing(world: World) -> tuple[FileRecord, Damaging]:
    damaging = Damaging(world)
    record = world.upload(Links(world.customer().id), "second.txt", b"ours")
    world.app = world.using(sharepoint=damaging)
    return world.arrive(record), damaging


def test_a_copy_that_differs_says_so_with_both_fingerprints(world: World, differing: tuple[FileRecord, Damaging]):
    blocked, _ = differing

    assert (blocked.state, blocked.cause, blocked.may_pass) == (FileState.BLOCKED, Cause.COPY_DIFFERS, False)
    for content in (b"ours", b"our!"):
        hasher = QuickXorHash()
        hasher.update(content)
        assert hasher.base64() in blocked.reason
    assert world.blob_exists(blocked)


def test_it_is_not_sent_again_by_three_daily_runs(world: World, differing: tuple[FileRecord, Damaging]):
    blocked, damaging = differing
    for _ in range(3):
        world.clock.advance(24 * 3600)
        run = world.app.daily_sync.begin()
        assert run is not None
        assert world.finish(run).state is RunState.SUCCEEDED

    assert damaging.uploads == 1
    assert world.read(blocked) == blocked


def test_try_now_sends_it_once_more(world: World, differing: tuple[FileRecord, Damaging]):
    blocked, damaging = differing

    world.app.retrying.retry(blocked.customer, blocked.id)
    customer, file_id, _ = world.queue.messages.popleft()
    world.app.transfer.move(customer, file_id)

    again = world.read(blocked)
    assert damaging.uploads == 2
    assert (again.state, again.cause, again.may_pass) == (FileState.BLOCKED, Cause.COPY_DIFFERS, False)
    assert not world.queue.messages

"""No reader of SharePoint ever sees half a file: an upload session shows nothing of its file before the last fragment.

A reader looks after each request of the transfer, as a person would: at the folder, and at what a download gives.
docs/decisions says why no deferred commit is needed for that.
"""

from typing import Any

import pytest

from shared.errors import Unavailable
from shared.model.bodies import Sendable
from shared.model.directory import Links
from shared.model.files import FileRecord
from tests.conftest import FRAGMENT_BYTES
from tests.sync.test_crash import Killed
from tests.world import World, put_blob

OLD = b"the old version"
NEW = bytes(range(256)) * 4000


class Reader:
    """Looks into the folder before and after each fragment, and may end the transfer after one of them."""

    def __init__(self, world: World, drive_id: str, name: str, ends: BaseException | None = None) -> None:
        self._world, self._drive_id, self._name, self._ends = world, drive_id, name, ends
        self.seen: list[bytes | None] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.sharepoint, name)

    def send_fragment(self, url: str, content: Sendable, start: int, total_bytes: int) -> Any:
        self.look()
        reply = self._world.sharepoint.send_fragment(url, content, start, total_bytes)
        if reply.item is None:
            self.look()
            if self._ends is not None and start > 0:
                raise self._ends
        return reply

    def look(self) -> None:
        item = self._world.sharepoint.find_child(self._drive_id, "root", self._name)
        names = self._world.children(self._drive_id, "root")
        assert (item is not None) is (self._name in names)
        if item is None:
            self.seen.append(None)
            return
        with self._world.sharepoint.open_content(self._drive_id, item.id) as content:
            self.seen.append(content.read())
        assert item.size_bytes == len(self.seen[-1] or b"")


@pytest.fixture(params=["new file", "new version"])
def file(world: World, request: pytest.FixtureRequest) -> tuple[FileRecord, str, bytes | None]:
    """A large file that is about to be sent, its library, and what a reader sees until then."""
    links = Links(world.customer().id)
    first = world.arrive(world.upload(links, "first.txt"))
    assert first.baseline is not None
    record, url = world.announce(links, "film.bin")
    before = None
    if request.param == "new version":
        put_blob(url, OLD)
        world.arrive(record)
        before = OLD
    put_blob(url, NEW)
    return record, first.baseline.drive_id, before


def test_until_the_last_fragment_a_reader_sees_what_was_there_before(
    world: World, file: tuple[FileRecord, str, bytes | None]
):
    record, drive_id, before = file
    reader = Reader(world, drive_id, "film.bin")

    world.using(sharepoint=reader).transfer.blob_arrived(record.blob_name or "")

    assert len(reader.seen) >= 2 * (len(NEW) // FRAGMENT_BYTES)
    assert set(reader.seen) == {before}
    assert world.stored(world.read(record)) == NEW


def test_also_when_the_connection_breaks_after_each_fragment(world: World, file: tuple[FileRecord, str, bytes | None]):
    record, drive_id, before = file
    reader = Reader(world, drive_id, "film.bin", Unavailable("The connection broke."))

    world.using(sharepoint=reader).transfer.blob_arrived(record.blob_name or "")

    assert set(reader.seen) == {before}
    assert world.stored(world.read(record)) == NEW


def test_also_when_the_process_dies_and_another_goes_on(world: World, file: tuple[FileRecord, str, bytes | None]):
    record, drive_id, before = file
    reader, again = Reader(world, drive_id, "film.bin", Killed()), Reader(world, drive_id, "film.bin")
    with pytest.raises(Killed):
        world.using(sharepoint=reader).transfer.blob_arrived(record.blob_name or "")
    reader.look()

    world.clock.advance(121)
    world.using(sharepoint=again).transfer.move(record.customer, record.id)

    assert set(reader.seen + again.seen) == {before}
    assert world.stored(world.read(record)) == NEW


def test_a_session_that_nobody_goes_on_with_leaves_nothing(world: World, file: tuple[FileRecord, str, bytes | None]):
    record, drive_id, before = file
    reader = Reader(world, drive_id, "film.bin", Killed())
    with pytest.raises(Killed):
        world.using(sharepoint=reader).transfer.blob_arrived(record.blob_name or "")

    world.local.advance(16 * 60)
    reader.look()

    assert set(reader.seen) == {before}

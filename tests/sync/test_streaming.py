"""Content that is read from Moment Cloud while it is sent: what happens when either side fails in the middle."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.model.directory import Links
from shared.model.files import FileRecord, FileState, Proof
from shared.sync.blob_reading import PART_BYTES
from tests.conftest import FRAGMENT_BYTES as UNIT_BYTES
from tests.world import World, put_blob

FRAGMENT_BYTES = 8 * UNIT_BYTES
SESSION_LIFE_S = 16 * 60
AT_ONCE = bytes(range(251)) * (2 * PART_BYTES // 251) + b"a request"
IN_FRAGMENTS = bytes(range(253)) * (6 * PART_BYTES // 253) + b"three fragments"


class Blobs:
    """Moment Cloud, where something happens before the read that begins at a byte or behind it; once."""

    def __init__(self, world: World, at_byte: int, happens: Callable[[], None]) -> None:
        self._blobs, self._at_byte, self._happens = world.stores.blobs, at_byte, happens
        self._happened = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    def read(self, blob_name: str, etag: str, start: int, size_bytes: int) -> bytes:
        if start >= self._at_byte and not self._happened:
            self._happened = True
            self._happens()
        return self._blobs.read(blob_name, etag, start, size_bytes)


@pytest.fixture
def world(world: World) -> World:
    """Files up to 3 MiB go in one request, and a fragment has several parts."""
    sizes = {"SMALL_FILE_MAX_BYTES": str(3 * PART_BYTES), "FRAGMENT_BYTES": str(FRAGMENT_BYTES)}
    return World.start(dict(world.environ) | sizes, world.local, world.clock)


def arrive(world: World, record: FileRecord, at_byte: int, happens: Callable[[], None]) -> FileRecord:
    blobs: Any = Blobs(world, at_byte, happens)
    world.using(stores=dataclasses.replace(world.stores, blobs=blobs)).transfer.blob_arrived(record.blob_name or "")
    return world.read(record)


def busy() -> None:
    raise Unavailable("Moment Cloud is busy.")


def fragment_requests(world: World) -> list[tuple[str, int]]:
    return [(call["method"], call["status"]) for call in world.local.requests() if "uploadSession" in call["route"]]


@pytest.mark.parametrize("content", [AT_ONCE, IN_FRAGMENTS], ids=["at once", "in fragments"])
def test_what_is_sent_again_after_sharepoint_refused_it_arrives_whole(world: World, content: bytes):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": 503, "retry_after_s": 0}})
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"drop_after_bytes": 100_000}})

    moved = world.arrive(world.upload(links, "film.bin", content))
    if moved.state is FileState.WAITING:  # a fragment that broke off is left to the next run
        world.clock.advance(600)
        moved = world.move(moved)

    assert moved.state is FileState.IN_SHAREPOINT
    assert moved.baseline is not None
    assert moved.baseline.proof is Proof.IDENTICAL
    assert world.stored(moved) == content


def test_a_read_that_fails_within_a_fragment_is_no_failure_of_sharepoint_and_the_rest_is_sent_later(world: World):
    record = world.upload(Links(world.customer().id), "film.bin", IN_FRAGMENTS)

    waiting = arrive(world, record, FRAGMENT_BYTES + PART_BYTES, busy)

    assert waiting.state is FileState.WAITING
    assert "Moment Cloud is busy" in waiting.reason
    assert [request for request in fragment_requests(world) if request[1] in range(200, 300)] == [("PUT", 202)]
    world.clock.advance(600)
    moved = world.move(waiting)
    assert moved.state is FileState.IN_SHAREPOINT
    assert [status for method, status in fragment_requests(world) if method == "PUT" and status] == [202, 202, 201]
    assert world.stored(moved) == IN_FRAGMENTS


def test_a_read_that_fails_within_a_single_request_leaves_nothing_in_sharepoint(world: World):
    links = Links(world.customer().id)
    first = world.arrive(world.upload(links, "first.txt"))
    record = world.upload(links, "film.bin", AT_ONCE)

    waiting = arrive(world, record, PART_BYTES, busy)

    assert waiting.state is FileState.WAITING
    assert first.baseline is not None
    assert world.children(first.baseline.drive_id, "root") == ["first.txt"]
    world.clock.advance(600)
    assert world.stored(world.move(waiting)) == AT_ONCE


@pytest.mark.parametrize("content", [AT_ONCE, IN_FRAGMENTS], ids=["at once", "in fragments"])
@pytest.mark.parametrize("is_new", [True, False], ids=["new file", "new version"])
def test_a_blob_overwritten_while_it_is_sent_arrives_in_its_last_version_only(
    world: World, content: bytes, is_new: bool
):
    record, url = world.announce(Links(world.customer().id), "film.bin")
    versions = 1
    if not is_new:
        put_blob(url, b"the first version")
        world.arrive(record)
        versions = 2
    put_blob(url, content)

    between = arrive(world, record, PART_BYTES, lambda: put_blob(url, b"newer" + content))

    assert between.state is not FileState.IN_SHAREPOINT
    # The claim and the session of what was there before have to end by themselves.
    world.clock.advance(SESSION_LIFE_S)
    world.local.advance(SESSION_LIFE_S)
    moved = world.move(between)
    assert moved.state is FileState.IN_SHAREPOINT
    assert moved.baseline is not None
    assert world.stored(moved) == b"newer" + content
    assert len(world.local.contents(moved.baseline.item_id)) == versions


@pytest.mark.parametrize("refusal", [{"status": 307, "location": "https://upload.example"}, {"status": 413}])
@pytest.mark.parametrize("is_new", [True, False], ids=["new file", "new version"])
def test_a_request_that_sharepoint_refuses_for_its_size_becomes_an_upload_session(
    world: World, refusal: dict[str, Any], is_new: bool
):
    world = world.restarted_with(SMALL_FILE_MAX_BYTES=str(len(IN_FRAGMENTS)))
    links = Links(world.customer().id)
    record, url = world.announce(links, "film.bin")
    if not is_new:
        put_blob(url, b"the first version")
        world.arrive(record)
    match = {"method": "PUT", "route": "/content", "larger_than_bytes": 4_000_000}
    world.local.fault({"match": match, "times": 10, "name": "refused", "then": refusal})
    put_blob(url, IN_FRAGMENTS)

    moved = world.arrive(record)
    another = world.arrive(world.upload(links, "another.bin", IN_FRAGMENTS))
    below = world.arrive(world.upload(links, "below.bin", AT_ONCE))

    assert [each.state for each in (moved, another, below)] == [FileState.IN_SHAREPOINT] * 3
    assert world.stored(moved) == world.stored(another) == IN_FRAGMENTS
    assert world.local.faults_taken() == {"refused": 1}
    assert len([method for method, _ in fragment_requests(world) if method == "PUT"]) == 6


def test_what_every_sharepoint_takes_at_once_is_not_tried_in_a_session(world: World):
    world.arrive(world.upload(links := Links(world.customer().id), "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "then": {"status": 413}})

    blocked = world.arrive(world.upload(links, "film.bin", AT_ONCE))

    assert blocked.state is FileState.BLOCKED
    assert fragment_requests(world) == []


def test_a_file_that_is_in_an_upload_session_stays_in_it_where_larger_requests_are_allowed_since(world: World):
    record = world.upload(Links(world.customer().id), "film.bin", IN_FRAGMENTS)
    waiting = arrive(world, record, FRAGMENT_BYTES + PART_BYTES, busy)

    after = world.restarted_with(SMALL_FILE_MAX_BYTES=str(len(IN_FRAGMENTS)))
    after.clock.advance(600)
    moved = after.move(waiting)

    assert moved.state is FileState.IN_SHAREPOINT
    assert [status for method, status in fragment_requests(world) if method == "PUT" and status] == [202, 202, 201]

"""How much is read back for a proof, what is kept of it, and that a copy which differs is not sent again and again."""

import dataclasses
import hashlib
from typing import Any

import pytest

from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from shared.model.files import FileState, Proof
from shared.model.quick_xor_hash import QuickXorHash
from tests.sync.test_transfer import LARGE, a_docx
from tests.world import World

HTML = b"<html><head></head><body>Minutes</body></html>"


def reads_back(world: World, since: int) -> int:
    """Downloads through their redirect."""
    return sum(call["route"].endswith("/content") and call["method"] == "GET" for call in world.local.requests(since))


def last_request(world: World) -> int:
    return max((call["n"] for call in world.local.requests()), default=0)


@pytest.fixture
def links(world: World) -> Links:
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    return links


@pytest.mark.parametrize(
    ("setting", "name", "content", "reads", "proof"),
    [
        ("when-different", "note.txt", b"hello", 0, Proof.IDENTICAL),
        ("when-different", "film.bin", LARGE, 0, Proof.IDENTICAL),
        ("when-different", "minutes.html", HTML, 1, Proof.REWRITTEN),
        ("always", "note.txt", b"hello", 1, Proof.IDENTICAL),
        ("always", "empty.txt", b"", 1, Proof.IDENTICAL),
        ("always", "film.bin", LARGE, 1, Proof.IDENTICAL),
        ("always", "minutes.html", HTML, 1, Proof.REWRITTEN),
    ],
)
def test_how_much_is_read_back(
    world: World, links: Links, setting: str, name: str, content: bytes, reads: int, proof: Proof
):
    world = world.restarted_with(PROOF_READ_BACK=setting)
    record = world.upload(links, name, content)
    since = last_request(world)

    moved = world.arrive(record)

    assert moved.state is FileState.IN_SHAREPOINT
    assert moved.baseline is not None
    assert moved.baseline.proof is proof
    assert reads_back(world, since) == reads


class Lying:
    """A SharePoint that stores something else and answers with the fingerprint of what was sent."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.sharepoint, name)

    def put_file(self, drive_id: str, parent_id: str, name: str, content: bytes) -> DriveItem:
        item = self._world.sharepoint.put_file(drive_id, parent_id, name, content[:-1] + b"!")
        hasher = QuickXorHash()
        hasher.update(content)
        return dataclasses.replace(item, quick_xor_hash=hasher.base64())


@pytest.mark.parametrize(
    ("setting", "state"), [("when-different", FileState.IN_SHAREPOINT), ("always", FileState.BLOCKED)]
)
def test_always_finds_what_a_fingerprint_hides(world: World, links: Links, setting: str, state: FileState):
    world = world.restarted_with(PROOF_READ_BACK=setting)
    record = world.upload(links, "second.txt")

    world.using(sharepoint=Lying(world)).transfer.blob_arrived(record.blob_name or "")

    assert world.read(record).state is state
    assert world.blob_exists(record) is (state is FileState.BLOCKED)


@pytest.mark.parametrize(("name", "content"), [("note.txt", b"hello"), ("film.bin", LARGE), ("a.docx", a_docx())])
def test_the_sha256_of_what_was_sent_is_kept(world: World, links: Links, name: str, content: bytes):
    moved = world.arrive(world.upload(links, name, content))

    assert moved.baseline is not None
    assert moved.baseline.sent_sha256 == hashlib.sha256(content).hexdigest()
    assert world.read(moved).baseline == moved.baseline


def test_it_is_not_known_where_another_process_went_on(world: World, links: Links):
    slow = World.start(dict(world.environ) | {"TRANSFER_TIME_LIMIT_S": "1"}, world.local, world.clock)
    record = slow.upload(links, "film.bin", LARGE)
    while slow.read(record).state is not FileState.IN_SHAREPOINT:
        slow.local.set_latency(400)
        slow.app.transfer.move(record.customer, record.id)
    slow.local.set_latency(0)

    moved = slow.read(record)
    assert moved.baseline is not None
    assert moved.baseline.sent_sha256 is None
    assert moved.baseline.sent_quick_xor_hash == moved.baseline.quick_xor_hash

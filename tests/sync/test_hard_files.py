"""Sizes that are hard: nothing, one byte, and one below, at and above each limit. The bytes that arrive are the bytes.

A file of 3 GiB takes minutes and is part of the demo: `make demo LARGE_MIB=3072`. Here 40 MiB go in 128 fragments.
"""

import hashlib

import pytest

from shared.model.directory import Links
from tests.conftest import FRAGMENT_BYTES, SMALL_FILE_MAX_BYTES
from tests.sync.hard_files import Shelf
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint

MIB = 1024 * 1024
UNIT = 327_680
"""320 KiB: fragments are multiples of it (driveitem-createuploadsession)."""
LIMITS = (SMALL_FILE_MAX_BYTES, UNIT, 2 * FRAGMENT_BYTES, 3 * FRAGMENT_BYTES)
SIZES = [0, 1, 2, *(limit + offset for limit in LIMITS for offset in (-1, 0, 1))]
SIZES_AS_DEPLOYED = [4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 10 * MIB, 10 * MIB + 1, 20 * MIB, 20 * MIB + 1]


def content_of(size_bytes: int) -> bytes:
    """Bytes that no other size and no other place in the file has."""
    block = b"".join(hashlib.sha256(f"{size_bytes} {number}".encode()).digest() for number in range(4096))
    return (block * (size_bytes // len(block) + 1))[:size_bytes]


@pytest.fixture(scope="module")
def environ(azurite: Azurite, shared_sharepoint: LocalSharePoint) -> dict[str, str]:
    shared_sharepoint.reset()
    return environ_for(azurite.connection_string, shared_sharepoint)


@pytest.fixture(scope="module")
def shelf(environ: dict[str, str], shared_sharepoint: LocalSharePoint) -> Shelf:
    """One library for all sizes, with small limits."""
    small = {"SMALL_FILE_MAX_BYTES": str(SMALL_FILE_MAX_BYTES), "FRAGMENT_BYTES": str(FRAGMENT_BYTES)}
    world = World.start(environ | small, shared_sharepoint)
    return Shelf(world, Links(world.customer().id))


@pytest.fixture(scope="module")
def deployed(environ: dict[str, str], shared_sharepoint: LocalSharePoint) -> Shelf:
    """The same with the limits that a deployed app has."""
    world = World.start(environ, shared_sharepoint)
    return Shelf(world, Links(world.customer().id))


@pytest.mark.parametrize("size_bytes", SIZES)
def test_a_file_of_a_hard_size_arrives_byte_by_byte(shelf: Shelf, size_bytes: int):
    content = content_of(size_bytes)

    moved = shelf.move(f"{size_bytes}.bin", content)

    shelf.is_in_sharepoint(moved, f"{size_bytes}.bin", content)
    shelf.comes_back_unchanged(moved)


@pytest.mark.parametrize("size_bytes", SIZES_AS_DEPLOYED)
def test_the_limits_of_a_deployed_app_are_as_safe(deployed: Shelf, size_bytes: int):
    content = content_of(size_bytes)

    moved = deployed.move(f"{size_bytes}.bin", content)

    deployed.is_in_sharepoint(moved, f"{size_bytes}.bin", content)


def test_a_file_of_many_fragments_arrives_byte_by_byte(shelf: Shelf):
    content = content_of(128 * FRAGMENT_BYTES)

    moved = shelf.move("many fragments.bin", content)

    shelf.is_in_sharepoint(moved, "many fragments.bin", content)


@pytest.mark.parametrize(
    "sizes", [(0, 300_000), (300_000, 0), (1, 0), (SMALL_FILE_MAX_BYTES, SMALL_FILE_MAX_BYTES + 1)]
)
def test_a_new_version_of_another_size_replaces_the_old_one(shelf: Shelf, sizes: tuple[int, int]):
    old, new = map(content_of, sizes)
    name = f"version {sizes[0]} {sizes[1]}.bin"
    record, url = shelf.world.announce(shelf.links, name)
    shelf.world.put_blob(url, old)
    shelf.is_in_sharepoint(shelf.world.arrive(record), name, old)

    shelf.world.put_blob(url, new)

    shelf.is_in_sharepoint(shelf.world.arrive(record), name, new)
    shelf.comes_back_unchanged(record)

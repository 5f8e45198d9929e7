"""Content that comes in blocks, with nothing but the URL; and an upload that was cut off goes on."""

import base64
from urllib.parse import quote

import pytest
import requests

from shared.errors import Collision, UnknownObject
from shared.model.directory import Links
from shared.model.files import FileState
from tests.world import World

IDS = [base64.b64encode(f"{number:05d}".encode()).decode() for number in range(3)]


def put_block(url: str, block_id: str, content: bytes) -> None:
    answer = requests.put(f"{url}&comp=block&blockid={quote(block_id)}", data=content, timeout=30)
    assert answer.status_code == 201, answer.text


def put_list(url: str, *ids: str) -> None:
    body = '<?xml version="1.0" encoding="utf-8"?><BlockList>'
    body += "".join(f"<Latest>{each}</Latest>" for each in ids) + "</BlockList>"
    answer = requests.put(f"{url}&comp=blocklist", data=body, timeout=30)
    assert answer.status_code == 201, answer.text


def test_a_file_that_comes_in_blocks_arrives_and_moves(world: World):
    record, url = world.announce(Links(world.customer().id), "film.bin")
    put_block(url, IDS[0], b"one ")
    put_block(url, IDS[1], b"two")
    assert world.arrive(record).state is FileState.EXPECTED

    put_list(url, *IDS[:2])

    moved = world.arrive(record)
    assert moved.state is FileState.IN_SHAREPOINT
    assert world.stored(moved) == b"one two"


def test_an_upload_that_was_cut_off_goes_on_with_what_is_there(world: World):
    record, url = world.announce(Links(world.customer().id), "film.bin")
    put_block(url, IDS[0], b"one ")
    put_block(url, IDS[2], b"three")

    again = world.app.registration.upload_again(record.customer, record.id)

    assert [(block.id, block.size_bytes) for block in again.blocks] == [(IDS[0], 4), (IDS[2], 5)]
    assert again.record == record
    put_block(again.url, IDS[1], b"two ")
    put_list(again.url, *IDS)
    assert world.stored(world.arrive(record)) == b"one two three"


def test_where_nothing_was_uploaded_there_is_no_block(world: World):
    record, _ = world.announce(Links(world.customer().id))

    again = world.app.registration.upload_again(record.customer, record.id)

    assert list(again.blocks) == []
    world.put_blob(again.url, b"hello")
    assert world.arrive(record).state is FileState.IN_SHAREPOINT


def test_content_that_has_arrived_is_not_uploaded_again_whether_it_was_noticed_or_not(world: World):
    record = world.upload(Links(world.customer().id))
    with pytest.raises(Collision, match="arrived already"):
        world.app.registration.upload_again(record.customer, record.id)

    world.arrive(record)
    with pytest.raises(Collision, match="arrived already"):
        world.app.registration.upload_again(record.customer, record.id)


def test_a_deleted_or_unknown_file_takes_no_upload(world: World):
    record, _ = world.announce(Links(world.customer().id))
    world.app.edits.delete(record.customer, record.id)

    with pytest.raises(Collision, match="deleted"):
        world.app.registration.upload_again(record.customer, record.id)
    with pytest.raises(UnknownObject):
        world.app.registration.upload_again(record.customer, "none")

"""Graph's JSON as it is documented and as it was seen."""

from datetime import UTC, datetime

import pytest

from shared.errors import Unavailable, UploadSessionGone
from shared.graph import item_wire, wire
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer

FILE = {
    "id": "01F",
    "name": "a.txt",
    "webUrl": "https://contoso.sharepoint.com/a.txt",
    "eTag": '"{1},1"',
    "cTag": '"c:{1},1"',
    "size": 3,
    "file": {"mimeType": "text/plain", "hashes": {"quickXorHash": "aGFzaA=="}},
    "parentReference": {"driveId": "b!d", "id": "01P"},
}


def test_a_file():
    assert item_wire.drive_item(FILE) == DriveItem(
        drive_id="b!d",
        id="01F",
        name="a.txt",
        web_url="https://contoso.sharepoint.com/a.txt",
        e_tag='"{1},1"',
        c_tag='"c:{1},1"',
        size_bytes=3,
        quick_xor_hash="aGFzaA==",
        parent_id="01P",
    )


def test_a_file_whose_hash_is_not_known_yet():
    assert item_wire.drive_item(FILE | {"file": {"mimeType": "text/plain"}}).quick_xor_hash is None


def test_a_folder_has_neither_content_tag_nor_hash():
    body = {"id": "01D", "name": "A", "folder": {"childCount": 0}, "parentReference": {"driveId": "b!d", "id": "01P"}}

    folder = item_wire.drive_item(body)

    assert folder.is_folder
    assert (folder.c_tag, folder.quick_xor_hash, folder.size_bytes) == (None, None, 0)


@pytest.mark.parametrize(("ranges", "expected"), [(["0-"], 0), (["26-99"], 26), (["90-99", "26-40"], 26), ([], 0)])
def test_a_new_session_says_where_to_begin(ranges, expected):
    body = {
        "uploadUrl": "https://x",
        "expirationDateTime": "2026-01-29T09:21:55.5231234Z",
        "nextExpectedRanges": ranges,
    }

    session = wire.new_session(body)

    assert session.next_byte == expected
    assert session.expires_at == datetime(2026, 1, 29, 9, 21, 55, 523123, tzinfo=UTC)


def test_a_session_that_expects_nothing_is_over():
    with pytest.raises(UploadSessionGone):
        wire.session_status({"expirationDateTime": "2026-01-29T09:21:55Z", "nextExpectedRanges": []}, "https://x")


def test_a_fragment_without_a_next_range_was_taken_whole():
    assert wire.fragment_reply({"expirationDateTime": "2026-01-29T09:21:55Z"}, 655_360).next_byte == 655_360


def test_the_last_fragment_gives_the_item():
    reply = wire.fragment_reply(FILE, 3)

    assert reply.item == item_wire.drive_item(FILE)


def test_only_columns_with_a_value_are_written():
    assert wire.fields_body(Columns(activity="Audit")) == {"momentActivity": "Audit"}
    assert wire.fields_body(Columns()) == {}


def test_several_tags_are_written_with_their_type():
    assert wire.fields_body(Columns(tags=("a", "b"))) == {
        "momentTags@odata.type": "Collection(Edm.String)",
        "momentTags": ["a", "b"],
    }


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"null", b"{}", b'{"id": "1"}', b""])
def test_an_answer_of_another_shape_is_unavailable(body):
    with ScriptedServer(Answer(200, body, {"request-id": "r-1"})) as server:
        response = a_transport(server.url, PassingTime()).request("GET", "/x")

    with pytest.raises(Unavailable, match="r-1"):
        wire.read(response, item_wire.drive_item)

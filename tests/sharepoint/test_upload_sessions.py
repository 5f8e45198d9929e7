"""Upload sessions: ranges, order, locks, expiry, and what a broken connection leaves behind."""

import socket
from urllib.parse import urlsplit

import pytest
import requests

from tests.sharepoint.graph_client import UNIT, code, fragment

MIB = 1 << 20


@pytest.fixture
def url(graph) -> str:
    return graph.session("big.bin").json()["uploadUrl"]


def test_fragments_in_order_make_the_file(graph, url):
    total = 2 * UNIT + 5
    content = bytes(range(256)) * 2600

    first = fragment(url, content[:UNIT], 0, total)
    second = fragment(url, content[UNIT : 2 * UNIT], UNIT, total)
    last = fragment(url, content[2 * UNIT : total], 2 * UNIT, total)

    assert (first.status_code, first.json()["nextExpectedRanges"]) == (202, [f"{UNIT}-"])
    assert second.status_code == 202
    assert (last.status_code, last.json()["size"]) == (201, total)
    assert requests.get(last.json()["@microsoft.graph.downloadUrl"], timeout=9).content == content[:total]
    assert requests.get(url, timeout=9).status_code == 404


def test_replacing_a_file_with_a_session_keeps_its_id(graph):
    item = graph.upload("big.bin").json()
    url = graph.session("big.bin").json()["uploadUrl"]

    answer = fragment(url, b"new", 0, 3)

    assert (answer.status_code, answer.json()["id"], answer.json()["size"]) == (200, item["id"], 3)


def test_a_session_can_address_the_existing_file(graph):
    item = graph.upload("a.bin").json()

    made = graph.post(f"/drives/{graph.drive}/items/{item['id']}/createUploadSession")

    assert fragment(made.json()["uploadUrl"], b"new", 0, 3).json()["id"] == item["id"]
    folder = graph.folder("f").json()
    assert graph.post(f"/drives/{graph.drive}/items/{folder['id']}/createUploadSession").status_code == 400


def test_a_fragment_that_is_no_multiple_of_320_kib_is_refused_unless_it_is_the_last(url):
    assert code(fragment(url, bytes(1000), 0, 5000)) == (400, "invalidRequest")
    assert fragment(url, bytes(5000), 0, 5000).status_code == 201


def test_a_fragment_of_more_than_60_mib_is_refused(url):
    answer = requests.put(
        url, data=bytes(193 * UNIT), headers={"Content-Range": f"bytes 0-{193 * UNIT - 1}/{500 * UNIT}"}, timeout=30
    )

    assert answer.status_code == 413


def test_the_total_may_not_change(url):
    fragment(url, bytes(UNIT), 0, 3 * UNIT)

    assert code(fragment(url, bytes(UNIT), UNIT, 4 * UNIT)) == (400, "invalidRequest")


def test_fragments_out_of_order_or_repeated_are_416(url):
    assert code(fragment(url, bytes(UNIT), UNIT, 3 * UNIT)) == (416, "invalidRange")
    fragment(url, bytes(UNIT), 0, 3 * UNIT)
    repeated = fragment(url, bytes(UNIT), 0, 3 * UNIT)

    assert code(repeated) == (416, "invalidRange")
    assert repeated.json()["error"]["innerError"]["code"] == "fragmentOverlap"
    assert requests.get(url, timeout=9).json()["nextExpectedRanges"] == [f"{UNIT}-"]


@pytest.mark.parametrize("header", ["", "bytes */0", "bytes 0--1/0", "bytes 0-0/0", "bytes 0-9/5", "octets 0-4/5"])
def test_a_senseless_content_range_is_refused(url, header):
    answer = requests.put(url, data=b"12345", headers={"Content-Range": header}, timeout=9)

    assert answer.status_code == 400


def test_a_content_range_that_disagrees_with_the_length_is_refused(url):
    answer = requests.put(url, data=b"12345", headers={"Content-Range": "bytes 0-5/6"}, timeout=9)

    assert answer.status_code == 400


def test_more_than_250_gb_cannot_be_declared(url):
    limit = 250 * 1024**3

    assert fragment(url, bytes(UNIT), 0, limit + 1).status_code == 413
    assert fragment(url, bytes(UNIT), 0, limit).status_code == 202


def test_a_declared_size_beyond_the_quota_is_507(graph, url):
    graph.sharepoint.settings(quota_bytes=MIB)

    assert code(fragment(url, bytes(UNIT), 0, 4 * MIB)) == (507, "quotaLimitReached")
    assert graph.upload("a.bin", bytes(2 * MIB)).status_code == 507


def test_a_cancelled_session_is_gone(url):
    assert requests.delete(url, timeout=9).status_code == 204
    assert requests.get(url, timeout=9).status_code == 404
    assert fragment(url, b"x", 0, 1).status_code == 404


def test_the_upload_url_takes_no_authorization(graph, url):
    assert fragment(url, b"x", 0, 1, Authorization=graph.headers["Authorization"]).status_code == 401
    assert fragment(url, b"x", 0, 1).status_code == 201


def test_an_upload_url_with_another_tempauth_is_refused(url):
    assert requests.get(url[:-3] + "AAA", timeout=9).status_code == 401


def test_a_second_session_for_the_target_waits_for_the_first_to_end(graph, url):
    assert code(graph.session("BIG.bin")) == (409, "nameAlreadyExists")
    assert graph.session("other.bin").status_code == 200

    requests.delete(url, timeout=9)

    assert graph.session("big.bin").status_code == 200


def test_a_session_expires_fifteen_minutes_after_its_last_fragment(graph, url):
    graph.sharepoint.advance(800)
    assert fragment(url, bytes(UNIT), 0, 2 * UNIT).status_code == 202
    graph.sharepoint.advance(800)
    assert requests.get(url, timeout=9).status_code == 200
    graph.sharepoint.advance(200)

    assert requests.get(url, timeout=9).status_code == 404
    assert graph.session("big.bin").status_code == 200


def test_an_upload_url_dies_after_a_day_however_often_it_is_used(graph, url):
    for step in range(120):
        answer = fragment(url, bytes(UNIT), step * UNIT, 200 * UNIT)
        if answer.status_code != 202:
            break
        graph.sharepoint.advance(890)

    assert answer.status_code == 401
    assert step == 98


def test_the_name_in_the_body_must_be_the_name_in_the_path(graph):
    assert code(graph.session("a.bin", {"name": "b.bin"})) == (400, "invalidRequest")
    assert graph.session("a.bin", {"name": "a.bin"}).status_code == 200
    assert graph.session("c.bin", {"size": 5}).status_code == 400
    assert code(graph.session("d.bin", {"description": "x"})) == (501, "notSupported")


def test_the_parent_must_exist(graph):
    assert graph.session("missing/a.bin").status_code == 404


def test_the_default_behavior_replaces(graph):
    item = graph.upload("a.bin").json()

    answer = fragment(graph.session("a.bin", {}).json()["uploadUrl"], b"new", 0, 3)

    assert (answer.status_code, answer.json()["id"]) == (200, item["id"])


def test_conflicts_and_preconditions_are_checked_when_the_session_is_opened(graph):
    graph.upload("a.bin")

    assert graph.session("a.bin", {"@microsoft.graph.conflictBehavior": "fail"}).status_code == 409
    assert graph.session("a.bin", **{"If-Match": '"old,1"'}).status_code == 412
    assert graph.session("a.bin", **{"If-None-Match": "*"}).status_code == 412


def test_a_late_clash_is_409_and_leaves_the_session_open(graph):
    url = graph.session("a.bin", {"@microsoft.graph.conflictBehavior": "fail"}).json()["uploadUrl"]
    fragment(url, bytes(UNIT), 0, UNIT + 1)
    graph.upload("a.bin")

    assert fragment(url, b"x", UNIT, UNIT + 1).status_code == 409
    assert requests.get(url, timeout=9).status_code == 200


def test_rename_finds_a_free_name(graph):
    graph.upload("a.bin")

    url = graph.session("a.bin", {"@microsoft.graph.conflictBehavior": "rename"}).json()["uploadUrl"]

    assert fragment(url, b"x", 0, 1).json()["name"] == "a 1.bin"


def test_the_times_given_when_opening_are_the_files(graph):
    times = {"createdDateTime": "2020-01-02T03:04:05Z", "lastModifiedDateTime": "2021-01-02T03:04:05Z"}

    url = graph.session("a.bin", {"fileSystemInfo": times}).json()["uploadUrl"]

    assert fragment(url, b"x", 0, 1).json()["fileSystemInfo"] == times


def test_a_deferred_commit_shows_the_file_only_when_it_is_asked_for(graph):
    body = {"item": {"@microsoft.graph.conflictBehavior": "replace"}, "deferCommit": True}
    url = graph.post(f"/drives/{graph.drive}/root:/a.bin:/createUploadSession", json=body).json()["uploadUrl"]

    assert fragment(url, b"x", 0, 1).status_code == 202
    assert "error" in graph.item("a.bin")
    assert requests.post(url, timeout=9).status_code == 201
    assert graph.item("a.bin")["size"] == 1


def test_bytes_of_a_fragment_that_broke_off_are_forgotten(graph, url):
    fragment(url, bytes(UNIT), 0, 2 * UNIT)
    target = urlsplit(url)
    with socket.create_connection((target.hostname, target.port)) as broken:
        head = f"PUT {target.path}?{target.query} HTTP/1.1\r\nHost: {target.netloc}\r\nContent-Length: {UNIT}\r\n"
        broken.sendall(f"{head}Content-Range: bytes {UNIT}-{2 * UNIT - 1}/{2 * UNIT}\r\n\r\n".encode() + b"y" * 100_000)

    answer = fragment(url, b"z" * UNIT, UNIT, 2 * UNIT)

    assert answer.status_code == 201
    assert requests.get(answer.json()["@microsoft.graph.downloadUrl"], timeout=9).content == bytes(UNIT) + b"z" * UNIT


def test_all_sessions_can_be_made_to_expire(graph, url):
    graph.sharepoint.fault({"expire_upload_sessions": True})

    assert fragment(url, b"x", 0, 1).status_code == 404

"""Upload sessions in the local SharePoint."""

import pytest

from shared.errors import Locked, NameTaken, StaleError, Unavailable, UploadSessionGone
from shared.graph.uploads import FRAGMENT_UNIT_BYTES as UNIT

ROOT = "root"
CONTENT = bytes(range(256)) * 3000


def send_all(graph, session, content, fragment_bytes=UNIT):
    reply = None
    for start in range(session.next_byte, len(content), fragment_bytes):
        reply = graph.send_fragment(session.url, content[start : start + fragment_bytes], start, len(content))
    return reply


def stored(graph, item):
    with graph.open_content(item.drive_id, item.id) as content:
        return content.read()


def test_a_file_arrives_in_fragments(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")

    first = graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))
    second = graph.send_fragment(session.url, CONTENT[UNIT : 2 * UNIT], UNIT, len(CONTENT))
    last = graph.send_fragment(session.url, CONTENT[2 * UNIT :], 2 * UNIT, len(CONTENT))

    assert (first.next_byte, second.next_byte) == (UNIT, 2 * UNIT)
    assert first.item is second.item is None
    assert last.item is not None
    assert (last.item.name, last.item.size_bytes) == ("big.bin", len(CONTENT))
    assert stored(graph, last.item) == CONTENT


def test_a_session_says_where_to_go_on(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))

    resumed = graph.upload_session(session.url)

    assert resumed.next_byte == UNIT
    assert send_all(graph, resumed, CONTENT).item is not None


def test_a_session_gives_an_existing_file_new_content(graph, library):
    before = graph.put_file(library.drive_id, ROOT, "big.bin", b"small")

    session = graph.open_replace_session(library.drive_id, before.id)
    reply = send_all(graph, session, CONTENT)

    assert reply.item.id == before.id
    assert stored(graph, reply.item) == CONTENT


def test_a_session_for_a_taken_name(graph, library):
    graph.put_file(library.drive_id, ROOT, "big.bin", b"first")

    with pytest.raises(NameTaken):
        graph.open_upload_session(library.drive_id, ROOT, "BIG.bin")


def test_a_name_that_is_taken_while_the_upload_runs(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    graph.put_file(library.drive_id, ROOT, "big.bin", b"faster")

    with pytest.raises(NameTaken):
        send_all(graph, session, CONTENT)


def test_another_open_session_locks_the_name_until_it_ends(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")

    with pytest.raises(Locked) as locked:
        graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    graph.cancel_upload_session(session.url)

    assert locked.value.delay_s >= 60
    assert graph.open_upload_session(library.drive_id, ROOT, "big.bin").next_byte == 0


def test_a_fragment_that_was_taken_already_is_stale(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))

    with pytest.raises(StaleError):
        graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))


def test_a_fragment_has_a_multiple_of_320_kib(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")

    with pytest.raises(AssertionError):
        graph.send_fragment(session.url, CONTENT[:1000], 0, len(CONTENT))


def test_a_cancelled_session_is_gone(graph, library):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    graph.cancel_upload_session(session.url)

    with pytest.raises(UploadSessionGone):
        graph.upload_session(session.url)
    with pytest.raises(UploadSessionGone):
        graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))
    graph.cancel_upload_session(session.url)


def test_a_session_that_was_left_alone_is_gone(graph, library, sharepoint):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    sharepoint.advance(16 * 60)

    with pytest.raises(UploadSessionGone):
        graph.upload_session(session.url)


def test_a_failed_fragment_is_left_to_the_session_to_tell(graph, library, sharepoint):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    sharepoint.fault({"match": {"method": "PUT"}, "then": {"apply_then_status": 500}})

    with pytest.raises(Unavailable):
        graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))

    assert graph.upload_session(session.url).next_byte == UNIT


def test_a_throttled_fragment_is_sent_again_after_its_delay(graph, library, sharepoint, sleeps):
    session = graph.open_upload_session(library.drive_id, ROOT, "big.bin")
    sharepoint.fault({"match": {"method": "PUT"}, "times": 2, "then": {"status": 503, "retry_after_s": 1}})

    reply = graph.send_fragment(session.url, CONTENT[:UNIT], 0, len(CONTENT))

    assert reply.next_byte == UNIT
    assert sleeps.slept == 2

"""Bodies that are read while they are sent, against real servers: their size, their repeats, and their failures."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.errors import SourceFailed, Unavailable
from shared.graph.request import UPLOAD_URL, Repeat
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer

PARTS = [b"a" * 100_000, b"b" * 50_000, b"c"]
CONTENT = b"".join(PARTS)


class Body:
    """Counts how often it was opened and closed. `breaks`: it can't be read to its end, so many times."""

    def __init__(self, breaks: int = 0) -> None:
        self.opened = 0
        self.closed = 0
        self._breaks = breaks

    def __len__(self) -> int:
        return len(CONTENT)

    @contextmanager
    def parts(self) -> Iterator[Iterator[bytes]]:
        self.opened += 1
        yield self._read()
        self.closed += 1

    def _read(self) -> Iterator[bytes]:
        yield PARTS[0]
        if self._breaks:
            self._breaks -= 1
            raise SourceFailed(Unavailable("The storage is busy."))
        yield from PARTS[1:]


@pytest.fixture
def time():
    return PassingTime()


def test_a_body_is_sent_with_its_size_and_not_in_chunks(time):
    body = Body()
    with ScriptedServer() as server:
        a_transport(server.url, time).request("PUT", "/x", content=body)

    (asked,) = server.asked
    assert asked.content == CONTENT
    assert asked.headers["Content-Length"] == str(len(CONTENT))
    assert "Transfer-Encoding" not in asked.headers
    assert (body.opened, body.closed) == (1, 1)


def test_each_attempt_sends_the_body_from_its_beginning(time):
    body = Body()
    with ScriptedServer(Answer(500), Answer(503, headers={"Retry-After": "1"}), Answer()) as server:
        a_transport(server.url, time).request("PUT", "/x", content=body)

    assert [asked.content for asked in server.asked] == [CONTENT] * 3
    assert (body.opened, body.closed) == (3, 3)


def test_a_fragment_that_was_refused_unseen_is_sent_again_whole(time):
    body = Body()
    with ScriptedServer(Answer(429, headers={"Retry-After": "1"}), Answer()) as server:
        a_transport(server.url, time).request_signed(
            "PUT", UPLOAD_URL, server.url, content=body, repeat=Repeat.WHEN_REFUSED
        )

    assert [asked.content for asked in server.asked] == [CONTENT] * 2


def test_a_body_that_cannot_be_read_is_no_failure_of_sharepoint_and_not_repeated(time):
    body = Body(breaks=1)
    with ScriptedServer() as server, pytest.raises(SourceFailed) as failed:
        a_transport(server.url, time).request("PUT", "/x", content=body)

    assert isinstance(failed.value.error, Unavailable)
    assert body.opened == 1
    assert time.slept == []


def test_after_a_body_that_broke_off_the_next_request_is_a_whole_one(time):
    with ScriptedServer() as server:
        transport = a_transport(server.url, time)
        with pytest.raises(SourceFailed):
            transport.request("PUT", "/x", content=Body(breaks=1))
        transport.request("PUT", "/y", content=Body())

    whole = [asked for asked in server.asked if asked.content == CONTENT]
    assert [asked.path for asked in whole] == ["/v1.0/y"]


def test_a_connection_that_breaks_while_a_body_is_sent_is_sharepoints_failure(time):
    """The server hangs up after the first bytes, each time."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            for _ in range(5):
                connection, _ = server.accept()
                connection.recv(10)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(Unavailable):
            a_transport(f"http://127.0.0.1:{server.getsockname()[1]}", time).request("PUT", "/x", content=Body())

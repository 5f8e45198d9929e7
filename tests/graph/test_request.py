"""The transport against real servers: retries, pacing, tokens, and what it must never show."""

import logging
import socket
import threading
import traceback

import pytest
import requests
import urllib3

from shared.errors import (
    AccessDenied,
    NotFound,
    PermanentError,
    Throttled,
    Unavailable,
    UploadSessionGone,
)
from shared.graph.connection import USER_AGENT, Connection, Timeouts, no_answer
from shared.graph.request import UPLOAD_URL, GraphTransport, Repeat, RetryPolicy
from shared.graph.unit_budget import OwnRow, UnitBudget
from shared.model.budget import Limits
from tests.graph.parts import UNCOUNTED, PassingTime, WrittenTokens, a_pacing, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer

SECRET = "tempauth=v1.SECRET"
OK = Answer(200, {"id": "1"})


@pytest.fixture
def time():
    return PassingTime()


def test_a_request_says_who_it_is(time):
    with ScriptedServer(OK) as server:
        a_transport(server.url, time).request("GET", "/drives/{drive}", {"drive": "b!x"})

    asked = server.asked[0]
    assert asked.path == "/v1.0/drives/b!x"
    assert asked.headers["User-Agent"] == USER_AGENT
    assert asked.headers["Authorization"] == "Bearer token-1"
    assert len(asked.headers["client-request-id"]) == 36


def test_each_value_is_encoded_as_one_segment(time):
    with ScriptedServer(OK) as server:
        a_transport(server.url, time).request("GET", "/items/{item}", {"item": "a/b c+d#1%23?'ä"})

    assert server.asked[0].path == "/v1.0/items/a%2Fb%20c%2Bd%231%2523%3F%27%C3%A4"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 509])
def test_a_passing_failure_is_tried_again(time, status):
    with ScriptedServer(Answer(status), OK) as server:
        response = a_transport(server.url, time).request("GET", "/x")

    assert response.json() == {"id": "1"}
    assert len(server.asked) == 2


def test_a_lasting_failure_is_raised_after_the_last_delay(time):
    with ScriptedServer(Answer(500)) as server, pytest.raises(Unavailable):
        a_transport(server.url, time, retry=RetryPolicy(delays_s=(1, 2))).request("GET", "/x")

    assert len(server.asked) == 3
    assert time.slept == [1, 2]


def test_a_permanent_failure_is_raised_at_once(time):
    with ScriptedServer(Answer(404)) as server, pytest.raises(NotFound):
        a_transport(server.url, time).request("GET", "/x")

    assert len(server.asked) == 1


def test_a_short_retry_after_is_waited_for(time):
    with ScriptedServer(Answer(429, headers={"Retry-After": "7"}), OK) as server:
        a_transport(server.url, time).request("GET", "/x")

    assert time.now == 7


def test_a_long_retry_after_is_raised_and_holds_back_every_later_request(time):
    with ScriptedServer(Answer(429, headers={"Retry-After": "300"}), OK) as server:
        transport = a_transport(server.url, time)
        with pytest.raises(Throttled) as first:
            transport.request("GET", "/x")
        time.now = 100
        with pytest.raises(Throttled) as second:
            transport.request_signed("PUT", UPLOAD_URL, f"{server.url}/upload")
        time.now = 300
        transport.request("GET", "/x")

    assert (first.value.delay_s, second.value.delay_s) == (300, 200)
    assert len(server.asked) == 2


def test_a_throttle_without_retry_after_holds_back_for_a_moment(time):
    with ScriptedServer(Answer(429), OK) as server:
        a_transport(server.url, time, retry=RetryPolicy(unspecified_hold_s=10)).request("GET", "/x")

    assert time.now == 10


def test_a_used_up_minute_holds_back_the_next_request(time):
    used_up = Answer(200, headers={"RateLimit-Limit": "1250", "RateLimit-Remaining": "0", "RateLimit-Reset": "9"})
    with ScriptedServer(used_up, OK) as server:
        transport = a_transport(server.url, time)
        transport.request("GET", "/x")
        transport.request("GET", "/x")

    assert time.now == 9


def test_a_request_waits_in_its_thread_until_the_minute_has_room(time):
    pacing = a_pacing(time, Limits(per_minute=4, per_day=0))
    with ScriptedServer(OK) as server:
        transport = a_transport(server.url, time, pacing=pacing)
        for _ in range(3):
            transport.request("PUT", "/x")

    assert len(server.asked) == 3
    assert 60 < time.now < 65


def test_what_is_left_by_others_is_heeded(time):
    scarce = Answer(200, headers={"RateLimit-Limit": "1250", "RateLimit-Remaining": "0", "RateLimit-Reset": "50"})
    with ScriptedServer(scarce, OK) as server:
        transport = a_transport(server.url, time, pacing=a_pacing(time, Limits(1250, 0)))
        transport.request("GET", "/x")
        transport.request("GET", "/x")

    assert time.now == 50


def test_a_used_up_day_is_raised_with_its_delay_and_its_reason(time):
    pacing = a_pacing(time, Limits(per_minute=0, per_day=4))
    with ScriptedServer(OK) as server:
        transport = a_transport(server.url, time, pacing=pacing)
        transport.request("PUT", "/x")
        transport.request("PUT", "/x")
        with pytest.raises(Throttled, match="24 hours") as used_up:
            transport.request("PUT", "/x")
        with pytest.raises(Throttled):
            transport.wait_for_turn()

    assert used_up.value.delay_s > 80_000
    assert time.slept == []


def test_a_turn_takes_nothing(time):
    pacing = a_pacing(time, Limits(per_minute=4, per_day=0))
    with ScriptedServer(OK) as server:
        transport = a_transport(server.url, time, pacing=pacing)
        for _ in range(5):
            transport.wait_for_turn()
        transport.request("PUT", "/x")
        transport.request("PUT", "/x")
        assert time.now == 0
        transport.wait_for_turn()

    assert 60 < time.now < 65


def test_a_hold_is_never_counted_as_waiting_for_a_turn(time):
    with ScriptedServer(Answer(429, headers={"Retry-After": "40"}), OK) as server:
        transport = a_transport(server.url, time)
        with pytest.raises(Throttled):
            transport.request("GET", "/x")
        with pytest.raises(Throttled, match="SharePoint asked") as held:
            transport.wait_for_turn()

    assert held.value.delay_s == 40


def test_no_thread_sends_before_retry_after_has_passed():
    refused = Answer(429, headers={"Retry-After": "1"})
    with ScriptedServer(refused, OK) as server:
        released = threading.Event()
        now = [0.0]

        def sleep(_: float) -> None:
            released.wait(10)
            now[0] = 1.0

        gate = UnitBudget(OwnRow(), UNCOUNTED, lambda: now[0], sleep, lambda: 0.0)
        transport = GraphTransport(server.url, WrittenTokens(), Connection(), gate, sleep=sleep)
        threads = [threading.Thread(target=transport.request, args=("GET", "/x")) for _ in range(16)]
        threads[0].start()
        while not gate.ready(1):
            pass
        for thread in threads[1:]:
            thread.start()
        sent_while_held = len(server.asked)
        released.set()
        for thread in threads:
            thread.join()

    assert sent_while_held == 1
    assert len(server.asked) == 17


def test_an_expired_token_is_renewed_once(time):
    with ScriptedServer(Answer(401), OK) as server:
        a_transport(server.url, time).request("GET", "/x")

    assert [each.headers["Authorization"] for each in server.asked] == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_stays_rejected_is_an_administrators_task(time):
    with ScriptedServer(Answer(401)) as server, pytest.raises(AccessDenied, match="administrator"):
        a_transport(server.url, time).request("GET", "/x")

    assert len(server.asked) == 2


def test_a_pre_authenticated_url_gets_no_token(time):
    with ScriptedServer(OK) as server:
        a_transport(server.url, time).request_signed("GET", UPLOAD_URL, f"{server.url}/up?{SECRET}")

    assert server.asked[0].path == f"/up?{SECRET}"
    assert "Authorization" not in server.asked[0].headers


def test_a_next_link_is_followed_as_it_is(time):
    with ScriptedServer(OK) as server:
        a_transport(server.url, time).follow(f"{server.url}/v1.0/x?$skiptoken=a%2Bb", "/x")

    assert server.asked[0].path == "/v1.0/x?$skiptoken=a%2Bb"
    assert server.asked[0].headers["Authorization"] == "Bearer token-1"


def test_the_token_does_not_follow_a_link_to_another_host(time):
    with ScriptedServer(OK) as server, ScriptedServer(OK) as other, pytest.raises(PermanentError):
        a_transport(server.url, time).follow(f"{other.url}/v1.0/x", "/x")

    assert other.asked == []


@pytest.mark.parametrize(
    ("status", "headers", "requests"), [(500, {}, 1), (503, {}, 1), (503, {"Retry-After": "1"}, 2)]
)
def test_a_fragment_is_repeated_only_when_it_was_refused_unseen(time, status, headers, requests):
    with ScriptedServer(Answer(status, headers=headers)) as server, pytest.raises((Unavailable, Throttled)):
        a_transport(server.url, time, retry=RetryPolicy(delays_s=(1,))).request_signed(
            "PUT", UPLOAD_URL, server.url, content=b"x", repeat=Repeat.WHEN_REFUSED
        )

    assert len(server.asked) == requests


def test_settings_of_the_environment_do_not_reach_requests(time, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with ScriptedServer(OK) as server:
        a_transport(server.url, time).request("GET", "/x")

    assert server.asked[0].headers["Authorization"] == "Bearer token-1"


def test_cookies_are_not_kept(time):
    with ScriptedServer(Answer(200, headers={"Set-Cookie": "a=b"}), OK) as server:
        transport = a_transport(server.url, time)
        transport.request("GET", "/x")
        transport.request("GET", "/x")

    assert "Cookie" not in server.asked[1].headers


# What must never be shown


def test_an_attempt_is_logged_as_a_route_with_its_outcome(time, caplog):
    caplog.set_level(logging.DEBUG)
    with ScriptedServer(Answer(200, headers={"request-id": "r-1"})) as server:
        a_transport(server.url, time).request("GET", "/drives/{drive}/items/{item}", {"drive": "d", "item": "i"})

    line = next(each for each in caplog.records if each.name == "shared.graph.connection")
    assert line.getMessage() == "graph request"
    assert (line.method, line.route, line.status, line.request_id) == (
        "GET",
        "/drives/{drive}/items/{item}",
        "200",
        "r-1",
    )
    assert line.duration_ms >= 0


def test_neither_signed_urls_nor_tokens_are_logged(time, caplog):
    caplog.set_level(logging.DEBUG)
    body = {"error": {"code": "itemNotFound", "message": f"http://x/up?{SECRET} was not found"}}
    with ScriptedServer(Answer(500, body), Answer(404, body)) as server:
        transport = a_transport(server.url, time, WrittenTokens(["BEARER-SECRET"]))
        with pytest.raises(UploadSessionGone) as gone:
            transport.request_signed("GET", UPLOAD_URL, f"{server.url}/up?{SECRET}")
        with pytest.raises(NotFound):
            transport.request("GET", "/x")

    assert caplog.records
    shown = caplog.text + "".join(str(vars(each)) for each in caplog.records) + str(gone.value)
    assert "SECRET" not in shown


def test_a_broken_connection_does_not_show_a_signed_url(time):
    url = f"{_refused_port()}/up?{SECRET}"
    transport = a_transport("http://127.0.0.1:1", time, retry=RetryPolicy(delays_s=()))
    with pytest.raises(Unavailable) as broken:
        transport.request_signed("GET", UPLOAD_URL, url)

    assert "SECRET" not in "".join(traceback.format_exception(broken.value))


# Foreign exceptions


def _exceptions(module) -> list[type[Exception]]:
    found = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Exception)]
    return [each for each in found if not issubclass(each, Warning)]


@pytest.mark.parametrize("kind", _exceptions(requests.exceptions) + _exceptions(urllib3.exceptions), ids=repr)
def test_every_exception_of_requests_and_urllib3_has_a_meaning(kind):
    error = no_answer(kind.__new__(kind))

    assert isinstance(error, (Unavailable, PermanentError))
    assert kind.__name__ in str(error)


def _refused_port() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


@pytest.fixture
def mute_server():
    """Takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def babbling_server():
    """Answers with something that is not HTTP."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        stop = threading.Event()

        def babble() -> None:
            while not stop.is_set():
                with listening.accept()[0] as taken:
                    taken.recv(65536)
                    taken.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=babble, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield url
        stop.set()
        socket.create_connection(listening.getsockname()).close()
        thread.join(5)


def _send(url: str, **options: object) -> None:
    timeouts = Timeouts(connect_s=0.2, answer_s=0.2)
    time = PassingTime()
    transport = GraphTransport(
        url,
        WrittenTokens(),
        Connection(timeouts=timeouts),
        a_pacing(time),
        sleep=time.sleep,
        retry=RetryPolicy(delays_s=(1,)),
    )
    transport.request("GET", "/x", **options)


def test_a_refused_connection_is_unavailable():
    with pytest.raises(Unavailable, match="connection"):
        _send(_refused_port())


def test_silence_is_unavailable(mute_server):
    with pytest.raises(Unavailable, match="in time"):
        _send(mute_server)


def test_an_answer_that_is_not_http_is_unavailable(babbling_server):
    with pytest.raises(Unavailable):
        _send(babbling_server)


def test_an_answer_that_breaks_off_is_unavailable():
    with ScriptedServer(Answer(200, b"x" * 1000, break_off=True)) as server, pytest.raises(Unavailable):
        _send(server.url)
    assert len(server.asked) == 2


def test_an_answer_that_breaks_off_is_asked_for_again():
    with ScriptedServer(Answer(200, b"x" * 1000, break_off=True), OK) as server:
        _send(server.url)


def test_a_host_without_tls_is_unavailable():
    with ScriptedServer(OK) as server, pytest.raises(Unavailable):
        _send(server.url.replace("http:", "https:"))


@pytest.mark.parametrize("url", ["", "ftp://x/y", "http://", "http://[::1/x", "nonsense"])
def test_an_address_that_can_not_be_called_is_permanent(time, url):
    transport = a_transport("http://127.0.0.1:1", time)
    with pytest.raises(PermanentError):
        transport.request_signed("GET", UPLOAD_URL, url)

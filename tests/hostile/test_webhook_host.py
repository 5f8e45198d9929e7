"""The same address of the deployed function: what is echoed, what is refused, and what the log keeps to itself."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.conftest import Api
from tests.hostile.texts import nested, odd_values
from tests.hostile.wire import send
from tools.functions_host.running import LocalHost

PATH = "sharepoint/notifications"
BOUNDED = settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    "token",
    [
        "Validation: Testing client application reachability for subscription Request-Id: 522a8e7e",
        "<script>alert(document.domain)</script>",
        "</plaintext><img src=x onerror=alert(1)>",
        "a\r\nSet-Cookie: x=1",
        "é 😀 \u202e",
        "\x00",
        "t" * 4096,
    ],
)
def test_a_validation_token_comes_back_as_text_that_no_browser_runs(api: Api, token: str):
    answer = api.call("POST", PATH, params={"validationToken": token})

    assert (answer.status_code, answer.content) == (200, token.encode())
    assert answer.headers["Content-Type"].partition(";")[0] == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("validationToken=" + "t" * 4097, 400),
        ("validationToken=", 400),
        ("validationToken", 400),
        ("validationToken=a&validationToken=b", 200),
        ("validationToken=%ff%fe", 200),
        ("validationToken=%ed%a0%80", 200),
        ("validationtoken=a", 400),
        ("&&&=&;", 400),
    ],
)
def test_an_odd_query_is_echoed_or_refused(api: Api, query: str, status: int):
    answer = send(api.url, "POST", f"{PATH}?{query}")

    assert answer.status == status
    if status == 400:
        assert answer.problem["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (nested(100_000), 400),
        (b'{"value": ' + nested(100_000) + b"}", 400),
        (b" " * 256 * 1024 + b" ", 413),
        (b'{"value": [' + b"{}," * 20_000 + b"{}]}", 400),
        (b'{"value": [{"subscriptionId": "x", "clientState": "\\ud800"}]}', 202),
        (b'{"value": []}', 202),
    ],
    ids=["none", "broken", "deep", "deep value", "too large", "20,001 entries", "half a pair", "empty"],
)
def test_a_hostile_body_has_a_clear_answer(api: Api, body: bytes, status: int):
    answer = send(api.url, "POST", PATH, body)

    assert answer.status == status
    if status >= 400:
        assert answer.problem["title"]
    else:
        assert answer.content == b""


@given(body=st.binary(max_size=200) | odd_values.map(lambda value: json.dumps({"value": value}).encode()))
@BOUNDED
def test_no_body_is_a_failure_of_ours(api: Api, body: bytes):
    assert send(api.url, "POST", PATH, body).status in {202, 400}


def test_what_strangers_send_is_not_logged(api: Api, host: LocalHost):
    entry = {"subscriptionId": "a-stranger", "clientState": "a-strangers-guess"}

    answer = api.call("POST", PATH, json={"value": [entry]})

    assert answer.status_code == 202
    assert api.call("POST", PATH, data=b'{"value": "a-strangers-guess"}').status_code == 400
    assert "a-strangers-guess" not in host.log_text()

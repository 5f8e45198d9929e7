"""Requests to a running host: addresses, keys, and what callers see of failures."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.functions_host.conftest import APPS, wait_until
from tools.functions_host.running import LocalHost


@pytest.fixture(scope="module")
def host() -> Iterator[LocalHost]:
    with LocalHost(APPS / "http", {"AzureFunctionsJobHost__extensions__http__routePrefix": "v1"}) as running:
        yield running


def _get(host: LocalHost, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(host.url).netloc, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_route_prefix_of_host_json_is_honoured(host: LocalHost) -> None:
    assert _get(host, "/v1/items/a") == (200, "a")
    assert _get(host, "/api/items/a") == (404, "")


def test_encoded_slash_in_a_parameter_stays_encoded(host: LocalHost) -> None:
    assert _get(host, "/v1/items/a%2Fb") == (200, "a%2Fb")


def test_wrong_method_is_not_found(host: LocalHost) -> None:
    assert requests.delete(f"{host.url}/v1/items/a", timeout=20).status_code == 404
    assert requests.head(f"{host.url}/v1/items/a", timeout=20).status_code == 404


def test_query_drops_empty_values_and_joins_repeated_ones(host: LocalHost) -> None:
    answer = json.loads(_get(host, "/v1/echo/a/b?x=1&x=2&empty=&y=%20")[1])

    assert answer["query"] == {"x": "1,2", "y": " "}
    assert answer["route"] == {"rest": "a/b"}


def test_header_names_are_lower_case(host: LocalHost) -> None:
    assert json.loads(_get(host, "/v1/echo", **{"X-Some-Name": "V"})[1])["headers"]["x-some-name"] == "V"


def test_large_body_arrives_whole(host: LocalHost) -> None:
    answer = requests.post(f"{host.url}/v1/echo", data=b"x" * 5_000_000, timeout=20)
    assert answer.json()["length"] == 5_000_000


@pytest.mark.parametrize(
    ("path", "key"), [("with-key", "function_key"), ("with-key", "master_key"), ("with-master-key", "master_key")]
)
def test_key_opens_by_header_and_by_query(host: LocalHost, path: str, key: str) -> None:
    value = getattr(host, key)
    assert _get(host, f"/v1/{path}", **{"x-functions-key": value}) == (200, "opened")
    assert _get(host, f"/v1/{path}?code={value}") == (200, "opened")


def test_no_key_a_wrong_key_or_a_lesser_key_is_an_empty_401(host: LocalHost) -> None:
    assert _get(host, "/v1/with-key") == (401, "")
    assert _get(host, "/v1/with-key?code=wrong") == (401, "")
    assert _get(host, f"/v1/with-master-key?code={host.function_key}") == (401, "")


def test_key_in_the_header_wins_over_the_query(host: LocalHost) -> None:
    assert _get(host, f"/v1/with-key?code={host.function_key}", **{"x-functions-key": "wrong"}) == (401, "")


def test_exception_and_missing_answer_are_an_empty_500(host: LocalHost) -> None:
    assert _get(host, "/v1/raises") == (500, "")
    assert _get(host, "/v1/nothing") == (500, "")
    assert "ValueError: a private reason" in host.log_text()


def test_answer_without_content_has_none(host: LocalHost) -> None:
    assert _get(host, "/v1/no-content") == (204, "")


def test_status_is_open_and_the_function_list_needs_the_master_key(host: LocalHost) -> None:
    assert json.loads(_get(host, "/admin/host/status")[1])["state"] == "Running"
    assert _get(host, "/admin/functions")[0] == 401
    listed = json.loads(_get(host, "/admin/functions", **{"x-functions-key": host.master_key})[1])
    assert {"name": "echo", "trigger": "http"} in listed


def test_process_that_user_code_ends_costs_one_call_and_is_replaced() -> None:
    with LocalHost(APPS / "http") as host:
        (before,) = host.worker_pids()
        assert _get(host, "/api/die") == (500, "")
        assert _get(host, "/api/items/a") == (200, "a")
        assert wait_until(lambda: host.worker_pids() not in ([], [before]))


def test_call_beyond_the_function_timeout_fails_and_its_worker_is_replaced() -> None:
    with LocalHost(APPS / "http", {"AzureFunctionsJobHost__functionTimeout": "00:00:01"}) as host:
        assert _get(host, "/api/sleep?seconds=60") == (500, "")
        assert _get(host, "/api/items/a") == (200, "a")

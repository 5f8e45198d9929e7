"""What Microsoft's worker library hands to user code, one test for each trigger kind.

The library's entry points are internal to it: these tests are to fail when an upgrade changes them.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version

import pytest
import requests

from tests.functions_host.conftest import World, of, seen, wait_until
from tools.functions_host.running import LocalHost


@pytest.fixture(scope="module")
def host(module_world: World) -> Iterator[LocalHost]:
    with module_world.host("contract", SCHEDULE="* * * * * *") as running:
        yield running


def test_the_worker_library_is_the_version_that_was_examined() -> None:
    assert version("azure-functions-runtime") == "1.3.0"


def test_http_function_receives_the_request_and_answers_with_status_type_and_cookies(host: LocalHost) -> None:
    headers = {"x-functions-key": host.function_key, "X-Some": "value"}
    answer = requests.post(f"{host.url}/api/contract/a?q=1", data="body", headers=headers, timeout=20)

    expected = {"method": "POST", "url": f"{host.url}/api/contract/a?q=1", "place": "a", "query": {"q": "1"}}
    expected |= {"header": "value", "body": "body", "function": "http"}
    assert answer.json() == expected
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    cookies = answer.raw.headers.getlist("set-cookie")
    assert len(cookies) == 2
    assert {"one=1", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookies[0].split("; "))
    assert "21 Oct 2037 07:28:00 GMT" in cookies[0]
    assert cookies[1] == "two=2"


def test_async_function_runs_and_its_log_lines_carry_its_name(host: LocalHost) -> None:
    assert requests.get(f"{host.url}/api/async", timeout=20).text == "async"
    assert wait_until(lambda: "[asynchronous] from an async function" in host.log_text())


def test_queue_function_receives_message_and_metadata_and_writes_json_arrays_as_messages(
    host: LocalHost, module_world: World
) -> None:
    module_world.send('{"a": 1}')

    call = wait_until(lambda: of(seen(host), "queue"))[0]
    assert (call["body"], call["dequeue_count"]) == ('{"a": 1}', 1)
    assert call["id"]
    assert call["pop_receipt"]
    assert call["inserted"].startswith("20")
    assert wait_until(lambda: len(module_world.peek(f"{module_world.name}-out")) == 2)
    first, second = module_world.peek(f"{module_world.name}-out")
    assert (json.loads(first), second) == ({"first": 1}, "second")
    assert "[queue] from a sync function" in host.log_text()
    assert wait_until(lambda: "function=queue trigger=queue duration_ms=" in host.log_text())


def test_blob_function_with_an_sdk_type_receives_a_client_of_the_blob(host: LocalHost, module_world: World) -> None:
    module_world.upload("sdk/a/b.txt", "content")

    calls = wait_until(lambda: of(seen(host), "blob_sdk"))
    assert calls == [{"function": "blob_sdk", "name": "sdk/a/b.txt", "content": "content"}]


def test_blob_function_with_binary_data_receives_the_bytes_and_writes_a_blob(
    host: LocalHost, module_world: World
) -> None:
    module_world.upload("binary/b.bin", b"\xff\x00")

    call = wait_until(lambda: of(seen(host), "blob_binary"))[0]
    assert (call["name"], call["length"], call["hex"]) == (f"{module_world.name}/binary/b.bin", 2, "ff00")
    assert call["uri"].endswith(f"/{module_world.name}/binary/b.bin")
    copy = module_world.blobs.get_blob_client(module_world.name, "copies/b.bin")
    assert wait_until(copy.exists)
    assert copy.download_blob().readall() == b"\xff\x00"


def test_blob_function_without_data_type_receives_text_so_bytes_are_harmed_as_on_the_platform(
    host: LocalHost, module_world: World
) -> None:
    module_world.upload("text/b.bin", b"\xff\x00", metadata={"tag": "x"})

    call = wait_until(lambda: of(seen(host), "blob_text"))[0]
    assert call["hex"] == "efbfbd00"
    assert call["metadata"] == {"tag": "x"}


def test_timer_function_receives_its_schedule_and_status(host: LocalHost) -> None:
    call = wait_until(lambda: of(seen(host), "timer"))[0]

    assert call["past_due"] is False
    assert call["schedule"] == {"AdjustForDST": True}
    assert {"Last", "Next", "LastUpdated"} == set(call["status"])

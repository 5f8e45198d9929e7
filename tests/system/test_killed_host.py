"""The real host is killed with SIGKILL in the middle of a request to SharePoint and started again."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import moments_storage
from tests.functions.conftest import Api, host_settings
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.world import put_blob
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

ROOT = Path(__file__).parents[2]
FRAGMENT_BYTES = 327_680
SMALL, LARGE = b"hello", bytes(range(256)) * 4000
OPTIONS = ["--lease-s", "2", "--poll-interval-ms", "200", "--queue-poll-ms", "200"]


@pytest.fixture(scope="module")
def storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture
def local() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


@pytest.fixture
def host(storage: Azurite, local: LocalSharePoint) -> Iterator[LocalHost]:
    changes = {
        "SMALL_FILE_MAX_BYTES": "100000",
        "FRAGMENT_BYTES": str(FRAGMENT_BYTES),
        "TRANSFER_CLAIM_S": "2",
    }
    with LocalHost(app=ROOT, settings=host_settings(storage, local, **changes), options=OPTIONS) as running:
        yield running


@pytest.mark.parametrize(
    ("method", "route", "content"),
    [
        pytest.param("POST", "/lists$", SMALL, id="making the library"),
        pytest.param("POST", "/addCopy$", SMALL, id="adding the content type"),
        pytest.param("POST", "/children$", SMALL, id="making a folder"),
        pytest.param("PUT", "/content$", SMALL, id="putting a small file"),
        pytest.param("PUT", "uploadSession", LARGE, id="sending a fragment"),
        pytest.param("PATCH", "/fields$", SMALL, id="setting the columns"),
    ],
)
def test_a_file_is_finished_once_after_the_host_was_killed(
    host: LocalHost, local: LocalSharePoint, method: str, route: str, content: bytes
):
    api = Api(host.url)
    customer = api.customer(storage="sharepoint")
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web"})
    local.fault({"match": {"method": method, "route": route}, "times": 1, "then": {"delay_s": 5}})
    announced = announce(api, customer, name="data.bin", project="p1", tags=["a"])
    put_blob(announced["upload"]["url"], content)
    wait_for(lambda: not pending_faults(local), "the request")

    host.kill()
    time.sleep(0.1)
    host.start()

    api = Api(host.url)
    moved = wait_for(lambda: in_state(api, customer, announced["id"], "in-sharepoint"), "the move")
    assert moved["name"] == "data.bin"
    assert not wait_for(lambda: released(api, customer, announced["id"]), "the release")["inMomentCloud"]
    names = [each["name"] for each in api.call("GET", f"customers/{customer}/files").json()["items"]]
    assert names == ["data.bin"]
    sent = sum(call["bytes_in"] for call in local.requests() if "uploadSession" in call["route"])
    assert sent <= len(content) + FRAGMENT_BYTES


def pending_faults(local: LocalSharePoint) -> list:
    return requests.get(f"{local.url}/_local/faults", timeout=30).json()["faults"]


def released(api: Api, customer: str, file_id: str) -> dict | None:
    document = api.call("GET", f"customers/{customer}/files/{file_id}").json()
    return None if document["inMomentCloud"] else document

"""A file, a library and an edit that fail five times for a reason that nobody foresaw, and what brings them through.

The failures are rows of Table Storage that lack what every version of the app writes; host, queues and app are real.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shared.store.tables import DIRECTORY_TABLE, FILES_TABLE
from tests.conftest import moments_storage
from tests.damage import lacking
from tests.functions.conftest import Api, host_settings
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.system.test_round_trip import ROOT, Person, children, followed, free_port, where
from tests.world import put_blob
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture(scope="module")
def storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture(scope="module")
def local() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


@pytest.fixture
def host(storage: Azurite, local: LocalSharePoint) -> Iterator[LocalHost]:
    """Tries follow each other at once; half a minute lies between them in host.json."""
    port = free_port()
    settings = host_settings(
        storage,
        local,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        AzureFunctionsJobHost__extensions__queues__visibilityTimeout="00:00:00",
    )
    options = ["--poll-interval-ms", "200", "--queue-poll-ms", "200"]
    with LocalHost(app=ROOT, settings=settings, port=port, options=options) as running:
        yield running


def a_moved_file(api: Api, name: str) -> tuple[str, str]:
    """A customer that is followed, and its one file."""
    customer = api.customer(storage="sharepoint")
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web"})
    announced = announce(api, customer, name=name, project="p1")
    put_blob(announced["upload"]["url"], b"content")
    wait_for(lambda: in_state(api, customer, announced["id"], "in-sharepoint"), "the move")
    wait_for(lambda: followed(api, customer), "the subscription")
    return customer, announced["id"]


def library_says(api: Api, customer: str) -> str:
    return api.call("GET", f"customers/{customer}/library").json()["reason"]


def put_all_back(api: Api) -> str:
    command = [sys.executable, "-m", "tools.admin", "put-back", "--all", f"--url={api.url}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_what_failed_five_times_is_shown_and_comes_through_once_it_is_put_back(
    host: LocalHost, storage: Azurite, local: LocalSharePoint
):
    api, person = Api(host.url), Person(local)
    pulled, pulled_file = a_moved_file(api, "pulled.txt")
    pushed, pushed_file = a_moved_file(api, "pushed.txt")
    moving = api.customer(storage="sharepoint")
    announced = announce(api, moving, name="moving.txt")
    pulled_drive, pulled_item, _ = where(person, pulled, "Web", "pulled.txt")
    pushed_drive, _, pushed_folder = where(person, pushed, "Web", "pushed.txt")

    with ExitStack() as causes:
        for table, partition, key, member in (
            (FILES_TABLE, pulled, f"file~{pulled_file}", "state"),
            (DIRECTORY_TABLE, "customers", f"customer~{pushed}", "storage"),
            (DIRECTORY_TABLE, "customers", f"customer~{moving}", "storage"),
        ):
            causes.enter_context(lacking(storage.connection_string, table, partition, key, member))
        person.does("PATCH", f"/drives/{pulled_drive}/items/{pulled_item}", json={"name": "pulled B.txt"})
        edit = api.call("PATCH", f"customers/{pushed}/files/{pushed_file}", json={"name": "pushed B.txt"})
        assert edit.status_code == 200, edit.text
        put_blob(announced["upload"]["url"], b"content")

        concerned = [
            f"file 'moving.txt' ({announced['id']}) of customer {moving}",
            f"file 'pushed B.txt' ({pushed_file}) of customer {pushed}",
            f"the library of customer {pulled}",
        ]
        entries = wait_for(lambda: entries_of(api, concerned), "that all three are given up")

        reasons = [each["reason"] for each in entries]
        assert all("failed several times" in reason for reason in reasons)
        blocked = api.call("GET", f"customers/{moving}/files/{announced['id']}").json()
        waiting = api.call("GET", f"customers/{pushed}/files/{pushed_file}").json()
        assert (blocked["state"], waiting["state"]) == ("blocked", "in-sharepoint")
        assert [blocked["reason"], waiting["reason"], library_says(api, pulled)] == reasons
        for function in ("edit_to_push", "library_to_pull"):
            assert f"{function} gave up a message after 5 tries" in host.log_text()
        failed = [line for line in host.log_text().splitlines() if line.endswith("outcome=failed")]
        assert sum("function=file_arrived" in line for line in failed) == 5

    told = put_all_back(api)

    assert "3/3  put back: " in told
    wait_for(lambda: in_state(api, moving, announced["id"], "in-sharepoint"), "the move")
    wait_for(lambda: children(person, pushed_drive, pushed_folder) == ["pushed B.txt"], "the rename to SharePoint")
    path = f"customers/{pulled}/files/{pulled_file}"
    wait_for(lambda: api.call("GET", path).json()["name"] == "pulled B.txt", "the rename from SharePoint")
    wait_for(lambda: library_says(api, pulled) == "", "that the library is followed again")
    wait_for(lambda: api.call("GET", f"customers/{pushed}/files/{pushed_file}").json()["reason"] == "", "the reason")
    assert api.call("GET", "given-up").json() == {"items": []}


def entries_of(api: Api, concerned: list[str]) -> list[dict]:
    """What was given up, once it is exactly this, which is so named after it was marked."""
    items = sorted(api.call("GET", "given-up").json()["items"], key=lambda each: each["concerns"])
    return items if [each["concerns"] for each in items] == concerned else []

"""`python -m tools.admin put-back` as a person runs it, against the app on a real host."""

import json
import socket
import subprocess
import uuid
from collections.abc import Iterator

import pytest

from shared.settings import PUSHES_QUEUE
from tests.admin.running import run_admin
from tests.functions.conftest import Api
from tests.functions.test_given_up_api import entry_of, given_up, poison
from tools.functions_host.azurite import Azurite


def admin(*arguments: str, token: str = "") -> subprocess.CompletedProcess[str]:
    return run_admin("put-back", *arguments, token=token)


@pytest.fixture
def entry(api: Api, host_storage: Azurite) -> Iterator[dict]:
    customer = f"c{uuid.uuid4().hex}"
    poison(host_storage, PUSHES_QUEUE, json.dumps({"key": f"{customer}/f1"}).encode())
    found = given_up(api, customer)
    yield found
    api.call("DELETE", f"given-up/{found['id']}")


def test_the_list_says_what_it_is_and_why_and_changes_nothing(api: Api, entry: dict):
    shown = admin("--list", f"--url={api.url}", "--token=some")

    assert shown.returncode == 0, shown.stderr
    for part in (entry["id"], entry["concerns"], entry["reason"], "once", "--all"):
        assert part in shown.stdout
    listed = admin("--list", "--json", f"--url={api.url}/", "--token=some")
    assert entry in json.loads(listed.stdout)["items"]


@pytest.mark.parametrize("how", ["--all", "by id"])
def test_what_is_put_back_is_named_and_gone_from_the_list(api: Api, entry: dict, how: str):
    done = admin(entry["id"] if how == "by id" else how, f"--url={api.url}")

    assert done.returncode == 0, done.stderr
    assert f"put back: {entry['concerns']}" in done.stdout
    assert entry_of(api, entry["message"]) is None


def test_json_is_the_outcome_and_progress_goes_elsewhere(api: Api, entry: dict):
    done = admin(entry["id"], "abc", "--json", f"--url={api.url}", "--token=some")

    outcome = json.loads(done.stdout)
    assert [each["id"] for each in outcome["putBack"]] == [entry["id"]]
    assert [each["id"] for each in outcome["failed"]] == ["abc"]
    assert done.returncode == 1
    assert "1/2" in done.stderr


def test_an_unknown_id_is_said_so_with_exit_code_1(api: Api):
    done = admin("abc", "a/b?c", f"--url={api.url}", "--token=some")

    assert done.returncode == 1
    assert "Nothing that was given up has the id 'abc'" in done.stdout
    assert "a%2Fb%3Fc" in done.stdout


def test_another_address_ends_with_what_to_do(api: Api):
    wrong_place = admin("--all", f"--url={api.url}/elsewhere", "--token=some")

    assert wrong_place.returncode == 3
    assert "Is this its address?" in wrong_place.stderr


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "127.0.0.1:{port}", "no address"])
def test_an_app_that_cannot_be_reached_ends_with_what_to_do(url: str):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        done = admin("--all", f"--url={url.format(port=nobody.getsockname()[1])}")

    assert done.returncode == 3
    assert "make run" in done.stderr
    assert "azurewebsites.net" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--list", "--all"], ["--all", "abc"], ["--nonsense"]])
def test_wrong_arguments_end_with_exit_code_2(arguments: list[str]):
    assert admin(*arguments).returncode == 2

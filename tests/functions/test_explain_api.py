"""A file's explanation through the API, and as a command."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.functions.conftest import Api
from tests.world import put_blob

ROOT = Path(__file__).parents[2]


@pytest.fixture
def moved(api: Api) -> str:
    """The address of a file that is in SharePoint."""
    customer = api.customer(storage="sharepoint")
    announced = api.call("POST", f"customers/{customer}/files", json={"name": "note.txt", "tags": ["a"]}).json()
    put_blob(announced["upload"]["url"], b"hello")
    file = f"customers/{customer}/files/{announced['id']}"
    for _ in range(600):
        if api.call("GET", file).json()["state"] == "in-sharepoint":
            return file
        time.sleep(0.1)
    raise AssertionError("the file never moved")


def admin(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.admin", "explain", *arguments]
    environ = {name: value for name, value in os.environ.items() if name != "MOMENT_TOKEN"}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)


def test_a_file_is_explained(api: Api, moved: str):
    said = api.call("GET", f"{moved}/explain").json()

    assert said["why"][0].startswith("It belongs to customer ")
    assert said["why"][-1].startswith("Next: ")
    assert said["proof"]["proof"] == "identical"
    assert said["proof"]["sent"]["quickXorHash"] == said["proof"]["stored"]["quickXorHash"]
    assert len(said["proof"]["sent"]["sha256"]) == 64
    assert said["item"]["item"]
    steps = {step["event"].partition(" ")[0]: step for step in said["steps"]}
    assert len(steps["In"]["requestId"].split(", ")) == 2
    assert "uploadSession" not in json.dumps(said)
    assert "sig=" not in json.dumps(said)


def test_a_file_that_is_not_there_is_a_404(api: Api):
    assert api.call("GET", f"customers/{api.customer()}/files/f1/explain").status_code == 404


def test_the_command_says_it_in_sentences_and_as_json(api: Api, moved: str):
    _, customer, _, file = moved.split("/")

    shown, listed = admin(customer, file, f"--url={api.url}"), admin(customer, file, "--json", f"--url={api.url}")

    assert shown.returncode == listed.returncode == 0, shown.stderr + listed.stderr
    assert "SharePoint's copy was proven: identical." in shown.stdout
    assert "Graph's request-id:" in shown.stdout
    assert json.loads(listed.stdout)["id"] == file


def test_the_command_says_what_is_not_there(api: Api):
    done = admin(api.customer(), "f1", f"--url={api.url}")

    assert done.returncode == 1
    assert "has no file 'f1'" in done.stderr

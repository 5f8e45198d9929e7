"""`python -m tools.doctor` as a person runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from shared.store.tables import TABLES
from tests.doctor.conftest import Patient
from tests.doctor.hosted import Hosted, hosted_app
from tests.functions.test_files_api import wait_for

ROOT = Path(__file__).parents[2]


def doctor(
    *arguments: str, environ: dict[str, str] | None = None, folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Where no environ is given only what a shell has."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tools.doctor", *arguments]
    return subprocess.run(
        command, cwd=folder, env=bare | (environ or {}), capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture(scope="module")
def hosted() -> Iterator[Hosted]:
    with hosted_app() as running:
        yield running


def test_an_app_that_is_well_passes_every_check_and_exits_with_0(hosted: Hosted):
    done = doctor("--url", hosted.url)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "16 passed, 0 failed, 0 unknown." in done.stdout
    assert "\x1b" not in done.stdout


def test_one_failure_is_exit_code_1_and_its_advice_is_below_it(hosted: Hosted):
    hosted.clients.pushes.delete_queue()
    try:
        done = doctor("--url", hosted.url, "--only", "queues")
    finally:
        hosted.clients.pushes.create_queue()

    assert done.returncode == 1
    shown = done.stdout.splitlines()
    line = next(number for number, each in enumerate(shown) if each.startswith("FAIL     Queues"))
    assert any("→ python -m tools.doctor --make-storage" in each for each in shown[line:])


def test_json_is_the_outcome_and_nothing_else(hosted: Hosted):
    done = doctor("--url", hosted.url, "--json", "--only", "tables")

    document = json.loads(done.stdout)
    assert document["ok"] is True
    assert [each["check"] for each in document["checks"]] == ["settings", "tables"]


def test_an_app_that_can_not_be_reached_is_exit_code_3():
    done = doctor("--url", "http://127.0.0.1:1")

    assert done.returncode == 3
    assert "make run" in done.stderr


def test_an_app_without_its_container_is_not_ready_and_says_no_detail_to_strangers(hosted: Hosted):
    hosted.clients.container.delete_container()
    try:
        headers, text = wait_for(lambda: not_ready(hosted), "the end of what was remembered")
    finally:
        hosted.clients.container.create_container()

    assert "Retry-After" in headers
    assert "container" not in text.lower()
    assert wait_for(lambda: hosted.api.call("GET", "health").ok, "that it is ready again")


def not_ready(hosted: Hosted) -> tuple[Mapping[str, str], str] | None:
    answer = hosted.api.call("GET", "health")
    return (answer.headers, answer.text) if answer.status_code == 503 else None


def test_an_app_whose_settings_are_wrong_is_not_ready_and_looked_at_through_az(tmp_path: Path):
    with hosted_app(SHAREPOINT_SITES="") as app:
        health, done = app.api.call("GET", "health"), doctor("--url", app.url)
    assert (health.status_code, "SHAREPOINT" in health.text) == (503, False)
    assert (done.returncode, "tools.doctor --app NAME" in done.stderr) == (3, True)

    settings = json.dumps([{"name": "GRAPH_TENANT_ID", "value": "t", "slotSetting": False}])
    az = tmp_path / "az"
    az.write_text(f"#!/bin/sh\necho \"$@\" >&2\ncat <<'END'\n{settings}\nEND\n", encoding="utf-8")
    az.chmod(0o755)
    done = doctor("--app", "app-1", "--group", "rg", environ={"PATH": f"{tmp_path}:{os.environ['PATH']}"})

    assert done.returncode == 1
    assert "GRAPH_CLIENT_ID is missing" in " ".join(done.stdout.split())
    assert (
        "az functionapp config appsettings set --name app-1 --resource-group rg --settings SHAREPOINT_SITES=VALUE"
        in (done.stdout)
    )
    assert "Sites" not in done.stdout.replace("SHAREPOINT_SITES", "")


def test_without_az_it_says_where_to_get_it(tmp_path: Path):
    done = doctor("--app", "app-1", environ={"PATH": str(tmp_path)})

    assert (done.returncode, "install-azure-cli" in done.stderr) == (3, True)


def test_the_file_of_settings_is_used_and_missing_storage_made(patient: Patient, tmp_path: Path):
    for name in TABLES:
        patient.clients.tables.delete_table(name)
    patient.clients.container.delete_container()
    file = tmp_path / "local.settings.json"
    file.write_text(json.dumps({"Values": patient.environ}), encoding="utf-8")

    before = doctor(folder=tmp_path)
    after = doctor("--settings", str(file), "--make-storage")

    assert before.returncode == 1
    assert f"{len(TABLES)} of {len(TABLES)}" in before.stdout
    assert after.returncode == 0, after.stdout
    assert "14 passed, 0 failed, 2 unknown." in after.stdout


def test_the_environment_wins_over_the_file(patient: Patient, tmp_path: Path):
    (tmp_path / "local.settings.json").write_text(json.dumps({"Values": patient.environ}), encoding="utf-8")

    done = doctor("--only", "settings", environ={"FRAGMENT_BYTES": "17"}, folder=tmp_path)

    assert (done.returncode, "FRAGMENT_BYTES must be" in done.stdout) == (1, True)


@pytest.mark.parametrize("content", ["nonsense", "{}", "[1]"])
def test_a_file_that_holds_no_settings_is_exit_code_3(tmp_path: Path, content: str):
    file = tmp_path / "settings.json"
    file.write_text(content, encoding="utf-8")

    done = doctor("--settings", str(file))

    assert (done.returncode, "local.settings.json.example" in done.stderr) == (3, True)


def test_a_wrong_argument_is_exit_code_2():
    assert doctor("--only", "nonsense").returncode == 2

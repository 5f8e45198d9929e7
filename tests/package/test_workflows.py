"""What GitHub runs: the commands that a person runs, with no secret and no right that it does not need."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml

from tests.package.workflows import WORKFLOWS, commands, jobs, parsed, steps, workflow
from tools.package.contents import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
DEPLOY = (ROOT / "docs/deploy.md").read_text("utf-8")
JOBS = jobs()
PUBLISHERS = {"actions", "azure"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_holds_no_secret(path: Path):
    assert parsed(path)["permissions"] == {"contents": "read"}
    text = path.read_text("utf-8")
    assert not re.search(r"secrets\s*[.\[:]|pull_request_target|AZURE_CREDENTIALS|client-secret", text)


@pytest.mark.parametrize(("name", "job"), JOBS, ids=[name for name, _ in JOBS])
def test_only_jobs_that_sign_in_get_an_identity_and_those_run_in_an_environment(name: str, job: dict):
    signs_in = any(
        "azd auth login" in step.get("run", "") or step.get("uses", "").lower().startswith("azure/login@")
        for step in job.get("steps", [])
    )

    if signs_in:
        assert job["permissions"] == {"contents": "read", "id-token": "write"}
        assert job["environment"]
    else:
        assert "permissions" not in job


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_command_that_fails_in_a_pipe_fails_its_step(path: Path):
    assert parsed(path)["defaults"] == {"run": {"shell": "bash"}}


@pytest.mark.parametrize(("name", "job"), JOBS, ids=[name for name, _ in JOBS])
def test_no_job_runs_for_ever(name: str, job: dict):
    assert "uses" in job or job["timeout-minutes"] <= 60


def test_actions_are_those_of_github_and_microsoft_at_a_version():
    used = {step["uses"] for _, step in steps() if "uses" in step}

    assert used
    for each in used:
        owner, _, rest = each.partition("/")
        assert owner.lower() in PUBLISHERS, each
        assert re.fullmatch(r"[\w-]+@(v\d+|[0-9a-f]{40})", rest), each


def test_a_checkout_leaves_no_token_behind():
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]

    assert checkouts
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_nothing_that_somebody_else_writes_gets_into_a_command():
    # ${{ }} is put into a script before a shell reads it; a branch's name could be one. Variables are not.
    assert [line for line in commands() if "${{" in line] == []


def test_every_command_is_one_that_a_person_has():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    made = {name for line in commands() for name in re.findall(r"\bmake ([a-z-]+)", line)}
    modules = {name for line in commands() for name in re.findall(r"python -m ([\w.]+)", line)}

    assert {"lint", "test", "demo", "setup", "doctor"} <= made <= targets
    assert modules
    assert all(importlib.util.find_spec(name) for name in modules)


def test_what_every_change_must_pass_is_the_same_everywhere():
    local = re.findall(r"^make (\w+)$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)
    here = [step["run"].removeprefix("make ") for step in workflow("check")["jobs"]["check"]["steps"] if "run" in step]

    assert here == local


def test_python_is_the_same_everywhere():
    version = (ROOT / ".python-version").read_text("utf-8").strip()
    said = {
        "infra/modules/app.bicep": rf"version: '{version}'",
        "pyproject.toml": rf'requires-python = ">={version},',
        "Makefile": rf"--python-version {version}\b",
        "tools/setup.sh": rf"PYTHON_VERSION={version}\b",
        "README.md": rf"Python {version}\b",
    }
    assert [file for file, pattern in said.items() if not re.search(pattern, (ROOT / file).read_text("utf-8"))] == []
    pythons = [step["with"] for _, step in steps() if step.get("uses", "").startswith("actions/setup-python@")]
    assert pythons
    assert all(each == {"python-version-file": ".python-version"} for each in pythons)


def test_azure_is_touched_after_the_checks_and_changed_after_the_preview():
    deploy = workflow("deploy")["jobs"]

    assert deploy["check"] == {"if": "github.ref == 'refs/heads/main'", "uses": "./.github/workflows/check.yml"}
    assert (deploy["preview"]["needs"], deploy["deploy"]["needs"]) == ("check", "preview")
    changing = [name for name, job in JOBS if "azd provision --no-prompt" in str(job) or "azd deploy" in str(job)]
    assert changing == ["deploy:deploy"]
    assert workflow("deploy")["concurrency"] == {"group": "deploy", "cancel-in-progress": False}
    assert workflow("deploy")[True] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}


def test_nothing_of_what_was_asked_for_is_left_out_on_the_way_to_azure():
    checked = [line for job in workflow("check")["jobs"].values() for line in run_by(job)]
    deployed = [line for name in ("preview", "deploy") for line in run_by(workflow("deploy")["jobs"][name])]

    for wanted in (
        "make lint",
        "make test",
        ".venv/bin/python -m tools.package",
        ".venv/bin/python -m tools.package licences && git diff --exit-code -- docs/licences.md",
        ".venv/bin/python -m tools.package sbom",
        ".venv/bin/python -m tools.package audit",
    ):
        assert wanted in checked
    begun = [
        "azd provision --preview",
        "azd provision --no-prompt",
        "azd deploy",
        "curl --fail",
        'make doctor URL="$url"',
    ]
    places = [next(place for place, line in enumerate(deployed) if line.startswith(words)) for words in begun]
    assert places == sorted(places)
    assert '"$url/api/health"' in "".join(deployed)


def run_by(job: dict) -> list[str]:
    """What a job's shells run, a command a line."""
    return [line.strip() for step in job["steps"] for line in step.get("run", "").splitlines()]


def test_every_value_that_a_deployment_asks_for_is_given_and_explained():
    text = (ROOT / ".github/workflows/deploy.yml").read_text("utf-8")
    parameters = json.loads((ROOT / "infra/main.parameters.json").read_text("utf-8"))["parameters"]
    asked = set(re.findall(r"\$\{(\w+)", json.dumps(parameters)))
    given = set(workflow("deploy")["env"])

    assert asked <= given
    for name in set(re.findall(r"vars\.(\w+)", text)):
        assert re.search(rf"^\| .*`{name}`", DEPLOY, re.MULTILINE), name
    for environment in ("preview", "production"):
        assert f"environment:{environment}" in DEPLOY


def test_dependabot_looks_after_every_kind_of_pin():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text("utf-8"))["updates"]

    assert {each["package-ecosystem"] for each in updates} == {"pip", "npm", "github-actions"}
    assert all(each["directory"] == "/" and each["schedule"]["interval"] == "weekly" for each in updates)

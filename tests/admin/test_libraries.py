"""Full walks, new subscriptions and decisions, as commands and over HTTP, on a host that SharePoint reaches."""

import json

import pytest

from tests.admin.running import run_admin
from tests.functions.conftest import Api
from tests.functions.test_approvals_api import (
    ALL,
    a_customer_that_waits,
    api,
    files,
    library,
    local,
    one_that_waits,
    storage,
)
from tests.functions.test_directory_api import problem_of
from tests.functions.test_files_api import wait_for
from tools.sharepoint.running import LocalSharePoint

__all__ = ["api", "local", "one_that_waits", "storage"]


def admin(at: Api, *arguments: str):
    return run_admin(*arguments, f"--url={at.url}")


def test_a_full_walk_is_followed_until_it_has_ended(api: Api, one_that_waits: str):
    other = api.customer(storage="moment")

    done = admin(api, "full-walk", "--customer", one_that_waits, "--customer", other, "--json")

    outcome = json.loads(done.stdout)
    (run,) = outcome["runs"]
    assert (run["task"], run["customer"], run["isFull"], run["kind"]) == ("full-walk", one_that_waits, True, "by-hand")
    assert run["state"] == "needs-approval", run
    assert "needs-approval, 1 of 1 parts ended" in done.stderr
    assert [each["customer"] for each in outcome["failed"]] == [other]
    assert "no library in SharePoint" in outcome["failed"][0]["reason"]
    assert done.returncode == 1


def test_every_subscription_is_made_anew(api: Api, one_that_waits: str):
    before = library(api, one_that_waits)["subscriptionExpiresAt"]

    done = admin(api, "re-subscribe", "--all")

    assert (done.returncode, done.stderr) == (0, "")
    assert "succeeded, 1 of 1 parts ended" in done.stdout
    after = library(api, one_that_waits)
    assert (after["watch"], after["subscriptionExpiresAt"] > before) == ("subscribed", True)


def test_a_task_is_begun_and_left_to_the_app(api: Api, one_that_waits: str):
    done = admin(api, "re-subscribe", f"--customer={one_that_waits}", "--no-wait", "--json")

    run = json.loads(done.stdout)["runs"][0]["id"]
    assert done.returncode == 0
    wait_for(lambda: api.call("GET", f"sync-runs/{run}").json()["endedAt"], "the end")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "task"),
        ({"task": "dance"}, 400, "task"),
        ({"task": "full-walk", "customer": "a/b"}, 400, "customer"),
        ({"task": "full-walk", "customer": 7}, 400, "customer"),
        ({"task": "full-walk", "customer": "nobody"}, 404, None),
        ({"task": "re-subscribe", "by": ""}, 400, "by"),
        ({"task": "re-subscribe", "library": "x"}, 400, "library"),
    ],
)
def test_a_task_that_can_not_be_is_refused_by_field(api: Api, body: dict, status: int, field: str | None):
    problem = problem_of(api.call("POST", "sync-runs", json=body))

    assert problem["status"] == status
    assert field is None or problem["field"] == field


def test_what_waits_is_listed_shown_and_approved_once(api: Api, local: LocalSharePoint):
    waiting = a_customer_that_waits(api, local)

    listed = admin(api, "approve", "--list")
    shown = admin(api, "approve", "--show", waiting)
    approved = admin(api, "approve", waiting)
    again = admin(api, "approve", waiting, "--json")

    assert f"{waiting}  3 of 3 files" in listed.stdout
    assert all(name in shown.stdout for name in ALL)
    assert (approved.returncode, approved.stdout) == (0, f"{waiting}: 3 of 3 files will be marked deleted\n")
    assert (again.returncode, json.loads(again.stdout)) == (0, {"decided": [], "failed": []})
    wait_for(lambda: files(api, waiting, "deleted") == ALL, "the deletions")


def test_what_waits_can_be_kept_and_an_unknown_customer_is_said(api: Api, local: LocalSharePoint):
    waiting = a_customer_that_waits(api, local)

    done = admin(api, "approve", "--keep", waiting, "--keep", "nobody", "--json")

    outcome = json.loads(done.stdout)
    assert outcome["decided"] == [{"customer": waiting, "files": 3, "answer": "keep"}]
    assert [each["customer"] for each in outcome["failed"]] == ["nobody"]
    assert done.returncode == 1
    wait_for(lambda: files(api, waiting, "blocked") == ALL, "the dismissal")


@pytest.mark.parametrize(
    "arguments",
    [
        ["full-walk"],
        ["full-walk", "--all", "--customer=a"],
        ["re-subscribe"],
        ["approve"],
        ["approve", "--list", "a"],
        ["approve", "--keep"],
        ["nonsense"],
        [],
    ],
)
def test_wrong_arguments_end_with_exit_code_2(arguments: list[str]):
    assert run_admin(*arguments).returncode == 2


def test_help_names_every_command_and_the_exit_codes():
    told = run_admin("--help")

    assert told.returncode == 0
    for word in ("put-back", "approve", "full-walk", "re-subscribe", "reindex", "explain", "Exit codes"):
        assert word in told.stdout

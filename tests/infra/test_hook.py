"""The hook after a deployment: blob events end up at the function that is there, whatever state Azure is in."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.infra.az_stand_in import KEY
from tests.infra.azure_around_a_deployment import Azure, fresh, function
from tools.infra.bicep import ROOT

RUN_WITHOUT_PACKAGES = """
import runpy, sys
sys.path.insert(0, ".")
sys.argv[1:3] = []  # -m tools.infra
runpy.run_module("tools.infra", run_name="__main__")
"""


@pytest.fixture
def azure(tmp_path: Path) -> Azure:
    return fresh(tmp_path)


def test_a_first_deployment_subscribes(azure: Azure):
    done = azure.hook()

    assert (done.returncode, done.stderr) == (0, "")
    assert "Blob events now go to file_arrived." in done.stdout
    assert done.stdout.endswith("Next: Open the page.\n")
    there = azure.state["subscription"]
    assert there["url"] == (
        "https://func-moment-a1b2.norwayeast-01.azurewebsites.net/runtime/webhooks/blobs"
        "?functionName=Host.Functions.file_arrived&code=s3cr3t%2Fkey%3D%3D"
    )
    assert there["properties"]["filter"]["subjectBeginsWith"] == "/blobServices/default/containers/moment-cloud/blobs/"
    assert there["properties"]["filter"]["includedEventTypes"] == ["Microsoft.Storage.BlobCreated"]
    letters = there["properties"]["deadLetterWithResourceIdentity"]
    assert letters["identity"] == {"type": "SystemAssigned"}
    assert letters["deadLetterDestination"]["properties"]["blobContainerName"] == "event-dead-letters"


def test_a_second_deployment_changes_nothing(azure: Azure):
    azure.hook()
    before = azure.state["subscription"]

    done = azure.hook()

    assert (done.returncode, azure.writes) == (0, 1)
    assert "Blob events go as before to file_arrived." in done.stdout
    assert azure.state["subscription"] == before


def test_functions_that_azure_does_not_know_yet_are_waited_for(azure: Azure):
    azure.set(syncs_needed=3)

    done = azure.hook()

    assert (done.returncode, azure.state["syncs"]) == (0, 3)
    assert done.stdout.count("not known to Azure yet") == 1


def test_a_key_that_is_not_made_yet_is_waited_for(azure: Azure):
    azure.set(keys_needed=3)

    done = azure.hook()

    assert (done.returncode, azure.writes) == (0, 1)
    assert done.stdout.count("has not made its key") == 1


def test_a_handshake_that_fails_is_tried_again(azure: Azure):
    azure.set(handshakes_to_fail=2)

    done = azure.hook()

    assert (done.returncode, azure.writes) == (0, 3)
    assert azure.state["subscription"]["properties"]["provisioningState"] == "Succeeded"


def test_a_renamed_function_is_followed(azure: Azure):
    azure.hook()
    azure.set(functions=[function("blob_arrived")])

    done = azure.hook()

    assert "Blob events now go to blob_arrived." in done.stdout
    assert "functionName=Host.Functions.blob_arrived&" in azure.state["subscription"]["url"]


def test_a_renewed_key_is_followed(azure: Azure):
    azure.hook()
    azure.set(key="another")

    azure.hook()

    assert azure.state["subscription"]["url"].endswith("&code=another")


def test_a_changed_filter_is_put_right(azure: Azure):
    azure.hook()
    there = azure.state["subscription"]
    there["properties"]["filter"]["subjectBeginsWith"] = "/blobServices/default/containers/moment-cloud"
    azure.set(subscription=there)

    azure.hook()

    assert azure.state["subscription"]["properties"]["filter"]["subjectBeginsWith"].endswith("/moment-cloud/blobs/")


def test_a_subscription_that_cannot_be_changed_is_made_anew(azure: Azure):
    azure.hook()
    azure.set(key="another", unchangeable=True)

    done = azure.hook()

    assert done.returncode == 0
    assert azure.state["subscription"]["url"].endswith("&code=another")


def test_somebody_elses_unfinished_subscription_is_looked_at_when_it_is_finished(azure: Azure):
    azure.hook()
    there = azure.state["subscription"]
    there["properties"]["filter"]["subjectBeginsWith"] = "/"
    there["properties"]["provisioningState"] = "Creating"
    azure.set(subscription=there)

    azure.hook()

    assert azure.state["subscription"]["properties"]["filter"]["subjectBeginsWith"].endswith("/moment-cloud/blobs/")


def test_what_azure_does_not_show_does_not_keep_it_from_ending(azure: Azure):
    azure.set(hides=["deadLetterWithResourceIdentity", "retryPolicy"])

    done = azure.hook()

    assert (done.returncode, azure.writes) == (0, 1)


def test_a_subscription_stays_while_its_new_address_does_not_answer(azure: Azure):
    azure.hook()
    before = azure.state["subscription"]
    azure.set(key="another", refuse={"put": "ERROR: Bad Request(Webhook validation handshake failed for https://x)"})

    done = azure.hook(tries=3)

    assert (done.returncode, azure.asked("delete", "")) == (1, 0)
    assert azure.state["subscription"] == before


def test_two_functions_for_the_same_blobs_are_named(azure: Azure):
    azure.set(functions=[function("first"), function("second")])

    done = azure.hook()

    assert (done.returncode, azure.writes) == (1, 0)
    assert "Several functions wait for blobs of moment-cloud: first, second." in done.stdout


def test_what_waiting_cannot_mend_ends_it_at_once(azure: Azure):
    azure.set(refuse={"post": "ERROR: (AuthorizationFailed) The client does not have authorization"})

    done = azure.hook()

    assert done.returncode == 1
    assert "Azure refuses: ERROR: (AuthorizationFailed)" in done.stdout
    assert len(azure.state["calls"]) == 2


def test_it_gives_up_after_its_tries_and_says_how_to_go_on(azure: Azure):
    azure.set(refuse={"put": "ERROR: Bad Request(handshake failed for https://x/blobs?functionName=a&code=t0ps3cret)"})

    done = azure.hook(tries=4)

    assert (done.returncode, azure.writes) == (1, 4)
    assert "azd hooks run postdeploy" in done.stdout


def test_no_key_is_shown_or_stands_in_the_list_of_processes(azure: Azure):
    azure.set(refuse={"put": "ERROR: Bad Request(handshake failed for https://x/blobs?functionName=a&code=t0ps3cret)"})
    refused = azure.hook(tries=2)
    azure.set(refuse={})
    done = azure.hook()

    shown = refused.stdout + refused.stderr + done.stdout + done.stderr
    assert "handshake failed" in shown
    assert not [each for each in ("t0ps3cret", KEY, "s3cr3t", "m4st3r") if each in shown]
    assert "s3cr3t" not in json.dumps(azure.state["calls"])


def test_nothing_deployed_is_said(azure: Azure):
    done = azure.hook(MOMENT_APP_ID="", MOMENT_STORAGE_ID="")

    assert done.returncode == 3
    assert "MOMENT_APP_ID, MOMENT_STORAGE_ID not set: run `azd provision`" in done.stderr
    assert azure.state["calls"] == []


def test_a_missing_azure_cli_is_said(azure: Azure):
    done = azure.hook(PATH=str(azure.folder / "nothing"))

    assert done.returncode == 3
    assert "The Azure CLI is needed" in done.stderr


def test_the_script_runs_it_from_anywhere_with_nothing_but_python(azure: Azure, tmp_path: Path):
    project = tmp_path / "project"
    (project / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/__init__.py", project / "tools")
    shutil.copytree(ROOT / "tools/infra", project / "tools/infra", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "infra/hooks", project / "infra/hooks")
    # A Python of this version without any package: what a fresh clone has.
    bare = azure.folder / "python3.13"
    bare.write_text(f"#!/bin/sh\nexec {sys.executable} -I -S -c '{RUN_WITHOUT_PACKAGES}' \"$@\"\n", "utf-8")
    bare.chmod(0o755)

    done = azure.hook("sh", str(project / "infra/hooks/postdeploy.sh"), "--wait-s", "0")

    assert done.returncode == 0, done.stderr + done.stdout
    assert "Blob events now go to file_arrived." in done.stdout

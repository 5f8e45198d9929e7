"""A dry run shows every request and changes nothing; with azd the inputs and the outcome go by themselves."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.connect.conftest import CALLBACK, IDENTITY, SITE, Shell, Tenant, changes

ROOT = Path(__file__).parents[2]


def test_a_dry_run_changes_nothing_and_shows_what_a_run_sends(shell: Shell, sharepoint):
    sharepoint.clear_requests()

    dry = shell.connect("--dry-run")

    assert dry.code == 0, dry.err
    assert changes(sharepoint) == []
    assert "nothing was changed" in dry.out
    shown = [each.split()[0] for each in dry.out.splitlines() if f" {sharepoint.url}/v1.0/" in each]
    shell.connect()
    assert shown == [each.split()[0] for each in changes(sharepoint)]


def test_a_dry_run_shows_bodies_that_may_be_sent_by_hand(shell: Shell, sharepoint):
    dry = shell.connect("--dry-run")

    assert f"PATCH {sharepoint.url}/v1.0/applications/{{application}}" in dry.out
    assert '"api://{clientId}"' in dry.out
    assert f'"subject": "{IDENTITY}"' in dry.out
    assert '"fullcontrol"' in dry.out
    assert CALLBACK in dry.out


def test_a_dry_run_of_a_connection_that_stands_shows_nothing(shell: Shell):
    shell.connect()

    dry = shell.connect("--dry-run")

    assert (dry.code, dry.out) == (0, "")
    assert "nothing to change" in dry.err


def test_inputs_come_from_azd_and_the_client_id_goes_there(shell: Shell, tenant: Tenant):
    values = {
        "AZURE_ENV_NAME": "prod",
        "AZURE_TENANT_ID": shell.sharepoint.tenant_id,
        "MOMENT_IDENTITY_PRINCIPAL_ID": IDENTITY,
        "MOMENT_SIGN_IN_CALLBACK": CALLBACK,
        "SHAREPOINT_SITES": SITE,
        "GRAPH_CLIENT_ID": "",
    }
    state = shell.has_azd(**values)

    done = shell.connect(needs=False)

    assert done.code == 0, done.err
    assert tenant.application["displayName"] == "Moment prod"
    assert json.loads(state.read_text())["GRAPH_CLIENT_ID"] == tenant.application["appId"]
    assert "Next: azd provision" in done.err
    assert shell.connect("--provision", needs=False).code == 0
    assert json.loads(state.read_text())["ran"] == "provision"


def test_flags_come_before_azd(shell: Shell, tenant: Tenant):
    shell.has_azd(MOMENT_SIGN_IN_CALLBACK="https://old.example/.auth", AZURE_ENV_NAME="prod")

    assert shell.connect("--name", "Files").code == 0
    assert tenant.application["web"]["redirectUris"] == [CALLBACK]
    assert tenant.application["displayName"] == "Files"


def test_the_command_tells_of_itself():
    done = subprocess.run(
        [sys.executable, "-m", "tools.connect", "--help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0
    assert "Exit codes: 0 connected" in done.stdout
    assert "MOMENT_GRAPH_TOKEN" in done.stdout

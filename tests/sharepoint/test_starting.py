"""Starting and stopping: ports, TLS, what a restart keeps, and a clean end."""

import os
import signal
import socket
import subprocess
import sys

import pytest
import requests

from tests.sharepoint.graph_client import UNIT, Graph, fragment
from tools.sharepoint.running import LocalSharePoint


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tools.sharepoint", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_ends_cleanly(number, tmp_path):
    with start("--port", "0", "--tls", "--tls-port", "0", "--state", str(tmp_path)) as process:
        ready, url, tls_url, authority = process.stdout.readline().split()
        health = requests.get(f"{url}/_local/health", timeout=9)
        secure = requests.get(f"{tls_url}/_local/health", timeout=9, verify=authority.removeprefix("ca="))
        process.send_signal(number)
        said, complained = process.communicate(timeout=20)

    assert ready == "READY"
    assert health.json() == secure.json()
    assert (process.returncode, said, complained) == (0, "", "")
    assert (tmp_path / "state.json").exists()


def test_a_busy_port_is_said_plainly():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with start("--port", str(taken.getsockname()[1])) as process:
            _, complained = process.communicate(timeout=20)

    assert process.returncode == 2
    assert "cannot listen" in complained
    assert "--port" in complained
    assert "Traceback" not in complained


def test_a_restart_keeps_files_columns_sessions_and_tokens(tmp_path):
    with LocalSharePoint(state=tmp_path) as first, Graph(first) as graph:
        made = graph.library("Kept", description="d", columns=[{"name": "year", "text": {}}])
        graph.drive = graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive").json()["id"]
        item = graph.upload("a/b.txt", b"kept").json()
        graph.upload("a/b.txt", b"kept!")
        graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json={"year": "2026"})
        graph.upload("gone.txt")
        graph.delete(f"/drives/{graph.drive}/root:/gone.txt")
        upload_url = graph.session("big.bin").json()["uploadUrl"]
        fragment(upload_url, bytes(UNIT), 0, UNIT + 1)
        before = graph.item("a/b.txt")

    with LocalSharePoint(state=tmp_path) as second:
        graph.base = f"{second.url}/v1.0"
        after = graph.item("a/b.txt")
        fields = graph.get(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields").json()
        versions = graph.get(f"/drives/{graph.drive}/items/{item['id']}/versions").json()["value"]
        content = graph.get(f"/drives/{graph.drive}/items/{item['id']}/content").content
        finished = fragment(upload_url.replace(first.url, second.url), b"x", UNIT, UNIT + 1)
        bin_paths = [entry["path"] for entry in second.recycle_bin()]

    assert (after["id"], after["eTag"], after["file"]) == (before["id"], before["eTag"], before["file"])
    assert (fields["year"], content, len(versions)) == ("2026", b"kept!", 3)
    assert (finished.status_code, finished.json()["size"]) == (201, UNIT + 1)
    assert bin_paths == ["Kept/gone.txt"]


def test_without_a_state_folder_nothing_is_left_behind(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "tools.sharepoint", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        process.stdout.readline()
        during = list(tmp_path.iterdir())
        process.terminate()
        process.wait(20)

    assert len(during) == 1
    assert list(tmp_path.iterdir()) == []


def test_links_lead_back_to_the_address_the_client_used(sharepoint):
    with Graph(sharepoint) as graph:
        plain = graph.upload("a.txt").json()
        graph.verify = sharepoint.ca_path
        graph.base = f"{sharepoint.tls_url}/v1.0"
        secure = graph.item("a.txt")
        session = graph.session("b.bin").json()

    assert plain["@microsoft.graph.downloadUrl"].startswith(sharepoint.url)
    assert secure["@microsoft.graph.downloadUrl"].startswith(sharepoint.tls_url)
    assert session["uploadUrl"].startswith(sharepoint.tls_url)
    assert secure["webUrl"] == plain["webUrl"]
    assert plain["webUrl"].startswith(sharepoint.url)


def test_the_command_line_sets_the_budget_and_the_site():
    arguments = ("--port", "0", "--ru-per-minute", "1", "--site", "/sites/files", "--rewrite-office", "off")
    with start(*arguments) as process:
        url = process.stdout.readline().split()[1]
        form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s", "scope": "x"}
        token = requests.post(f"{url}/t/oauth2/v2.0/token", data=form, timeout=9).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        site = f"{url}/v1.0/sites/contoso.sharepoint.com:/sites/files"
        answers = [requests.get(site, headers=headers, timeout=9).status_code for _ in range(2)]
        process.terminate()

    assert answers == [200, 429]


def test_the_command_line_takes_several_sites():
    with start("--port", "0", "--site", "/sites/files", "--site", "/sites/files-2") as process:
        url = process.stdout.readline().split()[1]
        sites = requests.get(f"{url}/_local/sites", timeout=9).json()["value"]
        process.terminate()

    assert [each["path"] for each in sites] == ["/sites/files", "/sites/files-2"]


def test_a_site_that_cannot_be_is_said_plainly():
    with start("--port", "0", "--site", "/sites/files", "--site", "files") as process:
        _, complained = process.communicate(timeout=20)

    assert process.returncode == 2
    assert "--site must look like /sites/name" in complained

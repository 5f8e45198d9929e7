"""From settings to the adapter."""

import subprocess
import sys

import pytest

from shared.graph.connect import connect, credentials_of
from shared.settings import GraphSettings


def settings(**changes: str) -> GraphSettings:
    values = {
        "url": "https://graph.microsoft.com",
        "login_url": "https://login.microsoftonline.com",
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": "",
        "sites": ("contoso.sharepoint.com:/sites/moment",),
    }
    return GraphSettings(**values | changes)


@pytest.mark.parametrize(
    ("url", "scope"),
    [
        ("https://graph.microsoft.com", "https://graph.microsoft.com/.default"),
        ("https://graph.microsoft.us", "https://graph.microsoft.us/.default"),
        ("https://microsoftgraph.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/.default"),
        ("http://127.0.0.1:7072", "https://graph.microsoft.com/.default"),
    ],
)
def test_tokens_are_for_the_clouds_own_graph_host(url, scope):
    assert credentials_of(settings(url=url)).scope == scope


def test_a_secret_is_not_shown():
    assert "SECRET" not in repr(credentials_of(settings(client_secret="SECRET")))
    assert "SECRET" not in repr(credentials_of(settings(certificate="-----BEGIN PRIVATE KEY----- SECRET")))


def test_building_the_adapter_sends_nothing():
    unreachable = settings(url="http://127.0.0.1:1", login_url="https://127.0.0.1:1")

    assert connect(unreachable, lambda: pytest.fail("asked for the time"), lambda _: None) is not None


def test_importing_the_adapter_does_not_import_msal():
    program = "import sys, shared.graph.connect; sys.exit('msal' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

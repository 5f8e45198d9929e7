"""msal, unmodified, gets its token over TLS."""

import base64
import json

import msal
import pytest
import requests

from tests.sharepoint.graph_client import Graph

SCOPES = ["https://graph.microsoft.com/.default"]


def assertion() -> str:
    parts = ({"alg": "RS256"}, {"sub": "client"})
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"
    )


@pytest.mark.parametrize("credential", ["secret", {"client_assertion": assertion}], ids=["secret", "assertion"])
def test_msal_gets_a_token_that_graph_accepts(sharepoint, credential):
    application = msal.ConfidentialClientApplication(
        "client",
        client_credential=credential,
        authority=f"{sharepoint.tls_url}/{sharepoint.tenant_id}",
        instance_discovery=False,
        verify=sharepoint.ca_path,
    )

    token = application.acquire_token_for_client(scopes=SCOPES)

    assert token.get("error") is None
    assert 3590 <= token["expires_in"] <= 3599
    site = f"{sharepoint.tls_url}/v1.0/sites/{sharepoint.site_hostname}:{sharepoint.site_path}"
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(site, headers=headers, verify=sharepoint.ca_path, timeout=9).json()["displayName"] == "Moment"


def test_msal_reports_what_the_token_endpoint_refused(sharepoint):
    application = msal.ConfidentialClientApplication(
        "client",
        client_credential={"client_assertion": lambda: "not a JWT"},
        authority=f"{sharepoint.tls_url}/{sharepoint.tenant_id}",
        instance_discovery=False,
        verify=sharepoint.ca_path,
    )

    answer = application.acquire_token_for_client(scopes=SCOPES)

    assert answer["error"] == "invalid_client"
    assert "AADSTS7000215" in answer["error_description"]


def test_the_discovery_documents_lead_to_the_token_endpoint(sharepoint):
    with Graph(sharepoint) as graph:
        base = f"{sharepoint.url}/{sharepoint.tenant_id}"
        openid = graph.get(f"{base}/v2.0/.well-known/openid-configuration").json()
        discovery = f"{sharepoint.url}/common/discovery/instance?api-version=1.1&authorization_endpoint=x"
        instance = graph.get(discovery).json()

    assert openid["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    assert instance["tenant_discovery_endpoint"].endswith("/v2.0/.well-known/openid-configuration")

"""The directory and the permissions of sites, as far as connecting an application needs them."""

from typing import Any

import pytest
import requests

from tests.sharepoint.graph_client import Graph, code
from tools.sharepoint.running import LocalSharePoint

SCOPES = "Application.ReadWrite.All AppRoleAssignment.ReadWrite.All User.Read Sites.FullControl.All"
ROLE = {"id": "r1", "value": "Reader", "displayName": "R", "isEnabled": True, "allowedMemberTypes": ["User"]}
TRUST = {"name": "t", "issuer": "https://i", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}
GRANT = {"roles": ["write"], "grantedToIdentities": [{"application": {"id": "app", "displayName": "App"}}]}


def sign_in(graph: Graph, scopes: str = SCOPES) -> requests.Response:
    """As a person, by a device code."""
    sharepoint = graph.sharepoint
    base = f"{sharepoint.url}/{sharepoint.tenant_id}/oauth2/v2.0"
    started = requests.post(f"{base}/devicecode", data={"client_id": "c", "scope": scopes}, timeout=30).json()
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": "c",
        "device_code": started["device_code"],
    }
    answer = requests.post(f"{base}/token", data=form, timeout=30)
    graph.headers["Authorization"] = f"Bearer {answer.json().get('access_token', '')}"
    return answer


@pytest.fixture
def person(graph: Graph) -> Graph:
    sign_in(graph)
    return graph


@pytest.fixture
def application(person: Graph) -> dict[str, Any]:
    return dict(person.post("/applications", json={"displayName": "App", "appRoles": [ROLE]}).json())


def test_an_application_of_its_own_may_not_touch_the_directory(graph: Graph):
    assert code(graph.get("/applications")) == (403, "Authorization_RequestDenied")
    assert code(graph.get(f"/sites/{graph.site}/permissions")) == (403, "accessDenied")


@pytest.mark.parametrize(
    ("state", "error"), [("pending", "authorization_pending"), ("declined", "authorization_declined")]
)
def test_a_device_code_that_nobody_accepts_gives_no_token(graph: Graph, state: str, error: str):
    graph.sharepoint.settings(device_sign_in=state)

    assert sign_in(graph).json()["error"] == error


def test_a_device_code_is_good_once(graph: Graph):
    base = f"{graph.sharepoint.url}/{graph.sharepoint.tenant_id}/oauth2/v2.0"
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "c", "device_code": "made-up"}

    assert requests.post(f"{base}/token", data=form, timeout=30).json()["error"] == "authorization_declined"


def test_an_enabled_role_can_be_neither_removed_nor_changed(person: Graph, application):
    path = f"/applications/{application['id']}"
    guarded = (400, "CannotDeleteOrUpdateEnabledEntitlement")

    assert code(person.patch(path, json={"appRoles": []})) == guarded
    assert code(person.patch(path, json={"appRoles": [{**ROLE, "value": "Other"}]})) == guarded
    assert person.patch(path, json={"appRoles": [{**ROLE, "isEnabled": False}]}).status_code == 204
    assert person.patch(path, json={"appRoles": []}).status_code == 204


def test_a_refused_change_changes_nothing(person: Graph, application):
    path = f"/applications/{application['id']}"

    refused = person.patch(path, json={"displayName": "Other", "appRoles": []})

    assert refused.status_code == 400
    assert person.get(path).json()["displayName"] == "App"


def test_a_client_is_preauthorized_for_scopes_that_are_there_already(person: Graph, application):
    path = f"/applications/{application['id']}"
    scope = {"id": "s1", "value": "use", "type": "User", "isEnabled": True}
    known = [{"appId": "cli", "delegatedPermissionIds": ["s1"]}]
    both = {"oauth2PermissionScopes": [scope], "preAuthorizedApplications": known}

    assert code(person.patch(path, json={"api": both})) == (400, "invalidRequest")
    assert person.patch(path, json={"api": {"oauth2PermissionScopes": [scope]}}).status_code == 204
    assert person.patch(path, json={"api": both}).status_code == 204


def test_what_is_complex_is_merged_and_what_graph_shows_itself_is_not_taken_back_changed(person: Graph, application):
    path = f"/applications/{application['id']}"
    person.patch(
        path, json={"web": {"logoutUrl": "https://out", "implicitGrantSettings": {"enableIdTokenIssuance": True}}}
    )
    person.patch(path, json={"web": {"redirectUris": ["https://a"]}})
    web = person.get(path).json()["web"]

    assert (web["logoutUrl"], web["implicitGrantSettings"]["enableIdTokenIssuance"]) == ("https://out", True)
    assert person.patch(path, json={"web": web}).status_code == 204
    assert person.patch(path, json={"web": {**web, "redirectUris": ["https://b"]}}).status_code == 400


def test_an_address_of_a_foreign_domain_is_refused(person: Graph, application):
    body = {"identifierUris": ["https://example.org/app"]}

    refused = person.patch(f"/applications/{application['id']}", json=body)

    assert code(refused) == (400, "HostNameNotOnVerifiedDomain")


def test_a_certificates_content_is_shown_only_when_it_is_selected(person: Graph, application):
    path = f"/applications/{application['id']}"
    person.patch(path, json={"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": "QUJD"}]})

    assert [each["key"] for each in person.get(path).json()["keyCredentials"]] == [None]
    assert [each["key"] for each in person.get(f"{path}?$select=keyCredentials").json()["keyCredentials"]] == ["QUJD"]


def test_a_service_principal_needs_its_application_and_is_made_once(person: Graph, application):
    body = {"appId": application["appId"]}

    assert code(person.post("/servicePrincipals", json={"appId": "nobody"})) == (400, "Request_BadRequest")
    assert person.post("/servicePrincipals", json=body).json()["appRoles"] == [ROLE]
    assert person.post("/servicePrincipals", json=body).status_code == 409


def test_two_trusts_may_not_name_the_same_subject(person: Graph, application):
    path = f"/applications/{application['id']}/federatedIdentityCredentials"

    assert person.post(path, json=TRUST).status_code == 201
    assert person.post(path, json={**TRUST, "name": "u"}).status_code == 409
    assert person.post(path, json={**TRUST, "subject": "other"}).status_code == 409
    assert person.patch(f"{path}/t", json={"audiences": []}).status_code == 400


def test_a_role_is_given_once_and_only_if_it_is_there(person: Graph, application):
    principal = person.post("/servicePrincipals", json={"appId": application["appId"]}).json()
    path, me = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", person.get("/me").json()
    body = {"principalId": me["id"], "resourceId": principal["id"], "appRoleId": ROLE["id"]}

    assert person.post(path, json={**body, "appRoleId": "unknown"}).status_code == 400
    assert person.post(path, json=body).json()["principalType"] == "User"
    assert person.post(path, json=body).status_code == 400
    assert len(person.get(path).json()["value"]) == 1


def test_permissions_of_graph_take_a_privileged_role_administrator(person: Graph, application):
    principal = person.post("/servicePrincipals", json={"appId": application["appId"]}).json()
    graph_principal = person.get("/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'").json()
    resource = graph_principal["value"][0]
    body = {"principalId": principal["id"], "resourceId": resource["id"], "appRoleId": resource["appRoles"][0]["id"]}
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignments"

    person.sharepoint.settings(directory_roles="Application Administrator")
    assert code(person.post(path, json=body)) == (403, "Authorization_RequestDenied")
    person.sharepoint.settings(directory_roles="Privileged Role Administrator")
    assert person.post(path, json=body).status_code == 201


def test_a_list_of_permissions_leaves_the_roles_out(person: Graph):
    path = f"/sites/{person.site}/permissions"
    made = person.post(path, json=GRANT).json()

    (listed,) = person.get(path).json()["value"]

    assert "roles" not in listed
    assert person.get(f"{path}/{made['id']}").json()["roles"] == ["write"]
    assert person.patch(f"{path}/{made['id']}", json={"roles": ["fullcontrol"]}).json()["roles"] == ["fullcontrol"]
    assert code(person.patch(f"{path}/{made['id']}", json={"roles": ["god"]})) == (400, "invalidRequest")
    assert person.delete(f"{path}/{made['id']}").status_code == 204
    assert person.get(path).json()["value"] == []


def test_what_is_not_implemented_is_refused_by_name(person: Graph, application):
    answer = person.post(f"/applications/{application['id']}/addPassword", json={})

    assert answer.status_code == 501


def test_a_restart_keeps_the_directory(tmp_path):
    with LocalSharePoint(state=tmp_path) as first, Graph(first) as graph:
        sign_in(graph)
        made = graph.post("/applications", json={"displayName": "Kept"}).json()
        graph.post(f"/sites/{graph.site}/permissions", json=GRANT)

    with LocalSharePoint(state=tmp_path) as second:
        graph.base = f"{second.url}/v1.0"
        assert graph.get(f"/applications/{made['id']}").json() == made
        assert len(graph.get(f"/sites/{graph.site}/permissions").json()["value"]) == 1

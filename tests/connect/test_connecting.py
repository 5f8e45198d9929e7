"""A tenant ends up connected, whatever state it is in, and a second run leaves it alone."""

import pytest

from tests.connect.conftest import CALLBACK, IDENTITY, SITE, Shell, Tenant, changes
from tools.connect.wanted import APP_ROLES, AZURE_CLI, SCOPE, SITES_SELECTED


def is_connected(tenant: Tenant, sharepoint) -> None:
    """Asserts all of it."""
    application = tenant.application
    assert application["signInAudience"] == "AzureADMyOrg"
    assert application["identifierUris"] == [f"api://{application['appId']}"]
    assert CALLBACK in application["web"]["redirectUris"]
    assert application["web"]["implicitGrantSettings"]["enableIdTokenIssuance"] is True
    assert application["api"]["requestedAccessTokenVersion"] == 2
    roles = {each["value"]: each for each in application["appRoles"]}
    for role in APP_ROLES:
        assert roles[role["value"]]["isEnabled"]
        assert set(roles[role["value"]]["allowedMemberTypes"]) == {"User", "Application"}
    (scope,) = [each for each in application["api"]["oauth2PermissionScopes"] if each["value"] == SCOPE["value"]]
    preauthorized = {each["appId"]: each for each in application["api"]["preAuthorizedApplications"]}
    assert preauthorized[AZURE_CLI]["delegatedPermissionIds"] == [scope["id"]]
    access = [one["id"] for each in application["requiredResourceAccess"] for one in each["resourceAccess"]]
    assert SITES_SELECTED in access
    assert tenant.principal["appId"] == application["appId"]
    assert tenant.principal["appRoleAssignmentRequired"] is True
    trusted = [(each["issuer"], each["subject"], each["audiences"]) for each in tenant.trusts]
    issuer = f"{sharepoint.tls_url}/{sharepoint.tenant_id}/v2.0"
    assert trusted == [(issuer, IDENTITY, ["api://AzureADTokenExchange"])]
    assert tenant.consents == [SITES_SELECTED]
    (grant,) = tenant.grants()
    assert grant["roles"] == ["fullcontrol"]
    assert grant["grantedToIdentitiesV2"][0]["application"]["id"] == application["appId"]


def test_a_fresh_tenant_is_connected_in_one_run(shell: Shell, tenant: Tenant, sharepoint):
    done = shell.connect()

    assert done.code == 0, done.err
    is_connected(tenant, sharepoint)
    assert done.out == f"{tenant.application['appId']}\n"
    assert f"Next: azd env set GRAPH_CLIENT_ID {tenant.application['appId']}" in done.err


def test_a_second_run_changes_nothing(shell: Shell, sharepoint):
    shell.connect()
    sharepoint.clear_requests()

    done = shell.connect()

    assert done.code == 0
    assert "nothing to change" in done.err
    assert changes(sharepoint) == []


def test_several_sites_are_granted_each(shell: Shell, tenant: Tenant, sharepoint):
    sharepoint.add_site("/sites/moment-2")
    second = "contoso.sharepoint.com:/sites/moment-2"

    done = shell.connect(sites=f"{SITE}, {second}")

    assert done.code == 0, done.err
    assert [each["roles"] for each in tenant.grants() + tenant.grants(second)] == [["fullcontrol"], ["fullcontrol"]]


@pytest.mark.parametrize(
    "broken", ["/servicePrincipals", "/federatedIdentityCredentials", "/appRoleAssignments", "/permissions", "PATCH"]
)
def test_what_was_begun_is_completed(shell: Shell, tenant: Tenant, sharepoint, broken: str):
    match = {"method": "PATCH"} if broken == "PATCH" else {"method": "POST", "path": broken}
    sharepoint.fault({"match": match, "then": {"status": 400}})
    begun = shell.connect()
    assert begun.code == 1
    assert f'--client-id {tenant.application["appId"]}"' in begun.err

    done = shell.connect()

    assert done.code == 0, done.err
    is_connected(tenant, sharepoint)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("signInAudience", "AzureADMultipleOrgs"),
        ("web", {"redirectUris": []}),
        ("identifierUris", []),
        ("requiredResourceAccess", []),
    ],
)
def test_a_wrong_value_is_mended_alone(shell: Shell, tenant: Tenant, sharepoint, name: str, value):
    shell.connect()
    tenant.patch_application(**{name: value})
    sharepoint.clear_requests()

    done = shell.connect()

    assert done.code == 0, done.err
    assert changes(sharepoint) == ["PATCH /applications/{application}"]
    is_connected(tenant, sharepoint)


def test_all_of_it_wrong_at_once_is_mended(shell: Shell, tenant: Tenant, sharepoint):
    shell.connect()
    roles = [{**each, "isEnabled": False} for each in tenant.application["appRoles"]]
    scopes = [{**each, "isEnabled": False} for each in tenant.application["api"]["oauth2PermissionScopes"]]
    tenant.patch_application(appRoles=roles, api={"oauth2PermissionScopes": scopes})
    tenant.patch_application(
        signInAudience="AzureADMultipleOrgs",
        identifierUris=[],
        requiredResourceAccess=[],
        appRoles=[{**roles[0], "value": "Other"}, {**roles[1], "allowedMemberTypes": ["User"]}],
        api={"requestedAccessTokenVersion": None, "oauth2PermissionScopes": [], "preAuthorizedApplications": []},
        web={"redirectUris": [], "implicitGrantSettings": {"enableIdTokenIssuance": False}},
    )

    done = shell.connect("--client-id", tenant.application["appId"])

    assert done.code == 0, done.err
    is_connected(tenant, sharepoint)


def test_tokens_of_another_version_are_mended(shell: Shell, tenant: Tenant, sharepoint):
    shell.connect()
    tenant.patch_application(api={"requestedAccessTokenVersion": 1})

    assert shell.connect().code == 0
    is_connected(tenant, sharepoint)


def test_a_role_that_is_for_people_only_is_disabled_changed_and_enabled(shell: Shell, tenant: Tenant, sharepoint):
    shell.connect()
    first, *others = tenant.application["appRoles"]
    tenant.patch_application(appRoles=[{**first, "isEnabled": False}, *others])
    tenant.patch_application(appRoles=[{**first, "allowedMemberTypes": ["User"]}, *others])
    sharepoint.clear_requests()

    done = shell.connect()

    assert done.code == 0, done.err
    assert len(changes(sharepoint)) == 2
    is_connected(tenant, sharepoint)


def test_roles_that_a_person_made_keep_their_ids(shell: Shell, tenant: Tenant, sharepoint):
    own = {**APP_ROLES[0], "id": "7b1d9a3e-5b1c-4d57-8a43-0c6f1d2e3b4a", "displayName": "Leser"}
    tenant.ask("POST", "/applications", {"displayName": "Moment", "appRoles": [own]})

    assert shell.connect().code == 0
    is_connected(tenant, sharepoint)
    assert own in tenant.application["appRoles"]


def test_what_others_added_stays(shell: Shell, tenant: Tenant, sharepoint):
    shell.connect()
    other = "https://files.contoso.com/.auth/login/aad/callback"
    tenant.patch_application(web={"redirectUris": [other], "logoutUrl": "https://files.contoso.com/out"})

    shell.connect()

    assert tenant.application["web"]["redirectUris"] == [other, CALLBACK]
    assert tenant.application["web"]["logoutUrl"] == "https://files.contoso.com/out"


@pytest.mark.parametrize(
    "wrong", [{"subject": "someone-else"}, {"issuer": "https://example.org"}, {"audiences": ["api://other"]}]
)
def test_a_wrong_trust_is_mended(shell: Shell, tenant: Tenant, sharepoint, wrong: dict):
    shell.connect()
    (trust,) = tenant.trusts
    path = f"/applications/{tenant.application['id']}/federatedIdentityCredentials/{trust['id']}"
    tenant.ask("PATCH", path, {"audiences": trust["audiences"], **wrong})

    assert shell.connect().code == 0
    is_connected(tenant, sharepoint)


def test_a_sign_in_that_was_open_to_all_is_for_people_with_a_role_again(shell: Shell, tenant: Tenant, sharepoint):
    shell.connect()
    tenant.ask("PATCH", f"/servicePrincipals/{tenant.principal['id']}", {"appRoleAssignmentRequired": False})

    assert shell.connect().code == 0
    is_connected(tenant, sharepoint)


def test_a_grant_that_is_too_small_is_raised(shell: Shell, tenant: Tenant, sharepoint):
    shell.connect()
    site_id = tenant.ask("GET", f"/sites/{SITE}")["id"]
    (grant,) = tenant.grants()
    tenant.ask("PATCH", f"/sites/{site_id}/permissions/{grant['id']}", {"roles": ["write"]})

    assert shell.connect().code == 0
    is_connected(tenant, sharepoint)


def test_grants_of_other_applications_are_left_alone(shell: Shell, tenant: Tenant):
    site_id = tenant.ask("GET", f"/sites/{SITE}")["id"]
    other = {"roles": ["read"], "grantedToIdentities": [{"application": {"id": "other", "displayName": "Other"}}]}
    tenant.ask("POST", f"/sites/{site_id}/permissions", other)

    shell.connect()

    assert sorted(each["roles"][0] for each in tenant.grants()) == ["fullcontrol", "read"]


def test_a_person_can_become_administrator(shell: Shell, tenant: Tenant, sharepoint):
    done = shell.connect("--assign-me")

    assert done.code == 0, done.err
    (assigned,) = tenant.rows(f"/servicePrincipals/{tenant.principal['id']}/appRoleAssignedTo")
    assert (assigned["principalType"], assigned["appRoleId"]) == ("User", APP_ROLES[2]["id"])
    sharepoint.clear_requests()
    assert shell.connect("--assign-me").code == 0
    assert changes(sharepoint) == []


def test_what_was_just_made_may_take_a_while_to_be_known(shell: Shell, tenant: Tenant, sharepoint):
    late = {"status": 400, "message": "The appId does not reference a valid application object."}
    sharepoint.fault({"match": {"method": "POST", "route": "/servicePrincipals"}, "times": 2, "then": late})
    sharepoint.fault({"match": {"method": "POST", "path": "/federatedIdentity"}, "times": 1, "then": {"status": 404}})

    done = shell.connect()

    assert done.code == 0, done.err
    is_connected(tenant, sharepoint)


def test_a_busy_graph_is_waited_for(shell: Shell, tenant: Tenant, sharepoint):
    sharepoint.fault({"match": {"method": "POST"}, "times": 2, "then": {"status": 429, "retry_after_s": 0}})

    assert shell.connect().code == 0
    is_connected(tenant, sharepoint)

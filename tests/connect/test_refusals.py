"""Whatever is refused says what to do, and nothing secret."""

import pytest

from tests.connect.conftest import ALL_SCOPES, AZ_SCOPES, Shell, Tenant, changes, payload

ROLES = ("Application Administrator", "Privileged Role Administrator", "SharePoint Administrator")
DEVICE = "Sites.FullControl.All"


@pytest.mark.parametrize(("missing", "part"), [(ROLES[0], "registration"), (ROLES[1], "consent"), (ROLES[2], "sites")])
def test_a_missing_role_is_named_and_who_may_go_on(shell: Shell, sharepoint, missing: str, part: str):
    sharepoint.settings(directory_roles=", ".join(role for role in ROLES if role != missing))

    done = shell.connect()

    assert done.code == 1
    assert f"needs the role {missing}" in done.err
    assert f'make connect ARGS="--only {part}' in done.err
    assert "request-id" in done.err


def test_the_parts_can_be_done_by_different_people(shell: Shell, tenant: Tenant, sharepoint):
    sharepoint.settings(directory_roles=ROLES[0])
    assert shell.connect("--only", "registration", "--only", "trust").code == 0
    client_id = tenant.application["appId"]

    sharepoint.settings(directory_roles=ROLES[1])
    assert shell.connect("--only", "consent", "--client-id", client_id).code == 0
    sharepoint.settings(directory_roles=ROLES[2])
    shell.sign_in("Sites.FullControl.All")
    assert shell.connect("--only", "sites", "--client-id", client_id).code == 0

    shell.sign_in()
    sharepoint.clear_requests()
    assert shell.connect().code == 0
    assert changes(sharepoint) == []


@pytest.mark.parametrize("scope", ["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", DEVICE])
def test_a_token_that_may_not_says_which_permission_it_lacks(shell: Shell, scope: str):
    shell.sign_in(" ".join(each for each in ALL_SCOPES.split() if each != scope))

    done = shell.connect()

    assert done.code == 1
    assert f"lacks {scope}" in done.err
    assert "--sign-in device-code" in done.err


def test_a_site_that_is_not_there_is_known_before_anything_is_made(shell: Shell, sharepoint):
    sharepoint.clear_requests()

    done = shell.connect(sites="contoso.sharepoint.com:/sites/nowhere")

    assert done.code == 1
    assert "azd env set SHAREPOINT_SITES" in done.err
    assert changes(sharepoint) == []


def test_a_sign_in_that_has_ended_says_how_to_sign_in(shell: Shell, sharepoint):
    sharepoint.fault({"expire_tokens": True})

    done = shell.connect()

    assert done.code == 1
    assert "az login" in done.err


def test_a_graph_that_stays_busy_says_that_nothing_is_lost(shell: Shell, sharepoint):
    sharepoint.fault({"match": {"method": "POST"}, "times": 99, "then": {"status": 503, "retry_after_s": 0}})

    done = shell.connect()

    assert done.code == 1
    assert "What is done stays done" in done.err


def test_a_graph_that_is_not_there_is_exit_code_3(shell: Shell):
    done = shell.connect("--graph-url", "http://127.0.0.1:1")

    assert (done.code, "did not answer" in done.err) == (3, True)


def test_two_registrations_of_one_name_are_not_guessed_between(shell: Shell, tenant: Tenant, sharepoint):
    for _ in range(2):
        tenant.ask("POST", "/applications", {"displayName": "Moment"})
    sharepoint.clear_requests()

    done = shell.connect()

    assert done.code == 1
    assert "--client-id" in done.err
    assert changes(sharepoint) == []


def test_a_foreign_registration_of_the_name_is_left_alone(shell: Shell, tenant: Tenant, sharepoint):
    tenant.ask("POST", "/applications", {"displayName": "Moment"})
    sharepoint.clear_requests()

    refused = shell.connect()
    named = shell.connect("--client-id", tenant.application["appId"])

    assert refused.code == 1
    assert "none of Moment's roles" in refused.err
    assert named.code == 0, named.err


def test_a_registration_that_is_gone_is_not_made_anew_by_itself(shell: Shell, tenant: Tenant):
    done = shell.connect("--client-id", "00000000-1111-4000-8000-000000000000")

    assert done.code == 1
    assert 'azd env set GRAPH_CLIENT_ID ""' in done.err
    assert tenant.rows("/applications") == []


@pytest.mark.parametrize("part", ["consent", "sites"])
def test_a_part_before_the_registration_says_what_comes_first(shell: Shell, part: str):
    done = shell.connect("--only", part)

    assert done.code == 1
    assert "first run it with --only registration" in done.err


def test_every_input_that_is_missing_is_named_at_once(shell: Shell):
    done = shell.connect(needs=False)

    assert done.code == 2
    for name in ("AZURE_TENANT_ID", "MOMENT_IDENTITY_PRINCIPAL_ID", "MOMENT_SIGN_IN_CALLBACK", "SHAREPOINT_SITES"):
        assert f"{name} is missing" in done.err


@pytest.mark.parametrize(
    ("flag", "value", "name"),
    [
        ("--sites", "https://contoso.sharepoint.com/sites/moment", "SHAREPOINT_SITES"),
        ("--identity", "moment", "MOMENT_IDENTITY_PRINCIPAL_ID"),
        ("--callback", "http://func/.auth", "MOMENT_SIGN_IN_CALLBACK"),
        ("--tenant", "contoso", "AZURE_TENANT_ID"),
    ],
)
def test_an_input_of_another_form_is_named(shell: Shell, flag: str, value: str, name: str):
    done = shell.connect(flag, value)

    assert done.code == 2
    assert name in done.err


def test_what_the_app_does_not_need_is_pointed_out(shell: Shell, tenant: Tenant):
    shell.connect()
    graph = next(each for each in tenant.rows("/servicePrincipals") if each["displayName"] == "Microsoft Graph")
    role = next(each for each in graph["appRoles"] if each["value"] == "Sites.FullControl.All")
    body = {"principalId": tenant.principal["id"], "resourceId": graph["id"], "appRoleId": role["id"]}
    tenant.ask("POST", f"/servicePrincipals/{tenant.principal['id']}/appRoleAssignments", body)
    other = {"name": "old", "issuer": "https://example.org", "subject": "old", "audiences": ["api://x"]}
    tenant.ask("POST", f"/applications/{tenant.application['id']}/federatedIdentityCredentials", other)

    done = shell.connect()

    assert done.code == 0
    assert "more than it needs: Sites.FullControl.All" in done.err
    assert "trusts others, too: old" in done.err


# where tokens come from


def test_az_serves_the_directory_and_a_device_code_the_sites(shell: Shell, sharepoint):
    del shell.environ["MOMENT_GRAPH_TOKEN"]
    shell.has_az(shell.token(AZ_SCOPES))

    done = shell.connect()

    assert done.code == 0, done.err
    assert "For the sites: To sign in, open https://microsoft.com/devicelogin" in done.err


def test_without_az_one_device_code_serves_all(shell: Shell, sharepoint):
    del shell.environ["MOMENT_GRAPH_TOKEN"]

    done = shell.connect()

    assert done.code == 0, done.err
    assert "`az` is not installed" in done.err
    assert done.err.count("To sign in, open") == 1


def test_nobody_signed_in_to_az_leads_to_a_device_code(shell: Shell):
    del shell.environ["MOMENT_GRAPH_TOKEN"]
    shell.has_az(refusal="ERROR: Please run 'az login' to setup account.")

    done = shell.connect()

    assert done.code == 0, done.err
    assert "Please run 'az login'" in done.err


def test_az_that_was_asked_for_and_has_no_token_is_exit_code_3(shell: Shell):
    del shell.environ["MOMENT_GRAPH_TOKEN"]
    shell.has_az(refusal="ERROR: Please run 'az login' to setup account.")

    done = shell.connect("--sign-in", "az")

    assert done.code == 3
    assert f"az login --tenant {shell.sharepoint.tenant_id}" in done.err


def test_a_consent_that_is_refused_says_who_may_give_it(shell: Shell, sharepoint):
    del shell.environ["MOMENT_GRAPH_TOKEN"]
    sharepoint.settings(device_sign_in="declined")

    done = shell.connect()

    assert done.code == 3
    assert "Privileged Role Administrator" in done.err
    assert "docs/connect.md" in done.err


def test_a_sign_in_to_another_tenant_is_refused(shell: Shell):
    done = shell.connect("--tenant", "7d4a1f0e-0000-4000-8000-000000000009")

    assert done.code == 3
    assert "az login --tenant 7d4a1f0e-0000-4000-8000-000000000009" in done.err


@pytest.mark.parametrize("fails", [True, False])
def test_no_token_is_ever_printed(shell: Shell, sharepoint, fails: bool):
    if fails:
        sharepoint.settings(directory_roles="")

    done = shell.connect()

    token = shell.environ["MOMENT_GRAPH_TOKEN"]
    assert payload(token)["scp"]
    assert token not in done.out + done.err
    assert token.split(".")[2] not in done.out + done.err

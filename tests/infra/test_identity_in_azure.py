"""Who may what in Azure: roles with reasons, no key, no secret, no way in beside the sign-in."""

import re
from typing import Any

import pytest

from functions.callers import SIGN_IN_PATH
from functions.operation import API, OPERATIONS
from shared.settings import NOTIFICATIONS_PATH
from tests.infra.templates import all_templates, main, module, resources, strings
from tools.infra.subscription import webhook_url

# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
BUILT_IN = {
    "storageBlobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "storageBlobDataContributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "storageQueueDataContributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "storageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "monitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
}
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def test_role_ids_are_those_of_the_roles_they_are_named_for():
    for template in all_templates():
        for name, said in template.variables.items():
            if isinstance(said["value"], str) and GUID.fullmatch(said["value"]):
                assert said["value"] == BUILT_IN[name]


def test_no_other_role_is_named_anywhere():
    assert {found for template in all_templates() for found in GUID.findall(template.text)} <= set(BUILT_IN.values())


def test_the_app_has_these_roles_and_no_others():
    roles = module("roles")

    def given(variable: str) -> set[str]:
        return {each["id"] for each in roles.value(variable)}

    three = {"storageBlobDataOwner", "storageQueueDataContributor", "storageTableDataContributor"}
    assert given("hostRoles") == given("momentRoles") == three
    assert set(roles.resources) == {
        "hostStorage",
        "momentStorage",
        "insights",
        "onHostStorage",
        "onMomentStorage",
        "onInsights",
    }


@pytest.mark.parametrize("symbol", ["onHostStorage", "onMomentStorage", "onInsights", "writesDeadLetters"])
def test_a_role_is_given_on_one_resource_with_its_reason(symbol: str):
    (body,) = [body for _, found, body in resources("Microsoft.Authorization/roleAssignments") if found == symbol]

    assert body["scope"] in {"hostStorage", "momentStorage", "insights", "container"}
    assert body["properties"]["principalType"] == "ServicePrincipal"
    assert body["properties"]["description"]


def test_every_reason_is_a_sentence():
    roles = module("roles")

    for each in [*roles.value("hostRoles"), *roles.value("momentRoles")]:
        assert re.fullmatch(r"[A-Z].{15,}\.", each["reason"])


def test_every_assignment_is_known_here():
    found = [symbol for _, symbol, _ in resources("Microsoft.Authorization/roleAssignments")]

    assert sorted(found) == ["onHostStorage", "onInsights", "onMomentStorage", "writesDeadLetters"]


def test_the_app_starts_only_after_its_roles_are_given():
    assert main().body("app")["dependsOn"] == ["roles"]


def test_no_key_is_asked_for_and_none_is_given_out():
    for template in all_templates():
        assert not re.search(r"\blist(Keys|Sas|ConnectionStrings|Secrets)?\w*\(|AccountKey|getSecret", template.text)
        assert "@secure" not in template.text
        for name, said in template.outputs.items():
            assert not any(word in name.lower() for word in ("key", "secret", "connectionstring", "password"))
            assert not any("ConnectionString" in each for each in strings(said["value"]))


def test_nobody_deploys_with_a_password():
    policies = resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies")

    assert {body["name"]: body["properties"] for _, _, body in policies} == {
        "ftp": {"allow": False},
        "scm": {"allow": False},
    }


def signed_in() -> dict[str, Any]:
    properties: dict[str, Any] = module("sign-in").body("signIn")["properties"]
    return properties


def test_the_platform_authenticates_and_the_app_turns_callers_away():
    properties = signed_in()

    assert properties["platform"]["enabled"] is True
    assert properties["globalValidation"]["requireAuthentication"] is False
    assert properties["globalValidation"]["unauthenticatedClientAction"] == "AllowAnonymous"
    assert properties["httpSettings"]["requireHttps"] is True
    assert properties["login"]["tokenStore"]["enabled"] is False


def test_what_is_kept_from_the_sign_in_proves_itself_otherwise():
    event_grid = webhook_url("https://app", "any", "key").removeprefix("https://app").split("?")[0]

    assert module("sign-in").value("openPaths") == [event_grid, NOTIFICATIONS_PATH]
    assert signed_in()["globalValidation"]["excludedPaths"] == "openPaths"


def test_no_operation_that_needs_a_role_is_kept_from_the_sign_in():
    import function_app  # noqa: F401 - fills OPERATIONS

    open_paths = module("sign-in").value("openPaths")
    with_a_role = [f"/{API}{each.route}" for each in OPERATIONS if each.role is not None]

    assert len(with_a_role) > 40
    assert not [path for path in with_a_role if path.startswith(tuple(open_paths))]


def test_people_sign_in_without_a_secret():
    entra = signed_in()["identityProviders"]["azureActiveDirectory"]
    setting = entra["registration"]["clientSecretSettingName"]

    assert module("app").value("platformSettings")[setting] == "identityClientId"
    assert entra["registration"]["clientId"] == "clientId"
    assert entra["registration"]["openIdIssuer"].endswith("${tenantId}/v2.0")
    assert entra["validation"]["allowedAudiences"] == ["clientId", "api://${clientId}"]


def test_entra_sends_people_back_to_the_path_that_the_app_leads_them_to():
    assert signed_in()["httpSettings"]["routes"]["apiPrefix"] == "/.auth"
    callback = main().outputs["MOMENT_SIGN_IN_CALLBACK"]["value"]

    assert callback.removeprefix("${app.outputs.url}") == SIGN_IN_PATH.replace("/aad", "/aad/callback")


def test_sign_in_is_set_up_only_when_there_is_a_registration():
    assert main().modules["signIn"]["config"]["condition"] == "isConnected"

"""The plan, the app, the network and what azd does with them."""

import json
import os
import re
from typing import Any

import pytest

from tests.infra.templates import all_templates, main, module, resources
from tools.infra.bicep import INFRA, ROOT
from tools.infra.subscribing import WEB_API_VERSION
from tools.infra.subscription import API_VERSION

# Those that the pages of learn.microsoft.com/azure/templates and Microsoft's samples use; none is a preview.
API_VERSIONS = {
    "Microsoft.Authorization/locks": "2020-05-01",
    "Microsoft.Authorization/roleAssignments": "2022-04-01",
    "Microsoft.EventGrid/systemTopics": "2022-06-15",
    "Microsoft.Insights/actionGroups": "2023-01-01",
    "Microsoft.Insights/components": "2020-02-02",
    "Microsoft.Insights/metricAlerts": "2018-03-01",
    "Microsoft.Insights/scheduledQueryRules": "2021-08-01",
    "Microsoft.Insights/workbooks": "2022-04-01",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "2023-01-31",
    "Microsoft.Network/privateDnsZones": "2020-06-01",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": "2020-06-01",
    "Microsoft.Network/privateEndpoints": "2024-01-01",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": "2024-01-01",
    "Microsoft.Network/virtualNetworks": "2024-01-01",
    "Microsoft.Network/virtualNetworks/subnets": "2024-01-01",
    "Microsoft.OperationalInsights/workspaces": "2023-09-01",
    "Microsoft.Resources/resourceGroups": "2024-03-01",
    "Microsoft.Web/serverfarms": "2024-04-01",
    "Microsoft.Web/sites": "2024-04-01",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": "2024-04-01",
    "Microsoft.Web/sites/config": "2024-04-01",
}
STORAGE_API_VERSION = "2023-05-01"

# Beginning of each name, and how long one may be
# (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules). Hosts are told apart by the
# first 32 characters of an app's name (https://learn.microsoft.com/azure/azure-functions/storage-considerations).
NAMES = {
    "appi-moment-": 255,
    "evgt-moment-": 50,
    "func-moment-": 32,
    "id-moment-": 128,
    "log-moment-": 63,
    "plan-moment-": 40,
    "sthost": 24,
    "stmoment": 24,
    "vnet-moment-": 64,
}
UNIQUE_STRING = 13
"""https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#uniquestring"""
AZD = (ROOT / "azure.yaml").read_text("utf-8")


def app() -> dict[str, Any]:
    return module("app").body("app")


def test_api_versions_are_these():
    used = {(said["type"], said["api_version"]) for template in all_templates() for said in template.resources.values()}
    storage = {(kind, version) for kind, version in used if kind.startswith("Microsoft.Storage/")}

    assert used - storage == set(API_VERSIONS.items())
    assert {version for _, version in storage} == {STORAGE_API_VERSION}
    assert API_VERSIONS["Microsoft.EventGrid/systemTopics"] == API_VERSION
    assert API_VERSIONS["Microsoft.Web/sites"] == WEB_API_VERSION


def test_modules_are_files_of_this_project():
    assert {said["type"] for said in main().modules.values()} == {"local"}


def test_the_plan_is_flex_consumption():
    plan = module("app").body("plan")

    assert plan["sku"] == {"name": "FC1", "tier": "FlexConsumption"}
    assert plan["properties"]["reserved"] is True


def test_the_runtime_is_the_projects_python():
    python = (ROOT / ".python-version").read_text("utf-8").strip()

    assert app()["properties"]["functionAppConfig"]["runtime"] == {"name": "python", "version": python}


def test_the_app_is_itself_everywhere():
    assert app()["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {"'${identityId}'": {}}}
    assert app()["properties"]["functionAppConfig"]["deployment"]["storage"]["authentication"] == {
        "type": "UserAssignedIdentity",
        "userAssignedIdentityResourceId": "identityId",
    }


def test_the_app_is_reached_by_https_only():
    properties = app()["properties"]

    assert properties["httpsOnly"] is True
    assert properties["siteConfig"]["minTlsVersion"] == properties["siteConfig"]["scmMinTlsVersion"] == "1.2"
    assert properties["siteConfig"]["ftpsState"] == "Disabled"


def test_scale_is_a_parameter_within_what_the_platform_takes():
    scale = app()["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    parameter = main().parameters["maximumInstances"]
    bounds = {each["type"]: each["argument"] for each in parameter["decorators"] if each["type"] != "description"}

    assert scale["instanceMemoryMB"] == "instanceMemoryMb"
    assert scale["maximumInstanceCount"] == "maximumInstances"
    assert scale["alwaysReady"] == "alwaysReady"
    assert bounds == {"min_value": 1, "max_value": 1000}
    assert parameter["default"] >= 40  # what older regions take for the least


def test_the_address_is_the_one_that_azure_gave():
    assert module("app").outputs["url"]["value"] == "https://${app.properties.defaultHostName}"
    assert "azurewebsites.net" not in "".join(template.text for template in all_templates())


def test_events_are_subscribed_to_by_the_hook_alone():
    kinds = {said["type"] for template in all_templates() for said in template.resources.values()}

    assert not [kind for kind in kinds if kind.endswith("/eventSubscriptions")]


def test_the_topic_tells_of_moments_account_and_writes_dead_letters_as_itself():
    events = module("events")

    assert events.body("topic")["identity"] == {"type": "SystemAssigned"}
    assert events.body("topic")["properties"]["topicType"] == "Microsoft.Storage.StorageAccounts"
    assert events.body("writesDeadLetters")["scope"] == "container"
    assert main().body("events")["params"]["deadLetterContainer"]["operator"]["operands"]["operand_1"] == "momentCloud"


def test_the_network_is_a_choice_and_closes_the_platforms_account():
    assert main().modules["network"]["config"]["condition"] == "vnetEnabled"
    assert main().parameters["vnetEnabled"]["default"] is False
    assert main().body("hostStorage")["params"]["isPrivate"] == "vnetEnabled"
    ((_, _, vnet),) = resources("Microsoft.Network/virtualNetworks")
    (subnet, _) = vnet["properties"]["subnets"]
    assert subnet["properties"]["delegations"][0]["properties"]["serviceName"] == "Microsoft.App/environments"


def test_each_service_of_each_account_has_a_private_endpoint():
    network = module("network")

    assert network.value("services") == ["blob", "queue", "table"]
    assert len(main().body("network")["params"]["storageNames"]) == 2
    assert "var count = length(storageNames) * length(services)" in network.text
    assert network.text.count("[for index in range(0, count): {") == 2
    assert "groupIds: [\n            services[index % length(services)]\n" in network.text
    assert "privateDnsZoneId: zone[index % length(services)].id" in network.text


def test_everything_that_can_have_tags_has_them():
    without = {
        "Microsoft.Authorization/locks",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
        "Microsoft.Web/sites/config",
    }
    for template in all_templates():
        for symbol, said in template.resources.items():
            kind = said["type"]
            if said["existing"] or kind in without or re.match(r"Microsoft.Storage/storageAccounts/", kind):
                continue
            assert "tags" in template.body(symbol), (template.name, symbol)


def test_names_are_made_alike_and_no_longer_than_azure_takes():
    begun = re.findall(r"'([a-z-]+)\$\{token\}'", main().text)

    assert sorted(begun) == sorted(NAMES)
    assert [name for name in begun if len(name) + UNIQUE_STRING > NAMES[name]] == []
    assert "-" not in "".join(name for name in begun if NAMES[name] == 24)  # of storage: letters and digits alone
    assert "var token = toLower(uniqueString(subscription().id, environmentName, location))" in main().text


def test_an_output_says_what_to_do_next_by_commands_that_there_are():
    said = re.search(r"^output MOMENT_NEXT_STEP string = isConnected \? '(.+)' : '(.+)'$", main().text, re.MULTILINE)

    assert said is not None
    connected, before = said.groups()
    assert connected == "Open ${app.outputs.url}/ and sign in."
    (target,) = re.findall(r"make ([a-z-]+)", before)
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    (document,) = re.findall(r"docs/[\w-]+\.md", before)
    assert (ROOT / document).exists()
    assert before.endswith("azd provision")


def test_azd_finds_the_app_by_its_tag():
    service = re.search(r"^services:\n  app:\n((?:    .+\n)+)", AZD, re.MULTILINE)

    assert service is not None
    assert service[1].split() == ["project:", ".", "language:", "python", "host:", "function", "remoteBuild:", "true"]
    assert app()["tags"]["function"]["parameters"]["arg_2"] == {"'azd-service-name'": "app"}
    assert main().variables["allTags"]["value"]["function"]["parameters"]["arg_2"] == {
        "'azd-env-name'": "environmentName"
    }


def test_azd_runs_the_hook_after_code_is_there():
    scripts = re.findall(r"run: (\S+)", AZD.partition("postdeploy:")[2])

    assert scripts == ["./infra/hooks/postdeploy.sh", "./infra/hooks/postdeploy.ps1"]
    for script in scripts:
        text = (ROOT / script).read_text("utf-8")
        assert "-m tools.infra subscribe" in text
    assert os.access(ROOT / scripts[0], os.X_OK)


@pytest.mark.parametrize("name", sorted(json.loads((INFRA / "main.parameters.json").read_text("utf-8"))["parameters"]))
def test_a_parameter_is_the_default_or_asked_of_azd(name: str):
    given = json.loads((INFRA / "main.parameters.json").read_text("utf-8"))["parameters"][name]["value"]

    if isinstance(given, str) and given.startswith("${"):
        has_default = "=" in given
        assert has_default == (name not in main().required)
    else:
        assert given == main().parameters[name]["default"]

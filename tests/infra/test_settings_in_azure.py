"""The app's settings in Azure: all of them are there, and none that the platform refuses."""

import json
import re
from functools import cache
from typing import Any

import pytest

from shared.errors import SettingsError
from shared.settings import Settings, blob_trigger_source, daily_sync_schedule
from tests.infra.templates import module
from tools.infra.bicep import ROOT

FOR_OTHER_MACHINES = {
    "MOMENT_STORAGE": "a connection string holds a key, and the account takes none",
    "GRAPH_CLIENT_SECRET": "the managed identity stands for it",
    "GRAPH_CA_BUNDLE": "Graph's certificate is one that everybody trusts",
    "DEVELOPMENT_USER": "refused in Azure: everybody would be let in",
}

# https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
REFUSED_BY_FLEX_CONSUMPTION = {
    "ENABLE_ORYX_BUILD",
    "FUNCTIONS_EXTENSION_VERSION",
    "FUNCTIONS_WORKER_PROCESS_COUNT",
    "FUNCTIONS_WORKER_RUNTIME",
    "FUNCTIONS_WORKER_RUNTIME_VERSION",
    "SCM_DO_BUILD_DURING_DEPLOYMENT",
    "TZ",
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE",
    "WEBSITE_RUN_FROM_PACKAGE",
    "WEBSITE_TIME_ZONE",
}
GIVEN = {
    "sharePointSites": "contoso.sharepoint.com:/sites/moment",
    "graphTenantId": "7d4a1f0e-0000-4000-8000-000000000001",
    "graphClientId": "7d4a1f0e-0000-4000-8000-000000000002",
    "identityClientId": "7d4a1f0e-0000-4000-8000-000000000003",
}
COMPUTED = {
    "MOMENT_STORAGE__blobServiceUri": "https://stmoment.blob.core.windows.net/",
    "MOMENT_STORAGE__queueServiceUri": "https://stmoment.queue.core.windows.net/",
    "MOMENT_STORAGE__tableServiceUri": "https://stmoment.table.core.windows.net/",
    "GRAPH_LOGIN_URL": "https://login.microsoftonline.com/",
}
GIVEN_BY_THE_PLATFORM = {"WEBSITE_AUTH_ENABLED", "WEBSITE_HOSTNAME", "WEBSITE_INSTANCE_ID"}
HOST = json.loads((ROOT / "host.json").read_text("utf-8"))


class Noting(dict[str, str]):
    """An environment that notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return default


@cache
def names_read() -> frozenset[str]:
    """Every name that shared/settings reads and a person sets."""
    environ = Noting()
    with pytest.raises(SettingsError):
        Settings.from_environ(environ)
    blob_trigger_source(environ)
    daily_sync_schedule(environ)
    return frozenset(environ.asked - GIVEN_BY_THE_PLATFORM)


def platform() -> dict[str, Any]:
    return dict(module("app").value("platformSettings"))


def moment() -> dict[str, Any]:
    return dict(module("app").value("momentSettings"))


def in_azure() -> dict[str, str]:
    """The app's own settings as they are after a deployment."""
    return {name: COMPUTED.get(name) or GIVEN.get(value, value) for name, value in moment().items()}


@pytest.mark.parametrize("name", sorted(names_read()))
def test_every_setting_of_the_app_is_set_or_left_out_for_a_reason(name: str):
    assert (name in moment()) != (name in FOR_OTHER_MACHINES)


def test_the_names_are_found():
    assert {"GRAPH_TENANT_ID", "PROOF_READ_BACK", "MOMENT_STORAGE__clientId", "DAILY_SYNC_SCHEDULE"} <= names_read()


def test_no_setting_is_there_that_nobody_reads():
    read_by_triggers = {"MOMENT_STORAGE__credential"}

    assert set(moment()) - read_by_triggers <= names_read()


def test_what_is_set_is_what_the_app_does_without_it():
    needed = {name for name in moment() if name.startswith(("MOMENT_STORAGE", "SHAREPOINT_SITES", "GRAPH_"))}

    everything = in_azure()
    least = {name: everything[name] for name in needed}

    assert Settings.from_environ(everything) == Settings.from_environ(least)
    assert blob_trigger_source(everything) == blob_trigger_source({}) == "EventGrid"
    assert daily_sync_schedule(everything) == daily_sync_schedule({})


README = (ROOT / "README.md").read_text("utf-8").partition("## Settings")[2]
TOLD = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([^|`]+?)`? \|", README, re.MULTILINE))


def test_defaults_are_told_as_they_are_set():
    compared = {
        name: value for name, value in TOLD.items() if value not in {"required", "the platform's host name", ""}
    }
    compared = {name: value for name, value in compared.items() if name in moment() and value.strip()}

    assert len(compared) > 20
    for name, value in compared.items():
        if name == "GRAPH_LOGIN_URL":
            assert value == COMPUTED[name].rstrip("/")
            continue
        number, _, unit = value.partition(" ")
        assert moment()[name] == (str(int(number) * 1024**2) if unit == "MiB" else value), name


def test_before_sharepoint_is_connected_the_app_says_what_is_missing():
    settings = {**in_azure(), "GRAPH_CLIENT_ID": ""}

    with pytest.raises(SettingsError, match="GRAPH_CLIENT_ID"):
        Settings.from_environ(settings)


def test_settings_that_flex_consumption_refuses_are_absent():
    assert not REFUSED_BY_FLEX_CONSUMPTION & {*platform(), *moment()}


@pytest.mark.parametrize("connection", ["AzureWebJobsStorage", "MOMENT_STORAGE"])
def test_connections_are_by_identity_and_for_all_services(connection: str):
    settings = {**platform(), **moment()}

    assert connection not in settings
    assert settings[f"{connection}__credential"] == "managedidentity"
    assert settings[f"{connection}__clientId"] == "identityClientId"
    assert {f"{connection}__{service}ServiceUri" for service in ("blob", "queue", "table")} <= set(settings)


def test_everything_that_is_set_reaches_the_app():
    body = module("app").body("appSettings")

    assert body["name"] == "appsettings"
    assert body["parent"] == "app"
    assert list(body["properties"]["function"]["parameters"].values()) == [
        "platformSettings",
        "momentSettings",
        "extraSettings",
    ]


def test_no_more_work_is_taken_on_at_once_than_there_are_threads():
    app = module("app")
    threads = app.value("threads")
    queues, blobs = HOST["extensions"]["queues"], HOST["extensions"]["blobs"]
    scale = app.body("app")["properties"]["functionAppConfig"]["scaleAndConcurrency"]

    assert platform()["PYTHON_THREADPOOL_THREAD_COUNT"]["function"]["parameters"]["value_to_convert"] == "threads"
    assert scale["triggers"]["http"]["perInstanceConcurrency"] == "threads"
    assert queues["batchSize"] + queues["newBatchThreshold"] <= threads
    assert blobs["maxDegreeOfParallelism"] <= threads


def test_the_threads_are_as_many_as_on_a_developers_machine():
    example = json.loads((ROOT / "local.settings.json.example").read_text("utf-8"))["Values"]

    assert str(module("app").value("threads")) == example["PYTHON_THREADPOOL_THREAD_COUNT"]
    assert platform()["AzureWebJobsDisableHomepage"] == example["AzureWebJobsDisableHomepage"] == "true"


def test_the_workers_telemetry_follows_host_json():
    operator = platform()["PYTHON_ENABLE_OPENTELEMETRY"]["operator"]["operands"]

    assert module("app").value("host")["function"]["parameters"]["file_path"] == "../../host.json"
    assert operator["condition"]["function"]["parameters"] == {"container": "host", "item_to_find": "telemetryMode"}
    assert (operator["true_value"], operator["false_value"]) == ("true", "false")
    assert HOST["telemetryMode"] == "OpenTelemetry"
    assert "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY" not in platform(), "the worker would send all a second time"


def test_telemetry_is_written_as_the_identity():
    assert platform()["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == "ClientId=${identityClientId};Authorization=AAD"
    assert module("monitoring").body("insights")["properties"]["DisableLocalAuth"] is True

"""Storage: what the code needs is made, nothing opens it but an identity, and nothing cleans up what it must not."""

import json
import subprocess
import sys
from typing import Any

import pytest

from shared.settings import (
    CHANGES_QUEUE,
    INDEXING_QUEUE,
    MOMENT_CLOUD_CONTAINER,
    PUSHES_QUEUE,
    SYNCS_QUEUE,
    TRANSFERS_QUEUE,
)
from shared.store import provision
from shared.store.tables import TABLES
from tests.infra.templates import module, resources
from tools.infra.bicep import ROOT

LIST_BINDINGS = """
import json, function_app
print(json.dumps([json.loads(each.get_function_json()) for each in function_app.app.get_functions()]))
"""
ACCOUNTS = {"host-storage": "account", "moment-storage": "account"}


@pytest.fixture(scope="module")
def triggers() -> list[dict[str, Any]]:
    """The bindings of every function."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_BINDINGS], cwd=ROOT, env={}, capture_output=True, text=True, check=True, timeout=60
    )
    return [each for function in json.loads(done.stdout) for each in function["bindings"]]


def test_every_table_of_the_code_is_made_and_no_other():
    assert sorted(module("moment-storage").value("tableNames")) == sorted(TABLES)


def test_every_queue_of_the_code_is_made_and_no_other():
    queues = {TRANSFERS_QUEUE, CHANGES_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, INDEXING_QUEUE}

    assert set(module("moment-storage").value("queueNames")) == queues


def test_every_queue_that_a_function_waits_for_is_made_and_no_other(triggers: list[dict[str, Any]]):
    storage = module("moment-storage")
    waited_for = {each["queueName"] for each in triggers if each["type"] == "queueTrigger"}

    assert {*storage.value("queueNames"), *storage.value("poisonQueueNames")} == waited_for


def test_the_queues_and_tables_are_made_in_moments_account():
    storage = module("moment-storage")

    assert storage.body("queue") == {"parent": "queues", "name": "queueName"}
    assert storage.body("table") == {"parent": "tables", "name": "tableName"}
    assert storage.body("queues")["parent"] == storage.body("tables")["parent"] == "account"


def test_the_container_of_the_blob_trigger_is_made(triggers: list[dict[str, Any]]):
    (path,) = [each["path"] for each in triggers if each["type"] == "blobTrigger"]

    assert module("moment-cloud").value("container") == MOMENT_CLOUD_CONTAINER
    assert path.startswith(f"{MOMENT_CLOUD_CONTAINER}/")
    assert module("moment-cloud").body("momentCloud")["name"] == "container"


def test_containers_are_never_public():
    made = resources("Microsoft.Storage/storageAccounts/blobServices/containers")

    assert [symbol for _, symbol, _ in made] == ["packages", "momentCloud", "deadLetters"]
    assert all(body["properties"]["publicAccess"] == "None" for _, _, body in made)


def test_the_platform_and_moment_have_accounts_of_their_own():
    made = resources("Microsoft.Storage/storageAccounts")

    assert {template.path.stem: symbol for template, symbol, _ in made} == ACCOUNTS


@pytest.mark.parametrize("name", ACCOUNTS)
def test_accounts_take_no_keys_and_show_nothing_to_the_public(name: str):
    properties = module(name).body("account")["properties"]

    assert properties["allowSharedKeyAccess"] is False
    assert properties["allowBlobPublicAccess"] is False
    assert properties["allowCrossTenantReplication"] is False
    assert properties["minimumTlsVersion"] == "TLS1_2"
    assert properties["supportsHttpsTrafficOnly"] is True
    assert properties["networkAcls"]["bypass"] == "AzureServices"


def test_what_was_deleted_or_overwritten_can_be_brought_back():
    service = module("moment-cloud").body("blobs")["properties"]

    assert service["isVersioningEnabled"] is True
    assert service["deleteRetentionPolicy"] == {"enabled": True, "days": "softDeleteDays"}
    assert service["containerDeleteRetentionPolicy"] == {"enabled": True, "days": "softDeleteDays"}


def rules() -> list[dict[str, Any]]:
    ((_, _, body),) = resources("Microsoft.Storage/storageAccounts/managementPolicies")
    return list(body["properties"]["policy"]["rules"])


def test_cleaning_up_concerns_two_named_containers_of_moments_account():
    ((template, _, body),) = resources("Microsoft.Storage/storageAccounts/managementPolicies")

    assert (template.path.stem, body["parent"]) == ("moment-cloud", "account")
    prefixes = [rule["definition"]["filters"]["prefixMatch"] for rule in rules()]
    assert prefixes == [["${container}/"], ["${deadLetterContainer}/"]]


def test_no_rule_deletes_a_current_blob_of_moment_cloud():
    (versions,) = [rule for rule in rules() if rule["definition"]["filters"]["prefixMatch"] == ["${container}/"]]

    assert versions["definition"]["actions"] == {"version": {"delete": {"daysAfterCreationGreaterThan": "versionDays"}}}


def test_pages_may_upload_as_they_do_on_a_developers_machine():
    (rule,) = module("moment-cloud").body("blobs")["properties"]["cors"]["corsRules"]

    assert rule["allowedOrigins"] == ["uploadOrigin"]
    assert rule["allowedMethods"] == provision._METHODS
    assert rule["allowedHeaders"] == provision._HEADERS
    assert rule["maxAgeInSeconds"] == provision._PREFLIGHT_HOLDS_S


def test_the_account_can_be_locked():
    ((template, _, body),) = resources("Microsoft.Authorization/locks")

    assert template.resources["lock"]["config"]["condition"] == "isLocked"
    assert (body["scope"], body["properties"]["level"]) == ("account", "CanNotDelete")

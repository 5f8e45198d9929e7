"""What the blob event subscription has to be, decided without asking anybody."""

from typing import Any

import pytest

from shared.settings import MOMENT_CLOUD_CONTAINER
from tests.infra.templates import main
from tools.infra.az import AzFailed, without_keys
from tools.infra.subscription import (
    CONTAINER,
    Ambiguous,
    Deployment,
    blob_function,
    is_as_wanted,
    is_settled,
    wanted,
    webhook_url,
)

URL = webhook_url("https://app/", "file_arrived", "k+y/=")
DEPLOYMENT = Deployment("/app", "https://app", "/topic", "/Storage/Account", "letters")
BODY = wanted(DEPLOYMENT, URL)


def listed(name: str, **binding: str) -> dict[str, Any]:
    usual = {"type": "blobTrigger", "path": "moment-cloud/{name}", "source": "EventGrid"}
    return {"properties": {"name": name, "config": {"bindings": [usual | binding]}}}


def present(**changes: Any) -> dict[str, Any]:
    return {"properties": {**BODY["properties"], "provisioningState": "Succeeded", "topic": "/topic"} | changes}


def test_the_container_is_the_apps():
    assert CONTAINER == MOMENT_CLOUD_CONTAINER


def test_every_value_it_needs_is_an_output_of_the_deployment():
    outputs = dict.fromkeys(main().outputs, "x")

    assert Deployment.from_environ(outputs) == Deployment("x", "x", "x", "x", "x")


def test_the_function_is_found_by_what_it_waits_for_not_by_its_name():
    others = [
        listed("queue", type="queueTrigger"),
        listed("other-container", path="moment-cloud-old/{name}"),
        listed("polling", source="LogsAndContainerScan"),
        {"properties": {"name": "WarmUp", "config": None}},
        {"properties": {"name": "broken", "config": {"bindings": None}}},
    ]

    assert blob_function([*others, listed("any name")]) == "any name"
    assert blob_function(others) is None


def test_several_functions_for_the_same_blobs_are_refused():
    with pytest.raises(Ambiguous, match="a, b"):
        blob_function([listed("b"), listed("a")])


def test_the_key_is_quoted_in_the_address():
    assert URL == "https://app/runtime/webhooks/blobs?functionName=Host.Functions.file_arrived&code=k%2By%2F%3D"


def test_what_is_there_holds_when_azure_only_added_to_it_or_wrote_ids_otherwise():
    letters = BODY["properties"]["deadLetterWithResourceIdentity"]["deadLetterDestination"]
    written = {"resourceId": "/storage/account", "blobContainerName": "letters", "more": 1}
    again = {"identity": {"type": "SystemAssigned"}, "deadLetterDestination": letters | {"properties": written}}

    assert is_as_wanted(present(deadLetterWithResourceIdentity=again, labels=[]), URL, BODY)


def test_what_is_there_holds_when_azure_leaves_out_what_is_false_or_decodes_the_address():
    filtered = {key: value for key, value in BODY["properties"]["filter"].items() if value is not False}

    assert is_as_wanted(present(filter=filtered), URL.replace("%2F", "/").replace("%3D", "="), BODY)


@pytest.mark.parametrize(
    "change",
    [
        {"provisioningState": "Failed"},
        {
            "filter": BODY["properties"]["filter"]
            | {"subjectBeginsWith": "/blobServices/default/containers/moment-cloud"}
        },
        {"filter": BODY["properties"]["filter"] | {"includedEventTypes": None}},
        {"retryPolicy": {"maxDeliveryAttempts": 3, "eventTimeToLiveInMinutes": 1440}},
        {"deadLetterWithResourceIdentity": None},
        {"eventDeliverySchema": "CloudEventSchemaV1_0"},
    ],
)
def test_what_differs_is_written_anew(change: dict[str, Any]):
    assert not is_as_wanted(present(**change), URL, BODY)


def test_another_address_is_written_anew():
    assert not is_as_wanted(present(), URL.replace("file_arrived", "old_name"), BODY)


@pytest.mark.parametrize(
    ("state", "settled"), [("Succeeded", True), ("Failed", True), ("Updating", False), ("", False)]
)
def test_what_azure_still_works_on_is_waited_for(state: str, *, settled: bool):
    assert is_settled(present(provisioningState=state)) is settled


def test_the_filter_ends_with_a_slash():
    assert BODY["properties"]["filter"]["subjectBeginsWith"].endswith("/containers/moment-cloud/blobs/")


@pytest.mark.parametrize(
    "message",
    [
        "failed for https://app/runtime/webhooks/blobs?functionName=x&code=TOPSECRET (Bad Request)",
        '{"masterKey": "TOPSECRET", "systemKeys": {"blobs_extension": "TOPSECRET"}}',
        "https://app/blobs?code=TOPSECRET&functionName=x",
    ],
)
def test_messages_show_no_keys(message: str):
    assert "TOPSECRET" not in without_keys(message)
    assert "failed" not in message or "(Bad Request)" in without_keys(message)


@pytest.mark.parametrize(
    ("message", "final"),
    [
        ("ERROR: (AuthorizationFailed) The client does not have authorization to perform action", True),
        ("ERROR: Please run 'az login' to setup account.", True),
        ("Webhook validation handshake failed: response code Unauthorized", False),
        ("ERROR: Bad Request(The app is starting)", False),
    ],
)
def test_only_what_a_person_must_mend_ends_the_waiting(message: str, *, final: bool):
    assert AzFailed(message).is_final is final

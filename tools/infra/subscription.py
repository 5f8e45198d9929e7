"""The blob event subscription: what it has to be, and whether what is there is that. Pure; nothing is asked here.

Its address names a function, and an unknown name is answered with 202 and the event is gone
(https://github.com/Azure/azure-functions-host/issues/8802). So the name is taken from the deployed app each time, never
written down. Only the standard library: the hook runs where nothing of this project is installed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

CONTAINER = "moment-cloud"
"""As shared/settings has it; a test compares."""

NAME = "moment-cloud-blobs"
KEY_NAME = "blobs_extension"
"""The system key of the blob extension. It exists once code with a blob trigger has started."""

API_VERSION = "2022-06-15"
_SETTLED = {"succeeded", "failed", "canceled"}
_VARIABLES = {
    "app_id": "MOMENT_APP_ID",
    "app_url": "MOMENT_APP_URL",
    "topic_id": "MOMENT_EVENT_TOPIC_ID",
    "storage_id": "MOMENT_STORAGE_ID",
    "dead_letter_container": "MOMENT_DEAD_LETTER_CONTAINER",
}


class NotDeployed(Exception):
    """The environment does not say what infra/main.bicep made."""


class Ambiguous(Exception):
    """Several functions wait for the same blobs."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What infra/main.bicep made: resource ids, and the app's address."""

    app_id: str
    app_url: str
    topic_id: str
    storage_id: str
    dead_letter_container: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Deployment":
        """From azd's variables. Raises NotDeployed."""
        missing = [name for name in _VARIABLES.values() if not environ.get(name)]
        if missing:
            raise NotDeployed(f"{', '.join(missing)} not set: run `azd provision`, then `azd hooks run postdeploy`.")
        return cls(**{field: environ[name] for field, name in _VARIABLES.items()})

    @property
    def path(self) -> str:
        """The subscription's resource id."""
        return f"{self.topic_id}/eventSubscriptions/{NAME}"


def blob_function(functions: Sequence[Mapping[str, Any]]) -> str | None:
    """The name of the function that waits for Moment Cloud's blobs, from ARM's list; None where it is not there yet.

    Raises Ambiguous where there are several: an address names one.
    """
    found = [each["properties"]["name"] for each in functions if _waits_for_blobs(each)]
    if len(found) > 1:
        raise Ambiguous(f"Several functions wait for blobs of {CONTAINER}: {', '.join(sorted(found))}.")
    return str(found[0]) if found else None


def _waits_for_blobs(function: Mapping[str, Any]) -> bool:
    config = function.get("properties", {}).get("config") or {}
    bindings = config.get("bindings") or []
    return any(
        str(each.get("type", "")).lower() == "blobtrigger"
        and str(each.get("path", "")).startswith(f"{CONTAINER}/")
        and str(each.get("source", "EventGrid")).lower() == "eventgrid"
        for each in bindings
    )


def webhook_url(app_url: str, function: str, key: str) -> str:
    """Where Event Grid posts to. A secret: it holds the key.

    https://learn.microsoft.com/azure/azure-functions/functions-event-grid-blob-trigger
    """
    query = f"functionName=Host.Functions.{function}&code={quote(key, safe='')}"
    return f"{app_url.rstrip('/')}/runtime/webhooks/blobs?{query}"


def wanted(deployment: Deployment, url: str) -> dict[str, Any]:
    """The subscription as it has to be.

    The slash at the filter's end keeps out containers whose names begin the same. Tries go on for a day, the longest
    there is; then the event is kept as a blob, written as the topic's own identity, because the account takes no keys.
    """
    dead_letters = {
        "endpointType": "StorageBlob",
        "properties": {"resourceId": deployment.storage_id, "blobContainerName": deployment.dead_letter_container},
    }
    return {
        "properties": {
            "destination": {"endpointType": "WebHook", "properties": {"endpointUrl": url}},
            "eventDeliverySchema": "EventGridSchema",
            "filter": {
                "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
                "subjectBeginsWith": f"/blobServices/default/containers/{CONTAINER}/blobs/",
                "isSubjectCaseSensitive": False,
            },
            "retryPolicy": {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440},
            "deadLetterWithResourceIdentity": {
                "identity": {"type": "SystemAssigned"},
                "deadLetterDestination": dead_letters,
            },
        }
    }


def is_settled(present: Mapping[str, Any]) -> bool:
    """Whether Azure has ended what it does with it."""
    return _state(present) in _SETTLED


def works(present: Mapping[str, Any], present_url: str, body: Mapping[str, Any]) -> bool:
    """Whether events go where we want them. ARM never shows the URL with its key, so it comes apart."""
    wanted_url = body["properties"]["destination"]["properties"]["endpointUrl"]
    return _state(present) == "succeeded" and _address(present_url) == _address(wanted_url)


def is_as_wanted(present: Mapping[str, Any], present_url: str, body: Mapping[str, Any]) -> bool:
    """Whether it works, and all the rest is as we want it, too."""
    parts = ("eventDeliverySchema", "filter", "retryPolicy", "deadLetterWithResourceIdentity")
    properties, expected = present.get("properties", {}), body["properties"]
    return works(present, present_url, body) and all(_holds(properties.get(part), expected[part]) for part in parts)


def _address(url: str) -> tuple[str, str, dict[str, list[str]]]:
    """A URL however it was written: characters may be percent-encoded or not."""
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path, parse_qs(parts.query)


def _holds(present: Any, expected: Any) -> bool:
    """Whether all that is expected is there; Azure adds members, leaves out what is false, and writes ids in letters of
    its own.
    """
    if isinstance(expected, Mapping):
        return isinstance(present, Mapping) and all(_holds(present.get(key), each) for key, each in expected.items())
    if isinstance(expected, str):
        return isinstance(present, str) and present.lower() == expected.lower()
    return bool(present == expected) or (present is None and expected is False)


def _state(present: Mapping[str, Any]) -> str:
    return str(present.get("properties", {}).get("provisioningState", "")).lower()

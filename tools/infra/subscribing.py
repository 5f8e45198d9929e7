"""Has blob events sent to the deployed app: asks, decides by subscription.py, does, and tries again until it holds.

Right after a deployment nothing is ready: the platform lists the functions only once somebody has it look at the code
(https://github.com/Azure/azure-functions-host/issues/10169), the key is made when the app starts, and Event Grid wants
an answer from the running app before it subscribes. So each step may have to wait; all of it may be done again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tools.infra.az import AzFailed
from tools.infra.subscription import (
    API_VERSION,
    KEY_NAME,
    Ambiguous,
    Deployment,
    blob_function,
    is_as_wanted,
    is_settled,
    wanted,
    webhook_url,
    works,
)

WEB_API_VERSION = "2024-04-01"
TRIES = 40
ASKED = "Event Grid was asked to subscribe, and checks that the app answers."
WAIT_S = 15.0
"""Between tries: ten minutes in all, the longest that a new role takes to work."""


class ResourceManager(Protocol):
    """What is asked of Azure (az.AzureCli)."""

    def get(self, path: str, api_version: str) -> Any:
        """What is there, or None."""

    def post(self, path: str, api_version: str) -> Any:
        """An action's answer."""

    def put(self, path: str, api_version: str, body: Any) -> None:
        """Make or change it."""

    def delete(self, path: str, api_version: str) -> None:
        """Remove it."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Not yet; the reason is for a person."""

    reason: str
    has_written: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """The subscription is there and works."""

    function: str


def subscribe(
    azure: ResourceManager,
    deployment: Deployment,
    sleep: Callable[[float], None],
    say: Callable[[str], None],
    *,
    tries: int = TRIES,
    wait_s: float = WAIT_S,
) -> int:
    """Try until blob events go to the function that is deployed; gives the exit code.

    A failure that waiting can't mend ends it at once.
    """
    said, was_written = "", False
    for number in range(1, tries + 1):
        try:
            outcome = attempt(azure, deployment, was_written=was_written)
        except Ambiguous as trouble:
            say(str(trouble))
            return 1
        except AzFailed as failure:
            if failure.is_final:
                say(f"Azure refuses: {failure}")
                return 1
            outcome = Waits(str(failure).split("\n", 1)[0])
        if isinstance(outcome, Holds):
            say(f"Blob events {'now go' if was_written else 'go as before'} to {outcome.function}.")
            return 0
        was_written = was_written or outcome.has_written
        if outcome.reason != said:
            said = outcome.reason
            say(said)
        if number < tries:
            sleep(wait_s)
    say("Gave up waiting. Files still move with the daily job; try again with: azd hooks run postdeploy")
    return 1


def attempt(azure: ResourceManager, deployment: Deployment, *, was_written: bool) -> Holds | Waits:
    """Go as far as it goes now; `was_written`: what is there is ours, so Azure may show the rest of it as it likes.

    Raises AzFailed, Ambiguous.
    """
    function = _function(azure, deployment)
    if function is None:
        return Waits("The app's functions are not known to Azure yet.")
    keys = azure.post(f"{deployment.app_id}/host/default/listKeys", WEB_API_VERSION) or {}
    key = (keys.get("systemKeys") or {}).get(KEY_NAME)
    if not key:
        return Waits("The app has not made its key for blob events yet.")
    body = wanted(deployment, webhook_url(deployment.app_url, function, key))
    present = azure.get(deployment.path, API_VERSION)
    if present is None:
        azure.put(deployment.path, API_VERSION, body)
        return Waits(ASKED, has_written=True)
    if not is_settled(present):
        return Waits("Azure still works on the subscription.")
    full = azure.post(f"{deployment.path}/getFullUrl", API_VERSION) or {}
    holds = works if was_written else is_as_wanted
    if holds(present, str(full.get("endpointUrl", "")), body):
        return Holds(function)
    return _written(azure, deployment, body)


def _function(azure: ResourceManager, deployment: Deployment) -> str | None:
    """The function that waits for blobs; has the platform look at the code where it does not know it."""
    listed = azure.get(f"{deployment.app_id}/functions", WEB_API_VERSION) or {}
    found = blob_function(listed.get("value") or [])
    if found is None:
        azure.post(f"{deployment.app_id}/host/default/sync", WEB_API_VERSION)
    return found


def _written(azure: ResourceManager, deployment: Deployment, body: Any) -> Waits:
    """Change what is there, or remove it where Azure does not let it be changed: the next attempt makes it anew. What
    comes meanwhile is found by the daily job.
    """
    try:
        azure.put(deployment.path, API_VERSION, body)
    except AzFailed as failure:
        if failure.is_final or failure.is_passing:
            raise  # what is there still delivers, perhaps; it stays until it is known to be in the way
        azure.delete(deployment.path, API_VERSION)
        return Waits(f"The subscription can't be changed and is made anew: {failure}".split("\n", 1)[0])
    return Waits(ASKED, has_written=True)

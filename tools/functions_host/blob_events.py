"""Event Grid and the blob trigger: the webhook, and an emitter because Azurite announces nothing.

`POST /runtime/webhooks/blobs?functionName=Host.Functions.NAME` answers the validation handshake and turns each
BlobCreated event into a message on the control queue. Pages:
https://learn.microsoft.com/azure/azure-functions/functions-event-grid-blob-trigger and
https://learn.microsoft.com/azure/event-grid/webhook-event-delivery
"""

import asyncio
import contextlib
import itertools
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
from azure.core.exceptions import AzureError, ResourceNotFoundError

from .bindings import FunctionSpec
from .blobs import BlobScan, BlobTriggerMessage, ControlQueue
from .paths import BlobPath
from .storage import Storage

_log = logging.getLogger(__name__)
_AT_ONCE = 16
_RUNS = {"Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobRenamed"}


class BlobWebhook:
    """Receives events for the functions whose source is Event Grid."""

    def __init__(self, functions: Sequence[FunctionSpec], control: ControlQueue) -> None:
        self._functions = {each.webjobs_id: each for each in functions}
        self._control = control

    async def receive(self, function_id: str, event_type: str, body: bytes) -> tuple[int, Any]:
        """Answer one delivery with a status and a JSON value; ValueError where it is no event."""
        try:
            parsed = json.loads(body)
        except RecursionError as error:
            raise ValueError("events nested too deeply") from error
        events = parsed if isinstance(parsed, list) else [parsed]
        if event_type.lower() == "subscriptionvalidation":
            return 200, {"validationResponse": events[0]["data"]["validationCode"]}
        spec = self._functions.get(function_id)
        if spec is None:
            # The real host answers 202 here too: an event for a function that was renamed is lost without a word.
            _log.debug("no function %s for a blob event", function_id)
            return 202, None
        for event in events:
            if event.get("eventType", event.get("type")) in _RUNS:
                await self._control.put(_message(spec, event["data"]))
        return 202, None


def _message(spec: FunctionSpec, data: Mapping[str, Any]) -> BlobTriggerMessage:
    url = urlsplit(data.get("destinationUrl") or data["url"])
    parts = unquote(url.path).lstrip("/").split("/")
    # Azurite puts the account first in the path, the platform in the host name.
    container, *name = parts if ".blob." in (url.hostname or "") else parts[1:]
    return BlobTriggerMessage(spec.webjobs_id, container, "/".join(name), str(data.get("eTag", "")).strip('"'))


class BlobEventEmitter:
    """Stands for Event Grid: polls the container of one function and posts an event for each new blob version.

    Blobs that were there before it started are not announced, as with a new subscription.
    """

    def __init__(self, spec: FunctionSpec, storage: Storage, post: Callable[[str, Any], Awaitable[None]]) -> None:
        path = BlobPath(str(spec.trigger.values["path"]))
        self._container = storage.blobs(spec.trigger.connection).get_container_client(path.container)
        self._scan = BlobScan(self._container, path)
        self._spec = spec
        self._post = post

    async def learn(self) -> None:
        """See what is there already; to be done before the host says that it is ready."""
        with contextlib.suppress(ResourceNotFoundError):
            async for _ in self._scan.new_blobs():
                pass

    async def run(self, interval_s: float) -> None:
        """Poll until cancelled."""
        while True:
            try:
                await self._announce([found async for found in self._scan.new_blobs()])
            except ResourceNotFoundError:
                pass  # The container may be made later.
            except AzureError as error:
                _log.warning("blob events of %s are late: %s", self._spec.name, error)
            await asyncio.sleep(interval_s)

    async def _announce(self, found: Sequence[tuple[str, str]]) -> None:
        """Several at once, as Event Grid does: a blob that comes later must not wait for thousands before it."""
        for some in itertools.batched(found, _AT_ONCE, strict=False):
            await asyncio.gather(*(self._announce_one(name, e_tag) for name, e_tag in some))

    async def _announce_one(self, name: str, e_tag: str) -> None:
        try:
            await self._post(self._spec.webjobs_id, [self._event(name, e_tag)])
        except aiohttp.ClientError as error:
            _log.warning("a blob event of %s is late: %s", self._spec.name, error)
            self._scan.forget(name)

    def _event(self, name: str, e_tag: str) -> dict[str, Any]:
        client = self._container.get_blob_client(name)
        return {
            "id": str(uuid.uuid4()),
            "eventType": "Microsoft.Storage.BlobCreated",
            "subject": f"/blobServices/default/containers/{client.container_name}/blobs/{name}",
            "eventTime": datetime.now(UTC).isoformat(),
            "data": {"api": "PutBlob", "url": client.url, "eTag": e_tag, "blobType": "BlockBlob"},
            "dataVersion": "",
            "metadataVersion": "1",
        }

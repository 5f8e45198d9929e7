"""The blob trigger: from a message on the control queue to a call of its function.

What the real host's BlobQueueTriggerExecutor does: a blob that is gone completes silently; a blob that was overwritten
since a scan saw it is dropped, because the scan will see the new version; an Event Grid message runs whatever is there.
Page: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger
"""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobProperties
from azure.storage.blob.aio import BlobClient
from azure.storage.queue import QueueMessage

from .bindings import FunctionSpec, as_json, blob_reference, content, text
from .blobs import BlobTriggerMessage
from .messages import Outcome
from .paths import BlobPath
from .pool import WorkerProcess
from .queues import ListenerOptions, QueueListener, decode
from .runner import Call, FunctionRunner
from .settings import BlobOptions
from .storage import HOST_STORAGE, Storage, send

POISON_QUEUE = "webjobs-blobtrigger-poison"
EVENT_GRID = "eventgrid"
_log = logging.getLogger(__name__)


def is_event_grid(spec: FunctionSpec) -> bool:
    """Whether the function's blobs are announced by events; a container is scanned otherwise."""
    return str(spec.trigger.values.get("source", "")).lower() == EVENT_GRID


def control_options(options: BlobOptions, *, lease_s: int, max_polling_interval_s: float) -> ListenerOptions:
    """Divide maxDegreeOfParallelism, which counts over all blob functions of an instance, into batch and rest."""
    batch = min(32, math.ceil(options.max_degree_of_parallelism / 2))
    rest = options.max_degree_of_parallelism - batch
    return ListenerOptions(batch, rest, options.poison_blob_threshold, 0, max_polling_interval_s, lease_s)


class BlobTrigger:
    """Runs blob functions on one instance, from the control queue or by hand."""

    def __init__(
        self, specs: Sequence[FunctionSpec], worker: WorkerProcess, runner: FunctionRunner, storage: Storage
    ) -> None:
        self._specs: Mapping[str, FunctionSpec] = {spec.webjobs_id: spec for spec in specs}
        self._worker = worker
        self._runner = runner
        self._storage = storage

    def listener(self, control_queue: str, options: ListenerOptions) -> QueueListener:
        """Listen to the control queue."""
        queue = self._storage.queue(HOST_STORAGE, control_queue)
        return QueueListener(queue, options, self._handle, self._poison)

    async def _handle(self, _message: QueueMessage, body: bytes) -> bool:
        try:
            message = BlobTriggerMessage.read(body)
        except (TypeError, ValueError):
            _log.warning("a message on the blob control queue could not be read and is dropped")
            return True
        spec = self._specs.get(message.FunctionId)
        if spec is None:
            _log.debug("no function %s: its blob message is dropped", message.FunctionId)
            return True
        wanted = None if is_event_grid(spec) else message.ETag
        outcome = await self.run(spec, message.ContainerName, message.BlobName, wanted)
        return outcome is None or outcome.succeeded

    async def run(self, spec: FunctionSpec, container: str, name: str, e_tag: str | None) -> Outcome | None:
        """Run one function for one blob; None where there is nothing to run for."""
        path = BlobPath(str(spec.trigger.values["path"]))
        captures = path.match(name) if container.lower() == path.container.lower() else None
        if captures is None:
            _log.warning("%s/%s does not match the path of %s and is dropped", container, name, spec.name)
            return None
        client = self._storage.blobs(spec.trigger.connection).get_blob_client(container, name)
        try:
            properties = await client.get_blob_properties()
            if e_tag is not None and str(properties.etag).strip('"') != e_tag:
                return None
            call = await _blob_call(spec, client, properties, captures)
        except ResourceNotFoundError:
            return None
        return await self._runner.run(spec, self._worker, call)

    async def _poison(self, message: QueueMessage) -> None:
        try:
            blob = BlobTriggerMessage.read(decode(message.content, is_base64=True) or b"")
        except (TypeError, ValueError):
            return
        spec = self._specs.get(blob.FunctionId)
        if spec is None:
            return
        _log.error("%s gave up %s/%s: see %s", spec.name, blob.ContainerName, blob.BlobName, POISON_QUEUE)
        await send(self._storage.queue(spec.trigger.connection, POISON_QUEUE), blob.poison_text())


async def _blob_call(
    spec: FunctionSpec, client: BlobClient, properties: BlobProperties, captures: Mapping[str, str]
) -> Call:
    container, name, connection = client.container_name, client.blob_name, spec.trigger.connection
    metadata = {
        "BlobTrigger": text(f"{container}/{name}"),
        "Uri": as_json(client.url),
        "Properties": as_json(_described(properties)),
        "Metadata": as_json(properties.metadata),
        **{key: text(value) for key, value in captures.items()},
    }
    if spec.trigger.is_sdk_type:
        data = blob_reference(connection, container, name)
    else:
        # The platform too holds the whole blob in memory for these types.
        data = content(await (await client.download_blob()).readall(), binary=spec.trigger.is_binary)
    return Call(data, metadata, {**captures, "blobTrigger": f"{container}/{name}"})


def _described(properties: BlobProperties) -> dict[str, Any]:
    return {
        "ContentLength": properties.size,
        "ContentType": properties.content_settings.content_type,
        "ETag": properties.etag,
        "LastModified": properties.last_modified.isoformat(),
    }

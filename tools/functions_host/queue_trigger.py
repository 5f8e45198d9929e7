"""The queue trigger: from a message to a call of its function.

Metadata names are those of
https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from azure.storage.queue import QueueMessage

from .bindings import FunctionSpec, as_json, text
from .pool import WorkerProcess
from .protos import TypedData
from .queues import ListenerOptions, QueueListener
from .runner import Call, FunctionRunner
from .settings import QueueOptions
from .storage import Storage, send

_log = logging.getLogger(__name__)


def listener_options(options: QueueOptions, *, lease_s: int, max_polling_interval_s: float) -> ListenerOptions:
    """Translate host.json's `extensions.queues`."""
    return ListenerOptions(
        options.batch_size,
        options.new_batch_threshold,
        options.max_dequeue_count,
        options.visibility_timeout_s,
        max_polling_interval_s,
        lease_s,
        base64=options.base64,
    )


def queue_listener(
    spec: FunctionSpec, worker: WorkerProcess, runner: FunctionRunner, storage: Storage, options: ListenerOptions
) -> QueueListener:
    """Listen for one function on one instance."""
    name = str(spec.trigger.values["queueName"])
    poison_queue = storage.queue(spec.trigger.connection, f"{name}-poison")

    async def handle(message: QueueMessage, body: bytes) -> bool:
        return (await runner.run(spec, worker, queue_call(spec, message, body))).succeeded

    async def poison(message: QueueMessage) -> None:
        _log.error("%s gave up a message after %s tries: see %s-poison", spec.name, message.dequeue_count, name)
        await send(poison_queue, message.content)

    return QueueListener(storage.queue(spec.trigger.connection, name), options, handle, poison)


def queue_call(spec: FunctionSpec, message: QueueMessage, body: bytes) -> Call:
    """Make the call: the body, the message's properties, and the top-level fields of a JSON object."""
    body_text = body.decode("utf-8", errors="replace")
    fields = _json_fields(body_text)
    metadata: dict[str, TypedData] = {
        "QueueTrigger": text(body_text),
        "Id": text(message.id),
        "PopReceipt": text(message.pop_receipt or ""),
        "DequeueCount": as_json(message.dequeue_count or 1),
        "InsertionTime": text(_iso(message.inserted_on)),
        "ExpirationTime": text(_iso(message.expires_on)),
        "NextVisibleTime": text(_iso(message.next_visible_on)),
    }
    for name, value in fields.items():
        metadata.setdefault(name, as_json(value))
    captures = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    captures |= {"queueTrigger": body_text, "id": message.id}
    data = TypedData(bytes=body) if spec.trigger.is_binary else text(body_text)
    return Call(data, metadata, captures)


def _json_fields(body: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):  # the real host reads no JSON that is nested deeper than 64 levels
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _iso(moment: datetime | None) -> str:
    return (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def message_for_test(body: str) -> QueueMessage:
    """Make the message that an admin call stands for."""
    now = datetime.now(UTC)
    message = QueueMessage(body)
    message.id = "admin"
    message.dequeue_count = 1
    message.inserted_on = message.expires_on = message.next_visible_on = now
    message.pop_receipt = ""
    return message

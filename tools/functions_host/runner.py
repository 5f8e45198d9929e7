"""Runs one invocation: fills the other inputs, calls the worker, writes the outputs, logs one line."""

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from azure.core.exceptions import AzureError, ResourceNotFoundError

from .bindings import Binding, FunctionSpec, blob_reference, content
from .messages import Invocation, Outcome
from .paths import fill
from .pool import WorkerDied, WorkerProcess
from .protos import TypedData
from .queues import encode
from .settings import SettingsError
from .storage import Storage, send

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """What a trigger hands to a function: its value, its metadata, and the values that paths may name."""

    data: TypedData
    metadata: Mapping[str, TypedData] = field(default_factory=dict)
    captures: Mapping[str, str] = field(default_factory=dict)
    retry_count: int = 0
    max_retry_count: int = 0


class FunctionRunner:
    """Runs functions on the worker that it is given; `queue_written` hears of each queue that an output wrote to."""

    def __init__(self, storage: Storage, *, base64_messages: bool, queue_written: Callable[[str], None]) -> None:
        self._storage = storage
        self._base64 = base64_messages
        self._queue_written = queue_written

    async def run(self, spec: FunctionSpec, worker: WorkerProcess, call: Call) -> Outcome:
        """Run a function once; raises WorkerDied when its instance is lost."""
        started = time.perf_counter()
        try:
            outcome = await self._run(spec, worker, call)
        except WorkerDied:
            _log_completion(spec, started, "lost")
            raise
        _log_completion(spec, started, "succeeded" if outcome.succeeded else "failed")
        if not outcome.succeeded:
            _log.error("%s failed: %s\n%s", spec.name, outcome.error, outcome.stack.rstrip())
        return outcome

    async def _run(self, spec: FunctionSpec, worker: WorkerProcess, call: Call) -> Outcome:
        invocation_id = str(uuid.uuid4())
        try:
            inputs = {each.name: await self._input(each, call.captures) for each in spec.inputs}
            outcome = await worker.invoke(
                Invocation(
                    invocation_id,
                    spec.function_id,
                    spec.name,
                    {spec.trigger.name: call.data, **inputs},
                    call.metadata,
                    call.retry_count,
                    call.max_retry_count,
                )
            )
            if outcome.succeeded:
                await self._write_outputs(spec, outcome, call.captures)
        except (AzureError, SettingsError) as error:
            return Outcome(invocation_id, succeeded=False, error=f"binding of {spec.name}: {error}")
        return outcome

    async def _input(self, binding: Binding, captures: Mapping[str, str]) -> TypedData:
        container, _, blob = fill(str(binding.values["path"]), captures).partition("/")
        if binding.is_sdk_type:
            return blob_reference(binding.connection, container, blob)
        client = self._storage.blobs(binding.connection).get_blob_client(container, blob)
        try:
            data = await (await client.download_blob()).readall()
        except ResourceNotFoundError:
            return TypedData()
        return content(data, binary=binding.is_binary)

    async def _write_outputs(self, spec: FunctionSpec, outcome: Outcome, captures: Mapping[str, str]) -> None:
        for binding in spec.outputs:
            value = outcome.return_value if binding.name == "$return" else outcome.outputs.get(binding.name)
            if value is None or value.WhichOneof("data") is None:
                continue
            if binding.kind == "queue":
                await self._write_queue(binding, value, captures)
            elif binding.kind == "blob":
                container, _, blob = fill(str(binding.values["path"]), captures).partition("/")
                client = self._storage.blobs(binding.connection).get_blob_client(container, blob)
                await client.upload_blob(_bytes(value), overwrite=True)

    async def _write_queue(self, binding: Binding, value: TypedData, captures: Mapping[str, str]) -> None:
        name = fill(str(binding.values["queueName"]), captures)
        queue = self._storage.queue(binding.connection, name)
        for message in _queue_messages(value):
            await send(queue, encode(message) if self._base64 else message.decode())
        self._queue_written(name)


def _log_completion(spec: FunctionSpec, started: float, outcome: str) -> None:
    took_ms = (time.perf_counter() - started) * 1000
    _log.info("function=%s trigger=%s duration_ms=%.0f outcome=%s", spec.name, spec.trigger_kind, took_ms, outcome)


def _bytes(value: TypedData) -> bytes:
    raw = getattr(value, value.WhichOneof("data") or "", b"")
    return raw if isinstance(raw, bytes) else str(raw).encode()


def _queue_messages(value: TypedData) -> list[bytes]:
    """Split and re-write JSON as the real host does: an array becomes several messages, white space changes."""
    raw = _bytes(value)
    if value.WhichOneof("data") == "bytes":
        return [raw]
    try:
        parsed = json.loads(raw)
    except ValueError:
        return [raw]
    if isinstance(parsed, list):
        return [_json_text(each) for each in parsed]
    return [_json_text(parsed)] if isinstance(parsed, dict) else [raw]


def _json_text(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False).encode()


def with_retry(call: Call, count: int, most: int) -> Call:
    """Tell the function how many times it was tried before."""
    return replace(call, retry_count=count, max_retry_count=most)

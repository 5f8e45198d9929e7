"""Functions with their bindings, read from what the worker library indexed, and values as a worker receives them.

A function that needs a binding which this host does not have is refused at start, never run half-bound.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .messages import IndexedFunction
from .protos import ModelBindingData, TypedData
from .settings import SettingsError, resolve

_TRIGGERS = {"httpTrigger", "queueTrigger", "blobTrigger", "timerTrigger"}
_INPUTS = {"blob"}
_OUTPUTS = {"http", "queue", "blob"}


@dataclass(frozen=True)
class Binding:
    """One binding; `values` are its properties with %SETTING% already replaced."""

    name: str
    kind: str
    values: Mapping[str, Any]

    @property
    def connection(self) -> str:
        """The name of its storage connection."""
        return str(self.values.get("connection") or "AzureWebJobsStorage")

    @property
    def is_sdk_type(self) -> bool:
        """Whether the parameter is an SDK client, made by the worker from a reference."""
        return bool(self.values.get("properties", {}).get("SupportsDeferredBinding"))

    @property
    def is_binary(self) -> bool:
        """Whether content is passed as bytes; otherwise the platform decodes it as text."""
        return str(self.values.get("dataType", "")).lower() == "binary"


@dataclass(frozen=True)
class FunctionSpec:
    """A function to run: its trigger, and what else it reads and writes."""

    function_id: str
    name: str
    trigger: Binding
    inputs: tuple[Binding, ...] = ()
    outputs: tuple[Binding, ...] = ()
    retry: Mapping[str, Any] | None = None

    @property
    def trigger_kind(self) -> str:
        """`http`, `queue`, `blob` or `timer`."""
        return self.trigger.kind.removesuffix("Trigger")

    @property
    def webjobs_id(self) -> str:
        """The name that the WebJobs SDK uses in receipts, queues and webhook addresses."""
        return f"Host.Functions.{self.name}"


def read_functions(indexed: Sequence[IndexedFunction], settings: Mapping[str, str]) -> list[FunctionSpec]:
    """Read all functions, leaving out those that the setting AzureWebJobs.NAME.Disabled switches off."""
    specs = [_read(each, settings) for each in indexed]
    return [
        each for each in specs if settings.get(f"AzureWebJobs.{each.name}.Disabled", "").lower() not in {"1", "true"}
    ]


def _read(function: IndexedFunction, settings: Mapping[str, str]) -> FunctionSpec:
    try:
        triggers, inputs, outputs = _sorted_bindings(function.raw_bindings, settings)
    except SettingsError as error:
        raise SettingsError(f"function {function.name}: {error}") from error
    if len(triggers) != 1:
        raise SettingsError(f"function {function.name} must have one trigger, not {len(triggers)}")
    return FunctionSpec(
        function.function_id, function.name, triggers[0], tuple(inputs), tuple(outputs), retry=function.retry
    )


def _sorted_bindings(
    raw_bindings: Sequence[str], settings: Mapping[str, str]
) -> tuple[list[Binding], list[Binding], list[Binding]]:
    triggers: list[Binding] = []
    inputs: list[Binding] = []
    outputs: list[Binding] = []
    for raw in raw_bindings:
        values = {key: resolve(v, settings) if isinstance(v, str) else v for key, v in json.loads(raw).items()}
        binding = Binding(values["name"], values["type"], values)
        is_output = str(values.get("direction", "in")).lower() == "out"
        known, place = _place(binding, triggers, inputs, outputs, is_output=is_output)
        if binding.kind not in known:
            raise SettingsError(f"the local host has no binding of type {binding.kind} in this place")
        place.append(binding)
    return triggers, inputs, outputs


def _place(
    binding: Binding, triggers: list[Binding], inputs: list[Binding], outputs: list[Binding], *, is_output: bool
) -> tuple[set[str], list[Binding]]:
    if is_output:
        return _OUTPUTS, outputs
    return (_TRIGGERS, triggers) if binding.kind.lower().endswith("trigger") else (_INPUTS, inputs)


def text(value: str) -> TypedData:
    """Make a string value."""
    return TypedData(string=value)


def as_json(value: object) -> TypedData:
    """Make a JSON value; numbers in trigger metadata must travel this way."""
    return TypedData(json=json.dumps(value))


def content(data: bytes, *, binary: bool) -> TypedData:
    """Make a content value; without dataType binary the platform decodes it as text, which harms bytes."""
    return TypedData(bytes=data) if binary else text(data.decode("utf-8", errors="replace"))


def blob_reference(connection: str, container: str, blob: str) -> TypedData:
    """Make the reference from which the worker builds an SDK client; it carries the connection's name only."""
    reference = {"Connection": connection, "ContainerName": container, "BlobName": blob}
    return TypedData(
        model_binding_data=ModelBindingData(
            version="1.0",
            source="AzureStorageBlobs",
            content_type="application/json",
            content=json.dumps(reference).encode(),
        )
    )

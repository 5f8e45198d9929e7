"""App settings and host.json, as the platform reads them.

Precedence: `--set` over the process environment over the settings file (as in Core Tools the environment wins over
local.settings.json). Pages: https://learn.microsoft.com/azure/azure-functions/functions-host-json and
https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PERCENT = re.compile(r"%([^%]+)%")
_TIMESPAN = re.compile(r"^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$")
_OVERRIDE = "AzureFunctionsJobHost__"


class SettingsError(Exception):
    """A setting, host.json or an app that cannot be run, in words for the person who started the host."""


@dataclass(frozen=True)
class QueueOptions:
    """`extensions.queues` of host.json."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_dequeue_count: int = 5
    visibility_timeout_s: float = 0
    """The delay before a failed message is tried again; not the lease."""
    max_polling_interval_s: float = 2
    """One minute in Azure; two seconds is what the real host uses on a developer's machine."""
    base64: bool = True


@dataclass(frozen=True)
class BlobOptions:
    """`extensions.blobs` of host.json."""

    max_degree_of_parallelism: int = field(default_factory=lambda: 8 * (os.cpu_count() or 1))
    poison_blob_threshold: int = 5


@dataclass(frozen=True)
class HostJson:
    """The parts of host.json that this host honours."""

    route_prefix: str = "api"
    queues: QueueOptions = field(default_factory=QueueOptions)
    blobs: BlobOptions = field(default_factory=BlobOptions)
    function_timeout_s: float | None = 1800


def load_settings(
    environ: Mapping[str, str], file: Path, *, required: bool, overrides: Sequence[str] = ()
) -> dict[str, str]:
    """Join the three sources of app settings; `overrides` are NAME=VALUE."""
    settings = {**_file_values(file, required=required), **environ}
    for each in overrides:
        name, separator, value = each.partition("=")
        if not separator or not name:
            raise SettingsError(f"--set needs NAME=VALUE, not {each!r}")
        settings[name] = value
    return settings


def _file_values(file: Path, *, required: bool) -> dict[str, str]:
    if not file.exists():
        if required:
            raise SettingsError(f"the settings file {file} does not exist")
        return {}
    content = _read_json(file)
    if content.get("IsEncrypted"):
        raise SettingsError(f"{file} is encrypted; run `func settings decrypt` first")
    values = content.get("Values", {})
    if not isinstance(values, dict) or any(isinstance(value, dict | list) for value in values.values()):
        raise SettingsError(f"Values in {file} must be an object of strings")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise SettingsError(f"{file} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{file} must hold a JSON object")
    return content


def resolve(text: str, settings: Mapping[str, str]) -> str:
    """Replace each %NAME% by the app setting of that name."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in settings:
            raise SettingsError(f"%{name}% needs the app setting {name}, which is not set")
        return settings[name]

    return _PERCENT.sub(value, text)


def host_id(app_dir: Path, settings: Mapping[str, str]) -> str:
    """Name the host in storage; the same folder keeps its name over restarts, as on one machine with the real host."""
    fixed = settings.get("AzureFunctionsWebHost__hostid")
    return fixed or "local-" + hashlib.sha256(str(app_dir.resolve()).encode()).hexdigest()[:24]


def load_host_json(app_dir: Path, settings: Mapping[str, str]) -> HostJson:
    """Read host.json with the overrides that `AzureFunctionsJobHost__a__b` settings make."""
    file = app_dir / "host.json"
    content = _read_json(file) if file.exists() else {}
    for name, value in settings.items():
        if name.startswith(_OVERRIDE):
            _put(content, name.removeprefix(_OVERRIDE).split("__"), value)
    extensions = content.get("extensions", {})
    try:
        return HostJson(
            route_prefix=str(extensions.get("http", {}).get("routePrefix", "api")).strip("/"),
            queues=_queue_options(extensions.get("queues", {})),
            blobs=_blob_options(extensions.get("blobs", {})),
            function_timeout_s=_function_timeout(content.get("functionTimeout", "00:30:00")),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"host.json: {error}") from error


def _put(content: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        content = content.setdefault(part, {})
    content[path[-1]] = value


def _queue_options(values: Mapping[str, Any]) -> QueueOptions:
    batch_size = _between("batchSize", values.get("batchSize", 16), 1, 32)
    interval = timespan_s(values.get("maxPollingInterval", "00:00:02"))
    if interval < 0.1:
        raise ValueError("maxPollingInterval must be at least 00:00:00.1")
    encoding = str(values.get("messageEncoding", "base64")).lower()
    if encoding not in {"base64", "none"}:
        raise ValueError(f"messageEncoding must be base64 or none, not {encoding}")
    return QueueOptions(
        batch_size=batch_size,
        new_batch_threshold=_between("newBatchThreshold", values.get("newBatchThreshold", batch_size // 2), 0, 1000),
        max_dequeue_count=_between("maxDequeueCount", values.get("maxDequeueCount", 5), 1, 1000),
        visibility_timeout_s=timespan_s(values.get("visibilityTimeout", "00:00:00")),
        max_polling_interval_s=interval,
        base64=encoding == "base64",
    )


def _blob_options(values: Mapping[str, Any]) -> BlobOptions:
    default = BlobOptions()
    degree = values.get("maxDegreeOfParallelism", default.max_degree_of_parallelism)
    threshold = values.get("poisonBlobThreshold", default.poison_blob_threshold)
    return BlobOptions(
        max_degree_of_parallelism=_between("maxDegreeOfParallelism", degree, 1, 10_000),
        poison_blob_threshold=_between("poisonBlobThreshold", threshold, 1, 1000),
    )


def _between(name: str, value: Any, low: int, high: int) -> int:
    number = int(value)
    if not low <= number <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {number}")
    return number


def _function_timeout(value: Any) -> float | None:
    return None if value in {"-1", -1} else timespan_s(value)


def timespan_s(value: Any) -> float:
    """Read a .NET time span such as 00:00:30 or 1.00:00:00."""
    match = _TIMESPAN.match(str(value))
    if not match:
        raise ValueError(f"{value!r} is not a time span such as 00:00:30")
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + float(seconds)

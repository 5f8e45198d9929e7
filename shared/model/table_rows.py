"""Rows of Azure Table Storage as plain values, and the limits that the service sets on them. Pure.

The limits are those of "Understanding the Table service data model" and "Performing entity group transactions"
(learn.microsoft.com). They are checked here, before anything is sent: the local emulator takes most rows that the real
service refuses. Sizes are counted as the service does: text as UTF-16, two bytes a unit.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.errors import TooLarge

MAX_PROPERTIES = 252
"""Beside PartitionKey, RowKey and Timestamp."""
MAX_KEY_LENGTH = 1024
MAX_PROPERTY_BYTES = 64 * 1024
MAX_ROW_BYTES = 1024 * 1024
MAX_OPERATIONS = 100
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024

_KEY_NAMES = ("PartitionKey", "RowKey")
_NOT_IN_KEYS = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")
_NOT_IN_PARTS = re.compile(r"[~/\\#?\x00-\x1f\x7f-\x9f]")
_ENVELOPE_BYTES = 1024
"""What one operation's headers and addresses add to a transaction; measured below 900."""
_EARLIEST_YEAR = 1601

type Value = str | int | bool | datetime
type Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a transaction. `replace` needs the row's etag; `delete` without one deletes whatever is there."""

    kind: Literal["create", "replace", "upsert", "delete"]
    row: Row = field(repr=False)
    """Left out of repr: rows hold upload URLs."""
    etag: str | None = None


def key_of(*parts: str) -> str:
    """Row key of these parts, joined by `~`. Raises ValueError where a part is empty or holds what a key can't."""
    for part in parts:
        if not part or _NOT_IN_PARTS.search(part):
            raise ValueError(
                f"{part!r} can't be part of a table key: empty, or it holds one of ~ / \\ # ? or a control."
            )
    return "~".join(parts)


def cut(text: str, most: int = 8_000) -> str:
    """A sentence (a reason, a journal's line) no longer than so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def check_transaction(operations: Sequence[Operation]) -> None:
    """Raises TooLarge beyond a limit of size or number, ValueError for what can't be stored at all."""
    if len(operations) > MAX_OPERATIONS:
        raise TooLarge(f"{len(operations)} changes in one transaction; Table Storage takes {MAX_OPERATIONS}.")
    for operation in operations:
        check_row(operation.row)
    size = sum(size_bytes(each) for each in operations)
    if size > MAX_TRANSACTION_BYTES:
        raise TooLarge(f"A transaction of {size} bytes; Table Storage takes {MAX_TRANSACTION_BYTES}.")


def size_bytes(operation: Operation) -> int:
    """What an operation adds to the size of its transaction, at most."""
    return _ENVELOPE_BYTES + len(json.dumps(operation.row, default=str))


def check_row(row: Row) -> None:
    """Raises TooLarge or ValueError, naming the property at fault (never its value)."""
    for name in _KEY_NAMES:
        _check_key(name, row[name])
    properties = {name: value for name, value in row.items() if name not in _KEY_NAMES}
    if len(properties) > MAX_PROPERTIES:
        raise TooLarge(f"A row of {len(properties)} properties; Table Storage takes {MAX_PROPERTIES}.")
    for name, value in properties.items():
        _check_value(name, value)
    size = _row_bytes(row)
    if size > MAX_ROW_BYTES:
        raise TooLarge(f"A row of {size} bytes; Table Storage takes {MAX_ROW_BYTES}.")


def _check_key(name: str, value: Value) -> None:
    if not isinstance(value, str) or _NOT_IN_KEYS.search(value):
        raise ValueError(f"{name} {value!r} holds one of / \\ # ? or a control character.")
    if _utf16_units(value) > MAX_KEY_LENGTH:
        raise TooLarge(f"{name} has {len(value)} characters; Table Storage takes {MAX_KEY_LENGTH}.")


def _check_value(name: str, value: Value) -> None:
    if isinstance(value, str):
        if 2 * _utf16_units(value) > MAX_PROPERTY_BYTES:
            raise TooLarge(f"'{name}' has {len(value)} characters; Table Storage takes {MAX_PROPERTY_BYTES // 2}.")
    elif isinstance(value, datetime):
        if value.tzinfo is None or value.year < _EARLIEST_YEAR:
            raise ValueError(f"'{name}' must be a time since {_EARLIEST_YEAR} with a time zone.")
    elif not -(2**63) <= value < 2**63:
        raise ValueError(f"'{name}' must be a whole number of 64 bits.")


def _row_bytes(row: Row) -> int:
    """The service's own formula, from the data model page's "Property size limitations"."""
    keys = sum(2 * _utf16_units(str(row[name])) for name in _KEY_NAMES)
    return 4 + keys + sum(8 + 2 * len(name) + _value_bytes(row[name]) for name in row if name not in _KEY_NAMES)


def _value_bytes(value: Value) -> int:
    match value:
        case str():
            return 4 + 2 * _utf16_units(value)
        case bool():
            return 1
        case _:
            return 8


def _utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)

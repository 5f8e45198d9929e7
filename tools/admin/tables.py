"""A copy of the app's tables as files, and back: Table Storage itself has neither backups nor soft delete.

One file for each table, `files.jsonl.gz`: a line for each row, its values with their types. Rows hold links and secrets
of subscriptions, so the files are made readable for their owner alone. `done.json` is written last: without it a copy
is not whole.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from azure.core.exceptions import AzureError
from azure.data.tables import EdmType, EntityProperty, TableClient, TableServiceClient, UpdateMode

from shared.errors import MomentError
from shared.store.tables import TABLES, ensure_tables
from tools.admin.api import Json, Refused, Unusable

DONE = "done.json"
_ROWS_AT_ONCE = 100
_TRANSACTION_BYTES = 3_000_000
"""Below the service's 4 MiB, with room for what each operation adds."""
_SAID_EVERY = 5_000
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def save(service: TableServiceClient, to: Path, *, as_json: bool) -> int:
    """Write every table into a new or empty folder; 0. Raises Refused where it is not empty, Unusable."""
    to.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    if any(to.iterdir()):
        raise Refused(f"{to} is not empty. Each copy gets a folder of its own.")
    rows = {}
    for table in TABLES:
        path = to / _file_of(table)
        path.touch(mode=_FILE_MODE)
        with reached(), gzip.open(path, "wt", encoding="utf-8", newline="\n") as file:
            rows[table] = _write_all(service.get_table_client(table), table, file)
    (to / DONE).write_text(json.dumps({"rows": rows}, indent=2), "utf-8")
    _say_outcome(rows, as_json=as_json)
    return 0


def restore(service: TableServiceClient, come_from: Path, *, goes_on: bool, as_json: bool) -> int:
    """Put a copy into tables that are empty; 0. `goes_on`: they may hold rows, those of an interrupted restore.

    Raises Refused for a copy that is not whole and for tables with rows, Unusable.
    """
    if not (come_from / DONE).is_file():
        raise Refused(f"{come_from} holds no whole copy: there is no {DONE} in it.")
    rows = {}
    with reached():
        ensure_tables(service)
        if not goes_on:
            _check_empty(service)
        for table in TABLES:
            path = come_from / _file_of(table)
            # A copy of an earlier version has not all of today's tables.
            rows[table] = _read_all(service.get_table_client(table), table, path) if path.is_file() else 0
    _say_outcome(rows, as_json=as_json)
    return 0


def to_line(entity: Mapping[str, Any]) -> str:
    """A row as a line of JSON. Raises ValueError for a type that the app never writes."""
    return json.dumps({name: _told(value) for name, value in entity.items()}, ensure_ascii=False)


def from_line(line: str) -> Json:
    """The row of a line, as the SDK takes it."""
    return {name: _value(told) for name, told in json.loads(line).items()}


def _told(value: Any) -> object:
    match value:
        case bool() | str():
            return value
        case EntityProperty(value=int() as number, edm_type=EdmType.INT64):
            return {"int64": number}
        case int():
            return {"int32": value}
        case datetime():
            return {"time": datetime.combine(value.date(), value.time(), UTC).isoformat()}
        case _:
            raise ValueError(f"The app writes no {type(value).__name__}.")


def _value(told: Any) -> object:
    match told:
        case {"int64": number}:
            return EntityProperty(number, EdmType.INT64)
        case {"int32": number}:
            return int(number)
        case {"time": text}:
            return datetime.fromisoformat(text)
        case _:
            return told


def _write_all(table: TableClient, name: str, file: IO[str]) -> int:
    number = 0
    for number, entity in enumerate(table.list_entities(results_per_page=1000), 1):
        file.write(to_line(entity) + "\n")
        if number % _SAID_EVERY == 0:
            print(f"{name}: {number} rows", file=sys.stderr, flush=True)
    return number


def _read_all(table: TableClient, name: str, path: Path) -> int:
    number = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for some in transactions(file):
            table.submit_transaction([("upsert", row, {"mode": UpdateMode.REPLACE}) for row in some])
            if number // _SAID_EVERY != (number + len(some)) // _SAID_EVERY:
                print(f"{name}: {number + len(some)} rows", file=sys.stderr, flush=True)
            number += len(some)
    return number


def transactions(lines: Iterable[str]) -> Iterator[list[Json]]:
    """Rows that can be written together: of one partition, a hundred at most, and not too large."""
    rows = ((from_line(line), len(line.encode())) for line in lines)
    for _, same in groupby(rows, lambda each: each[0]["PartitionKey"]):
        some: list[Json] = []
        size = 0
        for row, row_bytes in same:
            if some and (len(some) == _ROWS_AT_ONCE or size + row_bytes > _TRANSACTION_BYTES):
                yield some
                some, size = [], 0
            some, size = [*some, row], size + row_bytes
        yield some


def _check_empty(service: TableServiceClient) -> None:
    for table in TABLES:
        if next(iter(service.get_table_client(table).list_entities(results_per_page=1)), None) is not None:
            raise Refused(
                f"Table '{table}' is not empty, and what is newer than the copy would stay beside it. Restore into "
                "empty tables; --go-on is for a restore that was interrupted."
            )


@contextmanager
def reached() -> Iterator[None]:
    """Turns what the service says into advice."""
    try:
        yield
    except MomentError as error:
        raise Unusable(f"The tables can't be used: {error}") from error
    except AzureError as error:
        raise Unusable(
            f"The tables can't be used: {error.message.splitlines()[0]} Is the account's name right, are you signed "
            "in (`az login`), and have you the role Storage Table Data Contributor on it?"
        ) from error


def _file_of(table: str) -> str:
    return f"{table}.jsonl.gz"


def _say_outcome(rows: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"rows": rows}, indent=2))
        return
    for table, number in rows.items():
        print(f"{table}: {number} rows")

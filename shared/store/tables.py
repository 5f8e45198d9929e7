"""One table of Azure Table Storage: point reads, ranges of row keys, pages and transactions.

The service may end an answer early, even without a single row, and say where to go on ("Query timeout and pagination",
learn.microsoft.com); the SDK's iterators go on by themselves, and everything here reads through them. The tokens we
hand out say after which row key to go on, so they outlive the service's own and fit one list only.

The SDK sends a transaction again after a 5xx. If the first one had been applied after all, the second one fails, and
we report PreconditionFailed for a change that was saved: the caller reads again and finds it done.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched, islice
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.core.paging import ItemPaged
from azure.data.tables import EdmType, EntityProperty, TableClient, TableEntity, TableServiceClient, UpdateMode

from shared.errors import InvalidInput, NotFound, PreconditionFailed
from shared.model.stored import Page
from shared.model.table_rows import MAX_OPERATIONS, Operation, Row, Value, check_transaction
from shared.store.azure_errors import error_code, our_errors

FILES_TABLE = "files"
DIRECTORY_TABLE = "directory"
EVERYWHERE_TABLE = "everywhere"
FOLDERS_TABLE = "folders"
UNPLACED_TABLE = "unplaced"
LIBRARIES_TABLE = "libraries"
TREE_TABLE = "tree"
DEPARTED_TABLE = "departed"
RUNS_TABLE = "runs"
GIVEN_UP_TABLE = "givenup"
BUDGET_TABLE = "budget"
TABLES = (
    FILES_TABLE,
    DIRECTORY_TABLE,
    EVERYWHERE_TABLE,
    FOLDERS_TABLE,
    UNPLACED_TABLE,
    LIBRARIES_TABLE,
    TREE_TABLE,
    DEPARTED_TABLE,
    RUNS_TABLE,
    GIVEN_UP_TABLE,
    BUDGET_TABLE,
)

MAX_PAGE = 500

_PAGE_FIELD = "page"


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it was read, with the etag to replace or delete exactly that."""

    row: Row = field(repr=False)
    etag: str


class Table:
    """A table by name. Safe to share between threads, as the SDK's client is."""

    def __init__(self, service: TableServiceClient, name: str) -> None:
        self._client: TableClient = service.get_table_client(name)
        self._name = name

    def get(self, partition: str, key: str) -> StoredRow | None:
        """Point read; None where there is no such row. Raises NotFound where the table itself is missing."""
        with our_errors(f"Reading table '{self._name}'"):
            try:
                return _stored(self._client.get_entity(partition, key))
            except ResourceNotFoundError as error:
                if error_code(error) == "TableNotFound":
                    raise NotFound(f"The table '{self._name}' does not exist; create the storage first.") from error
                return None

    def submit(self, operations: Sequence[Operation], *, repeat: bool = True) -> list[str]:
        """All operations or none; gives the etags of the rows, empty for those deleted.

        Raises PreconditionFailed where a row exists already, is gone, or changed since it was read; TooLarge. Without
        `repeat` it is sent once, so that PreconditionFailed never means that we ourselves were faster.
        """
        check_transaction(operations)
        doing = f"Writing table '{self._name}'"
        try:
            with our_errors(doing):
                once = {} if repeat else {"retry_total": 0}
                replies = self._client.submit_transaction([_sdk_operation(each) for each in operations], **once)
        except NotFound as error:
            raise PreconditionFailed(f"{doing}: a row that was read before is gone.") from error
        return [str(reply.get("etag", "")) for reply in replies]

    def delete(self, partition: str, key: str) -> None:
        """Delete whatever is there; nothing happens where there is no such row."""
        with our_errors(f"Writing table '{self._name}'"):
            self._client.delete_entity(partition, key)

    def upsert_all(self, rows: Iterable[Row]) -> None:
        """Put rows of one partition in place of what is there, a hundred to a transaction; of equal keys the last."""
        by_key = {row["RowKey"]: row for row in rows}
        for some in batched(by_key.values(), MAX_OPERATIONS, strict=False):
            self.submit([Operation("upsert", row) for row in some])

    def delete_all(self, partition: str, keys: Iterable[str]) -> None:
        """Delete rows by different keys, a hundred to a transaction; harmless for those that are gone already."""
        for some in batched(keys, MAX_OPERATIONS, strict=False):
            try:
                self.submit([Operation("delete", {"PartitionKey": partition, "RowKey": key}) for key in some])
            except PreconditionFailed:
                # A row that is not there undoes the whole transaction.
                for key in some:
                    self.delete(partition, key)

    def rows(self, partition: str, prefix: str, after: str = "") -> Iterator[StoredRow]:
        """All rows whose key begins so, in the order of their keys; with `after` those behind this key."""
        return self._query(partition, prefix, after, per_request=None)

    def has_any(self, partition: str, prefix: str) -> bool:
        """Whether there is a row whose key begins so."""
        return next(self._query(partition, prefix, after="", per_request=1), None) is not None

    def page[T](self, partition: str, prefix: str, token: str | None, limit: int, read: Callable[[Row], T]) -> Page[T]:
        """At most `limit` (1 to 500) rows after the token's. Raises InvalidInput for a token that is not this list's.

        One request asks for a row more than wanted, to know whether another page follows.
        """
        size = max(1, min(limit, MAX_PAGE))
        after = _after(token, prefix) if token else ""
        found = list(islice(self._query(partition, prefix, after, size + 1), size + 1))
        rows = [each.row for each in found[:size]]
        return Page([read(row) for row in rows], _token(rows[-1]) if len(found) > size else None)

    def answers(
        self, partition: str, low: str, high: str, per_request: int, *, after: str = ""
    ) -> Iterator[tuple[list[StoredRow], bool]]:
        """The rows with keys from `low` (or behind `after`) to before `high`, one request's answer at a time.

        Each answer has at most so many rows (it may have none) and whether there is another one.
        """
        with our_errors(f"Reading table '{self._name}'"):
            answers = self._entities(partition, low, high, after, per_request).by_page()
            for answer in answers:
                rows = [_stored(entity) for entity in answer]
                yield rows, answers.continuation_token is not None  # type: ignore[attr-defined]

    def _query(self, partition: str, prefix: str, after: str, per_request: int | None) -> Iterator[StoredRow]:
        # The parts of a key hold no '~' and nothing above it, so this is the first text behind all keys of the prefix.
        high = prefix + "~"
        with our_errors(f"Reading table '{self._name}'"):
            for entity in self._entities(partition, prefix, high, after, per_request):
                yield _stored(entity)

    def _entities(
        self, partition: str, low: str, high: str, after: str, per_request: int | None
    ) -> ItemPaged[TableEntity]:
        bounds = {"partition": partition, "low": after or low, "high": high}
        text = f"PartitionKey eq @partition and RowKey {'gt' if after else 'ge'} @low and RowKey lt @high"
        return self._client.query_entities(text, parameters=bounds, results_per_page=per_request)


def ensure_tables(service: TableServiceClient, names: Iterable[str] = TABLES) -> None:
    """Creates the tables that do not exist yet."""
    for name in names:
        with our_errors(f"Creating table '{name}'"):
            service.create_table_if_not_exists(name)


def _stored(entity: TableEntity) -> StoredRow:
    row: Row = {name: _plain(value) for name, value in entity.items()}
    return StoredRow(row, str(entity.metadata["etag"]))


def _plain(value: Any) -> Value:
    if isinstance(value, EntityProperty):
        number: int = value.value
        return number
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.time(), UTC)
    assert isinstance(value, str | int)
    return value


def _sdk_operation(operation: Operation) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    entity = {name: _sdk_value(value) for name, value in operation.row.items()}
    exactly = {"etag": operation.etag, "match_condition": MatchConditions.IfNotModified} if operation.etag else {}
    match operation.kind:
        case "create":
            return "create", entity, {}
        case "upsert":
            return "upsert", entity, {"mode": UpdateMode.REPLACE}
        case "replace":
            if not exactly:
                raise PreconditionFailed("A row can only be replaced after it was read: it has no etag.")
            return "update", entity, {"mode": UpdateMode.REPLACE, **exactly}
        case "delete":
            return "delete", entity, exactly


def _sdk_value(value: Value) -> object:
    """Numbers always with 64 bits: by itself the SDK refuses one that outgrows 32."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return EntityProperty(value, EdmType.INT64) if is_number else value


def _token(row: Row) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": row["RowKey"]}).encode()).decode()


def _after(token: str, prefix: str) -> str:
    try:
        after = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))["after"]
    except (binascii.Error, ValueError, KeyError, TypeError, IndexError):
        after = None
    if not isinstance(after, str) or not after.startswith(prefix):
        raise InvalidInput(f"{_PAGE_FIELD} is not a token that this list gave.", _PAGE_FIELD)
    return after

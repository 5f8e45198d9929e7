"""Azure Table Storage as the SDK shows it, in memory: point reads, ranges, and transactions of one partition.

The product's own stores (shared/store) run on it. All or nothing, with eTags: a row that exists already is 409, a row
that changed since it was read is 412, one that is gone is 404 ("Performing entity
group transactions", learn.microsoft.com).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.data.tables import EntityProperty

from tests.simulation.model_hosts import Network, System

type Entity = dict[str, Any]


class StoredEntity(dict[str, Any]):
    """As TableEntity: a dict with the row's etag in its metadata."""

    def __init__(self, row: Mapping[str, Any], etag: str) -> None:
        super().__init__(row)
        self.metadata = {"etag": etag}


class ModelTableService:
    """As TableServiceClient, as far as shared/store/tables.py uses it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._numbers = count(1)
        self._tables: dict[str, ModelTable] = {}

    def get_table_client(self, name: str) -> "ModelTable":
        return self._tables.setdefault(name, ModelTable(self._network, self._numbers))


class ModelTable:
    """As TableClient."""

    def __init__(self, network: Network, numbers: Iterator[int]) -> None:
        self._network = network
        self._numbers = numbers
        self._partitions: defaultdict[str, dict[str, StoredEntity]] = defaultdict(dict)
        self.writes = 0

    def count(self, partition: str, prefix: str) -> int:
        """For those who watch: how many rows have such a key."""
        return sum(1 for key in self._partitions[partition] if key.startswith(prefix))

    def get_entity(self, partition_key: str, row_key: str) -> StoredEntity:
        def read() -> StoredEntity:
            found = self._partitions[partition_key].get(row_key)
            if found is None:
                raise _failure(404)
            return found

        return self._network.ask(System.TABLES, read, writes=False)

    def submit_transaction(
        self, operations: Iterable[tuple[str, Entity, Mapping[str, Any]]], **_: Any
    ) -> list[dict[str, str]]:
        wanted = list(operations)
        return self._network.ask(System.TABLES, lambda: self._submit(wanted))

    def delete_entity(self, partition_key: str, row_key: str) -> None:
        def delete() -> None:
            self.writes += self._partitions[partition_key].pop(row_key, None) is not None

        self._network.ask(System.TABLES, delete)

    def query_entities(
        self, query_filter: str, *, parameters: Mapping[str, str], results_per_page: int | None = None
    ) -> "_Found":
        is_behind = " gt @low" in query_filter
        low, high = parameters["low"], parameters["high"]

        def read() -> list[StoredEntity]:
            rows = self._partitions[parameters["partition"]]
            keys = [key for key in rows if key < high and (key > low or (key == low and not is_behind))]
            return [rows[key] for key in sorted(keys)]

        return _Found(lambda: self._network.ask(System.TABLES, read, writes=False), results_per_page or 1000)

    def _submit(self, operations: list[tuple[str, Entity, Mapping[str, Any]]]) -> list[dict[str, str]]:
        partition = self._partitions[operations[0][1]["PartitionKey"]]
        for kind, row, conditions in operations:
            _check(partition.get(row["RowKey"]), kind, str(conditions.get("etag") or ""))
        replies: list[dict[str, str]] = []
        for kind, row, _ in operations:
            etag = f'W/"{next(self._numbers)}"'
            self.writes += 1
            if kind == "delete":
                del partition[row["RowKey"]]
                replies.append({})
            else:
                partition[row["RowKey"]] = StoredEntity({name: _plain(value) for name, value in row.items()}, etag)
                replies.append({"etag": etag})
        return replies


class _Found:
    """As ItemPaged: nothing is asked before the first row is wanted."""

    def __init__(self, read: Any, per_request: int) -> None:
        self._read = read
        self._per_request = per_request

    def __iter__(self) -> Iterator[StoredEntity]:
        return iter(self._read())

    def by_page(self) -> "_Pages":
        return _Pages(self._read, self._per_request)


class _Pages:
    def __init__(self, read: Any, per_request: int) -> None:
        self._read = read
        self._per_request = per_request
        self._next = 0
        self.continuation_token: int | None = 0

    def __iter__(self) -> "_Pages":
        return self

    def __next__(self) -> list[StoredEntity]:
        if self.continuation_token is None:
            raise StopIteration
        rows = self._read()
        some = rows[self._next : self._next + self._per_request]
        self._next += len(some)
        self.continuation_token = self._next if self._next < len(rows) else None
        return list(some)


def _check(stored: StoredEntity | None, kind: str, etag: str) -> None:
    if kind == "create" and stored is not None:
        raise _failure(409)
    if kind in {"update", "delete"} and stored is None:
        raise _failure(404)
    if etag and stored is not None and stored.metadata["etag"] != etag:
        raise _failure(412)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, EntityProperty) else value


def _failure(status: int) -> HttpResponseError:
    failure = ResourceNotFoundError("gone") if status == 404 else HttpResponseError(f"refused with {status}")
    failure.status_code = status
    return failure

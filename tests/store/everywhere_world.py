"""A company of its own for tests of the search over all customers: tables that nobody else uses, and a listed queue."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from azure.data.tables import TableServiceClient

from shared.model.directory import Customer
from shared.model.everywhere import PARTITION, everywhere_rows
from shared.model.files import FileRecord, FileState
from shared.model.record_row import entity_to_record
from shared.model.search import Search
from shared.store.directory import TableDirectory
from shared.store.everywhere import TableEverywhere
from shared.store.files import TableFiles
from shared.store.folders import TableFolders
from shared.store.search import TableSearch
from shared.store.tables import Table
from shared.store.tree import TableFolderTree
from shared.sync.everywhere import Everywhere
from shared.sync.places import Places
from shared.sync.searching import Searching
from tests.builders import AT, a_record


@dataclass(frozen=True)
class Names:
    """The company's tables."""

    files: str
    everywhere: str
    directory: str


@dataclass
class Indexers:
    """What every process of the company has, on one connection to the storage."""

    tables: TableServiceClient
    names: Names
    queue: deque[str] = field(default_factory=deque)
    now: datetime = AT

    def __post_init__(self) -> None:
        self.files = TableFiles(self.tables, lambda: self.now, self.names.files, marked=self.send)
        self.rows = TableEverywhere(self.tables, self.names.everywhere, self.names.files)
        self.directory = TableDirectory(self.tables, self.names.directory)
        self.everywhere = Everywhere(rows=self.rows, directory=self.directory, queue=self, clock=lambda: self.now)
        places = Places(TableFolderTree(self.tables), TableFolders(self.tables), self.directory)
        search = TableSearch(self.tables, self.names.files, self.names.everywhere)
        self.searching = Searching(rows=search, directory=self.directory, places=places)

    def send(self, key: str, delay_s: float = 0) -> None:  # noqa: ARG002 - the queue's shape
        """A message of the queue."""
        self.queue.append(key)

    def customer(self, customer: str) -> str:
        """One that the directory knows."""
        self.directory.put(Customer(customer, customer))
        return customer

    def add(self, customer: str, file_id: str, **changes: Any) -> FileRecord:
        """A file whose content has arrived."""
        changes = {"state": FileState.IN_MOMENT_CLOUD, "blob_name": None} | changes
        return self.files.create(a_record(customer=customer, id=file_id, **changes), "Arrived.")

    def change(self, record: FileRecord, **changes: Any) -> FileRecord:
        """Save it so."""
        return self.files.save(record, replace(record, **changes), "Changed.")

    def settle(self) -> None:
        """Take all messages."""
        for number in range(1000):
            if not self.queue:
                return
            self.everywhere.take(self.queue.popleft(), f"message {number}")
        raise AssertionError("the queue never empties")

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def ids(self, search: Search | None = None, token: str | None = None, limit: int = 500) -> list[str]:
        """What a search over all customers finds, as customer and id."""
        page = self.searching.page(search or Search(None), token, limit)
        return [f"{record.customer}/{record.id}" for record in page.items]

    def stored(self, *customers: str) -> dict[str, dict[str, Any]]:
        """The rows of these customers that the search over all customers reads, empty ones too."""
        rows = {str(each.row["RowKey"]): each.row for each in self._everywhere().rows(PARTITION, "")}
        return {key: row for key, row in rows.items() if key.split("~")[-2] in customers}

    def expected(self, *customers: str) -> dict[str, dict[str, Any]]:
        """What the records of these customers say the rows are."""
        table = Table(self.tables, self.names.files)
        stored = (each for customer in customers for each in table.rows(customer, "file~"))
        records = (entity_to_record(each.row) for each in stored)
        return {key: row for record in records for key, row in everywhere_rows(record).items()}

    def damage(self, *customers: str) -> None:
        """Lose all rows of these customers."""
        self._everywhere().delete_all(PARTITION, self.stored(*customers))

    def _everywhere(self) -> Table:
        return Table(self.tables, self.names.everywhere)


@contextmanager
def another_process(
    connection_string: str,
    like: Indexers,
    *,
    before: Callable[[], object] = lambda: None,
) -> Iterator[Indexers]:
    """The same company from another process; what is given happens before each of its requests."""
    with TableServiceClient.from_connection_string(
        connection_string, raw_request_hook=lambda _request: before()
    ) as tables:
        yield Indexers(tables, like.names, like.queue, like.now)

"""The rows by which files are found over all customers, brought up to date (the EverywhereRows port).

Each transaction replaces the customer's lease in the version that was read, so of two that work on one customer only
the one that read it last gets through, whatever either believes: shared/model/everywhere.py names the rows.

Operations: `lease` one point read; `is_behind` one range query of one row; `marks` one for a thousand marks; `apply`
one transaction, three where a row to delete was not there; `forget` one for a hundred marks.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.everywhere import MARK, PARTITION, FileChange, Lease, lease_key
from shared.model.table_rows import Operation, Row
from shared.store.tables import EVERYWHERE_TABLE, FILES_TABLE, Table


class TableEverywhere:
    """The rows of all customers, and the marks that each customer's files left."""

    def __init__(
        self, service: TableServiceClient, table: str = EVERYWHERE_TABLE, files_table: str = FILES_TABLE
    ) -> None:
        self._table = Table(service, table)
        self._files = Table(service, files_table)

    def lease(self, customer: str) -> Lease:
        """The customer's lease as it is now. To be read before the marks, for that is what keeps old ones out."""
        stored = self._table.get(PARTITION, lease_key(customer))
        if stored is None:
            return Lease(customer)
        until = stored.row.get("until")
        assert until is None or isinstance(until, datetime)
        return Lease(customer, str(stored.row["owner"]), until, stored.etag)

    def is_behind(self, customer: str) -> bool:
        """Whether a mark of this customer is left."""
        return self._files.has_any(customer, MARK)

    def marks(self, customer: str) -> Iterator[Row]:
        """All marks of a customer, file by file, of each the newest first."""
        return (stored.row for stored in self._files.rows(customer, MARK))

    def apply(self, lease: Lease, changes: Iterable[FileChange]) -> Lease:
        """Put and delete these rows, and the lease as it is given; gives the lease with its new etag.

        Raises PreconditionFailed where somebody else wrote the lease since it was read, then nothing is written that
        matters; TooLarge, ValueError.
        """
        operations = [each for change in changes for each in change.operations]
        deletes = [each for each in operations if each.kind == "delete"]
        try:
            return self._write(lease, operations)
        except PreconditionFailed:
            if not deletes:
                raise
        # A row that is not there undoes the whole transaction. So all of them are put, empty, before they are deleted;
        # readers pass over rows without a name.
        emptied = [Operation("upsert", each.row) if each.kind == "delete" else each for each in operations]
        return self._write(self._write(lease, emptied), deletes)

    def forget(self, customer: str, marks: Iterable[str]) -> None:
        """Delete the marks with these keys, in this order; harmless for those that are gone."""
        self._files.delete_all(customer, marks)

    def _write(self, lease: Lease, operations: Sequence[Operation]) -> Lease:
        row: Row = {"PartitionKey": PARTITION, "RowKey": lease_key(lease.customer), "owner": lease.owner}
        if lease.until is not None:
            row["until"] = lease.until
        own = Operation("replace", row, lease.etag) if lease.etag else Operation("create", row)
        return replace(lease, etag=self._table.submit([own, *operations])[0])

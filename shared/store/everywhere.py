"""The rows by which files are found over all customers, brought up to date (the EverywhereRows port).

Each transaction replaces the customer's lease in the version that was read, so of two that work on one customer only
the one that read it last gets through, whatever either believes: shared/model/everywhere.py names the rows.

Operations: `lease` one point read; `is_behind` one range query of one row; `marks` one for a thousand marks; `apply`
one transaction, two where a row to delete was not there; `sweep` and `forget` one for a hundred rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.everywhere import MARK, PARTITION, FileChange, Lease, lease_key, row_of
from shared.model.table_rows import MAX_OPERATIONS, Operation, Row
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

    def apply(self, lease: Lease, changes: Sequence[FileChange]) -> tuple[Lease, list[str]]:
        """Put and delete these rows, and the lease as it is given, in one transaction.

        Gives the lease with its new etag, and the keys of rows that are empty now and to be swept. Raises
        PreconditionFailed where somebody else wrote the lease since it was read; TooLarge, ValueError. Then nothing is
        written.
        """
        operations = [each for change in changes for each in change.operations]
        perhaps = [key for change in changes for key in change.perhaps]
        gone = [key for change in changes for key in change.gone]
        try:
            return self._write(lease, operations), perhaps
        except PreconditionFailed:
            if not gone:
                raise
        # The lease, or a row that was to be deleted and is not there.
        emptied = [Operation("upsert", each.row) if each.kind == "delete" else each for each in operations]
        return self._write(lease, emptied), gone + perhaps

    def sweep(self, lease: Lease, keys: Iterable[str]) -> Lease:
        """Delete rows that were emptied under this lease, with the lease as it is given. Raises PreconditionFailed."""
        for some in batched(keys, MAX_OPERATIONS - 1, strict=False):
            lease = self._write(lease, [Operation("delete", row_of(key)) for key in some])
        return lease

    def release(self, lease: Lease) -> None:
        """Nobody is kept out any more. Raises PreconditionFailed."""
        self._write(replace(lease, until=None), [])

    def forget(self, customer: str, marks: Iterable[str]) -> None:
        """Delete the marks with these keys, in this order; harmless for those that are gone."""
        self._files.delete_all(customer, marks)

    def _write(self, lease: Lease, operations: Sequence[Operation]) -> Lease:
        row = row_of(lease_key(lease.customer)) | {"owner": lease.owner}
        if lease.until is not None:
            row["until"] = lease.until
        own = Operation("replace", row, lease.etag) if lease.etag else Operation("create", row)
        return replace(lease, etag=self._table.submit([own, *operations])[0])

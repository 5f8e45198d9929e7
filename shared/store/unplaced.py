"""The report of blobs that could not be placed, in Table Storage (the UnplacedBlobs port).

One partition of the table `unplaced`; the row key is the hash of the blob's name, which may hold anything.
"""

import hashlib
from datetime import datetime

from azure.data.tables import TableServiceClient

from shared.model.stored import Page, UnplacedBlob
from shared.model.table_rows import Operation, Row
from shared.store.tables import UNPLACED_TABLE, Table

_PARTITION = "unplaced"
_PREFIX = "blob~"


class TableUnplacedBlobs:
    """Entries by blob."""

    def __init__(self, service: TableServiceClient, table: str = UNPLACED_TABLE) -> None:
        self._table = Table(service, table)

    def report(self, blob: UnplacedBlob) -> None:
        """Add or refresh an entry."""
        row: Row = {"blob_name": blob.blob_name, "reason": blob.reason, "seen_at": blob.seen_at}
        self._table.submit([Operation("upsert", _keys(blob.blob_name) | row)])

    def forget(self, blob_name: str) -> None:
        """The blob was placed after all, or is gone; nothing happens where there is no entry."""
        keys = _keys(blob_name)
        if (stored := self._table.get(_PARTITION, str(keys["RowKey"]))) is not None:
            self._table.submit([Operation("delete", stored.row)])

    def list(self, page_token: str | None, limit: int) -> Page[UnplacedBlob]:
        """All entries, in no order that means anything. Raises InvalidInput for a bad token."""
        return self._table.page(_PARTITION, _PREFIX, page_token, limit, _blob)


def _keys(blob_name: str) -> Row:
    return {"PartitionKey": _PARTITION, "RowKey": _PREFIX + hashlib.sha256(blob_name.encode()).hexdigest()}


def _blob(row: Row) -> UnplacedBlob:
    seen_at = row["seen_at"]
    assert isinstance(seen_at, datetime)
    return UnplacedBlob(str(row["blob_name"]), str(row["reason"]), seen_at)

"""The row that says which version the tables have: `schema~tables` of the table `libraries`, in a partition of its own.

In a table that was always there, so that a new version finds it without anything being made first. Operations: one
point read, one transaction.
"""

from azure.data.tables import TableServiceClient

from shared.model.schema import SchemaVersion
from shared.model.table_rows import Row, key_of
from shared.store.tables import LIBRARIES_TABLE, Table

_PARTITION = "schema"
_KEY = key_of("schema", "tables")


class TableSchema:
    """Reads and writes it."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, LIBRARIES_TABLE)

    def read(self) -> SchemaVersion | None:
        """What the tables say; None where they say nothing."""
        stored = self._table.get(_PARTITION, _KEY)
        return SchemaVersion(int(str(stored.row["major"])), int(str(stored.row["minor"]))) if stored else None

    def write(self, version: SchemaVersion) -> None:
        """Have them say this."""
        row: Row = {"PartitionKey": _PARTITION, "RowKey": _KEY, "major": version.major, "minor": version.minor}
        self._table.upsert_all([row])

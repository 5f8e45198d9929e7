"""Which drive item is whose folder, in Table Storage (the Folders port).

Rows in the customer's partition of the table `folders`, both of a link in one transaction:

    key~<key of the folder>   the link
    item~<drive item id>      -> key of the folder

Operations on the table: `find` and `owner_of` one point read; `save` one or two reads and a transaction; `list` one
range query.
"""

from collections.abc import Iterable, Iterator

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.stored import FolderLink
from shared.model.table_rows import Operation, Row
from shared.store.tables import FOLDERS_TABLE, StoredRow, Table

_TRIES = 4


class TableFolders:
    """Links between Moment objects and folders, by customer."""

    def __init__(self, service: TableServiceClient, table: str = FOLDERS_TABLE) -> None:
        self._table = Table(service, table)

    def find(self, customer: str, key: str) -> FolderLink | None:
        """The link of one object's folder."""
        stored = self._table.get(customer, f"key~{key}")
        return _link(stored.row) if stored else None

    def owner_of(self, customer: str, item_id: str) -> str | None:
        """The key of the object whose folder this drive item is."""
        stored = self._table.get(customer, f"item~{item_id}")
        return str(stored.row["key"]) if stored else None

    def list(self, customer: str) -> Iterator[FolderLink]:
        """All links of a customer, its library's too."""
        return (_link(stored.row) for stored in self._table.rows(customer, "key~"))

    def save(self, link: FolderLink) -> None:
        """Remember a link; replaces an older one of the same key. Raises StaleError after lost races."""
        self._changed(link.customer, link.key, link)

    def forget(self, customer: str, key: str) -> None:
        """Drop a link whose folder is gone; nothing happens where there is none."""
        self._changed(customer, key, None)

    def _changed(self, customer: str, key: str, after: FolderLink | None) -> None:
        for _ in range(_TRIES - 1):
            try:
                return self._change(customer, key, after)
            except PreconditionFailed:
                continue
        return self._change(customer, key, after)

    def _change(self, customer: str, key: str, after: FolderLink | None) -> None:
        stored = self._table.get(customer, f"key~{key}")
        operations = [*self._removal(customer, key, stored, after), *_writes(stored, after)]
        if operations:
            self._table.submit(operations)

    def _removal(
        self, customer: str, key: str, stored: StoredRow | None, after: FolderLink | None
    ) -> Iterable[Operation]:
        """What goes of the old link. Its item may have become another object's folder; then that entry stays."""
        if stored is None or (after is not None and after.item_id == stored.row["item_id"]):
            return []
        gone = [] if after else [Operation("delete", stored.row, stored.etag)]
        entry = self._table.get(customer, f"item~{stored.row['item_id']}")
        if entry is not None and entry.row["key"] == key:
            gone.append(Operation("delete", entry.row, entry.etag))
        return gone


def _writes(stored: StoredRow | None, after: FolderLink | None) -> list[Operation]:
    if after is None:
        return []
    row = _row(after)
    entry: Row = {"PartitionKey": after.customer, "RowKey": f"item~{after.item_id}", "key": after.key}
    written = Operation("replace", row, stored.etag) if stored else Operation("create", row)
    return [written, Operation("upsert", entry)]


def _row(link: FolderLink) -> Row:
    row: Row = {
        "PartitionKey": link.customer,
        "RowKey": f"key~{link.key}",
        "key": link.key,
        "drive_id": link.drive_id,
        "item_id": link.item_id,
        "web_url": link.web_url,
    }
    of_a_library = {"list_id": link.list_id, "site_id": link.site_id}
    return row | {name: value for name, value in of_a_library.items() if value is not None}


def _link(row: Row) -> FolderLink:
    return FolderLink(
        customer=str(row["PartitionKey"]),
        key=str(row["key"]),
        drive_id=str(row["drive_id"]),
        item_id=str(row["item_id"]),
        list_id=str(row["list_id"]) if "list_id" in row else None,
        web_url=str(row["web_url"]),
        site_id=str(row["site_id"]) if "site_id" in row else None,
    )

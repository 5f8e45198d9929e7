"""The folders of customers' libraries by id, and what a pull remembers between its pages (the FolderTree port).

Rows in the customer's partition of the table `tree`; the first two change in one transaction:

    folder~<id>           a folder's name and parent
    child~<parent>~<id>   that it lies there; no name in it, so that a rename is one row
    gone~<id>             the delta called it deleted
    seen~<walk>~<id>      a full walk met it

Operations on the table: `find` one point read; `put` of what is stored just so one point read, else one more
transaction, as `remove`; `children` one range query and a point read for each; `ids`, `gone` and `seen` one range query
for a thousand; `mark_gone` and `mark_seen` one transaction for a hundred ids; `unmark_gone` one delete for one id, for
more a range query of what is marked and one transaction for a hundred marked; `forget_seen` a range query for a
thousand and a transaction for a hundred.
"""

from collections.abc import Iterable, Iterator

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.libraries import TreeFolder
from shared.model.table_rows import Operation, Row, key_of
from shared.store.tables import TREE_TABLE, StoredRow, Table

_TRIES = 4
_FOLDER, _GONE, _SEEN = "folder~", "gone~", "seen~"


class TableFolderTree:
    """Folders and marks by customer."""

    def __init__(self, service: TableServiceClient, table: str = TREE_TABLE) -> None:
        self._table = Table(service, table)

    def find(self, customer: str, item_id: str) -> TreeFolder | None:
        """One folder."""
        stored = self._table.get(customer, _folder_key(item_id))
        return _folder(item_id, stored) if stored else None

    def put(self, customer: str, folder: TreeFolder) -> bool:
        """Insert or replace a folder; False (and nothing written) when it is stored just so already.

        Raises PreconditionFailed after lost races.
        """
        return self._changed(customer, folder.item_id, folder)

    def remove(self, customer: str, item_id: str) -> None:
        """Forget a folder; nothing happens where there is none. Raises PreconditionFailed after lost races."""
        self._changed(customer, item_id, None)

    def children(self, customer: str, item_id: str) -> Iterator[TreeFolder]:
        """The folders directly in this one."""
        prefix = key_of("child", item_id) + "~"
        for stored in self._table.rows(customer, prefix):
            folder = self.find(customer, str(stored.row["RowKey"]).removeprefix(prefix))
            # Between the two reads it may have been moved or removed.
            if folder is not None and folder.parent_id == item_id:
                yield folder

    def ids(self, customer: str, after: str = "") -> Iterator[str]:
        """The ids of all folders in their order, from behind `after`."""
        return self._keys(customer, _FOLDER, after)

    def mark_gone(self, customer: str, item_ids: Iterable[str]) -> None:
        """Remember items that the delta called deleted, until the pull's end decides."""
        self._table.upsert_all(_mark(customer, _gone_key(item_id)) for item_id in item_ids)

    def unmark_gone(self, customer: str, item_ids: Iterable[str]) -> None:
        """They were seen alive after all, or are dealt with. Harmless for those not marked."""
        ids = set(item_ids)
        if len(ids) == 1:
            self._table.delete(customer, _gone_key(ids.pop()))
        elif ids:
            self._table.delete_all(customer, (_gone_key(each) for each in self.gone(customer) if each in ids))

    def gone(self, customer: str) -> Iterator[str]:
        """The items marked gone, in the order of their ids."""
        return self._keys(customer, _GONE)

    def mark_seen(self, customer: str, walk_id: str, item_ids: Iterable[str]) -> None:
        """Remember what a full walk met."""
        self._table.upsert_all(_mark(customer, _seen_key(walk_id, item_id)) for item_id in item_ids)

    def seen(self, customer: str, walk_id: str, after: str = "") -> Iterator[str]:
        """What the walk met, in the order of the ids, from behind `after`."""
        return self._keys(customer, key_of("seen", walk_id) + "~", after)

    def forget_seen(self, customer: str) -> None:
        """What any walk met: the one that is over, and those that it took the place of."""
        self._table.delete_all(customer, (_SEEN + key for key in self._keys(customer, _SEEN)))

    def _keys(self, customer: str, prefix: str, after: str = "") -> Iterator[str]:
        """What follows the prefix in the row keys."""
        rows = self._table.rows(customer, prefix, prefix + after if after else "")
        return (str(stored.row["RowKey"]).removeprefix(prefix) for stored in rows)

    def _changed(self, customer: str, item_id: str, after: TreeFolder | None) -> bool:
        for _ in range(_TRIES - 1):
            try:
                return self._change(customer, item_id, after)
            except PreconditionFailed:
                continue
        return self._change(customer, item_id, after)

    def _change(self, customer: str, item_id: str, after: TreeFolder | None) -> bool:
        stored = self._table.get(customer, _folder_key(item_id))
        before = _folder(item_id, stored) if stored else None
        if before == after:
            return False
        operations = [_written(customer, item_id, stored, after), *_moved(customer, before, after)]
        self._table.submit(operations)
        return True


def _written(customer: str, item_id: str, stored: StoredRow | None, after: TreeFolder | None) -> Operation:
    if after is None:
        assert stored is not None
        return Operation("delete", stored.row, stored.etag)
    row = _mark(customer, _folder_key(item_id)) | {"name": after.name, "parent": after.parent_id}
    return Operation("replace", row, stored.etag) if stored else Operation("create", row)


def _moved(customer: str, before: TreeFolder | None, after: TreeFolder | None) -> Iterator[Operation]:
    """The entry below the parent follows; it is there exactly when the folder is, so nothing has to be read."""
    old, new = (_child_key(each) if each else None for each in (before, after))
    if old != new:
        if old is not None:
            yield Operation("delete", _mark(customer, old))
        if new is not None:
            yield Operation("create", _mark(customer, new))


def _folder(item_id: str, stored: StoredRow) -> TreeFolder:
    return TreeFolder(item_id, str(stored.row["name"]), str(stored.row["parent"]))


def _mark(customer: str, key: str) -> Row:
    return {"PartitionKey": customer, "RowKey": key}


def _folder_key(item_id: str) -> str:
    return key_of("folder", item_id)


def _child_key(folder: TreeFolder) -> str:
    return key_of("child", folder.parent_id, folder.item_id)


def _gone_key(item_id: str) -> str:
    return key_of("gone", item_id)


def _seen_key(walk_id: str, item_id: str) -> str:
    return key_of("seen", walk_id, item_id)

"""Notifications that the doctor waits for, in Table Storage, so that any instance may be the one that gets them.

Rows `echo~<sha256 of the clientState>` of the table `libraries`, in a partition of their own. Operations: each method
one point read or one transaction; `hear` a read, and a write where somebody waits.
"""

from datetime import datetime

from azure.data.tables import TableServiceClient

from shared.model.echoes import echo_key
from shared.model.table_rows import Operation, Row, key_of
from shared.store.tables import LIBRARIES_TABLE, Table

_PARTITION = "doctor"


class TableEchoes:
    """The Echoes port."""

    def __init__(self, service: TableServiceClient, table: str = LIBRARIES_TABLE) -> None:
        self._table = Table(service, table)

    def expect(self, client_state: str, now: datetime) -> None:
        """Wait for a notification with this clientState."""
        self._table.submit([Operation("upsert", {**_keys(client_state), "since": now, "heard": False})])

    def hear(self, client_state: str) -> None:
        """One came. Nothing happens where nobody waits for it, which is so for whatever a stranger sends."""
        keys = _keys(client_state)
        stored = self._table.get(_PARTITION, str(keys["RowKey"]))
        if stored is not None and not stored.row["heard"]:
            self._table.submit([Operation("upsert", {**stored.row, "heard": True})])

    def was_heard(self, client_state: str) -> bool:
        """Whether one came."""
        stored = self._table.get(_PARTITION, str(_keys(client_state)["RowKey"]))
        return stored is not None and bool(stored.row["heard"])

    def forget(self, client_state: str) -> None:
        """Wait no longer."""
        self._table.delete(_PARTITION, str(_keys(client_state)["RowKey"]))


def _keys(client_state: str) -> Row:
    return {"PartitionKey": _PARTITION, "RowKey": key_of("echo", echo_key(client_state))}

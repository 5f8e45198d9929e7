"""How far each library's changes were read, and how we hear of new ones, in Table Storage (the Libraries port).

Rows of the table `libraries`, all in one partition, those of a library changed in one transaction:

    drive~<drive id>                  the library's state
    subscription~<subscription id>    -> drive id. Unique: one library per subscription

Operations on the table: `find` one point read, `find_by_subscription` two; `create` and `save` one transaction and no
read; `all` one range query for a thousand libraries. Rows hold links and a client state, which are secrets.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.libraries import Answer, LibraryState, Stop, Watch
from shared.model.table_rows import Operation, Row, key_of
from shared.store.tables import LIBRARIES_TABLE, StoredRow, Table
from shared.telemetry import library_saved

_PARTITION = "libraries"
_PREFIX = "drive~"
_SUBSCRIPTION_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class TableLibraries:
    """The libraries' states by drive."""

    def __init__(self, service: TableServiceClient, table: str = LIBRARIES_TABLE) -> None:
        self._table = Table(service, table)

    def find(self, drive_id: str) -> LibraryState | None:
        """One library, by its drive; with its etag."""
        stored = self._table.get(_PARTITION, key_of("drive", drive_id))
        return _state(stored) if stored else None

    def find_by_subscription(self, subscription_id: str) -> LibraryState | None:
        """The library that this subscription watches; None for any text that can't be a subscription's id."""
        if not _SUBSCRIPTION_ID.fullmatch(subscription_id):
            return None
        pointer = self._table.get(_PARTITION, _pointer_key(subscription_id))
        state = self.find(str(pointer.row["drive"])) if pointer else None
        # Between the two reads the library may have been subscribed anew.
        return state if state and state.subscription_id == subscription_id else None

    def create(self, state: LibraryState) -> LibraryState:
        """Insert it; gives it back with its etag.

        Raises PreconditionFailed where it exists or another library has its subscription; TooLarge.
        """
        return self._write(Operation("create", _row(state)), None, state)

    def save(self, before: LibraryState, after: LibraryState) -> LibraryState:
        """Replace `before` (by its etag) with `after`; gives it back with its etag.

        Raises PreconditionFailed when somebody saved in between or another library has the subscription; TooLarge.
        """
        if before.drive_id != after.drive_id:
            raise ValueError("A library's drive never changes.")
        if not before.etag:
            raise PreconditionFailed(f"Library {before.drive_id} was not read before it was saved.")
        return self._write(Operation("replace", _row(after), before.etag), before, after)

    def all(self) -> Iterator[LibraryState]:
        """Every library, with its etag."""
        return (_state(stored) for stored in self._table.rows(_PARTITION, _PREFIX))

    def _write(self, written: Operation, before: LibraryState | None, after: LibraryState) -> LibraryState:
        operations = [written]
        old, new = before.subscription_id if before else "", after.subscription_id
        if old and old != new:
            operations.append(Operation("delete", _pointer(old, after.drive_id)))
        if new and old != new:
            operations.append(Operation("create", _pointer(new, after.drive_id)))
        etags = self._table.submit(operations)
        library_saved(before, after)
        return replace(after, etag=etags[0])


def _pointer_key(subscription_id: str) -> str:
    return key_of("subscription", subscription_id)


def _pointer(subscription_id: str, drive_id: str) -> Row:
    if not _SUBSCRIPTION_ID.fullmatch(subscription_id):
        raise ValueError(f"{subscription_id!r} can't be a subscription's id.")
    return {"PartitionKey": _PARTITION, "RowKey": _pointer_key(subscription_id), "drive": drive_id}


def _row(state: LibraryState) -> Row:
    row: dict[str, Any] = {each.name: getattr(state, each.name) for each in fields(state) if each.name != "etag"}
    row |= {name: getattr(state, name).value for name in ("watch", "stop", "answer")}
    row |= {"PartitionKey": _PARTITION, "RowKey": key_of("drive", state.drive_id)}
    return {name: value for name, value in row.items() if value is not None}


def _state(stored: StoredRow) -> LibraryState:
    """Members that another version of the app wrote are passed over; those it did not know get their defaults."""
    row = stored.row
    known: dict[str, Any] = {each.name: row[each.name] for each in fields(LibraryState) if each.name in row}
    # An earlier version stopped without saying why: a pull finds out, whichever it was.
    unsaid = Stop.DELETIONS if row.get("stopped_reason") else Stop.NONE
    known |= {
        "watch": Watch(str(row["watch"])),
        "stop": Stop(str(row.get("stop", unsaid))),
        "answer": Answer(str(row.get("answer", Answer.NONE))),
    }
    return LibraryState(**known | {"etag": stored.etag})

"""The records of files in Table Storage (the Files port). shared/model/rows.py says what the rows are.

Operations on the table: `find` and `find_by_item` one point read, `find_by_blob` two; `create` and `save` one
transaction and no read (the new etag comes with its answer); a page of `list` one range query, as `any_in`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from azure.data.tables import TableServiceClient

from shared.errors import InvalidInput, PreconditionFailed
from shared.model.directory import Customer, DirectoryObject
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event
from shared.model.rows import (
    blob_key,
    cut,
    entity_to_record,
    item_key,
    journal_line,
    journal_prefix,
    links_prefix,
    list_prefix,
    record_key,
    transaction,
)
from shared.model.stored import Page
from shared.store.tables import FILES_TABLE, Table


class TableFiles:
    """Files by customer. `clock` dates the journal."""

    def __init__(self, service: TableServiceClient, clock: Callable[[], datetime], table: str = FILES_TABLE) -> None:
        self._table = Table(service, table)
        self._clock = clock

    def find(self, customer: str, file_id: str) -> FileRecord | None:
        """The record, with its etag."""
        stored = self._table.get(customer, record_key(file_id))
        return entity_to_record(stored.row, stored.etag) if stored else None

    def find_by_blob(self, customer: str, blob_name: str) -> FileRecord | None:
        """The record whose unreleased content is in this blob."""
        file_id = self._pointed_at(customer, blob_key(blob_name))
        record = self.find(customer, file_id) if file_id else None
        # Between the two reads the blob may have been released.
        return record if record and record.blob_name == blob_name else None

    def find_by_item(self, customer: str, item_id: str) -> str | None:
        """The id of the file that this drive item belongs to."""
        return self._pointed_at(customer, item_key(item_id))

    def create(self, record: FileRecord, event: Event | str) -> FileRecord:
        """Insert a new record; gives it back with version 1 and its etag.

        Raises PreconditionFailed where the id, the blob or the drive item already has a record; then nothing is
        written. Raises TooLarge beyond the limits of Table Storage.
        """
        return self._write(None, replace(record, version=1), event)

    def save(self, before: FileRecord, after: FileRecord, event: Event | str) -> FileRecord:
        """Replace `before` (by its etag) with `after`; gives it back with version and etag.

        Raises PreconditionFailed when somebody saved in between, when the blob or drive item of `after` has another
        record, or when `before` came out of a list, whose copies have no etag. Raises TooLarge.
        """
        if (before.customer, before.id) != (after.customer, after.id):
            raise ValueError("A record's customer and id never change.")
        if not before.etag:
            raise PreconditionFailed(f"File {before.id} was not read by its id before it was saved.")
        return self._write(before, replace(after, version=before.version + 1), event)

    def list(self, customer: str, state: str | None, page_token: str | None, limit: int) -> Page[FileRecord]:
        """Newest first, optionally of one state only. Records of a list have no etag and no upload URL.

        Raises InvalidInput for an unknown state or a bad token.
        """
        prefix = list_prefix(_state(state) if state else None)
        return self._table.page(customer, prefix, page_token, limit, entity_to_record)

    def any_in(self, thing: DirectoryObject) -> bool:
        """Whether a file is linked to this object."""
        customer = thing.id if isinstance(thing, Customer) else thing.customer
        return self._table.has_any(customer, links_prefix(thing))

    def journal(self, customer: str, file_id: str) -> Iterator[tuple[datetime, Event]]:
        """What happened to the file, oldest first."""
        return (journal_line(stored.row) for stored in self._table.rows(customer, journal_prefix(file_id)))

    def _write(self, before: FileRecord | None, after: FileRecord, event: Event | str) -> FileRecord:
        after = replace(after, reason=cut(after.reason))
        line = event if isinstance(event, Event) else Event(event)
        etags = self._table.submit(transaction(before, after, line, self._clock()))
        return replace(after, etag=etags[0])

    def _pointed_at(self, customer: str, key: str) -> str | None:
        stored = self._table.get(customer, key)
        return str(stored.row["file"]) if stored else None


def _state(value: str) -> FileState:
    try:
        return FileState(value)
    except ValueError:
        known = ", ".join(FileState)
        raise InvalidInput(f"state must be one of {known}.", "state") from None

"""The records of files in Table Storage (the FollowedFiles port). shared/model/rows.py says what the rows are.

Operations on the table: `find`, `find_by_item` and `find_by_unique_id` one point read, `find_by_blob` two; `create` and
`save` one transaction and no read (the new etag comes with its answer); a page of `list` one range query, as `any_in`
and `is_being_sent`; `ids_in_folder`, `items`, `live`, `journal` and `unfinished` one for a thousand rows.

Files that left their library are remembered in the table `departed` by their fingerprint, for all customers: one
request to note, to find or to forget.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from azure.data.tables import TableServiceClient

from shared.errors import InvalidInput, PreconditionFailed
from shared.model.directory import Customer, DirectoryObject
from shared.model.everywhere import MARK
from shared.model.files import SEARCH_INDEX, FileRecord, FileState
from shared.model.journal import Event
from shared.model.journal_lines import JournalLine, LinePlace
from shared.model.journal_pages import oldest_shown, versions_below
from shared.model.record_row import entity_to_record, record_key
from shared.model.rows import (
    GOING,
    blob_key,
    folder_prefix,
    going_prefix,
    item_key,
    journal_key,
    journal_line,
    journal_line_of,
    journal_place,
    journal_prefix,
    links_prefix,
    list_prefix,
    reindexed,
    transaction,
    unique_key,
)
from shared.model.stored import Page, Reindexed
from shared.model.table_rows import Row, cut, key_of
from shared.model.unfinished import AGAIN, ALL, Unfinished, first_prefix, unfinished_from
from shared.store.tables import DEPARTED_TABLE, FILES_TABLE, MAX_PAGE, Table
from shared.telemetry import file_saved

_LINES_AT_ONCE = 1000
_LATELY = timedelta(days=30)
"""How long after it left one library a file that appears in another is still the same one."""


class TableFiles:
    """Files by customer. `clock` dates the journal and the departures.

    `marked` hears of each customer of whom a change was saved that the search over all customers is to follow.
    """

    def __init__(
        self,
        service: TableServiceClient,
        clock: Callable[[], datetime],
        table: str = FILES_TABLE,
        departed_table: str = DEPARTED_TABLE,
        marked: Callable[[str], None] = lambda _customer: None,
    ) -> None:
        self._table = Table(service, table)
        self._departed = Table(service, departed_table)
        self._clock = clock
        self._marked = marked

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

    def find_by_unique_id(self, customer: str, unique_id: str) -> str | None:
        """The id of the file whose drive item has this UniqueId, in either case of letters."""
        return self._pointed_at(customer, unique_key(unique_id)) if unique_id else None

    def is_being_sent(self, customer: str, parent_id: str, name: str) -> bool:
        """Whether a transfer is sending a file of this name (compared without case) to this folder."""
        return bool(parent_id) and self._table.has_any(customer, going_prefix(parent_id, name))

    def is_sending(self, customer: str) -> bool:
        """Whether a transfer is sending any file of this customer."""
        return self._table.has_any(customer, GOING)

    def ids_in_folder(self, customer: str, parent_id: str) -> Iterator[str]:
        """The ids of the files that lie directly in this SharePoint folder and are not deleted."""
        return (str(stored.row["file"]) for stored in self._table.rows(customer, folder_prefix(parent_id)))

    def items(self, customer: str, after: str = "") -> Iterator[tuple[str, str]]:
        """The drive items of all records, deleted ones too, with the files' ids; ordered, from behind `after`."""
        prefix = "item~"
        rows = self._table.rows(customer, prefix, prefix + after if after else "")
        return ((str(each.row["RowKey"]).removeprefix(prefix), str(each.row["file"])) for each in rows)

    def live(self, customer: str) -> Iterator[FileRecord]:
        """All files that are not deleted, newest first, as a list shows them: without etag and upload URL."""
        return (entity_to_record(stored.row) for stored in self._table.rows(customer, list_prefix(None)))

    def unfinished(self, customer: str, project: str | None = None) -> Iterator[Unfinished]:
        """The files with something left to do, those of one project where it is named."""
        if project is None:
            return (unfinished_from(stored.row) for stored in self._table.rows(customer, ALL))
        prefixes = (first_prefix(project), AGAIN)
        found = (unfinished_from(stored.row) for prefix in prefixes for stored in self._table.rows(customer, prefix))
        return (each for each in found if each.project == project)

    def note_departed(self, fingerprint: str, customer: str, file_id: str) -> None:
        """Remember a file that left its library, so that it is known again in another one."""
        left: Row = {"customer": customer, "file": file_id, "at": self._clock()}
        partition, key = _partition_and_key(fingerprint)
        self._departed.upsert_all([{"PartitionKey": partition, "RowKey": key} | left])

    def find_departed(self, fingerprint: str) -> tuple[str, str] | None:
        """The customer and id of the file of this fingerprint that last left its library, in the last 30 days."""
        stored = self._departed.get(*_partition_and_key(fingerprint))
        if stored is None:
            return None
        at = stored.row["at"]
        assert isinstance(at, datetime)
        return (str(stored.row["customer"]), str(stored.row["file"])) if self._clock() - at <= _LATELY else None

    def forget_departed(self, fingerprint: str) -> None:
        """It arrived, or came back; nothing happens where none was noted."""
        self._departed.delete(*_partition_and_key(fingerprint))

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

    def reindex(self, customer: str, after: str, limit: int, *, all_files: bool) -> Reindexed:
        """Give records their search rows, of at most `limit` by id from behind `after`; `all_files`: write all anew.

        They leave marks, and nobody is told. One request to read, one transaction for each record written. A record
        that is saved meanwhile gets them so.
        """
        first = links_prefix(Customer(customer, ""))
        answers = self._table.answers(customer, first, first + "~", limit, after=first + after if after else "")
        found, has_more = next(answers)
        records = [entity_to_record(each.row, each.etag) for each in found]
        written = [each for each in records if all_files or each.search_index != SEARCH_INDEX]
        for record in written:
            with suppress(PreconditionFailed):
                self._table.submit(reindexed(record))
        return Reindexed(len(records), len(written), records[-1].id if records and has_more else None)

    def any_in(self, thing: DirectoryObject) -> bool:
        """Whether a file is linked to this object."""
        customer = thing.id if isinstance(thing, Customer) else thing.customer
        return self._table.has_any(customer, links_prefix(thing))

    def journal(self, customer: str, file_id: str) -> Iterator[tuple[datetime, Event]]:
        """What happened to the file, oldest first."""
        return (journal_line(stored.row) for stored in self._table.rows(customer, journal_prefix(file_id)))

    def journal_page(
        self, customer: str, file_id: str, page_token: str | None, limit: int
    ) -> Page[tuple[datetime, Event]]:
        """What happened to the file, newest first. Raises InvalidInput for a bad token.

        One range query; for the first page a point read before it, for the record's version is that of its newest line.
        """
        below = oldest_shown(page_token)
        if below is None:
            record = self.find(customer, file_id)
            below = record.version + 1 if record else 1
        page, prefix = versions_below(below, max(1, min(limit, MAX_PAGE))), journal_prefix(file_id)
        low, high = f"{prefix}{page.oldest:08d}", f"{prefix}{page.newest + 1:08d}"
        answers = self._table.answers(customer, low, high, MAX_PAGE)
        lines = [journal_line(each.row) for rows, _ in answers for each in rows]
        return Page(lines[::-1], page.next_token)

    def journal_lines(
        self, customer: str, file_id: str | None, after: LinePlace | None
    ) -> Iterator[tuple[Sequence[JournalLine], bool]]:
        """The lines of a file, of all files for None, from behind a place, by file and version; a request at a time.

        Each answer has at most a thousand and whether there is another one.
        """
        low = journal_place(file_id)
        behind = journal_key(after.file, after.version) if after else ""
        for rows, has_more in self._table.answers(customer, low, low + "~", _LINES_AT_ONCE, after=behind):
            yield [journal_line_of(each.row) for each in rows], has_more

    def _write(self, before: FileRecord | None, after: FileRecord, event: Event | str) -> FileRecord:
        after = replace(after, reason=cut(after.reason), search_index=SEARCH_INDEX)
        line = event if isinstance(event, Event) else Event(event)
        operations = transaction(before, after, line, self._clock())
        etags = self._table.submit(operations)
        if any(str(each.row["RowKey"]).startswith(MARK) for each in operations):
            self._marked(after.customer)
        file_saved(before, after, line)
        return replace(after, etag=etags[0])

    def _pointed_at(self, customer: str, key: str) -> str | None:
        stored = self._table.get(customer, key)
        return str(stored.row["file"]) if stored else None


def _partition_and_key(fingerprint: str) -> tuple[str, str]:
    """Spread over 256 partitions, for fingerprints are hashes in hex."""
    return key_of(fingerprint[:2]), key_of(fingerprint)


def _state(value: str) -> FileState:
    try:
        return FileState(value)
    except ValueError:
        known = ", ".join(FileState)
        raise InvalidInput(f"state must be one of {known}.", "state") from None

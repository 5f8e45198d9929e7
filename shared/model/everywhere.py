"""The rows by which files are found over all customers, and the marks that say which are to be written. Pure.

All of them lie in one partition of the table `everywhere`, which no transaction of a file reaches. So a file's own
transaction leaves a mark in the file's partition, and whoever takes the marks brings the rows up to date:

    row key, partition `files`                    one for each
    --------------------------------------------  ------------------------------------------------------------------
    new~<newest first>~<customer>~<id>            file that is not deleted
    find~…~<newest first>~<customer>~<id>         beginning of a word, tag, kind, person: as shared/model/search_rows.py
                                                  says, without what is below a customer
    state~<state>~<newest first>~<customer>~<id>  file, deleted ones too
    lease~<customer>                              customer: who brings its rows up to date. Each transaction replaces it

    mark~<id>~<newest version first>              change of what is shown or found, in the customer's partition of the
      (`~anew`: rows to be written anew)          table `files`: the copy as it is now, and the keys of before

The rows are copies like those within a customer, and say whose they are. A record whose content has not arrived yet
has none. A mark needs nothing beside it: of several marks of a file the newest one's copy counts, and of the keys that
it has no more those of the oldest mark are there, and the others perhaps, where somebody died over it before.

What changes no row leaves no mark. Nor does a claim that is renewed, which changes nothing but the time of change.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.model.files import FileRecord, FileState
from shared.model.record_row import entity_to_record, record_to_entity
from shared.model.search_rows import age_of, search_prefixes, shown
from shared.model.table_rows import MAX_OPERATIONS, MAX_TRANSACTION_BYTES, Operation, Row, key_of, size_bytes

PARTITION = "files"
MARK = "mark~"
_WAS = "was"
_MOST_VERSIONS = 10**8 - 1
_FOR_THE_LEASE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Lease:
    """Who brings a customer's rows up to date. `etag` is the stored row's, empty where there is none."""

    customer: str
    owner: str = ""
    until: datetime | None = None
    """None: nobody does at the moment, or what they do is a single transaction."""
    etag: str = field(default="", compare=False)

    def keeps_out(self, owner: str, now: datetime) -> bool:
        """Whether it is somebody else's."""
        return self.until is not None and self.until > now and owner != self.owner


@dataclass(frozen=True, slots=True)
class FileChange:
    """What the marks of one file come to, by row key; `marks` are their own keys, oldest first."""

    file_id: str
    puts: tuple[Row, ...]
    gone: tuple[str, ...]
    """Rows to delete."""
    perhaps: tuple[str, ...]
    """Rows to delete that need not be there."""
    marks: tuple[str, ...]

    @property
    def operations(self) -> list[Operation]:
        """Rows to delete that need not be there are emptied, for deleting what is not there undoes a transaction."""
        deletes = [Operation("delete", row_of(key)) for key in self.gone]
        puts = [Operation("upsert", row) for row in self.puts]
        return [*deletes, *puts, *(Operation("upsert", row_of(key)) for key in self.perhaps)]


def lease_key(customer: str) -> str:
    """Row key of a customer's lease."""
    return key_of("lease", customer)


def row_of(key: str) -> Row:
    """An empty row, or the one to delete. Readers pass over what is no copy."""
    return {"PartitionKey": PARTITION, "RowKey": key}


def everywhere_rows(record: FileRecord) -> dict[str, Row]:
    """The rows by which this record is found over all customers, by key."""
    return _rows(record, _copy(record))


def mark_row(before: FileRecord | None, after: FileRecord) -> Row | None:
    """The mark that `after` came into the place of `before` (None: a new record)."""
    was = set() if before is None else _keys(before)
    if not (was or _keys(after)) or (before is not None and _looks_the_same(before, after)):
        return None
    return _mark(after, was)


def mark_anew(record: FileRecord) -> Row | None:
    """The mark that all rows of a record are to be written; beside the one of the version itself, if that is left."""
    return _mark(record, set(), "anew") if _keys(record) else None


def file_of_mark(mark: Row) -> str:
    """The id of the file that a mark is about."""
    return str(mark["RowKey"]).split("~")[1]


def change_of(marks: Sequence[Row]) -> FileChange:
    """What these marks of one file come to; the newest is first. Raises ValueError, KeyError for damaged ones."""
    newest = {name: value for name, value in marks[0].items() if name != _WAS}
    record = entity_to_record(newest)
    rows = _rows(record, newest)
    *others, oldest = (set(json.loads(str(mark[_WAS]))) - rows.keys() for mark in marks)
    perhaps = set().union(*others) - oldest
    keys = tuple(str(mark["RowKey"]) for mark in reversed(marks))
    return FileChange(record.id, tuple(rows.values()), tuple(sorted(oldest)), tuple(sorted(perhaps)), keys)


def packed(changes: Iterable[FileChange]) -> Iterator[list[FileChange]]:
    """As many whole files as one transaction takes, beside the lease's row."""
    pack: list[FileChange] = []
    operations, total_bytes = 1, _FOR_THE_LEASE_BYTES
    for change in changes:
        own = change.operations
        own_bytes = sum(size_bytes(each) for each in own)
        is_full = operations + len(own) > MAX_OPERATIONS or total_bytes + own_bytes > MAX_TRANSACTION_BYTES
        if pack and is_full:
            yield pack
            pack, operations, total_bytes = [], 1, _FOR_THE_LEASE_BYTES
        pack.append(change)
        operations, total_bytes = operations + len(own), total_bytes + own_bytes
    if pack:
        yield pack


def _mark(record: FileRecord, was: set[str], *kind: str) -> Row:
    key = key_of("mark", record.id, f"{_MOST_VERSIONS - record.version:08d}", *kind)
    return _copy(record) | {"RowKey": key, _WAS: json.dumps(sorted(was), separators=(",", ":"))}


def _keys(record: FileRecord) -> set[str]:
    if record.state is FileState.EXPECTED:
        return set()
    prefixes = {key_of("state", record.state) + "~"}
    if record.state is not FileState.DELETED:
        prefixes |= {"new~", *search_prefixes(record)}
    place = key_of(age_of(record.created_at), record.customer, record.id)
    return {prefix + place for prefix in prefixes}


def _rows(record: FileRecord, copy: Row) -> dict[str, Row]:
    own = copy | {"PartitionKey": PARTITION, "customer": record.customer}
    return {key: own | {"RowKey": key} for key in sorted(_keys(record))}


def _copy(record: FileRecord) -> Row:
    return shown(record_to_entity(record))


def _looks_the_same(before: FileRecord, after: FileRecord) -> bool:
    if before.search_index != after.search_index:
        return False
    if before.state is after.state is FileState.MOVING:
        before = replace(before, changed_at=after.changed_at)
    return _copy(before) == _copy(after)

"""A file's record as rows of the table `files`, and a change of it as one transaction. Pure.

All rows of a file lie in its customer's partition:

    file~<id>                              the record
    blob~<sha256 of the blob's name>       -> file id, while its content is in that blob. Unique: one record per blob
    item~<drive item id>                   -> file id, while it is or becomes that item. Unique: one record per item
    unique~<GUID in its eTag>              -> file id, while it is in SharePoint: how list items name it. Unique
    going~<folder>~<name's hash>~<id>      -> file id, while a transfer sends it to this folder under this name
  and while it is not deleted:
    dir~<folder>~<id>                      -> file id, the SharePoint folder it lies in, by drive item id; if it does
    new~<newest first>~<id>                what a list shows: the record without its upload URL
    in~project~<project>~<newest first>~<id>             the objects it is linked to, so that "is anything in
    in~activity~<project>~<activity>~<newest first>~<id>   here" and "what is in here" are ranges
    in~task~<project>~<task>~<newest first>~<id>
    find~…                                 what it is found by: shared/model/search_rows.py
    todo~…                                 while something is left to do: shared/model/unfinished.py
  and always:
    state~<state>~<newest first>~<id>      what the list of one state shows
    log~<id>~<version>                     the journal: one row for each saved version
    mark~<id>~<newest version first>       that the search over all customers is still to follow this change, until it
                                           has: shared/model/everywhere.py

Lists carry a copy of the record, so that a page is one request; the price is two more rows in a transaction that is
sent anyway. The journal's row is created, never replaced: two savers of the same version can't both succeed even where
the storage gave both the same etag.

Records of the app's first versions (`search_index` 0) have no `find~` rows, and `in~…~<id>` only points at them; those
of the next (1) are not found over all customers. They get today's rows with their next change, or from `reindexed`.
"""

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from typing import Literal

from shared.model.directory import Activity, Customer, DirectoryObject, Project, Task
from shared.model.drive_items import unique_id_of
from shared.model.everywhere import mark_anew, mark_row
from shared.model.files import SEARCH_INDEX, FileRecord, FileState
from shared.model.journal import Event, Side
from shared.model.journal_lines import JournalLine
from shared.model.names import name_key
from shared.model.record_row import PRIVATE, record_to_entity
from shared.model.search_rows import FIND, age_of, search_rows
from shared.model.table_rows import Operation, Row, cut, key_of
from shared.model.unfinished import unfinished_rows

_FIRST_WITH_SEARCH_ROWS = 1
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ITEM_E_TAG = re.compile(rf'"\{{{_GUID}\}},[0-9]+"')


def blob_key(blob_name: str) -> str:
    """Row key of the entry by blob. Blob names hold characters that keys can't, so it is their hash."""
    return key_of("blob", hashlib.sha256(blob_name.encode()).hexdigest())


def item_key(item_id: str) -> str:
    """Row key of the entry by drive item."""
    return key_of("item", item_id)


def unique_key(unique_id: str) -> str:
    """Row key of the entry by the drive item's UniqueId."""
    return key_of("unique", unique_id.lower())


def folder_prefix(parent_id: str) -> str:
    """What the row keys of the files that lie in a SharePoint folder begin with."""
    return key_of("dir", parent_id) + "~"


GOING = "going~"
"""What the row keys of all files on their way begin with."""


def going_prefix(parent_id: str, name: str) -> str:
    """What the row keys of the files on their way to this folder under this name begin with."""
    return key_of("going", parent_id, hashlib.sha256(name_key(name).encode()).hexdigest()[:32]) + "~"


def journal_prefix(file_id: str) -> str:
    """What the row keys of a file's journal begin with."""
    return key_of("log", file_id) + "~"


def list_prefix(state: FileState | None) -> str:
    """What the row keys of a list begin with: all files, or those of one state."""
    return "new~" if state is None else key_of("state", state) + "~"


def links_prefix(thing: DirectoryObject) -> str:
    """What the row keys of the files linked to an object begin with; for a customer, of all its files."""
    match thing:
        case Customer():
            return "file~"
        case Project():
            return key_of("in", "project", thing.id) + "~"
        case Activity():
            return key_of("in", "activity", thing.project, thing.id) + "~"
        case Task():
            return key_of("in", "task", thing.project, thing.id) + "~"


def index_rows(record: FileRecord) -> dict[str, Row]:
    """The rows beside the record and its journal, by row key."""
    pointer: Row = {"PartitionKey": record.customer, "file": record.id}
    row = record_to_entity(record)
    shown = {name: value for name, value in row.items() if name != PRIVATE}
    age = age_of(record.created_at)
    copies, pointers = [key_of("state", record.state, age, record.id)], [*_unique_keys(record), *_going_keys(record)]
    if record.state is not FileState.DELETED:
        copies.append(key_of("new", age, record.id))
        pointers += _folder_keys(record)
    rows = {key: shown | {"RowKey": key} for key in copies} | unfinished_rows(record)
    if record.search_index >= _FIRST_WITH_SEARCH_ROWS:
        rows |= search_rows(record, row, _places(record))
    elif record.state is not FileState.DELETED:
        pointers += [place + record.id for place in _places(record)]
    return rows | {key: pointer | {"RowKey": key} for key in pointers}


def transaction(before: FileRecord | None, after: FileRecord, event: Event, now: datetime) -> list[Operation]:
    """The operations that put `after` in the place of `before` (None: a new record). The first is the record's own.

    `after` carries its new version. Creating a row that exists fails the whole transaction: that is what keeps a blob,
    a drive item and a version from having two records.
    """
    mark = mark_row(before, after)
    marks = [] if mark is None else [Operation("create", mark)]
    return [*_changes(before, after), Operation("create", _journal_row(after, event, now)), *marks]


def reindexed(record: FileRecord) -> list[Operation]:
    """The operations that give a record all rows of today's index. Nothing else of it changes, so no journal."""
    after = replace(record, search_index=SEARCH_INDEX)
    mark = mark_anew(after)
    marks = [] if mark is None else [Operation("upsert", mark)]
    if record.search_index != SEARCH_INDEX:
        return [*_changes(record, after), *marks]
    rows = [Operation("upsert", row) for row in index_rows(after).values()]
    return [Operation("replace", record_to_entity(after), record.etag), *rows, *marks]


def _changes(before: FileRecord | None, after: FileRecord) -> list[Operation]:
    row = record_to_entity(after)
    old, new = index_rows(before) if before else {}, index_rows(after)
    return [
        Operation("create", row) if before is None else Operation("replace", row, before.etag),
        *(Operation("delete", {"PartitionKey": after.customer, "RowKey": key}) for key in old if key not in new),
        *(Operation(_kind_of_new(key, before), new[key]) for key in new if key not in old),
        *(Operation("upsert", new[key]) for key in new if key in old and new[key] != old[key]),
    ]


def _kind_of_new(key: str, before: FileRecord | None) -> Literal["create", "upsert"]:
    """An earlier version of the app, run again for a while, forgets that a record has search rows, and leaves them."""
    has_none = before is not None and before.search_index < _FIRST_WITH_SEARCH_ROWS
    may_be_there = has_none and key.startswith((FIND, "in~"))
    return "upsert" if may_be_there else "create"


def journal_line(row: Row) -> tuple[datetime, Event]:
    """When something happened, and what. Rows of the app's first version say no side and nobody."""
    at = row["at"]
    assert isinstance(at, datetime)
    side, who = Side(str(row.get("side", Side.APP))), str(row.get("who", ""))
    return at, Event(str(row["event"]), side, who, str(row.get("request_id", "")))


def journal_place(file_id: str | None) -> str:
    """What the row keys of a file's journal begin with; of all files' for None."""
    return "log~" if file_id is None else journal_prefix(file_id)


def journal_key(file_id: str, version: int) -> str:
    """Row key of a version's line."""
    return f"{journal_prefix(file_id)}{version:08d}"


def journal_line_of(row: Row) -> JournalLine:
    """A line with the file and the version that its key names."""
    _, file_id, version = str(row["RowKey"]).split("~")
    at, event = journal_line(row)
    return JournalLine(str(row["PartitionKey"]), file_id, int(version), at, event, str(row.get("state", "")))


def _journal_row(record: FileRecord, event: Event, now: datetime) -> Row:
    traced: Row = {"request_id": cut(event.request_id)} if event.request_id else {}
    return traced | {
        "PartitionKey": record.customer,
        "RowKey": key_of("log", record.id, f"{record.version:08d}"),
        "at": now,
        "event": cut(event.text),
        "side": event.side.value,
        "who": cut(event.who),
        "state": record.state.value,
    }


def _unique_keys(record: FileRecord) -> set[str]:
    items = (part.item_id for part in (record.baseline, record.transfer) if part is not None)
    keys = {item_key(item) for item in items if item is not None}
    if record.blob_name is not None:
        keys.add(blob_key(record.blob_name))
    if record.baseline is not None and _ITEM_E_TAG.fullmatch(record.baseline.e_tag):
        keys.add(unique_key(unique_id_of(record.baseline.e_tag)))
    return keys


def _going_keys(record: FileRecord) -> list[str]:
    going = record.transfer
    return [going_prefix(going.parent_id, going.name) + record.id] if going is not None and going.parent_id else []


def _folder_keys(record: FileRecord) -> list[str]:
    folder = record.baseline.parent_id if record.baseline is not None and not record.missing else None
    return [folder_prefix(folder) + record.id] if folder else []


def _places(record: FileRecord) -> list[str]:
    """The ranges of the objects that it is linked to."""
    links = record.links
    if links.project is None:
        return []
    places: list[tuple[str, ...]] = [("project", links.project)]
    places += [("activity", links.project, links.activity)] if links.activity else []
    places += [("task", links.project, links.task)] if links.task else []
    return [key_of("in", *place) + "~" for place in places]

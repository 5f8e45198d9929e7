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
    in~project~<project>~<id>              the objects it is linked to,
    in~activity~<project>~<activity>~<id>    so that "is anything in here" and "all of this project" are ranges
    in~task~<project>~<task>~<id>
    todo~…                                 while something is left to do: shared/model/unfinished.py
  and always:
    state~<state>~<newest first>~<id>      what the list of one state shows
    log~<id>~<version>                     the journal: one row for each saved version

Lists carry a copy of the record, so that a page is one request; the price is two more rows in a transaction that is
sent anyway. The journal's row is created, never replaced: two savers of the same version can't both succeed even where
the storage gave both the same etag.
"""

import hashlib
import json
import re
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, Task
from shared.model.drive_items import unique_id_of
from shared.model.files import Baseline, FileRecord, FileState, Proof, Transfer
from shared.model.journal import Event, Side
from shared.model.names import name_key
from shared.model.table_rows import Operation, Row, cut, key_of
from shared.model.unfinished import unfinished_rows

_BEGIN = datetime.min.replace(tzinfo=UTC)
_LAST_TICK = (datetime.max.replace(tzinfo=UTC) - _BEGIN) // timedelta(microseconds=1)
_PRIVATE = "upload_url"
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ITEM_E_TAG = re.compile(rf'"\{{{_GUID}\}},[0-9]+"')


def record_key(file_id: str) -> str:
    """Row key of the record."""
    return key_of("file", file_id)


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


def record_to_entity(record: FileRecord) -> Row:
    """The record's own row. What is None is left out; `etag` is the row's and not in it."""
    row: dict[str, Any] = {
        each.name: getattr(record, each.name)
        for each in fields(record)
        if each.name not in {"customer", "links", "tags", "state", "transfer", "baseline", "etag"}
    }
    row |= {"PartitionKey": record.customer, "RowKey": record_key(record.id)}
    row |= {"project": record.links.project, "activity": record.links.activity, "task": record.links.task}
    row |= {"state": record.state.value, "tags": _json(list(record.tags))}
    if record.transfer is not None:
        row |= {"transfer": _transfer_json(record.transfer), _PRIVATE: record.transfer.upload_url}
    if record.baseline is not None:
        row["baseline"] = _json(asdict(record.baseline))
    return {name: value for name, value in row.items() if value is not None}


def entity_to_record(row: Row, etag: str = "") -> FileRecord:
    """The record that a row holds: its own, or a list's copy (then `etag` stays empty, and it can't be saved)."""
    known: dict[str, Any] = {each.name: row[each.name] for each in fields(FileRecord) if each.name in row}
    known |= {
        "customer": row["PartitionKey"],
        "links": _links(row),
        "tags": tuple(json.loads(str(row["tags"]))),
        "state": FileState(str(row["state"])),
        "transfer": _transfer(row),
        "baseline": _baseline(row),
        "etag": etag,
    }
    return FileRecord(**known)


def index_rows(record: FileRecord) -> dict[str, Row]:
    """The rows beside the record and its journal, by row key."""
    pointer: Row = {"PartitionKey": record.customer, "file": record.id}
    shown = {name: value for name, value in record_to_entity(record).items() if name != _PRIVATE}
    age = f"{_LAST_TICK - (record.created_at - _BEGIN) // timedelta(microseconds=1):018d}"
    copies, pointers = [key_of("state", record.state, age, record.id)], [*_unique_keys(record), *_going_keys(record)]
    if record.state is not FileState.DELETED:
        copies.append(key_of("new", age, record.id))
        pointers += [*_link_keys(record), *_folder_keys(record)]
    rows = {key: shown | {"RowKey": key} for key in copies} | unfinished_rows(record)
    return rows | {key: pointer | {"RowKey": key} for key in pointers}


def transaction(before: FileRecord | None, after: FileRecord, event: Event, now: datetime) -> list[Operation]:
    """The operations that put `after` in the place of `before` (None: a new record). The first is the record's own.

    `after` carries its new version. Creating a row that exists fails the whole transaction: that is what keeps a blob,
    a drive item and a version from having two records.
    """
    row = record_to_entity(after)
    old, new = index_rows(before) if before else {}, index_rows(after)
    return [
        Operation("create", row) if before is None else Operation("replace", row, before.etag),
        *(Operation("delete", old[key]) for key in old if key not in new),
        *(Operation("create", new[key]) for key in new if key not in old),
        *(Operation("upsert", new[key]) for key in new if key in old and new[key] != old[key]),
        Operation("create", _journal_row(after, event, now)),
    ]


def journal_line(row: Row) -> tuple[datetime, Event]:
    """When something happened, and what. Rows of the app's first version say no side and nobody."""
    at = row["at"]
    assert isinstance(at, datetime)
    return at, Event(str(row["event"]), Side(str(row.get("side", Side.APP))), str(row.get("who", "")))


def _journal_row(record: FileRecord, event: Event, now: datetime) -> Row:
    return {
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


def _link_keys(record: FileRecord) -> list[str]:
    links = record.links
    if links.project is None:
        return []
    places: list[tuple[str, ...]] = [("project", links.project)]
    places += [("activity", links.project, links.activity)] if links.activity else []
    places += [("task", links.project, links.task)] if links.task else []
    return [key_of("in", *place, record.id) for place in places]


def _links(row: Row) -> Links:
    objects = (cast("str | None", row.get(name)) for name in ("project", "activity", "task"))
    return Links(str(row["PartitionKey"]), *objects)


def _transfer_json(transfer: Transfer) -> str:
    """Without the upload URL, which has a property of its own so that copies can leave it out."""
    return _json({name: value for name, value in asdict(transfer).items() if name != _PRIVATE})


def _transfer(row: Row) -> Transfer | None:
    if "transfer" not in row:
        return None
    values = _known(Transfer, row["transfer"])
    expires_at = values["upload_expires_at"]
    values["claimed_until"] = datetime.fromisoformat(values["claimed_until"])
    values["upload_expires_at"] = datetime.fromisoformat(expires_at) if expires_at else None
    return Transfer(**values, upload_url=cast("str | None", row.get(_PRIVATE)))


def _baseline(row: Row) -> Baseline | None:
    if "baseline" not in row:
        return None
    values = _known(Baseline, row["baseline"])
    proof = values["proof"]
    return replace(Baseline(**values), proof=Proof(proof) if proof else None, tags=tuple(values.get("tags", ())))


def _known(kind: type, text: object) -> dict[str, Any]:
    """The members of a JSON object that this version of the app knows; a newer one may have written more."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in json.loads(str(text)).items() if name in names}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat)

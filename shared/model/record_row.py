"""A file's record as one row of the table `files`, and back. Pure.

What has a shape of its own (transfer, baseline, held, tags) is JSON. The upload URL has a property of its own, so that
copies of the record can leave it out. A row that another version of the app wrote is read with defaults, and what it
has more is passed over.
"""

import json
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, cast

from shared.model.causes import Cause
from shared.model.directory import Links
from shared.model.files import Baseline, FileRecord, FileState, HeldDeletion, Proof, Transfer
from shared.model.table_rows import Row, key_of

PRIVATE = "upload_url"
"""The property that no copy of a record has."""


def record_key(file_id: str) -> str:
    """Row key of the record."""
    return key_of("file", file_id)


def record_to_entity(record: FileRecord) -> Row:
    """The record's own row. What is None is left out; `etag` is the row's and not in it."""
    row: dict[str, Any] = {
        each.name: getattr(record, each.name)
        for each in fields(record)
        if each.name not in {"customer", "links", "tags", "state", "transfer", "baseline", "held", "cause", "etag"}
    }
    row |= {"PartitionKey": record.customer, "RowKey": record_key(record.id)}
    row |= {"project": record.links.project, "activity": record.links.activity, "task": record.links.task}
    row |= {"state": record.state.value, "tags": _json(list(record.tags))}
    row |= {"cause": record.cause.value if record.cause is not None else None}
    if record.transfer is not None:
        row |= {"transfer": _transfer_json(record.transfer), PRIVATE: record.transfer.upload_url}
    if record.baseline is not None:
        row["baseline"] = _json(asdict(record.baseline))
    if record.held is not None:
        row["held"] = _json(asdict(record.held))
    return {name: value for name, value in row.items() if value is not None}


def entity_to_record(row: Row, etag: str = "") -> FileRecord:
    """The record that a row holds: its own, or a list's copy (then `etag` stays empty, and it can't be saved).

    A row outside its customer's partition says whose it is (shared/model/everywhere.py).
    """
    known: dict[str, Any] = {each.name: row[each.name] for each in fields(FileRecord) if each.name in row}
    known |= {
        "search_index": row.get("search_index", 0),
        "customer": _customer(row),
        "links": _links(row),
        "tags": tuple(json.loads(str(row["tags"]))),
        "state": FileState(str(row["state"])),
        "transfer": _transfer(row),
        "baseline": _baseline(row),
        "held": _held(row),
        "cause": _cause(row.get("cause")),
        "etag": etag,
    }
    return FileRecord(**known)


def _links(row: Row) -> Links:
    objects = (cast("str | None", row.get(name)) for name in ("project", "activity", "task"))
    return Links(_customer(row), *objects)


def _customer(row: Row) -> str:
    return str(row.get("customer", row["PartitionKey"]))


def _transfer_json(transfer: Transfer) -> str:
    """Without the upload URL, which has a property of its own so that copies can leave it out."""
    return _json({name: value for name, value in asdict(transfer).items() if name != PRIVATE})


def _transfer(row: Row) -> Transfer | None:
    if "transfer" not in row:
        return None
    values = _known(Transfer, row["transfer"])
    expires_at = values["upload_expires_at"]
    values["claimed_until"] = datetime.fromisoformat(values["claimed_until"])
    values["upload_expires_at"] = datetime.fromisoformat(expires_at) if expires_at else None
    return Transfer(**values, upload_url=cast("str | None", row.get(PRIVATE)))


def _baseline(row: Row) -> Baseline | None:
    if "baseline" not in row:
        return None
    values = _known(Baseline, row["baseline"])
    proof = values["proof"]
    return replace(Baseline(**values), proof=Proof(proof) if proof else None, tags=tuple(values.get("tags", ())))


def _held(row: Row) -> HeldDeletion | None:
    if "held" not in row:
        return None
    values = _known(HeldDeletion, row["held"])
    until, state = datetime.fromisoformat(values["until"]), FileState(values["state"])
    return HeldDeletion(**values | {"until": until, "state": state, "cause": _cause(values.get("cause"))})


def _cause(value: object) -> Cause | None:
    """One that a newer version of the app wrote is another one here."""
    if value is None:
        return None
    return Cause(str(value)) if str(value) in set(Cause) else Cause.OTHER


def _known(kind: type, text: object) -> dict[str, Any]:
    """The members of a JSON object that this version of the app knows; a newer one may have written more."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in json.loads(str(text)).items() if name in names}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat)

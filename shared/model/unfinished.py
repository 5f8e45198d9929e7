"""What is still to be done with a file, as one row beside its record: how a sync finds its work without reading files.

A row is there exactly while something is unfinished, and changes in the record's own transaction:

    the record                                              row key
    ------------------------------------------------------  ---------------------------------------
    has content in Moment Cloud and was never in SharePoint  todo~first~customer~<id>, for a project's
                                                             file todo~first~project~<project>~<id>
    was in SharePoint and has a blob, or an edit to push     todo~again~<id>
    has an upload session open                               todo~again~<id>
    is deleted, and its deletion is still to be carried out, todo~again~<id>
    or a blob to release or an upload session left
    anything else                                            none

So the untransferred files of a customer, or of one project, are a range, and a library where nothing is left to do
costs one empty answer.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.model.files import FileRecord, FileState
from shared.model.push_plan import differs_from_baseline
from shared.model.table_rows import Row, key_of

ALL = "todo~"
AGAIN = "todo~again~"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One file with something left to do. `size_bytes` None: its content has not arrived yet."""

    file_id: str
    project: str | None
    size_bytes: int | None
    created_at: datetime
    is_first: bool
    """It was never in SharePoint."""
    is_stuck: bool
    """It is blocked by something that does not pass by itself."""


def first_prefix(project: str) -> str:
    """What the row keys of a project's files begin with that were never in SharePoint."""
    return key_of("todo", "first", "project", project) + "~"


def is_unfinished(record: FileRecord) -> bool:
    """Whether something is left to do with the file."""
    has_session = record.transfer is not None and record.transfer.upload_url is not None
    if record.state is FileState.DELETED:
        is_released = record.blob_name is None or record.baseline is None
        return record.delete_pending or has_session or not is_released
    return record.delete_pending or record.blob_name is not None or has_session or differs_from_baseline(record)


def unfinished_rows(record: FileRecord) -> dict[str, Row]:
    """The row of this record, by its key; empty where nothing is left to do."""
    if not is_unfinished(record):
        return {}
    row: Row = {
        "file": record.id,
        "created_at": record.created_at,
        "stuck": record.state is FileState.BLOCKED and not record.may_pass,
    }
    if record.links.project is not None:
        row["project"] = record.links.project
    if record.size_bytes is not None:
        row["size_bytes"] = record.size_bytes
    key = _key(record)
    return {key: row | {"PartitionKey": record.customer, "RowKey": key}}


def unfinished_from(row: Row) -> Unfinished:
    """What a row says."""
    created_at = row["created_at"]
    assert isinstance(created_at, datetime)
    return Unfinished(
        file_id=str(row["file"]),
        project=str(row["project"]) if "project" in row else None,
        size_bytes=int(str(row["size_bytes"])) if "size_bytes" in row else None,
        created_at=created_at,
        is_first=not str(row["RowKey"]).startswith(AGAIN),
        is_stuck=bool(row["stuck"]),
    )


def _key(record: FileRecord) -> str:
    has_session = record.transfer is not None and record.transfer.upload_url is not None
    if record.baseline is not None or has_session or record.delete_pending:
        return key_of("todo", "again", record.id)
    if record.links.project is None:
        return key_of("todo", "first", "customer", record.id)
    return key_of("todo", "first", "project", record.links.project, record.id)

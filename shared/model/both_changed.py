"""A file whose content was changed in Moment and in SharePoint before the one could reach the other. Pure.

Both contents are kept as files of their own. What was written in SharePoint stays the file, for it is what people have
open; what was uploaded in Moment becomes a second file in the same folder, named after where and when it came from:

    report.docx                              as written in SharePoint: the same record, the same drive item
    report (from Moment, 2026-11-23).docx    as uploaded in Moment on that day (UTC): a record of its own

Whether SharePoint's content changed since Moment's was based on it:

    baseline's       cTag           size and         then
    `changed_there`                 quickXorHash
    ---------------  -------------  ---------------  ---------------------------------------------------------
    yes              any            any              changed: a pull followed it after Moment's content arrived
    no               the same       any              unchanged: SharePoint may rewrite properties, as it does
    no               differs, none  the same         unchanged: renamed, moved, tagged
    no               differs, none  differ, no hash  changed

New content that arrives in Moment after a pull followed SharePoint's is the next version: its author could see that.
The id of the second record and its name follow from the blob's version, so that a transfer that is killed and run again
makes the same ones.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from shared.model.drive_items import DriveItem
from shared.model.files import Baseline, FileRecord, FileState
from shared.model.merge import merge_tags
from shared.model.names import marked

_FROM_MOMENT = "from Moment, "


def changed_there(item: DriveItem, baseline: Baseline) -> bool:
    """The table above."""
    if baseline.changed_there:
        return True
    if item.c_tag is not None and item.c_tag == baseline.c_tag:
        return False
    has_hash = item.quick_xor_hash is not None
    return not (has_hash and _content(item) == (baseline.size_bytes, baseline.quick_xor_hash))


def copy_name(name: str, uploaded_at: datetime) -> str:
    """`report (from Moment, 2026-11-23).docx`."""
    return marked(name, f"{_FROM_MOMENT}{uploaded_at.astimezone(UTC).date().isoformat()}")


def is_copy_name(name: str) -> bool:
    """Whether `copy_name` may have made this name."""
    return _FROM_MOMENT in name


def copy_id(record: FileRecord, blob_etag: str) -> str:
    """The id of the record of the second file."""
    return "c" + hashlib.sha256(f"{record.customer}\n{record.id}\n{blob_etag}".encode()).hexdigest()[:31]


def copy_of(record: FileRecord, baseline: Baseline, now: datetime) -> FileRecord:
    """The record of the second file, which lies in SharePoint as `baseline` says."""
    return FileRecord(
        customer=record.customer,
        id=copy_id(record, baseline.blob_etag),
        name=baseline.name,
        requested_name=record.requested_name,
        links=record.links,
        created_at=now,
        changed_at=now,
        created_by=record.created_by,
        tags=merge_tags((), record.tags, baseline.tags),
        content_type=record.content_type,
        size_bytes=baseline.size_bytes,
        state=FileState.IN_SHAREPOINT,
        baseline=baseline,
        period=record.period,
    )


def kept_both(record: FileRecord, theirs: DriveItem, blob_etag: str, now: datetime) -> FileRecord:
    """The file itself after its content from Moment went beside it: its content is what SharePoint holds."""
    assert record.baseline is not None, "a file that never was in SharePoint can't have changed there"
    agreed = replace(
        record.baseline,
        c_tag=theirs.c_tag,
        size_bytes=theirs.size_bytes,
        quick_xor_hash=theirs.quick_xor_hash,
        changed_there=False,
        blob_etag=blob_etag,
    )
    return replace(
        record,
        state=FileState.IN_SHAREPOINT,
        reason="",
        cause=None,
        size_bytes=theirs.size_bytes,
        modified_by=theirs.modified_by,
        modified_at=theirs.modified_at,
        baseline=agreed,
        transfer=None,
        attempts=0,
        changed_at=now,
    )


def as_seen(baseline: Baseline, seen: Baseline) -> Baseline:
    """What was sent and proven just now, and the item as a pull saw it meanwhile."""
    return replace(
        baseline,
        name=seen.name,
        parent_id=seen.parent_id,
        web_url=seen.web_url,
        e_tag=seen.e_tag,
        size_bytes=seen.size_bytes,
        quick_xor_hash=seen.quick_xor_hash,
        changed_there=seen.quick_xor_hash != baseline.quick_xor_hash,
        tags=baseline.tags or seen.tags,
    )


def _content(item: DriveItem) -> tuple[int, str | None]:
    return item.size_bytes, item.quick_xor_hash

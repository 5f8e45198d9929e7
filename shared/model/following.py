"""What a drive item that people edited in SharePoint means for the file's record. Pure; shared/sync/ingest.py saves it.

Three views: what Moment says (the record), what SharePoint says (the item), and the baseline on which both last agreed.
For name and place, each on its own:

    item differs   record differs   then
    from baseline  from baseline
    -------------  ---------------  --------------------------------------------------------------
    no             no               nothing
    yes            no               the record follows SharePoint
    no             yes              nothing here: the edit is on its way to SharePoint (push)
    yes            yes              the later edit wins; the journal says what lost

What becomes of the record's state:

    state    delete   missing  the item is gone          the item is alive
             pending
    -------  -------  -------  ------------------------  ---------------------------------
    deleted  no       any      nothing                   in-sharepoint: it was restored
    deleted  yes      any      deleted, nothing pending  nothing: its deletion is on its way; but where
                                                         the item was edited, it is kept as it was
    any      no       no       deleted; or, where a      nothing
                               person dismissed that,
                               blocked and missing
    blocked  no       yes      nothing                   in-sharepoint: it was restored
    other    no       yes      nothing                   the same, no longer missing

Tags merge three ways instead (shared/model/merge.py). Content has one author, SharePoint: the record follows.
An item that differs in its eTag alone is nobody's edit: our own writes come back like that. The baseline's eTag stays
what it was until the columns were read, too: a push that went out with the new one would overwrite tags unseen.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.model.causes import Cause
from shared.model.directory import Links
from shared.model.drive_items import ColumnChange, DriveItem, before_all_of
from shared.model.files import Baseline, FileRecord, FileState
from shared.model.journal import Event, Side
from shared.model.merge import merge_tags, tag_key
from shared.model.undo import restored


@dataclass(frozen=True, slots=True)
class Followed:
    """The record after an edit in SharePoint. `changes` has one phrase for each thing that changed."""

    record: FileRecord
    changes: tuple[str, ...] = ()
    who: str = ""

    @property
    def event(self) -> Event:
        """The line for the journal."""
        return Event("; ".join(self.changes) + ".", Side.SHAREPOINT, self.who)


def follow_item(record: FileRecord, item: DriveItem, place: Links, now: datetime) -> Followed:
    """The record after `item` was read; `place` is what the item's folder links it to."""
    if record.baseline is None:
        return Followed(record)
    changes: list[str] = []
    after = _alive_again(_kept(record, item, changes), changes)
    after = _name(after, item, changes)
    after = _place(after, item, place, changes)
    after = _content(after, item, changes)
    if not changes:
        return Followed(record)
    baseline = after.baseline or record.baseline
    after = replace(after, baseline=replace(baseline, web_url=item.web_url or baseline.web_url))
    return Followed(replace(after, changed_at=now), tuple(changes), item.modified_by)


def follow_columns(record: FileRecord, columns: ColumnChange, now: datetime) -> Followed:
    """The record after the columns were read: tags merged, a period set in SharePoint taken over."""
    baseline = record.baseline
    if baseline is None:
        return Followed(record)
    seen = replace(baseline, tags=columns.tags, activity=columns.activity, year=columns.year, period=columns.period)
    merged = merge_tags(baseline.tags, record.tags, columns.tags)
    period = record.period
    changes: list[str] = []
    if _keys(merged) != _keys(record.tags):
        changes.append(f"tags {_shown(record.tags)} → {_shown(merged)}")
    if (columns.year, columns.period) != (baseline.year, baseline.period):
        period = columns.period or columns.year
        changes.append(f"period {baseline.period or baseline.year or 'none'} → {period or 'none'}")
    if columns.activity != baseline.activity:
        changes.append(f"activity column {baseline.activity or 'none'} → {columns.activity or 'none'}")
    if not changes and _keys(seen.tags) == _keys(baseline.tags):
        return Followed(record)
    changes = changes or ["tags agreed with SharePoint"]
    return Followed(replace(record, tags=merged, period=period, baseline=seen, changed_at=now), tuple(changes))


def new_baseline(item: DriveItem) -> Baseline:
    """The baseline of a file that was made in SharePoint; its columns are still to be read."""
    return Baseline(
        drive_id=item.drive_id,
        item_id=item.id,
        web_url=item.web_url,
        name=item.name,
        parent_id=item.parent_id,
        e_tag=before_all_of(item.e_tag),
        c_tag=item.c_tag,
        size_bytes=item.size_bytes,
        quick_xor_hash=item.quick_xor_hash,
        sent_size_bytes=0,
        sent_quick_xor_hash="",
        blob_etag="",
        proof=None,
    )


def is_doomed(record: FileRecord) -> bool:
    """Whether the record changes where its item is gone, other than by the end of a deletion made in Moment."""
    return record.state is not FileState.DELETED and not record.missing


def vanished(record: FileRecord, now: datetime, approved_by: str = "") -> Followed:
    """The record after its item was deleted in SharePoint, perhaps in a crowd that a person approved.

    Where Moment deletes it, too, and still has content of it, its own deletion goes on, which takes that content along.
    """
    goes_on_here = record.delete_pending and record.blob_name is not None
    if goes_on_here or not (is_doomed(record) or record.delete_pending):
        return Followed(record)
    reason = "Deleted in SharePoint."
    after = replace(
        record,
        state=FileState.DELETED,
        reason=reason,
        cause=None,
        delete_pending=False,
        place_pending=False,
        held=None,
        changed_at=now,
    )
    approved = f"deleted in SharePoint; {approved_by} approved that it is marked deleted"
    return Followed(after, (approved if approved_by else "deleted in SharePoint",))


def dismissed(record: FileRecord, now: datetime, by: str) -> Followed:
    """The record after its item was deleted in SharePoint and a person said that it shall be kept."""
    if record.delete_pending:
        return vanished(record, now)
    if not is_doomed(record) or record.baseline is None:
        return Followed(record)
    reason = (
        f"Missing in SharePoint, where somebody deleted it; the deletion was dismissed by {by}. "
        "Restore it from the library's recycle bin there, or delete it here."
    )
    after = replace(record, state=FileState.BLOCKED, missing=True, reason=reason, cause=Cause.MISSING, changed_at=now)
    return Followed(after, (f"deleted in SharePoint; {by} dismissed that",))


def was_edited(item: DriveItem, baseline: Baseline) -> bool:
    """Whether the item's content, name or place is no longer that of the baseline."""
    same_hash = item.quick_xor_hash in {None, baseline.quick_xor_hash}
    same_place = (item.name, item.parent_id or baseline.parent_id) == (baseline.name, baseline.parent_id)
    return not (same_hash and item.size_bytes == baseline.size_bytes and same_place)


def _kept(record: FileRecord, item: DriveItem, changes: list[str]) -> FileRecord:
    """A deletion here yields to an edit there: whoever deleted the file had not seen it."""
    if not record.delete_pending or record.baseline is None or not was_edited(item, record.baseline):
        return record
    changes.append("kept, for it was changed in SharePoint meanwhile")
    return restored(record)


def _alive_again(record: FileRecord, changes: list[str]) -> FileRecord:
    is_deleted = record.state is FileState.DELETED
    if record.delete_pending or not (is_deleted or record.missing):
        return record
    changes.append("restored in SharePoint")
    if is_deleted or record.state is FileState.BLOCKED:
        record = replace(record, state=FileState.IN_SHAREPOINT, reason="", cause=None, moved_to="")
    return replace(record, missing=False)


def _name(record: FileRecord, item: DriveItem, changes: list[str]) -> FileRecord:
    baseline = record.baseline
    if baseline is None or item.name == baseline.name:
        return record
    agreed = replace(record, baseline=replace(baseline, name=item.name))
    if record.name in {baseline.name, item.name}:
        changes.append(f"renamed from {baseline.name!r} to {item.name!r}")
        return replace(agreed, name=item.name)
    if _is_later(item, record):
        changes.append(f"renamed to {item.name!r} in SharePoint, later than to {record.name!r} in Moment, which lost")
        return replace(agreed, name=item.name)
    changes.append(f"renamed to {item.name!r} in SharePoint, earlier than to {record.name!r} in Moment, which wins")
    return agreed


def _place(record: FileRecord, item: DriveItem, place: Links, changes: list[str]) -> FileRecord:
    baseline = record.baseline
    if baseline is None or item.parent_id is None or item.parent_id == baseline.parent_id:
        return record
    agreed = replace(record, baseline=replace(baseline, parent_id=item.parent_id))
    if record.place_pending and not _is_later(item, record):
        changes.append("moved in SharePoint, earlier than in Moment, which wins")
        return agreed
    lost = ", later than in Moment, which lost" if record.place_pending else ""
    changes.append(f"moved to {_where(place)}{lost}")
    return replace(agreed, links=place, place_pending=False)


def _content(record: FileRecord, item: DriveItem, changes: list[str]) -> FileRecord:
    baseline = record.baseline
    if baseline is None:
        return record
    same_hash = item.quick_xor_hash in {None, baseline.quick_xor_hash}
    if same_hash and item.size_bytes == baseline.size_bytes:
        return record
    changes.append(f"new content of {item.size_bytes} bytes")
    return replace(
        record,
        size_bytes=item.size_bytes,
        modified_by=item.modified_by,
        modified_at=item.modified_at,
        baseline=replace(
            baseline,
            size_bytes=item.size_bytes,
            quick_xor_hash=item.quick_xor_hash,
            c_tag=item.c_tag or baseline.c_tag,
            changed_there=True,
        ),
    )


def _is_later(item: DriveItem, record: FileRecord) -> bool:
    return item.modified_at is not None and item.modified_at > record.changed_at


def _where(place: Links) -> str:
    parts = (("project", place.project), ("activity", place.activity), ("task", place.task))
    named = [f"{kind} {each}" for kind, each in parts if each]
    return ", ".join(named) if named else f"customer {place.customer}"


def _keys(tags: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(tag_key, tags))


def _shown(tags: tuple[str, ...]) -> str:
    return ", ".join(tags) if tags else "none"

"""What Moment's record wants of SharePoint that SharePoint does not show yet. Pure; shared/sync/push.py does it."""

from dataclasses import dataclass

from shared.model.directory import Columns
from shared.model.files import FileRecord, FileState
from shared.model.merge import tag_key


@dataclass(frozen=True, slots=True)
class Push:
    """The differences between the record and its baseline; all of them false: nothing to do."""

    delete: bool = False
    rename: bool = False
    move: bool = False
    columns: bool = False

    def __bool__(self) -> bool:
        return self.delete or self.rename or self.move or self.columns


def wanted_push(record: FileRecord, columns: Columns) -> Push:
    """The differences; `columns` is what the columns should say."""
    baseline = record.baseline
    if baseline is None or baseline.item_id == "":
        return Push()
    if record.delete_pending:
        return Push(delete=True)
    if record.state is FileState.DELETED or record.missing:
        return Push()  # edits of a missing file go out when it is restored
    return Push(
        rename=record.name != baseline.name,
        move=record.place_pending,
        columns=_differ(columns, Columns(baseline.activity, baseline.year, baseline.period, baseline.tags)),
    )


def differs_from_baseline(record: FileRecord) -> bool:
    """Whether the record by itself, without what its objects say, wants something of SharePoint."""
    baseline = record.baseline
    if baseline is None:
        return False
    return bool(wanted_push(record, Columns(baseline.activity, baseline.year, baseline.period, record.tags)))


def _differ(wanted: Columns, shown: Columns) -> bool:
    """The activity's column is set with the file and left to people after that; a place that changes sets it anew."""
    tags = frozenset(map(tag_key, wanted.tags)) != frozenset(map(tag_key, shown.tags))
    return tags or (wanted.year, wanted.period) != (shown.year, shown.period)

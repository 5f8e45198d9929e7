"""Sets the columns of a file that was just sent to SharePoint. What people set there meanwhile stays.

the file                                     its columns
-------------------------------------------  ----------------------------------------------------------------
has a new version                            are left alone: an edit of them goes out through the queue of pushes
is new, and as we made it (If-Match)         are set
is new, and somebody touched it already,     are read first: their tags and ours are set
or was recognised by its content
"""

from dataclasses import dataclass, replace

from shared.errors import NotFound, PreconditionFailed
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem, Written
from shared.model.files import FileRecord
from shared.model.merge import merge_tags
from shared.sync.change_ports import FollowedSharePoint
from shared.sync.sending import Sent

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the columns say now, the file's tags after that, and the answer to the write; None where there was none."""

    columns: Columns
    tags: tuple[str, ...]
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class FirstColumns:
    """The use case."""

    sharepoint: FollowedSharePoint

    def of(self, record: FileRecord, sent: Sent, wanted: Columns) -> Agreed:
        """Set what is wanted of the record's file. Raises NotFound where the item is gone already."""
        known, item = record.baseline, sent.item
        if known is not None and known.item_id == item.id:
            return Agreed(Columns(known.activity, known.year, known.period, known.tags), record.tags)
        if sent.proof is not None:
            return self._beside_theirs(item, wanted)
        if not wanted:
            return Agreed(wanted, wanted.tags)
        try:
            return Agreed(wanted, wanted.tags, self.sharepoint.set_columns(item.drive_id, item.id, wanted, item.e_tag))
        except PreconditionFailed:
            return self._beside_theirs(item, wanted)

    def _beside_theirs(self, item: DriveItem, wanted: Columns) -> Agreed:
        both = wanted
        for _ in range(_TRIES):
            now = self.sharepoint.find_item(item.drive_id, item.id)
            theirs = self.sharepoint.find_columns(item.drive_id, item.id)
            if now is None or theirs is None:
                raise NotFound("The file was deleted in SharePoint while it was being moved there.")
            both = replace(wanted, tags=merge_tags((), wanted.tags, theirs.tags))
            if not wanted:
                return Agreed(both, both.tags)
            try:
                return Agreed(both, both.tags, self.sharepoint.set_columns(now.drive_id, now.id, both, now.e_tag))
            except PreconditionFailed:
                continue
        # SharePoint itself is still changing it.
        return Agreed(both, both.tags, self.sharepoint.set_columns(item.drive_id, item.id, both))

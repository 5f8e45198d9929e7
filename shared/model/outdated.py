"""Whether what a page of a delta tells of an item may be from before our own last write to it. Pure.

A page is applied some time after it was read. What Moment wrote in between (a name, a place, columns, content, the
deletion) is not in it, and would be taken for a change that a person made: it would be taken back until the next pull.

    the record                     the page's eTag against the baseline's    it may be outdated
    -----------------------------  ----------------------------------------  ------------------
    deleted in Moment, no longer   the same, or an earlier one               yes
    pending                        a later one                               no
    any other                      an earlier one                            yes
                                   the same, or a later one                  no

An eTag whose order can't be told counts as later. What may be outdated is read again before it changes anything.
"""

from shared.model.drive_items import version_of
from shared.model.files import FileRecord, FileState
from shared.model.undo import DELETED_IN_MOMENT


def may_be_outdated(record: FileRecord, e_tag: str) -> bool:
    """Whether the item has to be read again before the record follows what was told with this eTag."""
    if record.baseline is None:
        return False
    told, known = version_of(e_tag), version_of(record.baseline.e_tag)
    if told is None or known is None:
        return False
    return told <= known if _is_deleted_by_us(record) else told < known


def _is_deleted_by_us(record: FileRecord) -> bool:
    """A deletion in SharePoint is known from a page, and a page before that one is not applied after it."""
    is_deleted = record.state is FileState.DELETED and not record.delete_pending
    return is_deleted and record.reason == DELETED_IN_MOMENT

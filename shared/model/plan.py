"""What a sync would do, action by action, and how to tell whether an action is still the same later. Pure.

A plan is made by the code that does the work, on stores that keep every write to themselves (shared/sync/rehearsal.py).
Each write becomes an action, named by a fingerprint of what was there before and what would be there after. To carry a
plan out is to do the work again and to let a write through only where its fingerprint is in the plan.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from shared.model.files import Baseline, FileRecord, FileState
from shared.model.merge import tag_key
from shared.model.runs import Count

MAX_ACTIONS = 20_000
"""A plan that would be longer stops there and says so; it can be looked at, not carried out."""

BYTES_PER_S = 10 * 1024 * 1024
"""What one library's content moves at, cautiously: for the estimate of time only."""
FOLDER_UNITS = 2
LIBRARY_UNITS = 11
"""Six requests (shared/graph/libraries.py)."""

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Action:
    """One file's change. `kinds` are the counts it adds one to; `change` is the sentence its history will say."""

    kinds: tuple[Count, ...]
    customer: str
    file: str
    name: str
    project: str | None
    change: str
    who: str = ""
    size_bytes: int = 0
    """Content to be sent; 0 where none is."""
    units: int = 0
    """Resource units of SharePoint that it costs."""
    fingerprint: str = ""

    def as_json(self) -> str:
        """For storage."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Action":
        """What `as_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        return cls(**values | {"kinds": tuple(Count(each) for each in values["kinds"])})


def kinds_of(before: FileRecord | None, after: FileRecord) -> tuple[Count, ...]:
    """What changes for people from one state of a record to the next; empty where only our own notes do.

    In a conflict both sides edited the same thing since they last agreed; one of them wins.
    """
    if before is None:
        return (Count.NEW_RECORDS,)
    was_deleted, is_deleted = (each.state is FileState.DELETED for each in (before, after))
    if is_deleted:
        return () if was_deleted else (Count.DELETES,)
    old, new = before.baseline, after.baseline
    found = {
        Count.RESTORES: was_deleted or (before.missing and not after.missing),
        Count.RENAMES: before.name != after.name,
        Count.MOVES: before.links != after.links or (old and new and old.parent_id != new.parent_id),
        Count.TAG_CHANGES: _columns(before) != _columns(after),
        Count.CONTENT_CHANGES: old and new and _content(old) != _content(new),
        Count.CONFLICTS: old and new and _is_conflict(before, old, new),
    }
    return tuple(kind for kind, is_so in found.items() if is_so)


def fingerprint_of_change(version: int, after: FileRecord) -> str:
    """Equal for two changes that start from this saved version and come to the same, whenever they are made."""
    settled = replace(after, changed_at=_EPOCH, version=0, etag="")
    if version == 0 and after.created_at == after.changed_at:
        settled = replace(settled, created_at=_EPOCH)
    return _hash(after.customer, after.id, version, settled)


def fingerprint_of_transfer(record: FileRecord, blob_etag: str, folders: tuple[str, ...]) -> str:
    """Equal while the content, the name and the place of a file that is to be sent stay as they are."""
    return _hash(record.customer, record.id, blob_etag, record.name, folders, record.tags)


def transfer_units(fragments: int, *, has_columns: bool, new_folders: int, is_new_library: bool) -> int:
    """What sending a file costs: `fragments` 0 for a single PUT, otherwise a session and two units for each."""
    content = 2 + 2 * fragments
    return content + 2 * has_columns + FOLDER_UNITS * new_folders + LIBRARY_UNITS * is_new_library


def estimated_s(units: int, size_bytes: int, units_per_minute: int) -> int:
    """How long it takes at least, in seconds: the budget's time or the content's, whichever is longer."""
    budget_s = 60 * max(0, units - units_per_minute) / units_per_minute if units_per_minute else 0.0
    return max(1, round(max(budget_s, size_bytes / BYTES_PER_S)))


def _columns(record: FileRecord) -> tuple[frozenset[str], str | None]:
    return frozenset(map(tag_key, record.tags)), record.period


def _content(baseline: Baseline) -> tuple[int, str | None]:
    return baseline.size_bytes, baseline.quick_xor_hash


def _is_conflict(before: FileRecord, old: Baseline, new: Baseline) -> bool:
    both_named = before.name != old.name and old.name != new.name
    both_moved = before.place_pending and old.parent_id != new.parent_id
    return both_named or both_moved


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

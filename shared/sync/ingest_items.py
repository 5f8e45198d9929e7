"""Brings one changed drive item, or one item's columns, into Moment's records.

A file is known by its drive item id. An unknown one is a new record, unless it is what a transfer of ours is just
sending (that transfer will record it), or a file that left another customer's library (it keeps its identity).

A page that was read before our own last write to a file would take that write back: the item is read again first.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.errors import PreconditionFailed
from shared.model.directory import Links
from shared.model.drive_items import ColumnChange, DriveItem
from shared.model.files import FileRecord, FileState
from shared.model.following import Followed, follow_columns, follow_item, new_baseline
from shared.model.journal import Event, Side
from shared.model.names import name_key
from shared.model.outdated import may_be_outdated
from shared.model.push_plan import differs_from_baseline, wanted_push
from shared.sync.change_ports import KeyQueue, PulledFiles, PulledSharePoint
from shared.sync.places import Places
from shared.sync.ports import Clock
from shared.sync.wanted_columns import WantedColumns

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemIngest:
    """Follows single items. `our_app_id` is the application id under which our own writes appear."""

    files: PulledFiles
    places: Places
    wanted_columns: WantedColumns
    sharepoint: PulledSharePoint
    pushes: KeyQueue
    clock: Clock
    our_app_id: str

    def file(self, customer: str, item: DriveItem) -> bool:
        """Follow a live file; True when somebody other than us changed something."""
        file_id = self.files.find_by_item(customer, item.id)
        if file_id is None:
            if self._is_being_sent(customer, item):
                return False
            if self._create(customer, item):
                return True
            file_id = self.files.find_by_item(customer, item.id)
        return file_id is not None and self._save(customer, file_id, lambda record: self._followed(record, item))

    def columns(self, customer: str, change: ColumnChange) -> bool | None:
        """Follow an item's columns; True when they changed something, None where no file is known of this item."""
        file_id = self.files.find_by_unique_id(customer, change.unique_id)
        if file_id is None:
            return None
        return self._save(customer, file_id, lambda record: self._with_columns(record, change))

    def _followed(self, record: FileRecord, item: DriveItem) -> Followed:
        """Where the page is older than what we wrote since, the item counts as it is now."""
        followed = follow_item(record, item, self._place(record, item), self.clock())
        there = record.baseline
        if not followed.changes or there is None or not may_be_outdated(record, item.e_tag):
            return followed
        now = self.sharepoint.find_item(there.drive_id, there.item_id)
        return follow_item(record, now, self._place(record, now), self.clock()) if now else Followed(record)

    def _with_columns(self, record: FileRecord, change: ColumnChange) -> Followed:
        """Likewise."""
        followed = follow_columns(record, change, self.clock())
        there = record.baseline
        if not followed.changes or there is None or not may_be_outdated(record, change.e_tag):
            return followed
        now = self.sharepoint.find_columns(there.drive_id, there.item_id)
        return follow_columns(record, now, self.clock()) if now else Followed(record)

    def _is_being_sent(self, customer: str, item: DriveItem) -> bool:
        """Ours, to this folder or to the library's root, which a transfer knows by its alias only.

        One that somebody else changed already gets a record of its own, so that the change is not missed; the transfer
        takes it over.
        """
        our_app = self.our_app_id.lower()
        touched_by = ((each or "").lower() for each in (item.created_by_app, item.modified_by_app))
        return all(each == our_app for each in touched_by) and any(
            self.files.is_being_sent(customer, parent, item.name) for parent in (item.parent_id or "", "root")
        )

    def _place(self, record: FileRecord, item: DriveItem) -> Links:
        moved = record.baseline is not None and record.baseline.parent_id != item.parent_id
        return self.places.links_in(record, item.parent_id) if moved else record.links

    def _save(self, customer: str, file_id: str, follow: Callable[[FileRecord], Followed]) -> bool:
        for attempt in range(_TRIES):
            record = self.files.find(customer, file_id)
            if record is None:
                return False
            followed = follow(record)
            if not followed.changes:
                if differs_from_baseline(record):
                    # A pull that was killed may have saved this without sending its push.
                    self.pushes.send(f"{customer}/{file_id}")
                return False
            try:
                saved = self.files.save(record, followed.record, followed.event)
            except PreconditionFailed:
                if attempt == _TRIES - 1:
                    raise
            else:
                if wanted_push(saved, self.wanted_columns.of(saved)):
                    self.pushes.send(f"{customer}/{file_id}")
                return True
        return False

    def _create(self, customer: str, item: DriveItem) -> bool:
        fingerprint = fingerprint_of(item.name, item.size_bytes, item.quick_xor_hash)
        departed = self.files.find_departed(fingerprint) if fingerprint else None
        old = self.files.find(*departed) if departed and departed[0] != customer else None
        if old is not None and (old.state is not FileState.DELETED or old.moved_to):
            old = None
        was_here = self.files.find(customer, old.id) if old else None
        if was_here is not None and was_here.state is not FileState.DELETED:
            old = was_here = None
        record = self._new_record(customer, item, old)
        who = item.created_by
        text = f"Moved here from customer {old.customer}." if old else f"Added in SharePoint as {item.name!r}."
        try:
            if was_here is None:
                self.files.create(record, Event(text, Side.SHAREPOINT, who))
            else:
                self.files.save(was_here, record, Event(text, Side.SHAREPOINT, who))
        except PreconditionFailed:
            return old is None and self._follow_again(record, item)
        if old is not None and fingerprint:
            self.files.forget_departed(fingerprint)
            after = replace(old, moved_to=f"{customer}/{record.id}", changed_at=self.clock())
            self.files.save(old, after, Event(f"Moved to customer {customer}.", Side.SHAREPOINT, item.modified_by))
        return True

    def _follow_again(self, record: FileRecord, item: DriveItem) -> bool:
        """Where the record that the item had was ended for a transfer's, and that transfer never took the item over."""
        before = self.files.find(record.customer, record.id)
        if before is None or before.state is not FileState.DELETED or before.baseline is not None:
            return False
        event = Event(f"Followed again in SharePoint as {item.name!r}.", Side.SHAREPOINT, item.modified_by)
        try:
            self.files.save(before, record, event)
        except PreconditionFailed:
            return False
        return True

    def _new_record(self, customer: str, item: DriveItem, old: FileRecord | None) -> FileRecord:
        now = self.clock()
        key = self.places.key_of_folder(customer, item.parent_id)
        return FileRecord(
            customer=customer,
            id=old.id if old else "s" + hashlib.sha256(f"{item.drive_id}\n{item.id}".encode()).hexdigest()[:31],
            name=item.name,
            requested_name=item.name,
            links=self.places.links_of_key(customer, key),
            created_at=old.created_at if old else item.created_at or now,
            changed_at=now,
            created_by=old.created_by if old else item.created_by,
            tags=old.tags if old else (),
            period=old.period if old else None,
            size_bytes=item.size_bytes,
            state=FileState.IN_SHAREPOINT,
            baseline=new_baseline(item),
            modified_by=item.modified_by,
            modified_at=item.modified_at,
        )


def fingerprint_of(name: str, size_bytes: int, quick_xor_hash: str | None) -> str | None:
    """What makes a file the same one in another library: content and name. None where the content has no hash."""
    if not quick_xor_hash:
        return None
    return hashlib.sha256(f"{name_key(name)}\n{size_bytes}\n{quick_xor_hash}".encode()).hexdigest()

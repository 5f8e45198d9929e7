"""Edits of a file made in Moment: saved at once, brought to SharePoint by the queue of pushes.

`if_match` is the eTag (shared/model/editable.py) that the caller saw; where it does not fit the record that is about to
be replaced, nothing is saved and Changed carries the file as it is. What is so already is no change, whatever was seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Changed, Collision, InvalidInput, PreconditionFailed, UnknownObject
from shared.model.directory import Links, StorageLocation
from shared.model.editable import editable_etag
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event, Side
from shared.model.names import file_name
from shared.model.push_plan import differs_from_baseline
from shared.model.undo import MAX_HOLD_S, deleted, held_for_s, is_begun, restored
from shared.sync.change_ports import FollowedFiles, KeyQueue
from shared.sync.placement import Placements
from shared.sync.places import Places
from shared.sync.ports import Blobs, Clock, TransferQueue

_TRIES = 4
_GONE = "The file was deleted and its content is gone. Upload it again."


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What the caller wants changed; None leaves it as it is. `period` "" takes the file's own period away."""

    name: str | None = None
    links: Links | None = None
    tags: tuple[str, ...] | None = None
    period: str | None = None
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The use case."""

    files: FollowedFiles
    blobs: Blobs
    placements: Placements
    places: Places
    pushes: KeyQueue
    transfers: TransferQueue
    clock: Clock

    def edit(self, customer: str, file_id: str, edit: FileEdit, if_match: str | None = None) -> FileRecord:
        """Save the edit; gives the file as people see it. Raises UnknownObject, InvalidInput, Collision, Changed."""
        if edit.links is not None:
            self.placements.given(edit.links)
        saved = self._save(customer, file_id, lambda record: _edited(record, edit), edit.who, if_match)
        was_refused = saved.state is FileState.BLOCKED and saved.baseline is None
        if not was_refused and (saved.baseline is not None or saved.transfer is not None):
            self.pushes.send(f"{customer}/{file_id}")
        elif (was_refused or edit.links is not None) and self._should_move(saved):
            self.transfers.send(customer, file_id)
        return self.places.shown(saved)

    def delete(
        self, customer: str, file_id: str, who: str = "", if_match: str | None = None, hold_s: float = 0
    ) -> None:
        """Out of sight at once; what is left of it is deleted by the queue of pushes after `hold_s` (600 at most).

        In SharePoint it goes to the recycle bin. Raises UnknownObject, Collision (just being moved), Changed.
        """
        if not 0 <= hold_s <= MAX_HOLD_S:
            raise InvalidInput(f"A deletion can be held for 0 to {MAX_HOLD_S} seconds.", "holdSeconds")
        saved = self._save(customer, file_id, lambda record: _deleted(record, self.clock(), hold_s), who, if_match)
        if saved.delete_pending:
            self.pushes.send(f"{customer}/{file_id}", held_for_s(saved, self.clock()))

    def restore(self, customer: str, file_id: str, who: str = "", if_match: str | None = None) -> FileRecord:
        """Undo a deletion that is not carried out yet; what the file waited for goes on. Gives it as people see it.

        Raises UnknownObject, Changed, and Collision that says where to find what is deleted already.
        """
        saved = self._save(customer, file_id, self._restored, who, if_match)
        if saved.blob_name is not None and saved.state is not FileState.BLOCKED:
            self.transfers.send(customer, file_id)
        if differs_from_baseline(saved):
            self.pushes.send(f"{customer}/{file_id}")
        return self.places.shown(saved)

    def _restored(self, record: FileRecord) -> tuple[FileRecord, str]:
        if not record.delete_pending:
            if record.state is FileState.DELETED:
                raise Collision(_where_to_restore(record))
            return record, ""
        if is_begun(record):
            raise Collision(_GONE)
        after = restored(record)
        had_content = record.baseline is not None or after.state is not FileState.EXPECTED
        if had_content and record.baseline is None and self.blobs.find(record.blob_name or "") is None:
            raise Collision(_GONE)
        return after, "Restored: the deletion was undone."

    def _should_move(self, record: FileRecord) -> bool:
        is_stored = record.state in {FileState.IN_MOMENT_CLOUD, FileState.BLOCKED, FileState.WAITING}
        return is_stored and self.placements.of(record.links).storage is StorageLocation.SHAREPOINT

    def _save(
        self,
        customer: str,
        file_id: str,
        change: Callable[[FileRecord], tuple[FileRecord, str]],
        who: str,
        if_match: str | None,
    ) -> FileRecord:
        """The eTag is that of the record whose row is replaced, so nobody's edit is lost in between."""
        for _ in range(_TRIES):
            record = self.files.find(customer, file_id)
            if record is None:
                raise UnknownObject(f"Customer {customer!r} has no file {file_id!r}.", "file")
            after, text = change(record)
            if not text:
                return record
            if if_match is not None:
                self._check(record, if_match)
            try:
                return self.files.save(record, replace(after, changed_at=self.clock()), Event(text, Side.MOMENT, who))
            except PreconditionFailed:
                continue
        raise Collision("The file is being changed by others right now; try again in a moment.")

    def _check(self, record: FileRecord, if_match: str) -> None:
        shown = self.places.shown(record)
        if editable_etag(shown) != if_match:
            raise Changed("The file was changed meanwhile; look at it again.", shown)


def _edited(record: FileRecord, edit: FileEdit) -> tuple[FileRecord, str]:
    if record.state is FileState.DELETED:
        raise Collision("The file is deleted; restore it first.")
    after, changes = record, []
    if edit.name is not None and file_name(edit.name) != record.name:
        after = replace(after, name=file_name(edit.name), requested_name=edit.name)
        changes.append(f"name {record.name!r} → {after.name!r}")
    if edit.links is not None and edit.links != record.links:
        after = replace(
            after, links=edit.links, place_pending=record.baseline is not None or record.transfer is not None
        )
        changes.append(f"moved to {_where(edit.links)}")
    if edit.tags is not None and edit.tags != record.tags:
        after = replace(after, tags=edit.tags)
        changes.append(f"tags {', '.join(record.tags) or 'none'} → {', '.join(edit.tags) or 'none'}")
    if edit.period is not None and edit.period != (record.period or ""):
        after = replace(after, period=edit.period or None)
        changes.append(f"period {record.period or 'of its task'} → {edit.period or 'of its task'}")
    return after, "; ".join(changes)


def _deleted(record: FileRecord, now: datetime, hold_s: float) -> tuple[FileRecord, str]:
    if record.state is FileState.DELETED:
        return record, ""
    if record.transfer is not None and record.transfer.claimed_until > now:
        raise Collision("The file is just being moved to SharePoint; try again in a moment.")
    return deleted(record, now, hold_s), "Deleted."


def _where_to_restore(record: FileRecord) -> str:
    if record.moved_to:
        return f"The file goes on as another one: {record.moved_to}."
    if record.baseline is None:
        return _GONE
    return (
        "The file is deleted in SharePoint. Restore it from the recycle bin there; it then comes back here by itself."
    )


def _where(links: Links) -> str:
    return " › ".join(part for part in (links.customer, links.project, links.activity, links.task) if part)

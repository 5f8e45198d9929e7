"""What vanished from a library becomes tombstones, within the guard.

A folder takes what still lies below it with it, found in the folder tree when all changes of the pull are in: what was
moved out before the folder was deleted is safe. Tombstones are kept and become the same records again on restore. The
link of an object to its deleted folder is kept too: restored, it is the object's folder again; otherwise the next file
that goes there finds it missing and makes it anew.

The guard: more than `most_files` files and more than `largest_share` of the library's files at once stop the library
until a person approves; none of them is marked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.errors import PreconditionFailed, RefusedForSafety
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event, Side
from shared.model.libraries import LibraryState
from shared.sync.change_ports import FolderTree, FollowedFiles, FollowedSharePoint
from shared.sync.ingest_items import ItemIngest, fingerprint_of
from shared.sync.ports import Clock

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions:
    """Decides and carries out."""

    files: FollowedFiles
    tree: FolderTree
    sharepoint: FollowedSharePoint
    items: ItemIngest
    clock: Clock
    most_files: int
    largest_share: float

    def probe_unseen(self, state: LibraryState) -> None:
        """After a full walk: what it did not meet is asked for by id, and marked gone where it is not there."""
        for record in self.files.live(state.customer):
            if record.baseline is None or record.baseline.drive_id != state.drive_id:
                continue
            item_id = record.baseline.item_id
            if self.tree.is_seen(state.customer, state.walk_id, item_id):
                continue
            item = self.sharepoint.find_item(state.drive_id, item_id)
            if item is None:
                self.tree.mark_gone(state.customer, [item_id])
            else:
                self.items.file(state.customer, item)

    def carry_out(self, state: LibraryState) -> None:
        """Mark what is gone as deleted. Raises RefusedForSafety, then nothing was marked."""
        gone = list(self.tree.gone(state.customer))
        if not gone:
            return
        folders = [folder for item_id in gone for folder in self._folders_below(state.customer, item_id)]
        doomed = list(dict.fromkeys(self._files_in(state.customer, gone, folders)))
        if not state.approved:
            self._guard(state.customer, len(doomed))
        for file_id in doomed:
            self._tombstone(state.customer, file_id)
        for folder_id in reversed(folders):
            self.tree.remove(state.customer, folder_id)
        self.tree.unmark_gone(state.customer, gone)

    def _guard(self, customer: str, count: int) -> None:
        if count <= self.most_files:
            return
        total = sum(1 for record in self.files.live(customer) if record.baseline is not None)
        if count > self.largest_share * total:
            raise RefusedForSafety(
                f"{count} of {total} files would be marked deleted at once. Nothing was marked; "
                "look into the library's recycle bin, then approve it or restore the files."
            )

    def _folders_below(self, customer: str, item_id: str) -> Iterator[str]:
        """The item itself and all folders below it, parents first.

        A folder that was made and deleted between two pulls is not in the tree, so any item may be one.
        """
        yield item_id
        for child in self.tree.children(customer, item_id):
            yield from self._folders_below(customer, child.item_id)

    def _files_in(self, customer: str, gone: list[str], folders: list[str]) -> Iterator[str]:
        for item_id in gone:
            file_id = self.files.find_by_item(customer, item_id)
            if file_id is not None:
                yield file_id
        for folder_id in folders:
            yield from self.files.ids_in_folder(customer, folder_id)

    def _tombstone(self, customer: str, file_id: str) -> None:
        for attempt in range(_TRIES):
            record = self.files.find(customer, file_id)
            if record is None or (record.state is FileState.DELETED and not record.delete_pending):
                return
            try:
                self._mark(record)
            except PreconditionFailed:
                if attempt == _TRIES - 1:
                    raise
            else:
                return

    def _mark(self, record: FileRecord) -> None:
        after = replace(
            record,
            state=FileState.DELETED,
            reason="Deleted in SharePoint.",
            delete_pending=False,
            place_pending=False,
            changed_at=self.clock(),
        )
        self.files.save(record, after, Event("Deleted in SharePoint.", Side.SHAREPOINT))
        baseline = record.baseline
        if baseline is not None:
            fingerprint = fingerprint_of(baseline.name, baseline.size_bytes, baseline.quick_xor_hash)
            if fingerprint is not None:
                self.files.note_departed(fingerprint, record.customer, record.id)

"""Applies one page of a library's deltas: folders into the tree, files into their records, deletions remembered."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.model.drive_items import ColumnChange, DriveItem, ItemChange
from shared.model.libraries import LibraryState, TreeFolder
from shared.sync.adoption import Adoption
from shared.sync.change_ports import FolderTree
from shared.sync.ingest_items import ItemIngest


@dataclass(frozen=True, slots=True)
class AppliedPage:
    """What a page came to: the files that somebody other than us changed, and the library's root."""

    changed: Sequence[DriveItem]
    root_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIngest:
    """Pages may be applied again. The last entry of an id counts."""

    tree: FolderTree
    items: ItemIngest
    adoption: Adoption

    def apply(self, state: LibraryState, entries: Sequence[ItemChange]) -> AppliedPage:
        """A page of the drive's delta. Folders first, so that new files find their place."""
        customer, latest = state.customer, {each.id: each.item for each in entries}
        alive = [item for item in latest.values() if item is not None and not item.is_root]
        if state.walk_id:
            self.tree.mark_seen(customer, state.walk_id, [item.id for item in alive])
        self.tree.unmark_gone(customer, [item.id for item in alive])
        folders = [item for item in alive if item.is_folder]
        for item in folders:
            self.tree.put(customer, TreeFolder(item.id, item.name, item.parent_id or ""))
        root_id = next((item.id for item in latest.values() if item and item.is_root), state.root_id)
        self.adoption.look_at(state, root_id, folders)
        changed = [item for item in alive if not item.is_folder and self.items.file(customer, item)]
        self.tree.mark_gone(customer, [id_ for id_, item in latest.items() if item is None])
        return AppliedPage(changed, root_id)

    def columns(self, customer: str, entries: Sequence[ColumnChange]) -> Sequence[ColumnChange]:
        """A page of the list's delta; gives the entries of which no file is known."""
        latest = {each.unique_id: each for each in entries}.values()
        return [each for each in latest if self.items.columns(customer, each) is None]

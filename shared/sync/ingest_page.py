"""Applies one page of a library's deltas: folders into the tree, files into their records, deletions remembered.

An item that can't be stored does not stop the others: it is passed over, logged, and named in the library's state.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.errors import TooLarge
from shared.model.drive_items import ChangePage, ColumnChange, DriveItem, ItemChange
from shared.model.libraries import LibraryState, TreeFolder
from shared.sync.adoption import Adoption
from shared.sync.change_ports import FolderTree
from shared.sync.ingest_items import ItemIngest
from shared.telemetry import counted, following

_log = logging.getLogger(__name__)
_MOST_SHOWN = 60


@dataclass(slots=True)
class AppliedPage:
    """What a page of the drive's delta came to."""

    root_id: str
    """The library's root."""
    passed_over: list[str]
    """What could not be followed, each in words."""
    changed: list[DriveItem] = field(default_factory=list)
    """The files that somebody other than us changed."""


@dataclass(slots=True)
class AppliedColumns:
    """What a page of the list's delta came to."""

    passed_over: list[str]
    unknown: list[ColumnChange] = field(default_factory=list)
    """The entries of which no file is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIngest:
    """Pages may be applied again. The last entry of an id counts."""

    tree: FolderTree
    items: ItemIngest
    adoption: Adoption

    def apply(self, state: LibraryState, page: ChangePage[ItemChange]) -> AppliedPage:
        """A page of the drive's delta. Folders first, so that new files find their place."""
        customer, latest = state.customer, {each.id: each for each in page.entries}
        counted("items", len(latest))
        items = [each.item for each in latest.values() if each.item is not None]
        alive = [item for item in items if not item.is_root]
        present = [item.id for item in alive] + [each.id for each in latest.values() if each.is_unreadable]
        if state.walk_id:
            self.tree.mark_seen(customer, state.walk_id, present)
        self.tree.unmark_gone(customer, present)
        applied = AppliedPage(next((item.id for item in items if item.is_root), state.root_id), [*page.passed_over])
        folders = [item for item in alive if item.is_folder and self._put_folder(customer, item, applied.passed_over)]
        self.adoption.look_at(state, applied.root_id, folders)
        for item in alive:
            if not item.is_folder and self._follow(customer, item, applied.passed_over):
                applied.changed.append(item)
        gone = [each.id for each in latest.values() if each.item is None and not each.is_unreadable]
        self.tree.mark_gone(customer, gone)
        _tell(state, applied.passed_over)
        return applied

    def columns(
        self, state: LibraryState, entries: Sequence[ColumnChange], passed_over: Sequence[str] = ()
    ) -> AppliedColumns:
        """A page of the list's delta."""
        applied = AppliedColumns([*passed_over])
        for change in {each.unique_id: each for each in entries}.values():
            try:
                if self.items.columns(state.customer, change) is None:
                    applied.unknown.append(change)
            except (TooLarge, ValueError) as error:
                applied.passed_over.append(f"the columns of the item {change.unique_id}: {error}")
        _tell(state, applied.passed_over)
        return applied

    def _put_folder(self, customer: str, item: DriveItem, passed_over: list[str]) -> bool:
        try:
            self.tree.put(customer, TreeFolder(item.id, item.name, item.parent_id or ""))
        except (TooLarge, ValueError) as error:
            passed_over.append(_in_words(item, error))
            return False
        return True

    def _follow(self, customer: str, item: DriveItem, passed_over: list[str]) -> bool:
        """TooLarge and ValueError are the store's before it sends anything: this one item can't be a row."""
        try:
            with following(item.modified_at):
                return self.items.file(customer, item)
        except (TooLarge, ValueError) as error:
            passed_over.append(_in_words(item, error))
            return False


def _in_words(item: DriveItem, error: Exception) -> str:
    return f"{item.name[:_MOST_SHOWN]!r} (id {item.id!r}): {error}"


def _tell(state: LibraryState, passed_over: Sequence[str]) -> None:
    for each in passed_over:
        _log.warning("passed over in SharePoint", extra={"customer": state.customer, "what": each})

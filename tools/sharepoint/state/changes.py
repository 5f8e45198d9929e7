"""The change log of a library: what delta and the notifications are made of.

https://learn.microsoft.com/graph/api/driveitem-delta and https://learn.microsoft.com/graph/api/listitem-delta

Each item has one current entry, that of its last change; earlier ones are superseded. The sequence numbers only grow.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tools.sharepoint.state.items import DriveItem

_COMPACT_FROM = 1_000


@dataclass(slots=True)
class Tombstone:
    """What is known of a deleted item. ``with_folder``: it went because a folder above it went."""

    parent_id: str
    list_item_id: int
    content_type_id: str
    content_type_name: str
    with_folder: bool
    untold: bool = False


@dataclass(slots=True)
class Change:
    """One change of one item; what the item looks like is read from the library when it is shown."""

    sequence: int
    at: float
    item_id: str
    born: int
    tombstone: Tombstone | None = None
    superseded: bool = False


@dataclass
class ChangeLog:
    """The changes in their order. ``generation`` moves when all tokens issued before are declared expired."""

    entries: list[Change] = field(default_factory=list)
    sequence: int = 0
    generation: int = 0
    flavour: str = ""

    def __post_init__(self) -> None:
        self._current = {each.item_id: each for each in self.entries if not each.superseded}

    def record(self, item_id: str, at: float, tombstone: Tombstone | None = None) -> None:
        """Note a change of an item; its entry moves to the end."""
        self.sequence += 1
        before = self._current.get(item_id)
        born = self.sequence
        if before is not None:
            before.superseded = True
            born = before.born
        if self.entries:
            at = max(at, self.entries[-1].at)  # the clock can be moved back, the log cannot
        change = Change(self.sequence, at, item_id, born, tombstone)
        self.entries.append(change)
        self._current[item_id] = change
        if len(self.entries) > _COMPACT_FROM + 2 * len(self._current):
            self.entries = [each for each in self.entries if not each.superseded]

    def revive(self, item_id: str) -> None:
        """Take a deletion back without telling anybody."""
        change = self._current.get(item_id)
        if change is not None:
            change.tombstone = None

    def expire(self, flavour: str) -> None:
        """Declare every token issued so far expired."""
        self.generation += 1
        self.flavour = flavour

    def current_after(self, sequence: int, until: float) -> Iterator[Change]:
        """Yield the current entries after a sequence number, those made later than ``until`` left out."""
        index = bisect_right(self.entries, sequence, key=lambda each: each.sequence)
        while index < len(self.entries) and self.entries[index].at <= until:
            if not self.entries[index].superseded:
                yield self.entries[index]
            index += 1

    def end(self, until: float) -> int:
        """Return the number of the last change made until then."""
        index = bisect_right(self.entries, until, key=lambda each: each.at)
        return self.entries[index - 1].sequence if index else 0


@dataclass(slots=True)
class LibraryChanges:
    """Two logs, as the drive and the list of a library tell different things: the root is no row of the list, and a
    change of columns need not show in the drive."""

    drive: ChangeLog = field(default_factory=ChangeLog)
    rows: ChangeLog = field(default_factory=ChangeLog)

    def note(self, item: DriveItem, at: float, *, in_drive: bool = True) -> None:
        """Note that an item is new or different."""
        if in_drive:
            self.drive.record(item.item_id, at)
        if item.parent_id is not None:
            self.rows.record(item.item_id, at)

    def note_deleted(
        self, items: Sequence[DriveItem], type_names: Mapping[str, str], at: float, *, untold: bool = False
    ) -> None:
        """Note that the first item went, and with it the others, which lay below it."""
        for item in reversed(items):
            tombstone = Tombstone(
                parent_id=item.parent_id or "",
                list_item_id=item.list_item_id,
                content_type_id=item.content_type_id,
                content_type_name=type_names[item.content_type_id],
                with_folder=item is not items[0],
                untold=untold,
            )
            self.drive.record(item.item_id, at, tombstone)
            self.rows.record(item.item_id, at, tombstone)

    def note_restored(self, items: Sequence[DriveItem], at: float, *, descendants: bool = True) -> None:
        """Note that the first item came back; whether those below it are told of as well is not documented."""
        for item in items:
            if item is items[0] or descendants:
                self.note(item, at)
            else:
                self.drive.revive(item.item_id)
                self.rows.revive(item.item_id)

    def expire(self, flavour: str) -> None:
        """Declare all tokens expired."""
        self.drive.expire(flavour)
        self.rows.expire(flavour)

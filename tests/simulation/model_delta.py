"""The two deltas of a library, and how they misbehave within what is documented (driveitem-delta, listitem-delta).

A link says behind which change to go on, and where a fresh enumeration began: what was deleted before that is not in
it. Items come in the order of their last change, a few to a page, so that one that changes meanwhile comes again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import ResyncRequired
from shared.model.drive_items import ChangePage, ColumnChange, ItemChange
from tests.simulation.model_drive import Drive
from tests.simulation.model_items import Item

PAGE = 3


class DeltaFault(StrEnum):
    """What a delta does once."""

    UNCHANGED = "unchanged items"
    REPEATED = "repeated items"
    EMPTY = "empty page"
    EXPIRED = "410"
    EXPIRED_COLUMNS = "410 of the list"
    LAG = "lag"
    MISSING_TOMBSTONE = "missing tombstone"


@dataclass(frozen=True, slots=True)
class Link:
    """`began`: of a fresh enumeration, the last change before it; 0 else."""

    behind: int = 0
    began: int = 0

    @classmethod
    def read(cls, text: str, last_change: int) -> "Link":
        if not text:
            return cls(0, last_change)
        behind, began = text.split(":")
        return cls(int(behind), int(began))

    def __str__(self) -> str:
        return f"{self.behind}:{self.began}"


class Deltas:
    """What the deltas of a drive answer. `faults` are armed; each happens once, and a lag until `end_faults`."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self.faults: list[DeltaFault] = []
        self.happened: list[str] = []
        self._again: list[ItemChange] = []
        self._horizon: int | None = None

    def arm(self, fault: DeltaFault) -> None:
        if fault is DeltaFault.LAG:
            self._horizon = self._drive.last_change
            self.happened.append(fault)
        elif fault is DeltaFault.MISSING_TOMBSTONE:
            self._drive.hidden_tombstones += 1
            self.happened.append(fault)
        else:
            self.faults.append(fault)

    def end_faults(self) -> None:
        self.faults.clear()
        self._again.clear()
        self._horizon = None
        self._drive.hidden_tombstones = 0

    def changes(self, text: str) -> ChangePage[ItemChange]:
        if text and self._happens(DeltaFault.EXPIRED):
            raise ResyncRequired("The token is too old.")
        link = Link.read(text, self._drive.last_change)
        if self._happens(DeltaFault.EMPTY):
            return ChangePage((), str(link), is_last=False)
        found = sorted([*self._alive(link), *self._gone(link)], key=lambda each: each[0])
        some = found[:PAGE]
        entries = [*self._again, *(change for _, change in some)]
        self._again = []
        is_last = len(some) == len(found)
        if not is_last and self._happens(DeltaFault.REPEATED):
            self._again = [self._now(each.id) for _, each in some]
        if is_last and text and self._happens(DeltaFault.UNCHANGED):
            entries += [self._now(each.id) for each in list(self._drive.items.values())[:PAGE]]
        behind = max([link.behind, *(number for number, _ in some)])
        return ChangePage(tuple(entries), str(Link(behind, 0 if is_last else link.began)), is_last)

    def column_changes(self, text: str) -> ChangePage[ColumnChange]:
        if text and self._happens(DeltaFault.EXPIRED_COLUMNS):
            raise ResyncRequired("The token is too old.")
        link = Link.read(text, 0)
        found = sorted(
            (each for each in self._drive.items.values() if self._shows(link, each.columns_changed)),
            key=lambda each: each.columns_changed,
        )
        some = found[:PAGE]
        behind = max([link.behind, *(each.columns_changed for each in some)])
        entries = tuple(columns_of(each) for each in some if each.id != self._drive.root_id)
        return ChangePage(entries, str(Link(behind)), len(some) == len(found))

    def _alive(self, link: Link) -> Iterable[tuple[int, ItemChange]]:
        return [
            (each.changed, ItemChange(each.id, self._drive.shown(each)))
            for each in self._drive.items.values()
            if self._shows(link, each.changed)
        ]

    def _gone(self, link: Link) -> Iterable[tuple[int, ItemChange]]:
        return [
            (number, ItemChange(item_id, None))
            for item_id, number in self._drive.tombstones.items()
            if number > link.began and self._shows(link, number)
        ]

    def _shows(self, link: Link, number: int) -> bool:
        return link.behind < number and (self._horizon is None or number <= self._horizon)

    def _now(self, item_id: str) -> ItemChange:
        item = self._drive.find(item_id)
        return ItemChange(item_id, self._drive.shown(item) if item else None)

    def _happens(self, fault: DeltaFault) -> bool:
        if fault not in self.faults:
            return False
        self.faults.remove(fault)
        self.happened.append(fault)
        return True


def columns_of(item: Item) -> ColumnChange:
    said = item.columns
    return ColumnChange(item.unique_id, said.activity, said.year, said.period, said.tags, item.e_tag)

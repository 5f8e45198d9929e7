"""The records of a pull, with a judge who sees each write before it is made, and lets it through or not.

A run that counts lets everything through, a plan nothing, and a plan that is carried out what it listed. What was kept
back is read again from memory, so that the pull goes on as if it had been written; there is never more of it than a
plan may list.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from shared.model.drive_items import unique_id_of
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event
from shared.sync.change_ports import PulledFiles

type Judge = Callable[[FileRecord | None, FileRecord, Event], bool]
"""Before (None: a new record), after, and the line for its history. True lets the write through."""

_KEPT_BACK = "kept back"
"""The etag of a record that is in memory only."""


class WatchedFiles:
    """The records as the judge leaves them. For one thread."""

    def __init__(self, files: PulledFiles, judge: Judge) -> None:
        self._files = files
        self._judge = judge
        self._kept: dict[tuple[str, str], FileRecord] = {}
        self._by_item: dict[tuple[str, str], str] = {}
        self._by_unique_id: dict[tuple[str, str], str] = {}

    def find(self, customer: str, file_id: str) -> FileRecord | None:
        """The record, as it would be."""
        return self._kept.get((customer, file_id)) or self._files.find(customer, file_id)

    def find_by_item(self, customer: str, item_id: str) -> str | None:
        """The file of this drive item."""
        return self._by_item.get((customer, item_id)) or self._files.find_by_item(customer, item_id)

    def find_by_unique_id(self, customer: str, unique_id: str) -> str | None:
        """The file of this UniqueId."""
        known = self._by_unique_id.get((customer, unique_id.lower()))
        return known or self._files.find_by_unique_id(customer, unique_id)

    def is_being_sent(self, customer: str, parent_id: str, name: str) -> bool:
        """As stored."""
        return self._files.is_being_sent(customer, parent_id, name)

    def is_sending(self, customer: str) -> bool:
        """As stored."""
        return self._files.is_sending(customer)

    def find_departed(self, fingerprint: str) -> tuple[str, str] | None:
        """As stored."""
        return self._files.find_departed(fingerprint)

    def items(self, customer: str, after: str = "") -> Iterable[tuple[str, str]]:
        """As stored: what is new was met by the pull that made it."""
        return self._files.items(customer, after)

    def ids_in_folder(self, customer: str, parent_id: str) -> Iterator[str]:
        """The live files of a folder."""
        for file_id in self._files.ids_in_folder(customer, parent_id):
            if (customer, file_id) not in self._kept:
                yield file_id
        for record in self._kept_and_live(customer):
            if record.baseline is not None and record.baseline.parent_id == parent_id:
                yield record.id

    def live(self, customer: str) -> Iterator[FileRecord]:
        """All live files."""
        for record in self._files.live(customer):
            if (customer, record.id) not in self._kept:
                yield record
        yield from self._kept_and_live(customer)

    def create(self, record: FileRecord, event: Event | str) -> FileRecord:
        """A new record."""
        if self._judge(None, record, _event(event)):
            return self._files.create(record, event)
        return self._keep(replace(record, version=1))

    def save(self, before: FileRecord, after: FileRecord, event: Event | str) -> FileRecord:
        """A changed record; one whose earlier change was kept back is kept back, too."""
        if before.etag == _KEPT_BACK or not self._judge(before, after, _event(event)):
            return self._keep(replace(after, version=before.version + 1))
        return self._files.save(before, after, event)

    def note_departed(self, fingerprint: str, customer: str, file_id: str) -> None:
        """Only where its record was written, too."""
        if (customer, file_id) not in self._kept:
            self._files.note_departed(fingerprint, customer, file_id)

    def forget_departed(self, fingerprint: str) -> None:
        """Only while everything is written."""
        if not self._kept:
            self._files.forget_departed(fingerprint)

    def _kept_and_live(self, customer: str) -> list[FileRecord]:
        kept = self._kept.values()
        return [each for each in kept if each.customer == customer and each.state is not FileState.DELETED]

    def _keep(self, record: FileRecord) -> FileRecord:
        kept = replace(record, etag=_KEPT_BACK)
        self._kept[record.customer, record.id] = kept
        if kept.baseline is not None:
            self._by_item[record.customer, kept.baseline.item_id] = record.id
            self._by_unique_id[record.customer, unique_id_of(kept.baseline.e_tag)] = record.id
        return kept


def _event(event: Event | str) -> Event:
    return event if isinstance(event, Event) else Event(event)

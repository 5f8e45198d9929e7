"""Explains a file: why it is where it is, and every step that led there. Reads afresh and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.errors import ProblemError, UnknownObject
from shared.model.directory import Placement
from shared.model.explanation import Situation, sentences
from shared.model.files import FileRecord
from shared.model.journal import Event
from shared.model.push_plan import wanted_push
from shared.sync.placement import Placements
from shared.sync.places import Places
from shared.sync.ports import Blobs, Clock, Files
from shared.sync.wanted_columns import WantedColumns


@dataclass(frozen=True, slots=True)
class Explanation:
    """`why` has the sentences, `steps` the whole history, oldest first."""

    record: FileRecord
    why: tuple[str, ...]
    steps: Sequence[tuple[datetime, Event]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """The use case. A dozen point reads, and a range query for a thousand steps; no request to SharePoint."""

    files: Files
    blobs: Blobs
    places: Places
    placements: Placements
    wanted_columns: WantedColumns
    clock: Clock

    def explain(self, customer: str, file_id: str) -> Explanation:
        """The file as it is now. Raises UnknownObject."""
        found = self.files.find(customer, file_id)
        if found is None:
            raise UnknownObject(f"Customer {customer!r} has no file {file_id!r}.", "file")
        record = self.places.shown(found)
        placement, gone = self._placement(record)
        folder = self.places.folder_path(customer, record.baseline.parent_id) if record.baseline else None
        situation = Situation(
            record=record,
            placement=placement,
            gone=gone,
            folder=folder,
            blob=self.blobs.find(record.blob_name) if record.blob_name else None,
            waiting_edits=self._waiting_edits(record),
            now=self.clock(),
        )
        return Explanation(record, sentences(situation), list(self.files.journal(customer, file_id)))

    def _placement(self, record: FileRecord) -> tuple[Placement | None, str]:
        try:
            return self.placements.of(record.links), ""
        except ProblemError as gone:
            return None, gone.detail

    def _waiting_edits(self, record: FileRecord) -> tuple[str, ...]:
        wanted = wanted_push(record, self.wanted_columns.of(record))
        named = (("its name", wanted.rename), ("its place", wanted.move), ("its columns", wanted.columns))
        return tuple(name for name, waits in named if waits)

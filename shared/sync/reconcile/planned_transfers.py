"""What a sync to SharePoint would do with a file, as an action of a plan. Reads, and changes nothing."""

from dataclasses import dataclass, field

from shared.errors import ProblemError
from shared.model.directory import Placement, columns_of
from shared.model.files import FileRecord, FileState
from shared.model.names import library_name
from shared.model.plan import Action, fingerprint_of_transfer, transfer_units
from shared.model.push_plan import differs_from_baseline
from shared.model.runs import Count
from shared.model.stored import BlobFacts
from shared.model.transfer_plan import Step, next_step
from shared.model.undo import held_for_s
from shared.sync.change_ports import FollowedFiles
from shared.sync.placement import Placements
from shared.sync.places import LIBRARY
from shared.sync.ports import Blobs, Clock, Folders

EDIT_UNITS = 2


@dataclass(slots=True)
class FoldersMet:
    """Which libraries and folders a plan has counted already, so that each new one is counted once."""

    met: set[tuple[str, str]] = field(default_factory=set)

    def are_new(self, folders: Folders, customer: str, keys: list[str]) -> list[bool]:
        """For each key whether it has to be made by the first file that needs it."""
        return [self._is_new(folders, customer, key) for key in keys]

    def _is_new(self, folders: Folders, customer: str, key: str) -> bool:
        if (customer, key) in self.met:
            return False
        self.met.add((customer, key))
        return folders.find(customer, key) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTransfers:
    """Makes the actions; `small_file_max_bytes` and `fragment_bytes` are those of the transfer."""

    files: FollowedFiles
    blobs: Blobs
    placements: Placements
    folders: Folders
    clock: Clock
    small_file_max_bytes: int
    fragment_bytes: int

    def action(self, customer: str, file_id: str, met: FoldersMet) -> Action | None:
        """What would be done with the file now; None for nothing, or for what somebody else is just doing."""
        record = self.files.find(customer, file_id)
        if record is None or held_for_s(record, self.clock()):
            return None
        if record.delete_pending:
            return self._edit(record)
        facts = self.blobs.find(record.blob_name) if record.blob_name else None
        if facts is None:
            return self._edit(record)
        try:
            placement = self.placements.of(record.links)
        except ProblemError:
            return None
        match next_step(record, facts.etag, placement.storage, self.clock()):
            case Step.SEND_NEW | Step.SEND_VERSION:
                return self._transfer(record, facts, placement, met)
            case Step.RELEASE:
                return _action(record, Count.RELEASES, "Let go from Moment Cloud; it is in SharePoint.", facts.etag)
            case _:
                return None

    def _transfer(self, record: FileRecord, facts: BlobFacts, placement: Placement, met: FoldersMet) -> Action:
        keys = [LIBRARY, *(spec.key for spec in placement.folders)]
        new_library, *new_folders = met.are_new(self.folders, record.customer, keys)
        names = (library_name(placement.customer.name), *(spec.name for spec in placement.folders))
        fragments = -(-facts.size_bytes // self.fragment_bytes) if facts.size_bytes > self.small_file_max_bytes else 0
        units = transfer_units(
            fragments,
            has_columns=bool(columns_of(placement, record.tags)),
            new_folders=sum(new_folders),
            is_new_library=new_library,
        )
        return Action(
            kinds=(Count.TRANSFERS,),
            customer=record.customer,
            file=record.id,
            name=record.name,
            project=record.links.project,
            change=f"Moves to SharePoint, {' › '.join(names)}.",
            size_bytes=facts.size_bytes,
            units=units,
            fingerprint=fingerprint_of_transfer(record, facts.etag, names),
        )

    def _edit(self, record: FileRecord) -> Action | None:
        if record.delete_pending:
            place = "Moment Cloud" if record.baseline is None else "SharePoint"
            return _action(record, Count.EDITS_SENT, f"Deleted in {place}, as in Moment.", str(record.version))
        if record.state is FileState.DELETED or not differs_from_baseline(record):
            return None
        return _action(record, Count.EDITS_SENT, "An edit made in Moment goes to SharePoint.", str(record.version))


def _action(record: FileRecord, kind: Count, change: str, version: str) -> Action:
    return Action(
        kinds=(kind,),
        customer=record.customer,
        file=record.id,
        name=record.name,
        project=record.links.project,
        change=change,
        units=EDIT_UNITS if kind is Count.EDITS_SENT else 0,
        fingerprint=fingerprint_of_transfer(record, version, (kind.value,)),
    )

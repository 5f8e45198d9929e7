"""One customer of a run: its unfinished files are handed out, and its changes in SharePoint are brought in.

The part is level-triggered like all else: it asks whether the library was pulled since the part was made, and pulls
where it was not. Its cursor says what is done already: `handed-out`, `walk-begun`.
"""

import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched

from shared.model.directory import Links, StorageLocation
from shared.model.libraries import LibraryState, Stop
from shared.model.runs import Count, Counts, Direction, Part, PartKind, PartState, Problem, Run, RunKind
from shared.model.stored import FolderLink
from shared.sync.change_ports import Libraries
from shared.sync.ingest import Ingest
from shared.sync.placement import Placements
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.provision import Provision
from shared.sync.pulled import Pulled
from shared.sync.reconcile.candidates import Candidates
from shared.sync.reconcile.files import FILES_AT_ONCE, files_part
from shared.sync.reconcile.ports import RunControl, Visit, again, ended, look_later
from shared.sync.reconcile.runs import new_part

_HANDED_OUT, _WALK_BEGUN = "handed-out", "walk-begun"
_PARTS_AT_ONCE = 40
_NOT_THERE = "It is not in SharePoint any more; it is made again when the next file goes there."
_DAYS = 7


def library_part(run_id: str, customer: str, now: datetime) -> Part:
    """The part of a customer."""
    return new_part(run_id, PartKind.LIBRARY, f"library:{customer}", now, customer)


def is_walk_day(customer: str, day: datetime) -> bool:
    """Whether the daily job compares everything of this customer's library on this day: one day in seven."""
    return zlib.crc32(customer.encode()) % _DAYS == day.toordinal() % _DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryWork:
    """Does it. `counting_ingest` gives a pull that counts what it changes into the Counter."""

    candidates: Candidates
    placements: Placements
    folders: Folders
    libraries: Libraries
    provision: Provision
    counting_ingest: Callable[[Counts], Ingest]
    clock: Clock

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """Hand files out, then pull once."""
        if Direction.TO_SHAREPOINT in run.directions and _HANDED_OUT not in part.cursor:
            found_some = self._hand_out(run, part, control)
            part = replace(part, cursor=f"{part.cursor} {_HANDED_OUT}")
            if found_some:
                return again(part)  # what was handed out is noted before anything else can fail
        if Direction.FROM_SHAREPOINT not in run.directions:
            return ended(part, Counter({Count.LIBRARIES: 1}))
        return self._bring_in(run, part)

    def _hand_out(self, run: Run, part: Part, control: RunControl) -> bool:
        """Parts for the unfinished files; whether there are any."""
        now, found_some = self.clock(), False
        found = (each.file_id for each in self.candidates.of(Links(part.customer, run.project or None)))
        pages = (files_part(run.id, part.customer, ids, now) for ids in batched(found, FILES_AT_ONCE, strict=False))
        for some in batched(pages, _PARTS_AT_ONCE, strict=False):
            control.add(some)
            found_some = True
        return found_some

    def _bring_in(self, run: Run, part: Part) -> Visit:
        link = self.folders.find(part.customer, LIBRARY)
        if link is None and (run.kind is RunKind.BY_HAND or is_walk_day(part.customer, run.started_at)):
            link = self._adopted(part.customer)
        state = self.libraries.find(link.drive_id) if link is not None else None
        if state is None:
            return ended(part, Counter({Count.LIBRARIES: 1}))
        counts: Counts = Counter()
        ingest = self.counting_ingest(counts)
        if state.stop is Stop.GONE:
            ingest.walks.look_again(state.drive_id)
        if self._wants_walk(run, part) and _WALK_BEGUN not in part.cursor:
            ingest.walks.start(state.drive_id)
            part = replace(part, cursor=f"{part.cursor} {_WALK_BEGUN}")
        pulled = ingest.pull(state.drive_id, part.wanted_at, notified=False)
        after = self.libraries.find(state.drive_id) or state
        return self._judged(replace(part, counts=part.counts + counts), pulled, after)

    def _judged(self, part: Part, pulled: Pulled, state: LibraryState) -> Visit:
        """What the pull's outcome means for the part."""
        counts: Counts = Counter({Count.LIBRARIES: 1})
        if pulled is Pulled.GOES_ON:
            return again(part)
        if pulled is Pulled.LATER:
            return look_later(part, self.clock())
        if pulled is Pulled.DONE and not state.stopped_reason:
            missing = state.missing_folders.split("; ") if _WALK_BEGUN in part.cursor and state.missing_folders else []
            counts[Count.MISSING_FOLDERS] = len(missing)
            return ended(part, counts, [Problem(each, _NOT_THERE) for each in missing])
        problem = Problem(f"library of {part.customer}", state.stopped_reason or state.failure)
        needs_approval = state.stop is Stop.DELETIONS
        return ended(part, counts, [problem], PartState.NEEDS_APPROVAL if needs_approval else PartState.FAILED)

    def _adopted(self, customer: str) -> FolderLink | None:
        """The library that the customer had before Moment, where it keeps its files in SharePoint now."""
        placement = self.placements.of(Links(customer))
        if placement.storage is not StorageLocation.SHAREPOINT:
            return None
        return self.provision.adopt_library(placement.customer)

    def _wants_walk(self, run: Run, part: Part) -> bool:
        return run.is_full or (run.kind is RunKind.DAILY and is_walk_day(part.customer, run.started_at))

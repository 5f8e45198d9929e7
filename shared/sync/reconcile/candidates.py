"""Which files of a customer or a project a sync to SharePoint has to look at, and how many there are.

file                                              is looked at
------------------------------------------------  ------------------------------------------------
was in SharePoint: a blob, an edit, a session     always
never in SharePoint, kept in Moment Cloud         no
never in SharePoint, its content has not arrived  for a project, for eight days; a customer's blobs are
                                                  looked at anyway (blobs.py)
blocked by something that does not pass           no
never in SharePoint, anything else                yes
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from shared.model.directory import Links, StorageLocation
from shared.model.unfinished import Unfinished
from shared.sync.change_ports import FollowedFiles
from shared.sync.placement import Placements
from shared.sync.ports import Clock

_UPLOADS_END = timedelta(days=8)
_MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Untransferred:
    """How many files wait for their move to SharePoint, and their bytes. `is_exact` False: at least so many."""

    files: int
    size_bytes: int
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Looks them up: one range query for a thousand files, and one point read for each project met."""

    files: FollowedFiles
    placements: Placements
    clock: Clock

    def of(self, scope: Links) -> Iterator[Unfinished]:
        """The files to look at, of a customer or of one of its projects. Raises UnknownObject for the scope."""
        self.placements.of(scope)
        storages: dict[str | None, StorageLocation] = {}
        for each in self.files.unfinished(scope.customer, scope.project):
            if each.project not in storages:
                storages[each.project] = self.placements.storage(scope.customer, each.project)
            if self._is_due(each, storages[each.project], of_project=scope.project is not None):
                yield each

    def untransferred(self, scope: Links) -> Untransferred:
        """How many have content that was never in SharePoint, counted up to ten thousand."""
        files = size_bytes = 0
        for each in self.of(scope):
            if each.is_first and each.size_bytes is not None:
                files, size_bytes = files + 1, size_bytes + each.size_bytes
            if files >= _MOST_COUNTED:
                return Untransferred(files, size_bytes, is_exact=False)
        return Untransferred(files, size_bytes, is_exact=True)

    def _is_due(self, each: Unfinished, storage: StorageLocation, *, of_project: bool) -> bool:
        if each.is_stuck or not each.is_first:
            return not each.is_stuck
        is_awaited = of_project and self.clock() - each.created_at < _UPLOADS_END
        return storage is StorageLocation.SHAREPOINT and (each.size_bytes is not None or is_awaited)

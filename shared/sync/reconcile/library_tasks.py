"""What an administrator has done with libraries: a full walk, or subscriptions made anew; of one customer or of all.

Each is a run, whose parts do the work. What is asked for while the same goes on is that run, so asking twice is safe.
"""

from dataclasses import dataclass

from shared.errors import Collision
from shared.model.directory import Links
from shared.model.runs import Direction, PartKind, Run, RunKind, RunTask
from shared.sync.change_ports import Libraries
from shared.sync.placement import Placements
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.reconcile.ports import RunStore
from shared.sync.reconcile.runs import Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTasks:
    """The use case."""

    runs: Runs
    store: RunStore
    folders: Folders
    libraries: Libraries
    placements: Placements
    clock: Clock

    def begin(self, task: RunTask, customer: str | None, who: str) -> Run:
        """Begin it, or give the run that does the same already; `customer` None: all of them.

        Raises UnknownObject, and Collision where the customer has no library.
        """
        if customer is not None:
            self._check_library(customer)
        return self._going_on(task, customer or "") or self.runs.begin(
            Run(
                id="",
                kind=RunKind.BY_HAND,
                directions=(Direction.FROM_SHAREPOINT,),
                started_by=who,
                started_at=self.clock(),
                customer=customer or "",
                is_full=task is RunTask.FULL_WALK,
                task=task,
            ),
            [_first_part(task, customer)],
        )

    def _check_library(self, customer: str) -> None:
        link = self.folders.find(self.placements.of(Links(customer)).customer.id, LIBRARY)
        if link is None or self.libraries.find(link.drive_id) is None:
            raise Collision("It has no library in SharePoint yet.", "customer")

    def _going_on(self, task: RunTask, customer: str) -> Run | None:
        active = (self.store.find(run_id) for run_id in self.store.active())
        same = (run for run in active if run and run.task is task and run.customer == customer)
        return next((self.runs.find(run.id) for run in same if run.ended_at is None and not run.cancel_wanted), None)


def _first_part(task: RunTask, customer: str | None) -> PartKind:
    if task is RunTask.RE_SUBSCRIBE:
        return PartKind.SUBSCRIPTIONS
    return PartKind.SPREAD if customer is None else PartKind.LIBRARY

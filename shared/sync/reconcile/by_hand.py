"""Sync by hand, of one customer or one project, in one direction; first as a plan where that is asked for."""

from dataclasses import dataclass

from shared.errors import Collision, KeyReused
from shared.model.directory import Links, StorageLocation
from shared.model.idempotency import checked_key, derived_id
from shared.model.runs import Direction, PartKind, Run, RunKind, RunState
from shared.sync.placement import Placements
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.reconcile.candidates import Candidates, Untransferred
from shared.sync.reconcile.runs import Runs


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What can be asked for now. `untransferred` None: there is nothing to bring to SharePoint."""

    from_sharepoint: bool
    untransferred: Untransferred | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncByHand:
    """The use case."""

    runs: Runs
    candidates: Candidates
    placements: Placements
    folders: Folders
    clock: Clock

    def options(self, scope: Links) -> SyncOptions:
        """The directions that make sense for this customer or project. Raises UnknownObject."""
        found = self.candidates.untransferred(scope)
        follows = self.folders.find(scope.customer, LIBRARY) is not None
        keeps = self.placements.of(scope).storage is StorageLocation.SHAREPOINT
        return SyncOptions(follows or keeps, found if found.files else None)

    def begin(
        self,
        scope: Links,
        direction: Direction,
        who: str,
        *,
        is_plan: bool,
        is_full: bool,
        idempotency_key: str | None = None,
    ) -> Run:
        """Begin it, or its plan. Raises UnknownObject, and Collision where SharePoint has no part in this scope.

        The same key gives the run that was begun first. Raises KeyReused where another one is asked for under it.
        """
        asked_under = "" if idempotency_key is None else derived_id(checked_key(idempotency_key), scope.customer)
        run = Run(
            id="",
            kind=RunKind.BY_HAND,
            directions=(direction,),
            started_by=who,
            started_at=self.clock(),
            customer=scope.customer,
            project=scope.project or "",
            is_plan=is_plan,
            is_full=is_full,
            asked_under=asked_under,
        )
        begun = self.runs.asked(asked_under) or self._begin(run, scope, direction)
        if _asked(begun) != _asked(run):
            raise KeyReused("The Idempotency-Key was used for another sync.")
        return begun

    def _begin(self, run: Run, scope: Links, direction: Direction) -> Run:
        self._check(scope, direction)
        if run.is_plan:
            return self.runs.begin(run, [PartKind.PLAN])
        finds_blobs = direction is Direction.TO_SHAREPOINT and scope.project is None
        return self.runs.begin(run, [PartKind.LIBRARY, PartKind.BLOBS] if finds_blobs else [PartKind.LIBRARY])

    def carry_out(self, run_id: str, who: str) -> Run:
        """Do what a plan says. Raises UnknownObject, and Collision where there is no whole plan."""
        plan = self.runs.find(run_id)
        if plan.state is not RunState.PLANNED:
            raise Collision("There is no plan to carry out: the run is " + _why_not(plan))
        run = Run(
            id="",
            kind=RunKind.BY_HAND,
            directions=plan.directions,
            started_by=who,
            started_at=self.clock(),
            customer=plan.customer,
            project=plan.project,
            plan_of=plan.id,
            is_full=plan.is_full,
        )
        return self.runs.begin(run, [PartKind.CARRY_OUT])

    def _check(self, scope: Links, direction: Direction) -> None:
        options = self.options(scope)
        if direction is Direction.TO_SHAREPOINT and options.untransferred is None:
            keeps = self.placements.of(scope).storage is StorageLocation.SHAREPOINT
            if not keeps and not any(True for _ in self.candidates.of(scope)):
                raise Collision("Its files are kept in Moment Cloud, so there is nothing to bring to SharePoint.")
        if direction is Direction.FROM_SHAREPOINT and not options.from_sharepoint:
            raise Collision("It has no library in SharePoint, so there is nothing to bring in.")


def _asked(run: Run) -> tuple[object, ...]:
    """What was asked for."""
    return run.customer, run.project, run.directions, run.is_plan, run.is_full


def _why_not(run: Run) -> str:
    if not run.is_plan:
        return "not a plan."
    return "still being planned." if run.ended_at is None else f"{run.state}."

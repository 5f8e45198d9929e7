"""The daily job: one run over everything, cut into a part for each customer that has something to do with SharePoint.

Handing out goes a hundred customers at a time, each time in a message of its own, so that thousands of customers never
meet the platform's time limit and a crash repeats one hundred at most.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.model.directory import Customer, Project, StorageLocation
from shared.model.runs import Counts, Direction, Part, PartKind, Run, RunKind, RunTask
from shared.sync.change_ports import LinkedDirectory
from shared.sync.everywhere import Everywhere
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.reconcile.library import library_part
from shared.sync.reconcile.ports import RunControl, RunStore, Visit, again, ended
from shared.sync.reconcile.resubscribing import Resubscribing
from shared.sync.reconcile.runs import Runs, run_id_at
from shared.sync.subscriptions import Subscriptions

_log = logging.getLogger(__name__)
_CUSTOMERS_AT_ONCE = 100
_PROJECTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySync:
    """Begins the daily run. Without a direction there is none; the search over all customers is looked after anyway."""

    runs: Runs
    store: RunStore
    everywhere: Everywhere
    clock: Clock
    directions: tuple[Direction, ...]
    kept_days: int
    """How long runs are remembered."""

    def begin(self) -> Run | None:
        """Begin it, unless yesterday's still goes on; runs of long ago are forgotten."""
        run = self._begun()
        _log.info("daily job begun", extra={"run": run.id if run else ""})
        return run

    def _begun(self) -> Run | None:
        self.everywhere.look_at_all()
        self.store.forget_before(run_id_at(self.clock() - timedelta(days=self.kept_days)))
        if not self.directions or self._is_running():
            return None
        kinds = [PartKind.SPREAD]
        kinds += [PartKind.BLOBS] if Direction.TO_SHAREPOINT in self.directions else []
        kinds += [PartKind.SUBSCRIPTIONS] if Direction.FROM_SHAREPOINT in self.directions else []
        return self.runs.begin(
            Run("", RunKind.DAILY, self.directions, started_by="the daily job", started_at=self.clock()), kinds
        )

    def _is_running(self) -> bool:
        active = (self.store.find(run_id) for run_id in self.store.active())
        return any(run is not None and run.kind is RunKind.DAILY for run in active)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadWork:
    """Hands out a part for each customer. The part's cursor is the directory's page token."""

    directory: LinkedDirectory
    folders: Folders
    clock: Clock

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """A hundred customers."""
        page = self.directory.list_customers(part.cursor or None, _CUSTOMERS_AT_ONCE)
        concerned = [customer for customer in page.items if self._uses_sharepoint(customer)]
        control.add([library_part(run.id, customer.id, self.clock()) for customer in concerned])
        if page.next_token is None:
            return ended(part, Counts())
        return again(replace(part, cursor=page.next_token))

    def _uses_sharepoint(self, customer: Customer) -> bool:
        """It keeps files there, has done so, or one of its projects does."""
        if customer.storage is StorageLocation.SHAREPOINT or self.folders.find(customer.id, LIBRARY) is not None:
            return True
        return any(project.storage is StorageLocation.SHAREPOINT for project in self._projects(customer.id))

    def _projects(self, customer: str) -> Iterator[Project]:
        token: str | None = None
        while True:
            page = self.directory.list_projects(customer, token, _PROJECTS_AT_ONCE)
            yield from page.items
            token = page.next_token
            if token is None:
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsWork:
    """Looks after all subscriptions: renewed, made again, orphans removed. Where that is the task, made anew."""

    subscriptions: Subscriptions
    resubscribing: Resubscribing

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """What the hourly timer does, too."""
        if run.task is RunTask.RE_SUBSCRIBE:
            return self.resubscribing.step(part, control)
        self.subscriptions.keep_all()
        return ended(part, Counts())

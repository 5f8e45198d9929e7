"""The objects that files are linked to, for showing their names: each is asked for once and remembered for a while.

A page of fifty files names few objects, and the next page mostly the same. So a name that somebody changed is shown as
it was for at most `REMEMBERED_S` seconds, on other instances too. Nothing is decided by what is remembered here:
whoever decides reads afresh (shared/sync/placement.py).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, Task
from shared.sync.ports import Clock, Directory

REMEMBERED_S = 30.0
MOST_REMEMBERED = 5000

type _Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The objects behind a file's links. None where the file is not linked to one, or where it is gone.

    `activity` is the task's own where the file has a task.
    """

    customer: Customer | None = None
    project: Project | None = None
    activity: Activity | None = None
    task: Task | None = None


class Names:
    """Looks them up. Safe for threads."""

    def __init__(
        self,
        directory: Directory,
        clock: Clock,
        *,
        remembered_s: float = REMEMBERED_S,
        most_remembered: int = MOST_REMEMBERED,
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._remembered = timedelta(seconds=remembered_s)
        self._most = most_remembered
        self._lock = threading.Lock()
        self._known: dict[_Key, tuple[datetime, DirectoryObject | None]] = {}
        """In the order in which they were asked for, so the first is the oldest."""

    def of(self, links: Links) -> NamedPlace:
        """The objects; at most four requests, none for what is remembered. Never raises for what is missing."""
        find, customer = self._directory, links.customer
        found_customer = self._find(("customer", customer), lambda: find.find_customer(customer))
        if links.project is None:
            return NamedPlace(found_customer)
        project = links.project
        found_project = self._find(("project", customer, project), lambda: find.find_project(customer, project))
        task = self._task(customer, project, links.task) if links.task else None
        activity = task.activity if task else links.activity
        return NamedPlace(
            found_customer, found_project, self._activity(customer, project, activity) if activity else None, task
        )

    def _activity(self, customer: str, project: str, activity: str) -> Activity | None:
        key = ("activity", customer, project, activity)
        return self._find(key, lambda: self._directory.find_activity(customer, project, activity))

    def _task(self, customer: str, project: str, task: str) -> Task | None:
        key = ("task", customer, project, task)
        return self._find(key, lambda: self._directory.find_task(customer, project, task))

    def _find[T: DirectoryObject](self, key: _Key, ask: Callable[[], T | None]) -> T | None:
        now = self._clock()
        with self._lock:
            known = self._known.get(key)
        if known is not None and now - known[0] < self._remembered:
            return known[1]  # type: ignore[return-value]  # the key says of which kind it is
        found = ask()
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = (now, found)
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return found

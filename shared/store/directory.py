"""Customers, projects, activities and tasks in Table Storage (the Directory port).

shared/store/directory_rows.py says what the rows are. Each change is one transaction of the object's row and the row
that reserves its name, so two siblings can't come to the same folder however many instances write. Operations on the
table: a find, a list or `links_of` one; `put` of a new or renamed object two point reads and a transaction, otherwise
one point read and a transaction; a task that joins, leaves or renames a series one or two point reads more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from azure.data.tables import TableServiceClient

from shared.errors import Collision, PreconditionFailed
from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, Task
from shared.model.stored import Page
from shared.model.table_rows import Operation, Row, key_of
from shared.store.directory_rows import (
    CUSTOMERS,
    LIBRARY,
    Holder,
    Series,
    activity_from,
    child_row_key,
    children_prefix,
    customer_from,
    holder_from,
    is_holder_key,
    label,
    links_in,
    name_row_key,
    parent_key,
    partition_of,
    project_from,
    row_key,
    series_from,
    series_of,
    shared_name,
    task_from,
    to_row,
)
from shared.store.tables import DIRECTORY_TABLE, StoredRow, Table

type Check = Callable[[DirectoryObject | None], None]

_TRIES = 4
"""A put or remove reads all it needs afresh, so losing a race is worth another try; a stream of losses is not."""


class TableDirectory:
    """The directory. Objects are known by the ids of the chain above them."""

    def __init__(self, service: TableServiceClient, table: str = DIRECTORY_TABLE) -> None:
        self._table = Table(service, table)

    def find_customer(self, customer: str) -> Customer | None:
        """One customer."""
        stored = self._table.get(CUSTOMERS, key_of("customer", customer))
        return customer_from(stored.row) if stored else None

    def find_project(self, customer: str, project: str) -> Project | None:
        """One project."""
        stored = self._table.get(customer, key_of("project", project))
        return project_from(stored.row) if stored else None

    def find_activity(self, customer: str, project: str, activity: str) -> Activity | None:
        """One activity."""
        stored = self._table.get(customer, key_of("activity", project, activity))
        return activity_from(stored.row) if stored else None

    def find_task(self, customer: str, project: str, task: str) -> Task | None:
        """One task."""
        stored = self._table.get(customer, key_of("task", project, task))
        return task_from(stored.row) if stored else None

    def links_of(self, customer: str, folder_key: str) -> Links | None:
        """What a file in the folder of this key (`FolderSpec.key`, or "library") is linked to; None: it is gone.

        A task brings its activity; a series its project and activity, but no single task.
        """
        if folder_key == LIBRARY:
            return Links(customer)
        # A folder's key is the key of its holder's row.
        stored = self._table.get(customer, folder_key) if is_holder_key(folder_key) else None
        return links_in(holder_from(stored.row)) if stored else None

    def find_by_folder_name(self, customer: str, parent_key: str, name: str) -> str | None:
        """The key of the folder that has this name under the folder of `parent_key` ("library": in the root)."""
        stored = self._table.get(customer, child_row_key(parent_key, name))
        return str(stored.row["holder"]) if stored else None

    def list_customers(self, page_token: str | None, limit: int) -> Page[Customer]:
        """All customers by id."""
        return self._table.page(CUSTOMERS, "customer~", page_token, limit, customer_from)

    def list_projects(self, customer: str, page_token: str | None, limit: int) -> Page[Project]:
        """A customer's projects by id."""
        return self._table.page(customer, "project~", page_token, limit, project_from)

    def list_activities(self, customer: str, project: str, page_token: str | None, limit: int) -> Page[Activity]:
        """A project's activities by id."""
        return self._table.page(customer, key_of("activity", project) + "~", page_token, limit, activity_from)

    def list_tasks(self, customer: str, project: str, page_token: str | None, limit: int) -> Page[Task]:
        """A project's tasks by id."""
        return self._table.page(customer, key_of("task", project) + "~", page_token, limit, task_from)

    def has_children(self, thing: DirectoryObject) -> bool:
        """Whether a project, activity or task belongs to this object."""
        match thing:
            case Customer():
                return self._table.has_any(thing.id, children_prefix(LIBRARY))
            case Task():
                return False
            case _:
                return self._table.has_any(thing.customer, children_prefix(row_key(thing)))

    def put(self, thing: DirectoryObject, check: Check | None = None) -> bool:
        """Create or replace; True when it was created.

        `check` sees the stored object that is replaced, in every try, and raises to leave it. A series takes the name
        of the task that was last created in it or renamed. Raises Collision, naming the other object, when a sibling
        has the same folder name or a series lies in another place; StaleError after lost races.
        """
        return self._changed(thing, thing, check)

    def remove(self, thing: DirectoryObject, check: Check | None = None) -> None:
        """Delete it and free its name; nothing happens where it is gone already. Raises StaleError after lost races."""
        self._changed(thing, None, check)

    def _changed(self, thing: DirectoryObject, after: DirectoryObject | None, check: Check | None) -> bool:
        """Bring the stored object to `after`; True when there was none. Every try reads afresh."""
        for _ in range(_TRIES - 1):
            try:
                return self._change(thing, after, check)
            except PreconditionFailed:
                continue
        return self._change(thing, after, check)

    def _change(self, thing: DirectoryObject, after: DirectoryObject | None, check: Check | None) -> bool:
        change = _Change(self._table, partition_of(thing))
        stored = change.read(row_key(thing))
        before = holder_from(stored.row) if stored else None
        assert not isinstance(before, Series)
        if check is not None:
            check(before)
        change.write(stored, after)
        change.move_name(before, after)
        change.submit()
        return stored is None


@dataclass(slots=True)
class _Change:
    """One change of one object, gathered and then sent as a transaction."""

    table: Table
    partition: str
    operations: list[Operation] = field(default_factory=list)
    freed: set[str] = field(default_factory=set)
    wanted: dict[str, Holder] = field(default_factory=dict)

    def read(self, key: str) -> StoredRow | None:
        return self.table.get(self.partition, key)

    def write(self, stored: StoredRow | None, after: Holder | None) -> None:
        """Put `after` in the place of what was read; None deletes it."""
        if stored is None:
            self.operations += [Operation("create", to_row(after))] if after else []
        elif after is None:
            self.operations.append(Operation("delete", stored.row, stored.etag))
        else:
            self.operations.append(Operation("replace", to_row(after), stored.etag))

    def move_name(self, before: DirectoryObject | None, after: DirectoryObject | None) -> None:
        """Free the name that `before` holds and take the one of `after`, for itself or for its series."""
        old_series = series_of(before) if isinstance(before, Task) else None
        new_series = series_of(after) if isinstance(after, Task) else None
        if old_series and new_series and old_series.id == new_series.id:
            if old_series != new_series:
                self._rename_series(new_series, joining=0)
            return
        if before and after and not (old_series or new_series) and name_row_key(before) == name_row_key(after):
            return
        if old_series:
            self._leave(old_series)
        elif before:
            self.freed.add(name_row_key(before))
        if new_series:
            self._rename_series(new_series, joining=1)
        elif after:
            self.wanted[name_row_key(after)] = after

    def submit(self) -> None:
        """Send it all; nothing where there is nothing to change. Raises Collision, PreconditionFailed."""
        for key, holder in self.wanted.items():
            self._take(key, holder)
        for key in self.freed - self.wanted.keys():
            self.operations.append(Operation("delete", {"PartitionKey": self.partition, "RowKey": key}))
        if self.operations:
            self.table.submit(self.operations)

    def _rename_series(self, told: Series, joining: int) -> None:
        """A task of the series says its name and place: `joining` is 1 when the task is new in it."""
        stored = self.read(row_key(told))
        if stored is None:
            self.write(None, told)
            self.wanted[name_row_key(told)] = told
            return
        old = series_from(stored.row)
        new = replace(told, tasks=old.tasks + joining)
        if new.tasks > 1 and old.activity != new.activity:
            raise Collision(f"The {label(old)} has its folder in {_place(old)}; all its tasks lie there.", "activity")
        self.write(stored, new)
        self.freed.add(name_row_key(old))
        self.wanted[name_row_key(new)] = new

    def _leave(self, series: Series) -> None:
        stored = self.read(row_key(series))
        if stored is None:
            raise PreconditionFailed(f"The {label(series)} changed meanwhile.")
        old = series_from(stored.row)
        if old.tasks > 1:
            self.write(stored, replace(old, tasks=old.tasks - 1))
        else:
            self.write(stored, None)
            self.freed.add(name_row_key(old))

    def _take(self, key: str, holder: Holder) -> None:
        row: Row = {"PartitionKey": self.partition, "RowKey": key, "holder": row_key(holder)}
        if key in self.freed:
            # It is ours: the row that holds it is in this transaction with its etag.
            self.operations.append(Operation("upsert", row))
            return
        stored = self.read(key)
        if stored is not None:
            raise self._collision(str(stored.row["holder"]), holder)
        self.operations.append(Operation("create", row))

    def _collision(self, other_key: str, holder: Holder) -> Collision | PreconditionFailed:
        other = None if other_key == row_key(holder) else self.read(other_key)
        if other is None:
            return PreconditionFailed(f"The {label(holder)} or its sibling changed meanwhile.")
        what = "library" if parent_key(holder) == "site" else "folder"
        sentence = f"The {label(holder_from(other.row))} already uses the {what} name '{shared_name(holder)}'."
        return Collision(sentence, "name")


def _place(series: Series) -> str:
    return f"activity {series.activity}" if series.activity else f"project {series.project}"

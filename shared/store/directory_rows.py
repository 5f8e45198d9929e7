"""Customers, projects, activities and tasks as rows of the table `directory`. Pure.

Customers lie in the partition `customers`, all other objects of a customer in the partition of its id:

    customer~<id>                      a customer
    project~<id>                       a project
    activity~<project>~<id>            an activity
    task~<project>~<id>                a task
    series~<project>~<id>              a recurring task's folder: its name, its place, how many tasks share it
    name~<parent>~<sha256 of the name> -> key of the row whose library or folder has this name under that parent

Names are compared as SharePoint does (`name_key`). `<parent>` is the key of the parent's row; `library` for the
folders in a library's root, `site` for libraries. The row that has a name is its *holder*: the object itself, or the
series for its tasks.
"""

import hashlib
from dataclasses import dataclass
from typing import cast

from shared.model.directory import (
    Activity,
    Customer,
    DirectoryObject,
    Links,
    Period,
    Project,
    StorageLocation,
    Task,
    folder_of,
)
from shared.model.names import library_name, name_key
from shared.model.table_rows import Row, key_of

CUSTOMERS = "customers"
LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class Series:
    """The folder that the tasks of a recurring task share."""

    customer: str
    project: str
    id: str
    name: str
    activity: str | None
    tasks: int


type Holder = DirectoryObject | Series


def series_of(task: Task) -> Series | None:
    """The series as this task alone describes it; None for a task of its own."""
    if task.series is None:
        return None
    return Series(task.customer, task.project, task.series, task.name, task.activity, 1)


def partition_of(thing: Holder) -> str:
    """The partition of an object's rows."""
    return CUSTOMERS if isinstance(thing, Customer) else thing.customer


def row_key(thing: Holder) -> str:
    """The key of an object's own row."""
    match thing:
        case Customer():
            return key_of("customer", thing.id)
        case Project():
            return key_of("project", thing.id)
        case Activity():
            return key_of("activity", thing.project, thing.id)
        case Task():
            return key_of("task", thing.project, thing.id)
        case Series():
            return key_of("series", thing.project, thing.id)


def parent_key(thing: Holder) -> str:
    """What the object's folder lies in."""
    match thing:
        case Customer():
            return "site"
        case Project():
            return LIBRARY
        case Activity():
            return key_of("project", thing.project)
        case Task() | Series():
            activity = thing.activity
            return key_of("activity", thing.project, activity) if activity else key_of("project", thing.project)


def children_prefix(parent: str) -> str:
    """What the keys of the names under a parent begin with."""
    return f"name~{parent}~"


def name_row_key(holder: Holder) -> str:
    """The key of the row that reserves a holder's name among its siblings."""
    return child_row_key(parent_key(holder), shared_name(holder))


def child_row_key(parent: str, name: str) -> str:
    """The key of the row that says whose library or folder has this name under a parent."""
    return children_prefix(parent) + hashlib.sha256(name_key(name).encode()).hexdigest()


def shared_name(holder: Holder) -> str:
    """The name of the holder's library or folder in SharePoint."""
    match holder:
        case Customer():
            return library_name(holder.name)
        case Series():
            task = Task(holder.customer, holder.project, holder.id, "", holder.name, series=holder.id)
            return folder_of(task).name
        case _:
            return folder_of(holder).name


def label(thing: Holder) -> str:
    """The object in words, for a person."""
    kind = "recurring task" if isinstance(thing, Series) else type(thing).__name__.lower()
    return f"{kind} '{thing.name}' (id {thing.id})"


def to_row(thing: Holder) -> Row:
    """The object's own row."""
    row: dict[str, str | int | None] = {
        "PartitionKey": partition_of(thing),
        "RowKey": row_key(thing),
        "id": thing.id,
        "name": thing.name,
    }
    match thing:
        case Customer():
            row |= {"storage": thing.storage.value}
        case Project():
            row |= {"number": thing.number, "storage": thing.storage.value if thing.storage else None}
        case Activity():
            row |= {"project": thing.project, "number": thing.number}
        case Task():
            row |= {"project": thing.project, "number": thing.number, "activity": thing.activity}
            row |= {"series": thing.series, **_period_properties(thing.period)}
        case Series():
            row |= {"project": thing.project, "activity": thing.activity, "tasks": thing.tasks}
    return {name: value for name, value in row.items() if value is not None}


def customer_from(row: Row) -> Customer:
    """A customer from its row."""
    return Customer(str(row["id"]), str(row["name"]), StorageLocation(str(row["storage"])))


def project_from(row: Row) -> Project:
    """A project from its row."""
    storage = StorageLocation(str(row["storage"])) if "storage" in row else None
    return Project(str(row["PartitionKey"]), str(row["id"]), str(row["name"]), _text(row, "number"), storage)


def activity_from(row: Row) -> Activity:
    """An activity from its row."""
    customer, project = str(row["PartitionKey"]), str(row["project"])
    return Activity(customer, project, str(row["id"]), str(row["name"]), _text(row, "number"))


def task_from(row: Row) -> Task:
    """A task from its row."""
    return Task(
        customer=str(row["PartitionKey"]),
        project=str(row["project"]),
        id=str(row["id"]),
        number=str(row["number"]),
        name=str(row["name"]),
        activity=_text(row, "activity"),
        series=_text(row, "series"),
        period=_period(row),
    )


def series_from(row: Row) -> Series:
    """A series from its row."""
    customer, project = str(row["PartitionKey"]), str(row["project"])
    tasks = cast("int", row["tasks"])
    return Series(customer, project, str(row["id"]), str(row["name"]), _text(row, "activity"), tasks)


_READERS = {
    "customer": customer_from,
    "project": project_from,
    "activity": activity_from,
    "task": task_from,
    "series": series_from,
}


def holder_from(row: Row) -> Holder:
    """Whatever the row's key says that it is."""
    kind = str(row["RowKey"]).partition("~")[0]
    return cast("Holder", _READERS[kind](row))


def is_holder_key(key: str) -> bool:
    """Whether a row of this key is an object or a series."""
    return key.partition("~")[0] in _READERS


def links_in(holder: Holder) -> Links:
    """What a file in the holder's library or folder is linked to."""
    match holder:
        case Customer():
            return Links(holder.id)
        case Project():
            return Links(holder.customer, holder.id)
        case Activity():
            return Links(holder.customer, holder.project, holder.id)
        case Task():
            return Links(holder.customer, holder.project, holder.activity, holder.id)
        case Series():
            return Links(holder.customer, holder.project, holder.activity)


def _period_properties(period: Period | None) -> dict[str, int | None]:
    return {"year": period.year, "month": period.month} if period else {}


def _period(row: Row) -> Period | None:
    return Period(cast("int", row["year"]), cast("int | None", row.get("month"))) if "year" in row else None


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return None if value is None else str(value)

"""Customers, projects, activities and tasks, and what they mean in SharePoint.

A customer is a document library; the objects below are folders in it (design.md §2). This module owns the
shapes, the chain of folders that leads to a file, and the four columns a file carries. Ids are Moment's own.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.model.names import folder_name


class StorageLocation(StrEnum):
    """Where a customer or project keeps its files."""

    MOMENT = "moment"
    SHAREPOINT = "sharepoint"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; its library carries its name."""

    id: str
    name: str
    storage: StorageLocation = StorageLocation.MOMENT


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a customer. `storage` None inherits the customer's. The number is not part of the folder's name."""

    customer: str
    id: str
    name: str
    number: str | None = None
    storage: StorageLocation | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of a project."""

    customer: str
    project: str
    id: str
    name: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The period of one occurrence of a recurring task: a year, or a month of a year."""

    year: int
    month: int | None = None

    def __str__(self) -> str:
        """`2026`, or `11/2026`."""
        return str(self.year) if self.month is None else f"{self.month:02d}/{self.year}"


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a project, in an activity or directly in the project.

    An occurrence of a recurring task names its `series` and `period`; all occurrences share one folder.
    """

    customer: str
    project: str
    id: str
    number: str
    name: str
    activity: str | None = None
    series: str | None = None
    period: Period | None = None


type DirectoryObject = Customer | Project | Activity | Task


@dataclass(frozen=True, slots=True)
class Links:
    """The objects a file belongs to: always a customer, then as deep as it goes. A task or activity needs a project."""

    customer: str
    project: str | None = None
    activity: str | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The objects behind a file's links, read afresh. `activity` is the task's own where the file has a task."""

    customer: Customer
    project: Project | None = None
    activity: Activity | None = None
    task: Task | None = None

    @property
    def storage(self) -> StorageLocation:
        """The project's own storage location, else the customer's."""
        if self.project is not None and self.project.storage is not None:
            return self.project.storage
        return self.customer.storage

    @property
    def folders(self) -> tuple["FolderSpec", ...]:
        """The folders from the library's root down to the file's own; empty for a file of the customer only."""
        chain = (self.project, self.activity, self.task)
        return tuple(folder_of(each) for each in chain if each is not None)


@dataclass(frozen=True, slots=True)
class FolderSpec:
    """A folder that must exist: `key` is its identity in Moment (one per folder), `name` its valid SharePoint name."""

    key: str
    name: str


def folder_of(thing: Project | Activity | Task) -> FolderSpec:
    """The folder of an object, after the table of design.md §2."""
    match thing:
        case Project():
            return FolderSpec(f"project~{thing.id}", folder_name(thing.name))
        case Activity():
            label = f"{thing.number} {thing.name}" if thing.number else thing.name
            return FolderSpec(f"activity~{thing.project}~{thing.id}", folder_name(label))
        case Task(series=str(series)):
            return FolderSpec(f"series~{thing.project}~{series}", folder_name(thing.name))
        case Task():
            return FolderSpec(f"task~{thing.project}~{thing.id}", folder_name(f"#{thing.number} {thing.name}"))


@dataclass(frozen=True, slots=True)
class Columns:
    """The four columns of a file in its library. Empty values mean that the column stays empty."""

    activity: str | None = None
    year: str | None = None
    period: str | None = None
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.activity, self.year, self.period, self.tags))


def columns_of(placement: Placement, tags: tuple[str, ...]) -> Columns:
    """What the columns of a file at this place say."""
    period = placement.task.period if placement.task else None
    return Columns(
        activity=placement.activity.name if placement.activity else None,
        year=str(period.year) if period else None,
        period=str(period) if period and period.month else None,
        tags=tags,
    )

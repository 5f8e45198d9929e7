"""Customers, projects, activities and tasks as the API takes and shows them."""

from typing import Annotated

from msgspec import Meta

from functions.shapes import Document, Given, Id, Name, PageQuery
from shared.errors import InvalidInput
from shared.model.checks import (
    MAX_NAME_LENGTH,
    MAX_NUMBER_LENGTH,
    checked_id,
    checked_name,
    checked_number,
    checked_period,
)
from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, StorageLocation, Task
from shared.model.editable import directory_etag

type ETag = Annotated[str, Meta(description="For If-Match.")]
type Number = Annotated[
    str, Meta(min_length=1, max_length=MAX_NUMBER_LENGTH, description="Its number for people.", examples=["4711"])
]
type Period = Annotated[
    str, Meta(pattern=r"^((0[1-9]|1[0-2])/)?[0-9]{4}$", description="A year or a month.", examples=["2026", "11/2026"])
]


class FindQuery(PageQuery):
    """Which of them, and which part."""

    q: (
        Annotated[str, Meta(max_length=MAX_NAME_LENGTH, description="Beginnings of words of the name or number.")]
        | None
    ) = None


class GivenCustomer(Given):
    """A customer, whole: what is left out takes its default."""

    name: Name
    storage: StorageLocation | None = None


class GivenProject(Given):
    """A project, whole. Without `storage` its files are stored where its customer's are."""

    name: Name
    number: Number | None = None
    storage: StorageLocation | None = None


class GivenActivity(Given):
    """An activity, whole."""

    name: Name
    number: Number | None = None


class GivenTask(Given):
    """A task, whole. A recurring one has `series` and `period`, any other neither."""

    name: Name
    number: Number
    activity: Id | None = None
    series: Annotated[str | None, Meta(description="What all tasks of the series have in common.")] = None
    period: Period | None = None


class CustomerDocument(Document):
    """A customer."""

    id: Id
    etag: ETag
    name: Name
    storage: StorageLocation


class ProjectDocument(Document):
    """A project."""

    id: Id
    etag: ETag
    name: Name
    number: Number | None
    storage: Annotated[StorageLocation | None, Meta(description="null: as its customer.")]


class ActivityDocument(Document):
    """An activity."""

    id: Id
    etag: ETag
    name: Name
    number: Number | None


class TaskDocument(Document):
    """A task."""

    id: Id
    etag: ETag
    name: Name
    number: Number
    activity: Id | None
    series: str | None
    period: Period | None


type DirectoryDocument = CustomerDocument | ProjectDocument | ActivityDocument | TaskDocument


def directory_document(thing: DirectoryObject) -> DirectoryDocument:
    """An object as callers see it."""
    etag = directory_etag(thing)
    match thing:
        case Customer():
            return CustomerDocument(id=thing.id, etag=etag, name=thing.name, storage=thing.storage)
        case Project():
            return ProjectDocument(id=thing.id, etag=etag, name=thing.name, number=thing.number, storage=thing.storage)
        case Activity():
            return ActivityDocument(id=thing.id, etag=etag, name=thing.name, number=thing.number)
        case Task():
            return TaskDocument(
                id=thing.id,
                etag=etag,
                name=thing.name,
                number=thing.number,
                activity=thing.activity,
                series=thing.series,
                period=None if thing.period is None else str(thing.period),
            )


def customer_of(links: Links, given: GivenCustomer) -> Customer:
    """The customer that a caller describes. Raises InvalidInput, as the others."""
    return Customer(links.customer, checked_name(given.name), given.storage or StorageLocation.MOMENT)


def project_of(links: Links, given: GivenProject) -> Project:
    """The project."""
    return Project(links.customer, str(links.project), checked_name(given.name), _number(given.number), given.storage)


def activity_of(links: Links, given: GivenActivity) -> Activity:
    """The activity."""
    name = checked_name(given.name)
    return Activity(links.customer, str(links.project), str(links.activity), name, _number(given.number))


def task_of(links: Links, given: GivenTask) -> Task:
    """The task."""
    if (given.series is None) != (given.period is None):
        raise InvalidInput("series and period go together: both for a recurring task, neither otherwise.", "period")
    return Task(
        customer=links.customer,
        project=str(links.project),
        id=str(links.task),
        number=checked_number(given.number),
        name=checked_name(given.name),
        activity=given.activity,
        series=None if given.series is None else checked_id(given.series, "series"),
        period=None if given.period is None else checked_period(given.period),
    )


def _number(given: str | None) -> str | None:
    return None if given is None else checked_number(given)

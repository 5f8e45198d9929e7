"""What a caller gives of a file: a new one, or what is to change of it."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from functions.directory_documents import Period
from functions.shapes import Given, Id, Name, PageQuery, Who
from shared.model.checks import (
    MAX_TAG_LENGTH,
    MAX_TAGS,
    checked_id,
    checked_name,
    checked_period,
    checked_size,
    checked_tags,
)
from shared.model.directory import Links
from shared.sync.edits import FileEdit
from shared.sync.registration import NewFile

type Tag = Annotated[str, Meta(min_length=1, max_length=MAX_TAG_LENGTH)]
type Tags = Annotated[list[Tag], Meta(max_length=MAX_TAGS, description="Without doubles, case apart.")]


class GivenFile(Given):
    """A file that is about to be uploaded."""

    name: Name
    project: Id | None = None
    activity: Id | None = None
    task: Id | None = None
    tags: Tags | None = None
    size_bytes: Annotated[int | None, Meta(description="Refused at once where no SharePoint takes so much.")] = None
    content_type: Annotated[str | None, Meta(examples=["application/pdf"])] = None
    created_by: Who | None = None


class FileChange(Given):
    """What is to change; what is left out stays.

    The place goes as a whole: a project, activity or task that is named replaces what lies below it, too.
    """

    name: Name | UnsetType = UNSET
    project: Id | UnsetType | None = UNSET
    activity: Id | UnsetType | None = UNSET
    task: Id | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    period: Period | UnsetType | None = UNSET
    changed_by: Who | None = None


class DeleteQuery(Given):
    """Who deletes it, and how long it can be undone."""

    by: Who | None = None
    hold_seconds: Annotated[int, Meta(ge=0, le=600, description="For so long it can be undone.")] = 0


class HistoryQuery(PageQuery):
    """In which order, and which part."""

    newest: Annotated[bool, Meta(description="Newest first, in pages.")] = False


def new_file_of(customer: str, given: GivenFile, created_by: str) -> NewFile:
    """The file that is announced. Raises InvalidInput and Oversize."""
    if given.size_bytes is not None:
        checked_size(given.size_bytes)
    return NewFile(
        name=checked_name(given.name),
        links=_links(customer, given.project, given.activity, given.task),
        tags=checked_tags(given.tags or []),
        created_by=created_by,
        content_type=checked_name(given.content_type or "application/octet-stream", "contentType"),
    )


def edit_of(links: Links, change: FileChange, who: str) -> FileEdit:
    """The edit of a file that is linked so. Raises InvalidInput."""
    period = change.period
    return FileEdit(
        name=None if change.name is UNSET else checked_name(change.name),
        links=_new_place(links, change),
        tags=None if change.tags is UNSET else checked_tags(change.tags),
        period=None if period is UNSET else "" if period is None else str(checked_period(period)),
        who=who,
    )


def _new_place(links: Links, change: FileChange) -> Links | None:
    """None where no member of the place is there. What lies below a named object and is not named itself goes."""
    given = [None if each is UNSET else each for each in (change.project, change.activity, change.task)]
    project, activity, task = given
    if change.project is not UNSET:
        return _links(links.customer, project, activity, task)
    if change.activity is not UNSET:
        return _links(links.customer, links.project, activity, task)
    if change.task is not UNSET:
        return _links(links.customer, links.project, links.activity, task)
    return None


def _links(customer: str, project: str | None, activity: str | None, task: str | None) -> Links:
    for value, field in ((project, "project"), (activity, "activity"), (task, "task")):
        if value is not None:
            checked_id(value, field)
    return Links(customer, project, activity, task)

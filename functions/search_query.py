"""A search's query string: what callers give, and the search that it means."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from functions.directory_documents import Period
from functions.file_bodies import Tag
from functions.shapes import Id, Include, Name, PageQuery
from shared.errors import InvalidInput
from shared.model.checks import MAX_NAME_LENGTH, checked_name, checked_period, checked_tags
from shared.model.directory import Links
from shared.model.files import FileState
from shared.model.search import Search, Sort
from shared.model.search_terms import Kind, words

_TICK = timedelta(microseconds=1)

type Day = Annotated[
    str,
    Meta(
        description="A day (in UTC) or a time with its zone; both ends are included.",
        examples=["2026-11-23", "2026-11-23T09:30:00Z"],
    ),
]


class Where(StrEnum):
    """Where files are, more coarsely than their states."""

    MOMENT_CLOUD = "moment-cloud"
    MOVING = "moving"
    SHAREPOINT = "sharepoint"
    NEEDS_ATTENTION = "needs-attention"


STATES_OF: dict[Where, frozenset[FileState]] = {
    Where.MOMENT_CLOUD: frozenset({FileState.EXPECTED, FileState.IN_MOMENT_CLOUD, FileState.WAITING}),
    Where.MOVING: frozenset({FileState.MOVING}),
    Where.SHAREPOINT: frozenset({FileState.IN_SHAREPOINT}),
    Where.NEEDS_ATTENTION: frozenset({FileState.BLOCKED}),
}


class SearchQuery(PageQuery):
    """What a search asks for; all of it must hold."""

    q: Annotated[str | None, Meta(description="Words of the name, or beginnings of them; no case, no accents.")] = None
    tag: Annotated[tuple[Tag, ...], Meta(description="All of these.")] = ()
    state: FileState | None = None
    where: Where | None = None
    type: Kind | None = None
    by: Annotated[Name | None, Meta(description="Who added it.")] = None
    period: Period | None = None
    added_from: Day | None = None
    added_to: Day | None = None
    changed_from: Day | None = None
    changed_to: Day | None = None
    sort: Sort = Sort.NEWEST
    include: Include | None = None


class SearchEverywhereQuery(SearchQuery):
    """The same over all customers, or in a place."""

    customer: Id | None = None
    project: Id | None = None
    activity: Id | None = None
    task: Id | None = None


def place_of(query: SearchEverywhereQuery) -> Links | None:
    """The place that a query names. Raises InvalidInput."""
    below = (query.project, query.activity, query.task)
    if query.customer is not None:
        return Links(query.customer, *below)
    if any(each is not None for each in below):
        raise InvalidInput("A project, activity or task needs its customer too.", "customer")
    return None


def search_of(query: SearchQuery, place: Links | None) -> Search:
    """What the query asks for in this place; of all customers for None. Raises InvalidInput."""
    return Search(
        place=place,
        words=_words(query.q or ""),
        tags=checked_tags(query.tag, "tag"),
        states=_states(query),
        kind=query.type,
        by=None if query.by is None else checked_name(query.by, "by"),
        period=None if query.period is None else str(checked_period(query.period)),
        added_from=bound_of("addedFrom", query.added_from),
        added_before=bound_of("addedTo", query.added_to, is_end=True),
        changed_from=bound_of("changedFrom", query.changed_from),
        changed_before=bound_of("changedTo", query.changed_to, is_end=True),
        sort=query.sort,
    )


def _words(text: str) -> tuple[str, ...]:
    if len(text) > MAX_NAME_LENGTH:
        raise InvalidInput(f"q has {len(text)} characters; at most {MAX_NAME_LENGTH} are possible.", "q")
    found = words(text)
    if text.strip() and not found:
        raise InvalidInput("q holds no letter and no digit, so there is no word to look for.", "q")
    return found


def _states(query: SearchQuery) -> frozenset[FileState]:
    if query.state is not None and query.where is not None:
        raise InvalidInput("Give either state or where.", "where")
    if query.state is not None:
        return frozenset({query.state})
    return frozenset() if query.where is None else STATES_OF[query.where]


def bound_of(name: str, text: str | None, *, is_end: bool = False) -> datetime | None:
    """A bound of a time range; of an end, the first moment that is not included. Raises InvalidInput."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-23"):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return day + timedelta(days=1) if is_end else day
        moment = datetime.fromisoformat(text)
        has_zone = moment.tzinfo is not None
        bound = moment.astimezone(UTC) + (_TICK if is_end else timedelta())
    except (ValueError, OverflowError):
        has_zone = False
    if not has_zone:
        example = "a day like 2026-11-23 or a time with its zone like 2026-11-23T09:30:00Z"
        raise InvalidInput(f"{name} must be {example}.", name)
    return bound

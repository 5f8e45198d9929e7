"""What all documents of the API share: camelCase, times in ISO 8601 (UTC), sizes in bytes, ids, pages.

The same types read requests, write answers and make the description at /api/openapi.json (msgspec).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from shared.model.checks import ID_PATTERN, MAX_NAME_LENGTH
from shared.model.stored import Page as StoredPage

_DEFAULT_PAGE = 100
_MAX_PAGE = 1000


class Document(msgspec.Struct, rename="camel", kw_only=True):
    """An answer."""


class Given(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """What a caller gives; a member that is not known is refused."""


type Id = Annotated[str, Meta(pattern=f"^{ID_PATTERN.pattern}$", description="An id of Moment's.", examples=["p-1042"])]
type Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME_LENGTH, description="One line that people read.")]
type Who = Annotated[
    str, Meta(min_length=1, max_length=MAX_NAME_LENGTH, description="For programs: the person for whom they act.")
]
type Time = Annotated[datetime, Meta(tz=True, description="In UTC.", examples=["2026-11-23T09:30:00Z"])]
type SizeBytes = Annotated[int, Meta(ge=0, description="Bytes.")]
type PageToken = Annotated[str, Meta(description="From `nextPage` of the page before; opaque.")]


class ByWhom(Given):
    """Who asks."""

    by: Who | None = None


class PageQuery(Given):
    """Which part of a list."""

    limit: Annotated[int, Meta(ge=1, le=_MAX_PAGE, description="At most so many items.")] = _DEFAULT_PAGE
    page: PageToken | None = None


class Include(StrEnum):
    """What a file is shown with on request."""

    PLACE = "place"
    """The names of what it belongs to."""


class IncludeQuery(Given):
    """What to show with a file."""

    include: Include | None = None


class ListOf[T](Document):
    """A page of a list. Go on while there is a `nextPage`: a page may hold fewer items than asked for, even none."""

    items: list[T]
    next_page: PageToken | UnsetType = UNSET
    count: Annotated[int, Meta(description="How many there are in all; where that is known.")] | UnsetType = UNSET


def list_of[S, T](page: StoredPage[S], document: Callable[[S], T]) -> ListOf[T]:
    """The document of a page."""
    return ListOf(items=[document(each) for each in page.items], next_page=page.next_token or UNSET)


def all_of[T](documents: Iterable[T]) -> ListOf[T]:
    """The document of a list that is always whole."""
    return ListOf(items=list(documents))

"""HTTP: search and list files, of all customers or within one, a project, an activity, a task; build rows for it."""

from typing import Annotated

import azure.functions as func
from msgspec import Meta

from functions.documents import FileDocument, file_document
from functions.operation import Call, operation
from functions.search_query import SearchEverywhereQuery, SearchQuery, place_of, search_of
from functions.shapes import Document, Given, ListOf, list_of
from shared.bootstrap import app
from shared.model.directory import Links
from shared.model.principals import Role

blueprint = func.Blueprint()
_CUSTOMER = "customers/{customer}"
_PROJECT = _CUSTOMER + "/projects/{project}"


class ReindexStep(Given):
    """Where to go on, and whether files that have their rows get them anew."""

    next: str | None = None
    all: bool = False


class ReindexedDocument(Document):
    """What a step did."""

    looked_at: int
    written: int
    next: Annotated[str | None, Meta(description="For the body of the next step; null: that was the last.")]


@operation(
    blueprint, "GET", "files", Role.READER, query=SearchEverywhereQuery, answers=ListOf[FileDocument], fails=(404,)
)
def search_everywhere(call: Call, query: SearchEverywhereQuery) -> object:
    """Files of all customers, newest first unless `sort` says otherwise, in pages; the query string narrows them.

    A result may be some seconds old; within a customer it never is.
    """
    return _found(query, place_of(query))


@operation(
    blueprint, "GET", _CUSTOMER + "/files", Role.READER, query=SearchQuery, answers=ListOf[FileDocument], fails=(404,)
)
def search_customer(call: Call, query: SearchQuery) -> object:
    """A customer's files, newest first unless `sort` says otherwise, in pages; the query string narrows them."""
    return _found(query, call.links)


@operation(
    blueprint, "GET", _PROJECT + "/files", Role.READER, query=SearchQuery, answers=ListOf[FileDocument], fails=(404,)
)
def search_project(call: Call, query: SearchQuery) -> object:
    """Likewise the files of a project, and of what is below it."""
    return _found(query, call.links)


@operation(
    blueprint,
    "GET",
    _PROJECT + "/activities/{activity}/files",
    Role.READER,
    query=SearchQuery,
    answers=ListOf[FileDocument],
    fails=(404,),
)
def search_activity(call: Call, query: SearchQuery) -> object:
    """Likewise the files of an activity, and of its tasks."""
    return _found(query, call.links)


@operation(
    blueprint,
    "GET",
    _PROJECT + "/tasks/{task}/files",
    Role.READER,
    query=SearchQuery,
    answers=ListOf[FileDocument],
    fails=(404,),
)
def search_task(call: Call, query: SearchQuery) -> object:
    """Likewise the files of a task."""
    return _found(query, call.links)


@operation(
    blueprint,
    "POST",
    _CUSTOMER + "/reindex",
    Role.ADMINISTRATOR,
    body=ReindexStep,
    answers=ReindexedDocument,
    fails=(404,),
)
def reindex_customer(call: Call, step: ReindexStep) -> ReindexedDocument:
    """One bounded step of building the search rows of a customer's files; `next` goes into the next step's body."""
    customer = app().placements.of(call.links).customer
    done, following = app().reindexing.step(customer.id, step.next, all_files=step.all)
    return ReindexedDocument(looked_at=done.looked_at, written=done.written, next=following)


def _found(query: SearchQuery, place: Links | None) -> ListOf[FileDocument]:
    if place is not None:
        app().placements.given(place)
    page = app().searching.page(search_of(query, place), query.page, query.limit)
    names = app().names if query.include else None
    found = list_of(page, lambda record: file_document(record, names.of(record.links) if names else None))
    is_all = query.page is None and page.next_token is None
    return ListOf(items=found.items, next_page=found.next_page, count=len(page.items)) if is_all else found

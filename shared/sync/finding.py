"""Finds customers, projects, activities and tasks by the beginnings of words of their name or number.

There is no index of them: the objects are read by id, five hundred to a request, and at most five requests for a page.
So a page may hold fewer than were asked for, even none, and says where to go on. Its token holds the storage's token of
the chunk that was being read, and the id behind which to go on in it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.model.directory import Activity, Customer, DirectoryObject, Project, Task
from shared.model.page_tokens import place_of, token_of
from shared.model.search_terms import has_words, words
from shared.model.stored import Page
from shared.sync.ports import Directory

MAX_REQUESTS = 5
CHUNK = 500
MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """The use case. A query without a word finds everything. Raises InvalidInput for a bad token."""

    directory: Directory

    def customers(self, query: str, token: str | None, limit: int) -> Page[Customer]:
        """Customers by id."""
        return _page(self.directory.list_customers, query, token, limit)

    def projects(self, customer: str, query: str, token: str | None, limit: int) -> Page[Project]:
        """A customer's projects by id."""
        return _page(lambda page, size: self.directory.list_projects(customer, page, size), query, token, limit)

    def activities(self, customer: str, project: str, query: str, token: str | None, limit: int) -> Page[Activity]:
        """A project's activities by id."""
        return _page(
            lambda page, size: self.directory.list_activities(customer, project, page, size), query, token, limit
        )

    def tasks(self, customer: str, project: str, query: str, token: str | None, limit: int) -> Page[Task]:
        """A project's tasks by id."""
        return _page(lambda page, size: self.directory.list_tasks(customer, project, page, size), query, token, limit)


def _page[T: DirectoryObject](
    read: Callable[[str | None, int], Page[T]], query: str, token: str | None, limit: int
) -> Page[T]:
    wanted, size = words(query), max(1, min(limit, MAX_PAGE))
    chunk, last = place_of(token, 2)
    found: list[T] = []
    for _ in range(MAX_REQUESTS):
        page = read(chunk or None, CHUNK)
        for thing in page.items:
            if thing.id <= last:
                continue  # an earlier page of the same chunk
            if len(found) == size:
                return Page(found, token_of((chunk, last)))
            last = thing.id
            if has_words(_text(thing), wanted):
                found.append(thing)
        if page.next_token is None:
            return Page(found)
        chunk = page.next_token
    return Page(found, token_of((chunk, last)))


def _text(thing: DirectoryObject) -> str:
    number = None if isinstance(thing, Customer) else thing.number
    return f"{number} {thing.name}" if number else thing.name

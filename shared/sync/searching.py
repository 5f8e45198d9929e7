"""Searching and listing the files of a customer, or of all of them.

    sort        read                       page                                                work at most
    ----------  -------------------------  --------------------------------------------------  -------------------------
    newest      until the page is full     may hold fewer files than asked, even none, and     one scan
                                           says where to go on
    name, size  the whole range, sorted    full until the last one                             one scan for each page;
                here                                                                           refused where it was cut

A scan has a fixed number of requests (shared/store/search.py). Where a file is shown to be is looked up for the files
of the page alone, once for each folder. A file whose folder a person moved to another object's is shown there, so it is
left out of a search below the object that it came from.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from shared.errors import InvalidInput
from shared.model.directory import Links
from shared.model.files import FileRecord
from shared.model.page_tokens import cut_page, place_of, token_of
from shared.model.search import Reading, Search, Sort, is_in, matches, reading_of, sort_key
from shared.model.stored import Page
from shared.sync.places import Places
from shared.sync.ports import Directory

MAX_PAGE = 500


class Scan(Protocol):
    """Files in the order of their ranges, each with its place."""

    was_cut: bool

    def __iter__(self) -> Iterator[tuple[str, FileRecord]]:
        """To be gone through once."""


class SearchRows(Protocol):
    """The rows by which files are found."""

    def scan(self, customer: str | None, reading: Reading, after: str, limit: int) -> Scan:
        """The files of these ranges behind a place, for a page of `limit`, with bounded work; of all customers for
        None.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """The use case."""

    rows: SearchRows
    directory: Directory
    places: Places

    def page(self, search: Search, token: str | None, limit: int) -> Page[FileRecord]:
        """A page of results, each linked to the place where it is now.

        Raises InvalidInput for another search's token, and for an order that would take too much reading.
        """
        size = max(1, min(limit, MAX_PAGE))
        found = self._newest(search, token, size) if search.sort is Sort.NEWEST else self._sorted(search, token, size)
        places = self.places.remembering()
        shown = (places.shown(record) for record in found.items)
        return Page([record for record in shown if is_in(record.links, search.place)], found.next_token)

    def _newest(self, search: Search, token: str | None, size: int) -> Page[FileRecord]:
        (last,) = _behind(token, search, 1)
        found: list[FileRecord] = []
        scan = self.rows.scan(_customer(search), reading_of(search), last, size)
        keep = self._filter(search)
        for place, record in scan:
            if len(found) == size:
                return Page(found, token_of((search.fingerprint, last)))
            last = place
            if keep(record):
                found.append(record)
        return Page(found, token_of((search.fingerprint, last)) if scan.was_cut else None)

    def _sorted(self, search: Search, token: str | None, size: int) -> Page[FileRecord]:
        behind = _behind(token, search, 2)
        scan = self.rows.scan(_customer(search), reading_of(search), "", MAX_PAGE)
        keep = self._filter(search)
        found = {sort_key(search, record): record for _, record in scan if keep(record)}
        if scan.was_cut:
            raise InvalidInput(
                f"There are too many files to sort them by {search.sort}; narrow the search or sort by newest.", "sort"
            )
        entries = (((search.fingerprint, *key), found[key]) for key in sorted(found) if key > behind)
        return cut_page(entries, size)

    def _filter(self, search: Search) -> Callable[[FileRecord], bool]:
        @functools.cache
        def period_of_task(links: Links) -> str | None:
            task = self.directory.find_task(links.customer, str(links.project), str(links.task))
            return str(task.period) if task is not None and task.period is not None else None

        return lambda record: matches(search, record, period_of_task)


def _customer(search: Search) -> str | None:
    return None if search.place is None else search.place.customer


def _behind(token: str | None, search: Search, parts: int) -> tuple[str, ...]:
    fingerprint, *place = place_of(token, 1 + parts)
    if token is not None and fingerprint != search.fingerprint:
        raise InvalidInput("page is a token of another search.", "page")
    return tuple(place)

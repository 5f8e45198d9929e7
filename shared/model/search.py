"""A search within one customer or over all of them: which range of rows it reads, and which of them it keeps. Pure.

One range is read, newest first, and every row of it is compared with the whole search. It is the first of these that
the search asks for; they stand in the order of how few files there usually are in one:

    asked for                         range (shared/model/search_rows.py)          with it, where it may miss files
    --------------------------------  -------------------------------------------  --------------------------------
    one state that few files are in   state~<state>~
    a task                            in~task~<project>~<task>~
    a tag, in a project or activity   find~tagin~<project>~<tag>~                  find~manytags~
    a word of 4 or more characters    find~word~<beginning of the longest word>~   find~manywords~
    a tag                             find~tag~<tag>~                              find~manytags~
    an activity                       in~activity~<project>~<activity>~
    who added it                      find~by~<who>~
    a project                         in~project~<project>~
    a kind                            find~kind~<kind>~
    a word of 2 or 3 characters       find~word~<its first 2>~                     find~manywords~
    another state                     state~<state>~
    anything else                     new~

Over all customers the same ranges lie in another table (shared/model/everywhere.py), without places.

Days of adding bound the range itself, whichever it is. Of several tags the first counts. No statistics are kept: a
wrong guess costs a shorter page, never an endless read (shared/store/search.py).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from shared.model.search_rows import (
    MANY_TAGS,
    MANY_WORDS,
    age_of,
    kind_prefix,
    person_prefix,
    tag_prefix,
    word_prefix,
)
from shared.model.search_terms import BEGINNINGS, fold, has_words, kind_of, person_term, tag_term, term_of
from shared.model.table_rows import key_of

USUAL_STATES = frozenset({FileState.IN_MOMENT_CLOUD, FileState.WAITING, FileState.IN_SHAREPOINT})
"""States that most files of a customer may be in."""
_TICK = timedelta(microseconds=1)


class Sort(StrEnum):
    """The order of the results."""

    NEWEST = "newest"
    NAME = "name"
    SIZE = "size"
    """Largest first; files whose content has not arrived last."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for; what is None or empty is not. All of it must hold."""

    place: Links | None
    """None: over all customers."""
    words: tuple[str, ...] = ()
    """Folded; each begins a word of the name."""
    tags: tuple[str, ...] = ()
    states: frozenset[FileState] = frozenset()
    kind: str | None = None
    by: str | None = None
    period: str | None = None
    """`2026`, with the months of it, or `11/2026`."""
    added_from: datetime | None = None
    added_before: datetime | None = None
    changed_from: datetime | None = None
    changed_before: datetime | None = None
    sort: Sort = Sort.NEWEST

    @property
    def fingerprint(self) -> str:
        """Tells the pages of one search from those of another."""
        states = sorted(self.states)
        asked = repr((replace(self, states=frozenset()), states))
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Reading:
    """The ranges to read, by prefix, and the bounds (`age~…`) of what follows the prefix in their keys."""

    prefixes: tuple[str, ...]
    low: str
    high: str
    is_whole: bool
    """The first range holds results only, so a page needs no more rows than it has places."""


def reading_of(search: Search) -> Reading:
    """What to read for this search: the table above."""
    prefix, beside = _range(search)
    low = age_of(search.added_before - _TICK) if search.added_before else ""
    high = age_of(search.added_from) + "~~" if search.added_from else "~"
    return Reading((prefix, *beside), low, high, is_whole=_is_one_range(search))


def _range(search: Search) -> tuple[str, tuple[str, ...]]:
    """The range, and those beside it."""
    project, activity, task = _place_below(search)
    state = key_of("state", next(iter(search.states))) + "~" if len(search.states) == 1 else None
    term = term_of(max(search.words, key=len, default=""))
    is_long = term is not None and len(term) > min(BEGINNINGS)
    tag = search.tags[0] if search.tags else None
    in_order = (
        (None if search.states & USUAL_STATES else state, ()),
        (key_of("in", "task", project, task) + "~" if project and task else None, ()),
        (tag_prefix(tag, project) if project and tag else None, (MANY_TAGS,)),
        (word_prefix(term) if term and is_long else None, (MANY_WORDS,)),
        (tag_prefix(tag) if tag else None, (MANY_TAGS,)),
        (key_of("in", "activity", project, activity) + "~" if project and activity else None, ()),
        (person_prefix(search.by) if search.by else None, ()),
        (key_of("in", "project", project) + "~" if project else None, ()),
        (kind_prefix(search.kind) if search.kind else None, ()),
        (word_prefix(term) if term else None, (MANY_WORDS,)),
        (state, ()),
    )
    return next(((prefix, beside) for prefix, beside in in_order if prefix is not None), ("new~", ()))


def _place_below(search: Search) -> tuple[str | None, str | None, str | None]:
    """Project, activity and task that are asked for."""
    place = search.place
    return (None, None, None) if place is None else (place.project, place.activity, place.task)


def _is_one_range(search: Search) -> bool:
    """Whether nothing is asked for, one thing, or a tag in a project; each such thing has a range of its own."""
    words, (project, activity, task) = search.words, _place_below(search)
    lone = (search.kind, search.by, search.period, search.changed_from, search.changed_before)
    asked = len(words) + len(search.tags) + bool(search.states) + sum(each is not None for each in lone)
    has_range = (
        search.period is None
        and (search.changed_from, search.changed_before) == (None, None)
        and len(search.states) <= 1
        and all(len(word) in BEGINNINGS for word in words)
    )
    is_tag_in_project = bool(search.tags) and activity is None and task is None
    return has_range and (asked == 0 or (asked == 1 and (project is None or is_tag_in_project)))


def matches(search: Search, record: FileRecord, period_of_task: Callable[[Links], str | None]) -> bool:
    """Whether the file is a result. `period_of_task` is asked only where the period matters and it has none itself."""
    states = search.states
    return (
        (record.state in states if states else record.state is not FileState.DELETED)
        and is_in(record.links, search.place)
        and has_words(record.name, search.words)
        and {tag_term(tag) for tag in search.tags} <= {tag_term(tag) for tag in record.tags}
        and (search.kind is None or kind_of(record.name) == search.kind)
        and (search.by is None or person_term(record.created_by) == person_term(search.by))
        and _is_between(search.added_from, record.created_at, search.added_before)
        and _is_between(search.changed_from, record.changed_at, search.changed_before)
        and (search.period is None or _has_period(search.period, record, period_of_task))
    )


def is_in(links: Links, place: Links | None) -> bool:
    """Whether a file with these links is in the place or below it; all are in None."""
    if place is None:
        return True
    wanted = ((place.project, links.project), (place.activity, links.activity), (place.task, links.task))
    return links.customer == place.customer and all(asked in {None, own} for asked, own in wanted)


def sort_key(search: Search, record: FileRecord) -> tuple[str, str]:
    """Where a result stands in an order that the ranges don't have; unique, and text, so that a token can hold it."""
    file = f"{record.id}~{record.customer}"
    if search.sort is Sort.NAME:
        return fold(record.name), file
    size = -1 if record.size_bytes is None else record.size_bytes
    return f"{2**63 - size:020d}", file


def _is_between(begin: datetime | None, moment: datetime, end: datetime | None) -> bool:
    return (begin is None or begin <= moment) and (end is None or moment < end)


def _has_period(wanted: str, record: FileRecord, period_of_task: Callable[[Links], str | None]) -> bool:
    own = record.period or (period_of_task(record.links) if record.links.task else None)
    return own is not None and (own == wanted or own.partition("/")[2] == wanted)

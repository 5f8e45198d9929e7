"""Reads a search's query string, strictly: what is unknown, malformed or asked twice is named.

q              words of the name, or beginnings of them
tag            repeated: all of them
state          one of the states; `where` is coarser: moment-cloud, moving, sharepoint or needs-attention
type           kind of file
by             who added it
period         2026, or 11/2026
addedFrom/To, changedFrom/To
               a day (2026-11-23, in UTC; To includes it) or a time with its zone (included, too)
sort           newest, name or size
page, limit    functions/bodies.py
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import azure.functions as func

from shared.errors import InvalidInput
from shared.model.checks import MAX_NAME_LENGTH, checked_name, checked_period, checked_tags
from shared.model.directory import Links
from shared.model.files import FileState
from shared.model.search import Search, Sort
from shared.model.search_terms import KINDS, OTHER, words

WHERE: dict[str, frozenset[FileState]] = {
    "moment-cloud": frozenset({FileState.EXPECTED, FileState.IN_MOMENT_CLOUD, FileState.WAITING}),
    "moving": frozenset({FileState.MOVING}),
    "sharepoint": frozenset({FileState.IN_SHAREPOINT}),
    "needs-attention": frozenset({FileState.BLOCKED}),
}
_ONCE = ("q", "state", "where", "type", "by", "period", "addedFrom", "addedTo", "changedFrom", "changedTo", "sort")
_OTHERS = ("tag", "page", "limit", "code")
"""`code` is a function key, which the platform reads."""
_TICK = timedelta(microseconds=1)


def search_of(req: func.HttpRequest, place: Links) -> Search:
    """What the query string asks for in this place. Raises InvalidInput."""
    # The host joins repeated parameters by commas in `req.params`, and tags may hold commas.
    values = parse_qs(urlsplit(req.url).query)
    for name, given in values.items():
        if name not in (*_ONCE, *_OTHERS):
            raise InvalidInput(f"{name} is not known here.", name)
        if name != "tag" and len(given) > 1:
            raise InvalidInput(f"{name} can be given once only.", name)
    asked = {name: values[name][0] for name in _ONCE if name in values}
    return Search(
        place=place,
        words=_words(asked.get("q", "")),
        tags=checked_tags(values.get("tag", []), "tag"),
        states=_states(asked),
        kind=_one_of("type", asked, [*KINDS, OTHER]),
        by=checked_name(asked["by"], "by") if "by" in asked else None,
        period=str(checked_period(asked["period"])) if "period" in asked else None,
        added_from=_moment("addedFrom", asked),
        added_before=_moment("addedTo", asked, is_end=True),
        changed_from=_moment("changedFrom", asked),
        changed_before=_moment("changedTo", asked, is_end=True),
        sort=Sort(_one_of("sort", asked, list(Sort)) or Sort.NEWEST),
    )


def _words(text: str) -> tuple[str, ...]:
    if len(text) > MAX_NAME_LENGTH:
        raise InvalidInput(f"q has {len(text)} characters; at most {MAX_NAME_LENGTH} are possible.", "q")
    found = words(text)
    if text.strip() and not found:
        raise InvalidInput("q holds no letter and no digit, so there is no word to look for.", "q")
    return found


def _states(asked: Mapping[str, str]) -> frozenset[FileState]:
    state, where = _one_of("state", asked, list(FileState)), _one_of("where", asked, list(WHERE))
    if state is not None and where is not None:
        raise InvalidInput("Give either state or where.", "where")
    if state is not None:
        return frozenset({FileState(state)})
    return frozenset() if where is None else WHERE[where]


def _one_of(name: str, asked: Mapping[str, str], known: Sequence[str]) -> str | None:
    value = asked.get(name)
    if value is not None and value not in known:
        raise InvalidInput(f"{name} must be one of {', '.join(known)}.", name)
    return value


def _moment(name: str, asked: Mapping[str, str], *, is_end: bool = False) -> datetime | None:
    """A bound; of an end, the first moment that is not included."""
    text = asked.get(name)
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

"""What one contestant asked of SharePoint, from the local SharePoint's ledger. Pure.

A fragment is a PUT to an upload URL: counted apart, without units. Token requests and the bench's own are left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

type Entry = dict[str, Any]

_GRAPH = ("/v1.0/", "/v2.0/")
_HEARD_S = 0.05
"""A refusal is known to its sender this long after it was written; what was sent before is not held against it."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counts of one run; bytes are those of bodies, `early` requests were sent before a Retry-After had passed."""

    requests: int
    fragments: int
    others: int
    """Downloads, and what else went to pre-authenticated URLs."""
    writes: int
    """Requests to Graph that were no GET, and fragments."""
    deltas: int
    units: int
    bytes_in: int
    bytes_out: int
    refused: int
    early: int


def by_rclone(entry: Entry) -> bool:
    """Whether rclone sent it."""
    return str(entry["user_agent"]).startswith("rclone/")


def by_the_app(entry: Entry) -> bool:
    """Whether the app sent it; its user agent is decorated as SharePoint asks integrations to."""
    return str(entry["user_agent"]).startswith("NONISV|")


def traffic_of(entries: Iterable[Entry], is_mine: Callable[[Entry], bool]) -> Traffic:
    """Sum up the entries of one contestant."""
    mine = [entry for entry in entries if is_mine(entry) and "/oauth2/" not in entry["path"]]
    graph = [entry for entry in mine if str(entry["path"]).startswith(_GRAPH)]
    fragments = [entry for entry in mine if is_fragment(entry)]
    return Traffic(
        requests=len(graph),
        fragments=len(fragments),
        others=len(mine) - len(graph) - len(fragments),
        writes=sum(entry["method"] != "GET" for entry in graph) + len(fragments),
        deltas=sum(str(entry["route"]).endswith("/delta") for entry in graph),
        units=sum(entry["ru"] for entry in mine),
        bytes_in=sum(entry["bytes_in"] for entry in mine),
        bytes_out=sum(entry["bytes_out"] for entry in mine),
        refused=sum(entry["status"] == 429 for entry in mine),
        early=_early(mine),
    )


def is_fragment(entry: Entry) -> bool:
    """Whether it carried a piece of an upload session."""
    return entry["method"] == "PUT" and str(entry["route"]).endswith("/uploadSession")


def contents(entries: Iterable[Entry]) -> int:
    """How many files' contents were completed: put whole, or by the last fragment of a session."""
    return sum(
        entry["status"] in (200, 201) and (is_fragment(entry) or _is_whole(entry))
        for entry in entries
        if entry["method"] == "PUT"
    )


def by_route(entries: Iterable[Entry], is_mine: Callable[[Entry], bool]) -> dict[str, int]:
    """How often each route was asked, the most frequent first; where a count is missed it says by what."""
    counts: dict[str, int] = {}
    for entry in entries:
        if is_mine(entry):
            name = f"{entry['method']} {entry['route']} {entry['status']}"
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def _is_whole(entry: Entry) -> bool:
    return str(entry["route"]).endswith("/content")


def _early(mine: Sequence[Entry]) -> int:
    """Requests that began while a Retry-After which the sender had already heard was running."""
    held = [(each["at"] + _HEARD_S, each["at"] + each["retry_after_s"]) for each in mine if each["retry_after_s"]]
    return sum(any(since < each["began"] < until for since, until in held) for each in mine)

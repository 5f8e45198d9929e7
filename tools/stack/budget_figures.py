"""Reads from the local SharePoint's ledger how its budget was used: by whole minutes, and at any moment. Pure.

SharePoint's minute begins with the first request after the one before has ended (tools/sharepoint/state/throttling.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MINUTE_S = 60.0
_LEARNED_S = 2.5
"""After this each instance knows of a refusal that another one met: a block's life, and a request on its way."""

type Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute as SharePoint counts it; `ends_at` is what Retry-After leads to."""

    begins_at: float
    units: int

    @property
    def ends_at(self) -> float:
        """When the next one may begin."""
        return self.begins_at + _MINUTE_S


def charged(entries: Sequence[Entry]) -> list[Entry]:
    """The requests that cost something, in the order in which SharePoint saw them."""
    return sorted((each for each in entries if each["ru"]), key=lambda each: each["at"])


def minutes(entries: Sequence[Entry]) -> list[Minute]:
    """SharePoint's minutes with the units charged in them, refused requests included."""
    found: list[Minute] = []
    for entry in charged(entries):
        if not found or entry["at"] >= found[-1].ends_at:
            found.append(Minute(entry["at"], 0))
        found[-1] = Minute(found[-1].begins_at, found[-1].units + entry["ru"])
    return found


def used_share(entries: Sequence[Entry], per_minute: int) -> float:
    """Which part of the budget was used from the first minute to the beginning of the last one, pauses included."""
    whole = minutes(entries)
    if len(whole) < 2:
        return 0.0
    passed_s = whole[-1].begins_at - whole[0].begins_at
    return sum(each.units for each in whole[:-1]) / (per_minute * passed_s / _MINUTE_S)


def most_in_a_minute(entries: Sequence[Entry]) -> int:
    """The most units in any 60 seconds, however they are aligned."""
    spent = charged(entries)
    first = most = inside = 0
    for entry in spent:
        inside += entry["ru"]
        while spent[first]["at"] <= entry["at"] - _MINUTE_S:
            inside -= spent[first]["ru"]
            first += 1
        most = max(most, inside)
    return most


def refused(entries: Sequence[Entry]) -> list[Entry]:
    """The requests that were answered with 429."""
    return [each for each in charged(entries) if each["status"] == 429]


def sent_too_early(entries: Sequence[Entry], refused_at: float, until: float) -> list[Entry]:
    """Requests of any instance that came before Retry-After had passed, though all could know of it."""
    return [each for each in charged(entries) if refused_at + _LEARNED_S < each["at"] < until]

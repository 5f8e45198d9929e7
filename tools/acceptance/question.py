"""A question to SharePoint, and what was found. Some answers the app was built on; others are good to know."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tools.acceptance.site import Site


class Outcome(StrEnum):
    """What an answer means for the app."""

    AS_BUILT = "as built"
    DIFFERENT = "different"
    """The app was built on another answer: read what it says, and tell the developers."""
    NOTED = "noted"
    """The app does right with either answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; `seen` is for people."""

    outcome: Outcome
    seen: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to find out. `look` may leave behind what it likes: the library is scratch."""

    name: str
    asks: str
    look: Callable[[Site], Answer]


def built_on(is_so: bool, seen: str) -> Answer:
    """An answer on which the app was built, or not."""
    return Answer(Outcome.AS_BUILT if is_so else Outcome.DIFFERENT, seen)


def noted(seen: str) -> Answer:
    """An answer that changes nothing."""
    return Answer(Outcome.NOTED, seen)


def question(asks: str) -> Callable[[Callable[[Site], Answer]], Question]:
    """Make a question of a function, named as the function is."""

    def make(look: Callable[[Site], Answer]) -> Question:
        return Question(look.__name__.replace("_", "-"), asks, look)

    return make

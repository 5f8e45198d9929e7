"""Building the search rows of records that were written before there was a search, step by step.

A step looks at a bounded number of records and may be repeated: a record that has its rows is left alone.
"""

from dataclasses import dataclass
from typing import Protocol

from shared.model.page_tokens import place_of, token_of
from shared.model.stored import Reindexed

FILES_PER_STEP = 200


class IndexedFiles(Protocol):
    """The records."""

    def reindex(self, customer: str, after: str, limit: int, *, all_files: bool) -> Reindexed:
        """Give records their search rows, of at most `limit` by id from behind `after`; `all_files`: write all anew."""


@dataclass(frozen=True, slots=True)
class Reindexing:
    """The use case."""

    files: IndexedFiles

    def step(self, customer: str, token: str | None, *, all_files: bool) -> tuple[Reindexed, str | None]:
        """What was done, and the token of the next step, None when that was all. Raises InvalidInput."""
        (after,) = place_of(token, 1)
        done = self.files.reindex(customer, after, FILES_PER_STEP, all_files=all_files)
        return done, None if done.last is None else token_of((done.last,))

"""Building the search rows of records that were written before there was a search, step by step.

A step looks at a bounded number of records and may be repeated: a record that has its rows is left alone. Those that it
wrote left marks, so in the end it brings the customer's rows over all customers up to date.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shared.errors import PermanentError
from shared.model.page_tokens import place_of, token_of
from shared.model.stored import Reindexed
from shared.sync.everywhere import Everywhere

FILES_PER_STEP = 200


class IndexedFiles(Protocol):
    """The records."""

    def reindex(self, customer: str, after: str, limit: int, *, all_files: bool) -> Reindexed:
        """Give records their search rows, of at most `limit` by id from behind `after`; `all_files`: write all anew."""


@dataclass(frozen=True, slots=True)
class Reindexing:
    """The use case."""

    files: IndexedFiles
    everywhere: Everywhere
    new_id: Callable[[], str]

    def step(self, customer: str, token: str | None, *, all_files: bool) -> tuple[Reindexed, str | None]:
        """What was done, and the token of the next step, None when that was all. Raises InvalidInput."""
        (after,) = place_of(token, 1)
        done = self.files.reindex(customer, after, FILES_PER_STEP, all_files=all_files)
        try:
            self.everywhere.catch_up(customer, self.new_id())
        except PermanentError:
            self.everywhere.queue.send(customer)  # the message ends where people see it
        return done, None if done.last is None else token_of((done.last,))

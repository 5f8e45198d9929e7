"""Brings the rows by which files are found over all customers up to date with the files of each.

Every change of what is shown leaves a mark in the file's own transaction (shared/model/everywhere.py); a message with
the customer's id, or the daily job's `all:`, has them taken:

    read the customer's lease    somebody else holds it: leave it to them, for they look again when they are done
    read the marks               none: done
    put and delete rows          many files to a transaction, and the lease with them, in the version that was read
    delete the marks             of a file the oldest first, or all at once
    look again                   where the lease was held meanwhile

    what may happen                      and then
    -----------------------------------  -----------------------------------------------------------------------------
    a message is lost                    the customer's next change, or the daily job, sends another
    a crash after any write              the marks are still there: the same rows are put and deleted again
    two at once, one on old marks        a transaction counts only if nobody wrote the lease since it was read, and it
                                         is read before the marks: the other one's fails, and it reads again
    one file's marks are deleted while   it can miss all or the older of them, never the newest alone: marks are read
    another reads them                   newest first and deleted oldest first
    a mark can't be applied              it stays; all others go on; the message ends among those given up

What is one transaction holds no lease. For more it is held, for a minute from each transaction, so that the messages of
many processes that save files of one customer don't get in each other's way.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import batched, groupby
from typing import Protocol

from shared.errors import PermanentError, PreconditionFailed, TransientError
from shared.model.everywhere import FileChange, Lease, change_of, file_of_mark, packed
from shared.model.table_rows import Row
from shared.sync.change_ports import KeyQueue
from shared.sync.ports import Clock, Directory

ALL = "all:"
_log = logging.getLogger(__name__)
_FILES_AT_ONCE = 100
_CUSTOMERS_AT_ONCE = 100
_HELD = timedelta(seconds=60)
_LONGEST = timedelta(seconds=120)
_TRIES = 5
_NOT_HELD_ANY_MORE_S = _HELD.total_seconds() + 1
"""A message sent anew has another id, so the lease of the one before would keep it out."""


class EverywhereRows(Protocol):
    """The rows over all customers, their leases, and the marks."""

    def lease(self, customer: str) -> Lease:
        """The customer's lease as it is now."""

    def is_behind(self, customer: str) -> bool:
        """Whether a mark of this customer is left."""

    def marks(self, customer: str) -> Iterable[Row]:
        """All marks of a customer, file by file, of each the newest first."""

    def apply(self, lease: Lease, changes: Sequence[FileChange]) -> tuple[Lease, list[str]]:
        """Put and delete rows, and the lease; gives it back, and keys to sweep.

        Raises PreconditionFailed, TooLarge, ValueError.
        """

    def sweep(self, lease: Lease, keys: Iterable[str]) -> Lease:
        """Delete what `apply` gave. Raises PreconditionFailed."""

    def release(self, lease: Lease) -> None:
        """Nobody is kept out any more. Raises PreconditionFailed."""

    def forget(self, customer: str, marks: Iterable[str]) -> None:
        """Delete marks, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """The use case. `queue` is the queue of customers whose marks are to be taken."""

    rows: EverywhereRows
    directory: Directory
    queue: KeyQueue
    clock: Clock

    def take(self, key: str, message_id: str) -> None:
        """Do what a key of the queue names: a customer, or `all:` and the directory's page token."""
        if key.startswith(ALL):
            self._look_at(key.removeprefix(ALL))
            return
        try:
            self.catch_up(key, message_id)
        except TransientError as failure:
            self.queue.send(key, max(_NOT_HELD_ANY_MORE_S, failure.delay_s or 0))

    def look_at_all(self) -> None:
        """Have all customers looked at, for messages that were lost: one empty answer for each."""
        self.queue.send(ALL)

    def catch_up(self, customer: str, owner: str) -> None:
        """Take the marks of a customer. `owner` names the caller, so that its own lease does not keep it out.

        Raises PermanentError, naming the files, where some can't be applied; all others are by then.
        """
        work = _Work(self, customer, owner, self.clock() + _LONGEST)
        for _ in range(_TRIES):
            try:
                work.run()
                break
            except PreconditionFailed:
                continue  # somebody else was faster; what they left is still to be done
        else:
            self.queue.send(customer, _NOT_HELD_ANY_MORE_S)
        if work.failed:
            raise PermanentError(f"Of customer {customer} can't be found everywhere: {', '.join(sorted(work.failed))}")

    def _look_at(self, token: str) -> None:
        page = self.directory.list_customers(token or None, _CUSTOMERS_AT_ONCE)
        for customer in page.items:
            if self.rows.is_behind(customer.id):
                self.queue.send(customer.id)
        if page.next_token is not None:
            self.queue.send(ALL + page.next_token)


@dataclass(slots=True)
class _Work:
    """One caller's work on a customer. `failed` has the ids of the files whose marks can't be applied."""

    use: Everywhere
    customer: str
    owner: str
    ends_at: datetime
    failed: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Until no mark is left, or the time is up. Raises PreconditionFailed where somebody else was faster."""
        while True:
            lease = self.use.rows.lease(self.customer)
            if lease.keeps_out(self.owner, self.use.clock()) or not self._pass(lease):
                return
            if self.use.clock() > self.ends_at:
                self.use.queue.send(self.customer)
                return

    def _pass(self, lease: Lease) -> bool:
        """Take the marks that are there once; whether the lease was held, so that others may have left theirs to us."""
        rows = self.use.rows
        for changes, is_last in _with_last(batched(self._changes(), _FILES_AT_ONCE, strict=False)):
            packs, emptied = list(packed(changes)), list[str]()
            is_held = lease.until is not None or not is_last or len(packs) > 1
            for pack in packs:
                lease, more = self._apply(lease, pack, is_held=is_held)
                emptied += more
            lease = rows.sweep(lease, emptied)
            done = [key for change in changes if change.file_id not in self.failed for key in change.marks]
            rows.forget(self.customer, done)
            if self.use.clock() > self.ends_at:
                break
        if lease.until is None:
            return False
        rows.release(lease)
        return True

    def _changes(self) -> Iterator[FileChange]:
        for file_id, marks in groupby(self.use.rows.marks(self.customer), file_of_mark):
            try:
                yield change_of(list(marks))
            except (ValueError, KeyError, TypeError):
                self._note(file_id)

    def _apply(self, lease: Lease, pack: Sequence[FileChange], *, is_held: bool) -> tuple[Lease, list[str]]:
        """The lease as it is stored then, and keys to sweep. Where a file can't be applied, the others are, singly."""
        until = self.use.clock() + _HELD if is_held else None
        try:
            return self.use.rows.apply(replace(lease, owner=self.owner, until=until), pack)
        except (PermanentError, ValueError):
            if len(pack) == 1:
                self._note(pack[0].file_id)
                return lease, []
        emptied: list[str] = []
        for change in pack:
            lease, more = self._apply(lease, [change], is_held=is_held)
            emptied += more
        return lease, emptied

    def _note(self, file_id: str) -> None:
        _log.exception("a file can't be found everywhere", extra={"customer": self.customer, "file": file_id})
        self.failed.add(file_id)


def _with_last[T](items: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Each with whether it is the last."""
    held_back: list[T] = []
    for item in items:
        if held_back:
            yield held_back.pop(), False
        held_back.append(item)
    if held_back:
        yield held_back.pop(), True

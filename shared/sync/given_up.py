"""What the platform gave up (poison queues) is kept, shown, and can be put back.

    take      a message failed too often: it is kept as an entry, then the thing that it names shows why (concerns.py)
    put back  the message goes to its own queue again, then the entry goes; both are harmless when all is well meanwhile
    forget    an entry goes by itself once the thing no longer shows the reason, so something else brought it through

A poison queue has none behind it: only the first step of `take`, to write the entry, may fail and be tried again.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from shared.errors import PreconditionFailed, StaleError, UnknownObject
from shared.model.given_up import GivenUpMessage, kept_text, message_id
from shared.model.stored import Page
from shared.sync.change_ports import GivenUpMessages, MessageBodies
from shared.sync.ports import Clock

_log = logging.getLogger(__name__)
_TRIES = 4
_PAGE = 500
_UNREADABLE = "a message that can't be read"
_UNREADABLE_REASON = "The app never sends such a message. Dismiss it, or see who else writes to this queue."


class Concern(Protocol):
    """What the messages of one queue are about."""

    @property
    def reason(self) -> str:
        """What a person reads in the thing and in the entry."""

    def named(self, body: str) -> str:
        """The thing in words, from the message's text alone. Raises ValueError where it can't be read."""

    def mark(self, body: str) -> str | None:
        """Have the thing show the reason; gives it in better words, None where there is nothing to mark."""

    def is_marked(self, body: str) -> bool:
        """Whether the thing still shows the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """The use case. `concerns` has one for each queue that has a poison queue."""

    messages: GivenUpMessages
    bodies: MessageBodies
    concerns: Mapping[str, Concern]
    clock: Clock

    def take(self, queue: str, body: str) -> None:
        """Keep a message of this queue that failed too often, then mark what it concerns as far as that can be done."""
        concern = self.concerns[queue]
        try:
            concerns, reason = concern.named(body), concern.reason
        except ValueError:
            concerns, reason = _UNREADABLE, _UNREADABLE_REASON
        entry = self._keep(queue, body, concerns, reason)
        _log.error("given up", extra={"queue": queue, "entry": entry.id, "concerns": entry.concerns})
        try:
            marked = self._mark(concern, body)
            if marked is not None:
                self.messages.save(replace(entry, concerns=kept_text(marked), marked=True))
        except Exception:  # noqa: BLE001 - the entry is kept; a failure here would come back for ever
            _log.exception("what was given up could not be marked", extra={"entry": entry.id})

    def list(self, page_token: str | None, limit: int) -> Page[GivenUpMessage]:
        """What was given up and not yet put back. Raises InvalidInput for a bad token."""
        return self.messages.list(page_token, limit)

    def put_back(self, entry_id: str) -> GivenUpMessage:
        """Have one message tried again. Raises UnknownObject."""
        entry = self._entry(entry_id)
        self.bodies.send(entry.queue, entry.body)
        self._remove(entry)
        return entry

    def put_back_all(self) -> int:
        """Have all messages tried again that are there now; gives their number."""
        count = 0
        for entry in self._all():
            try:
                self.put_back(entry.id)
            except UnknownObject:
                continue  # somebody else has just put it back
            count += 1
        return count

    def dismiss(self, entry_id: str) -> None:
        """Forget a message for good; what it concerns stays as it is. Raises UnknownObject."""
        self._remove(self._entry(entry_id))

    def forget_settled(self) -> None:
        """Forget what was brought through by something else: a daily job, an edit, a notification."""
        for entry in self._all():
            try:
                self._forget_if_settled(entry.id)
            except Exception:  # noqa: BLE001 - one that can't be looked at must not keep the others
                _log.exception("an entry could not be looked at", extra={"entry": entry.id})

    def _forget_if_settled(self, entry_id: str) -> None:
        entry = self.messages.find(entry_id)
        if entry is not None and entry.marked and not self.concerns[entry.queue].is_marked(entry.body):
            self._remove(entry)

    def _keep(self, queue: str, body: str, concerns: str, reason: str) -> GivenUpMessage:
        """Write the entry, or count it; raises StaleError after lost races, then the platform tries again."""
        entry_id, now = message_id(queue, body), self.clock()
        new = GivenUpMessage(entry_id, queue, kept_text(body), kept_text(concerns), reason, first_at=now, last_at=now)
        for attempt in range(_TRIES):
            before = self.messages.find(entry_id)
            try:
                if before is None:
                    return self.messages.create(new)
                return self.messages.save(
                    replace(new, first_at=before.first_at, times=before.times + 1, etag=before.etag)
                )
            except PreconditionFailed:
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError  # the last attempt returns or raises

    def _mark(self, concern: Concern, body: str) -> str | None:
        for _ in range(_TRIES - 1):
            try:
                return concern.mark(body)
            except StaleError:
                continue  # somebody saved it at the same moment
        return concern.mark(body)

    def _entry(self, entry_id: str) -> GivenUpMessage:
        entry = self.messages.find(entry_id)
        if entry is None:
            raise UnknownObject(f"Nothing that was given up has the id {entry_id!r}; perhaps it was put back.", "id")
        return entry

    def _remove(self, entry: GivenUpMessage) -> None:
        try:
            self.messages.remove(entry)
        except PreconditionFailed:
            return  # it was given up once more meanwhile, or removed by somebody else

    def _all(self) -> Iterator[GivenUpMessage]:
        token: str | None = None
        while True:
            page = self.messages.list(token, _PAGE)
            yield from page.items
            token = page.next_token
            if token is None:
                return

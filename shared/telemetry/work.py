"""One run of a use case, as an operator reads it: what it was about, what it came to, and how long it took.

    with working("push", clock, customer=customer, file=file_id) as work:
        …
        work.outcome = "pushed"

It is a span, so that what belongs together is found together; the ids are its attributes. At its end it says the same
in one line, unless nothing came of it. What is saved and asked of SharePoint meanwhile is added
by whoever does it, through `at_hand`: the work at hand belongs to the running call (a ContextVar), so a thread that is
started inside has none.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from opentelemetry import trace

from shared.errors import StaleError
from shared.model.files import FileRecord
from shared.model.stored import BlobFacts
from shared.telemetry.measures import content_moved, units_used

type Field = str | int | float | bool

_MOST_IDS = 20
"""So many files are named in a line; a field in Application Insights holds 8,192 characters."""
_LINES = {"transfer": "transfer ended", "pull": "pull ended", "push": "push ended"}
"""The works that end with a line, and its message."""

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("moment")


@dataclass(slots=True, kw_only=True)
class Work:
    """What a run of a use case is about and came to. For one thread."""

    name: str
    clock: Callable[[], datetime]
    began: datetime
    fields: dict[str, Field] = field(default_factory=dict)
    outcome: str = ""
    """Empty: nothing was to be done, and no line says so."""
    since: datetime | None = None
    """Of a pull: when the one before began; None for the first one, and for a walk through everything."""
    edited_at: datetime | None = None
    """When the item that is just followed was changed in SharePoint."""
    files: dict[str, None] = field(default_factory=dict)
    """The ids of the files that it changed, in order."""

    def add(self, name: str, count: int) -> None:
        """Count towards a field."""
        before = self.fields.get(name, 0)
        self.fields[name] = (before if isinstance(before, int) else 0) + count

    def came_to(self, outcome: str, cause: str = "") -> None:
        """How it went, and what stands in the way."""
        self.outcome = outcome
        self.fields.pop("cause", None)
        if cause:
            self.fields["cause"] = str(cause)

    def seconds_since(self, moment: datetime) -> float:
        """How long ago a moment was; never negative, for clocks differ."""
        return round(max((self.clock() - moment).total_seconds(), 0.0), 3)

    def ended(self) -> dict[str, Field]:
        """All fields, as its line has them."""
        found = self.fields | {"outcome": self.outcome, "took_s": self.seconds_since(self.began)}
        if self.files and "file" not in found:
            found["files"] = " ".join(list(self.files)[:_MOST_IDS])
        return found


_at_hand: ContextVar[Work | None] = ContextVar("work", default=None)


def at_hand() -> Work | None:
    """The work that is going on here; None outside of any."""
    return _at_hand.get()


def counted(name: str, count: int) -> None:
    """Count towards a field of the work at hand."""
    work = at_hand()
    if work is not None:
        work.add(name, count)


@contextmanager
def following(edited_at: datetime | None) -> Iterator[None]:
    """What is saved inside, in the work at hand, was changed in SharePoint then."""
    work = at_hand()
    if work is not None:
        work.edited_at = edited_at
    try:
        yield
    finally:
        if work is not None:
            work.edited_at = None


def spends(units: int) -> None:
    """A request that costs so many resource units of SharePoint goes out."""
    work = at_hand()
    units_used(units, work.name if work is not None else "")
    if work is not None:
        work.add("units", units)


@contextmanager
def working(name: str, clock: Callable[[], datetime], **ids: Field) -> Iterator[Work]:
    """What runs inside is this work. What it raises goes on; only the name of its class is told."""
    work = Work(name=name, clock=clock, began=clock(), fields=dict(ids))
    token = _at_hand.set(work)
    with _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
        try:
            yield work
        except Exception as error:
            work.came_to("overtaken" if isinstance(error, StaleError) else "failed")
            work.fields["error"] = type(error).__name__
            raise
        finally:
            _at_hand.reset(token)
            _tell(work, span)


@contextmanager
def transferring(record: FileRecord, facts: BlobFacts, clock: Callable[[], datetime]) -> Iterator[None]:
    """What runs inside moves this content of this file; what is saved of the file says how it went."""
    ids: dict[str, Field] = {"customer": record.customer, "file": record.id, "size_bytes": facts.size_bytes}
    with working("transfer", clock, **ids) as work:
        work.outcome = record.state.value
        try:
            yield
        finally:
            if work.outcome == "in-sharepoint":
                since_upload_s = work.seconds_since(facts.written_at) if facts.written_at else None
                content_moved(facts.size_bytes, since_upload_s)
                work.fields |= {} if since_upload_s is None else {"since_upload_s": since_upload_s}


@contextmanager
def pulling[T: Enum](drive_id: str, clock: Callable[[], datetime], *, notified: bool) -> Iterator[Callable[[T], T]]:
    """What runs inside pulls this library; gives what notes how it came out.

    It counts as begun when the library's row says so (`library_saved`): a wish that somebody else fulfils has no line.
    """
    with working("pull", clock, drive=drive_id, notified=notified) as work:

        def came_to(pulled: T) -> T:
            if "customer" in work.fields:
                work.outcome = str(pulled.value)
            return pulled

        yield came_to


def _tell(work: Work, span: trace.Span) -> None:
    ended, is_failure = work.ended(), work.outcome == "failed"
    span.set_attributes(ended)
    if is_failure:
        span.set_status(trace.StatusCode.ERROR)
    if work.outcome and work.name in _LINES:
        _log.log(logging.WARNING if is_failure else logging.INFO, _LINES[work.name], extra=ended)

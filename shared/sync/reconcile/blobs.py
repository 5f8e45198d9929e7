"""Blobs that no event told of: each gets its record and is handed out, or is reported as belonging to nothing.

A file that was deleted before it ever moved, and whose message was lost, is handed out too, so that its content goes.

The container is listed page by page, one operation for a thousand blobs. To find out whose a blob is costs two point
reads more, so each is asked for while it is young, and later once a week:

    written                    by hand, for one customer  in the daily run
    -------------------------  -------------------------  -----------------------
    less than two minutes ago  yes                        no: its event is coming
    within three days          yes                        yes
    before that                yes                        on one day of seven
"""

import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from shared.model.checks import ID_PATTERN
from shared.model.files import FileRecord, FileState
from shared.model.runs import Count, Counts, Part, Run
from shared.model.stored import BlobFacts
from shared.model.undo import is_deletion_due
from shared.sync.ports import Blobs, Clock, Files
from shared.sync.reconcile.files import FILES_AT_ONCE, files_part
from shared.sync.reconcile.ports import RunControl, Visit, again, ended
from shared.sync.registration import Registration

_PAGE = 1000
_EVENT_TAKES = timedelta(minutes=2)
_YOUNG = timedelta(days=3)
_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobsWork:
    """One page of the container at a visit; the part's cursor is the listing's token."""

    blobs: Blobs
    files: Files
    registration: Registration
    clock: Clock

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """Look at a page of blobs."""
        counts: Counts = Counter()
        found: defaultdict[str, list[str]] = defaultdict(list)
        now = self.clock()
        page = self.blobs.list(f"{part.customer}/" if part.customer else "", part.cursor or None, _PAGE)
        for facts in page.items:
            if is_due(facts, now, is_daily=not part.customer):
                record = self._look(facts, counts)
                if record is not None and (record.state is FileState.EXPECTED or is_deletion_due(record, now)):
                    found[record.customer].append(record.id)
        for customer, file_ids in found.items():
            pages = batched(file_ids, FILES_AT_ONCE, strict=False)
            control.add([files_part(run.id, customer, some, now) for some in pages])
        if page.next_token is None:
            return ended(part, counts)
        return again(replace(part, cursor=page.next_token, counts=part.counts + counts))

    def _look(self, facts: BlobFacts, counts: Counts) -> FileRecord | None:
        """The blob's record, made where there is none."""
        known = self._known(facts.name)
        if known is not None:
            return known
        record = self.registration.record_of_blob(facts.name)
        counts[Count.BLOBS_FOUND if record else Count.BLOBS_UNPLACED] += 1
        return record

    def _known(self, blob_name: str) -> FileRecord | None:
        customer = blob_name.partition("/")[0]
        return self.files.find_by_blob(customer, blob_name) if ID_PATTERN.fullmatch(customer) else None


def is_due(facts: BlobFacts, now: datetime, *, is_daily: bool) -> bool:
    """Whether this blob is looked at in this run."""
    if not is_daily:
        return True
    age = now - (facts.written_at or now)
    is_its_day = zlib.crc32(facts.name.encode()) % _DAYS == now.toordinal() % _DAYS
    return age > _EVENT_TAKES and (age < _YOUNG or is_its_day)

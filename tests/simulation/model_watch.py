"""Watches what must never happen at any moment: a release without proof, a deletion without evidence or past the guard.

It also keeps account of every content: each has a fingerprint of its own, written `<<number>>`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from shared.model.files import FileRecord, FileState
from shared.model.journal import Event
from shared.model.libraries import Answer
from shared.store.files import TableFiles
from tests.simulation.report import Violation

if TYPE_CHECKING:
    from tests.simulation.model_world import ModelWorld

GUARD_FILES, GUARD_PERCENT = 3, 25
_FINGERPRINT = re.compile(rb"<<(\d+)>>")
_DELETED_THERE = "Deleted in SharePoint."


def fingerprint_in(content: bytes) -> int | None:
    """Of which content these bytes are a version."""
    found = _FINGERPRINT.search(content)
    return int(found[1]) if found else None


class Witness:
    """`written`: every content that was acknowledged to the person who wrote it, with the side that it was written on.

    `given_away`: those that a person replaced in Moment Cloud, or deleted with their file before they were elsewhere.
    """

    def __init__(self, world: "ModelWorld") -> None:
        self._world = world
        self._numbers = count(1)
        self.written: dict[int, str] = {}
        self.copies: set[int] = set()
        self.tags_removed: set[str] = set()
        self.given_away: set[int] = set()
        self.deleted_by_people: set[str] = set()
        """Files that a person asked Moment to delete."""
        self._marked_deleted: Counter[int] = Counter()
        self._live_before: dict[int, int] = {}

    def new_content(self, side: str, size_bytes: int = 0) -> bytes:
        """Content that nobody wrote before. It passes for a PDF, for people give any file any name."""
        number = next(self._numbers)
        self.written[number] = side
        return f"%PDF-1.7 <<{number}>>".encode().ljust(size_bytes, b".")

    def never_written(self, content: bytes) -> None:
        """It was refused."""
        self.written.pop(fingerprint_in(content) or 0, None)

    def copied(self, content: bytes) -> None:
        """A person made another file of it."""
        self.copies.add(fingerprint_in(content) or 0)

    def replaces(self, blob_name: str) -> None:
        """Somebody is about to overwrite what is in Moment Cloud under this name, if there is anything."""
        there = self._world.blobs.stored.get(blob_name)
        number = fingerprint_in(there[1]) if there is not None else None
        if number is not None:
            self.given_away.add(number)

    def in_sharepoint(self) -> set[int]:
        """What can be reached there: current, in version histories, in recycle bins."""
        drives = self._world.sharepoint.drives.values()
        numbers = (fingerprint_in(content) for drive in drives for content in drive.all_content())
        return {number for number in numbers if number is not None}

    def unreachable(self) -> list[int]:
        """What was written and can't be had any more, on neither side."""
        blobs = {fingerprint_in(content) for _, content in self._world.blobs.stored.values()}
        return sorted(set(self.written) - self.given_away - blobs - self.in_sharepoint())

    def before_release(self, blob_name: str, content: bytes) -> None:
        """The blob is about to go: its content must be in SharePoint, or its file deleted by a person in Moment."""
        number = fingerprint_in(content)
        if number is None or number in self.in_sharepoint():
            return
        if blob_name.split("/")[1] not in self.deleted_by_people:
            raise Violation(f"Released without proof: {blob_name}, whose content <<{number}>> is nowhere else")
        self.given_away.add(number)

    def pull_begins(self, host: int) -> None:
        """A host is about to pull a library, or libraries."""
        self._marked_deleted[host] = 0
        self._live_before[host] = self._live()

    def saved(self, before: FileRecord, after: FileRecord) -> None:
        """A record was just saved."""
        there = before.baseline
        is_new = after.state is FileState.DELETED and before.state is not FileState.DELETED
        if there is None or not is_new or after.reason != _DELETED_THERE:
            return
        if there.item_id not in self._world.sharepoint.drives[there.drive_id].ever_deleted:
            raise Violation(f"{before.name} was marked deleted, but nobody ever deleted it in SharePoint")
        if self._world.network.running is not None:
            self._count(self._world.network.running.number, there.drive_id)

    def _count(self, host: int, drive_id: str) -> None:
        self._marked_deleted[host] += 1
        count = self._marked_deleted[host]
        with self._aside():
            state = self._world.stores.libraries.find(drive_id)
        live = max(self._live_before.get(host, 0), self._live() + count)
        if count <= GUARD_FILES or count <= live * GUARD_PERCENT / 100:
            return
        if state is None or state.answer is not Answer.APPROVED:
            raise Violation(f"{count} of {live} files were marked deleted at once, and nobody approved that")

    def _live(self) -> int:
        """Files that lie in some folder of SharePoint and are not deleted."""
        files = self._world.tables.get_table_client("files")
        return sum(files.count(customer, "dir~") for customer in self._world.customers)

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Look without a stop and without faults."""
        network = self._world.network
        running, network.running = network.running, None
        try:
            yield
        finally:
            network.running = running


class WitnessedFiles(TableFiles):
    """The real records; each save is seen right after it is done."""

    def __init__(self, service: Any, clock: Callable[[], datetime], marked: Callable[[str], None]) -> None:
        super().__init__(service, clock, marked=marked)
        self.witness: Witness | None = None

    def save(self, before: FileRecord, after: FileRecord, event: Event | str) -> FileRecord:
        saved = super().save(before, after, event)
        if self.witness is not None:
            self.witness.saved(before, saved)
        return saved

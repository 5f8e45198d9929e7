"""What was written by whom and where, what was acknowledged, and which of it has to be reachable for ever.

Design, rule 1: each version that was handed to Moment can be reached. What may be gone, and why:

    a content in Moment Cloud       may be gone when
    ------------------------------  ----------------------------------------------------------------------------------
    never acknowledged (2xx)        always: nobody was told that it was taken
    overwritten through its own     its blob still held it just before. In Azure the account's blob versions keep it;
    upload URL                      Azurite has none, so this storm can't see it
    of a file deleted in Moment     its blob still held it just before, and the deletion was not undone. What never
                                    was in SharePoint has no recycle bin; Azure's soft delete keeps it, Azurite has none

What a person wrote in SharePoint has to be there always: as the current content, in the history or in the recycle bin.
"""

import threading
from dataclasses import dataclass, field

from tests.simulation.contents import mark


@dataclass
class Write:
    """One content. `where` is a file id in Moment, a drive item id, or the name of a blob."""

    fingerprint: str
    side: str
    where: str
    name: str
    acknowledged: bool = False
    may_be_gone: str = ""
    """Why; empty: it has to be reachable."""


@dataclass
class Deletion:
    """A file that somebody deleted, and whether that was undone."""

    side: str
    where: str
    name: str
    undone: bool = False
    contents: set[str] = field(default_factory=set)
    """The fingerprints that it had."""


class Ledger:
    """All writes and deletions of one storm; for several threads."""

    def __init__(self, storm: str) -> None:
        self.storm = storm
        self.writes: list[Write] = []
        self.deletions: list[Deletion] = []
        self.moved_there: set[str] = set()
        """The drive items that a person renamed or moved in SharePoint, or tried to."""
        self._lock = threading.Lock()

    def write(self, side: str, where: str, name: str) -> Write:
        """A content that is about to be written."""
        with self._lock:
            write = Write(mark(self.storm, len(self.writes) + 1), side, where, name)
            self.writes.append(write)
            return write

    def excuse(self, where: str, why: str, *, but: Write | None = None) -> None:
        """The earlier contents of this place may be gone from now on."""
        with self._lock:
            for each in self.writes:
                if each.where == where and each is not but and not each.may_be_gone:
                    each.may_be_gone = why

    def expect_again(self, where: str, why: str) -> None:
        """What was excused for this reason has to be reachable after all."""
        with self._lock:
            for each in self.writes:
                if each.where == where and each.may_be_gone == why:
                    each.may_be_gone = ""

    def deleted(self, side: str, where: str, name: str) -> Deletion:
        """A deletion that was acknowledged."""
        with self._lock:
            deletion = Deletion(side, where, name)
            self.deletions.append(deletion)
            return deletion

    def undone(self, where: str) -> None:
        """Deletions of this place were undone by a person."""
        with self._lock:
            for each in self.deletions:
                each.undone = each.undone or each.where == where

    def expected(self) -> list[Write]:
        """The contents that have to be reachable."""
        return [each for each in self.writes if each.acknowledged and not each.may_be_gone]

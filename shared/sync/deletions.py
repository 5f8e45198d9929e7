"""What vanished from a library becomes tombstones, within the guard; or is kept, where a person dismissed that.

Each pull marks in the folder tree what the delta called deleted and unmarks what it shows alive. At its end every mark
is dealt with. A folder takes what still lies below it with it, found in the tree when all changes of the pull are in:
what was moved out before the folder was deleted is safe. Tombstones are kept and become the same records again on
restore. The link of an object to its deleted folder is kept too: restored, it is the object's folder again; otherwise
the next file that goes there finds it missing and makes it anew.

The guard: more than `most_files` files and more than `largest_share` of the library's files at once wait for a person,
and none of them is marked deleted. The marks stay meanwhile and the library goes on being followed, so that what is
restored there is no longer waited for.

The marks go last, when all below them is dealt with, so that a run that was cut off anywhere is finished by the next.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace

from shared.errors import PreconditionFailed, RefusedForSafety
from shared.model.files import FileRecord, FileState
from shared.model.following import Followed, dismissed, is_doomed, vanished
from shared.model.libraries import Answer, LibraryState
from shared.sync.change_ports import FolderTree, PulledFiles
from shared.sync.ingest_items import fingerprint_of
from shared.sync.places import Places
from shared.sync.ports import Clock

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions:
    """Decides and carries out."""

    files: PulledFiles
    tree: FolderTree
    places: Places
    clock: Clock
    most_files: int
    largest_share: float

    def has_something(self, state: LibraryState) -> bool:
        """Whether anything is marked. One range query."""
        return next(iter(self.tree.gone(state.customer)), None) is not None

    def guard(self, state: LibraryState) -> int:
        """How many files would be marked deleted. Raises RefusedForSafety where a person has to say so.

        A point read or two for each mark, a range query for each deleted folder, and one for each thousand files of
        the library where the number is beyond `most_files`.
        """
        count = self._count(state.customer)
        is_answered = state.answer is not Answer.NONE
        if count <= (state.answered_files if is_answered else self.most_files):
            return count
        live = (record for record in self.files.live(state.customer) if is_doomed(record))
        total = sum(1 for record in live if record.baseline is not None)
        more = f", more than the {state.answered_files} that {state.answered_by} {state.answer}" if is_answered else ""
        if is_answered or count > self.largest_share * total:
            raise RefusedForSafety(
                f"{count} of {total} files would be marked deleted at once{more}. Nothing was marked; look into the "
                "library's recycle bin and restore what is missed, then approve or dismiss the rest.",
                count,
                total,
            )
        return count

    def carry_out(self, state: LibraryState, is_late: Callable[[], bool]) -> bool:
        """Deal with what is gone as the library's answer says; False where the time was up before the end."""
        customer, marks = state.customer, list(self.tree.gone(state.customer))
        known, gone, places = frozenset(marks), list[str](), self.places.remembering()
        for mark in marks:
            folders, file_ids = self._taken_by(customer, mark, known)
            gone += folders
            for file_id in file_ids:
                if self._end(state, places, file_id) and is_late():
                    return False
        # The folders go last: a file that is kept is linked to what its place belonged to.
        for folder_id in reversed(gone):
            self.tree.remove(customer, folder_id)
        self.tree.unmark_gone(customer, marks)
        return True

    def doomed(self, customer: str, after: tuple[str, str] = ("", "")) -> Iterator[tuple[tuple[str, str], FileRecord]]:
        """Each file that would be marked deleted, as it is now, with its place in the list to go on behind."""
        marks = list(self.tree.gone(customer))
        known = frozenset(marks)
        for mark in marks:
            if mark < after[0]:
                continue
            for file_id in sorted(self._taken_by(customer, mark, known)[1]):
                record = self.files.find(customer, file_id) if (mark, file_id) > after else None
                if record is not None and is_doomed(record) and _is_first(record, mark, known):
                    yield (mark, file_id), record

    def _count(self, customer: str) -> int:
        marks = frozenset(self.tree.gone(customer))
        found: set[str] = set()
        for mark in marks:
            folders, file_ids = self._taken_by(customer, mark, marks)
            # What lies in folders is live: the index of folders has nothing else.
            found.update(file_ids if folders else filter(lambda each: self._is_doomed(customer, each), file_ids))
        return len(found)

    def _is_doomed(self, customer: str, file_id: str) -> bool:
        record = self.files.find(customer, file_id)
        return record is not None and is_doomed(record)

    def _taken_by(self, customer: str, mark: str, marks: Container[str]) -> tuple[list[str], Iterable[str]]:
        """The folders (parents first) and the files that are gone with this item; what has a record is a file.

        A folder that was made and deleted between two pulls is not in the tree, so anything else may be one.
        """
        file_id = self.files.find_by_item(customer, mark)
        if file_id is not None:
            return [], [file_id]
        folders = self._folders_from(customer, mark, marks)
        return folders, (file for folder in folders for file in self.files.ids_in_folder(customer, folder))

    def _folders_from(self, customer: str, folder_id: str, marks: Container[str]) -> list[str]:
        """The folder and all below it, parents first, but for those that are marked themselves."""
        folders = {folder_id: None}
        waiting = [folder_id]
        while waiting:
            below = [each.item_id for each in self.tree.children(customer, waiting.pop())]
            new = [each for each in below if each not in marks and each not in folders]
            folders |= dict.fromkeys(new)
            waiting += new
        return list(folders)

    def _end(self, state: LibraryState, places: Places, file_id: str) -> bool:
        """Save what becomes of the file; False where nothing does."""
        for attempt in range(_TRIES):
            record = self.files.find(state.customer, file_id)
            after = self._ended(state, places, record) if record else None
            if record is None or after is None or not after.changes:
                return False
            try:
                self.files.save(record, after.record, after.event)
            except PreconditionFailed:
                if attempt == _TRIES - 1:
                    raise
            else:
                self._note_departed(after.record)
                return True
        return False

    def _ended(self, state: LibraryState, places: Places, record: FileRecord) -> Followed:
        if state.answer is Answer.DISMISSED:
            here = replace(record, links=places.shown(record).links)
            return dismissed(here, self.clock(), state.answered_by)
        return vanished(record, self.clock(), state.answered_by)

    def _note_departed(self, record: FileRecord) -> None:
        """A deleted file may appear in another customer's library."""
        baseline = record.baseline
        if baseline is None or record.state is not FileState.DELETED:
            return
        fingerprint = fingerprint_of(baseline.name, baseline.size_bytes, baseline.quick_xor_hash)
        if fingerprint is not None:
            self.files.note_departed(fingerprint, record.customer, record.id)


def _is_first(record: FileRecord, mark: str, marks: Container[str]) -> bool:
    """Whether the file belongs to this mark: one that is marked itself does not show below its folder again."""
    item_id = record.baseline.item_id if record.baseline else mark
    return item_id == mark or item_id not in marks

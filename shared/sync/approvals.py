"""What waits for a person: libraries of which too much vanished at once. One call approves or dismisses that.

The answer is saved with the library and carried out by its next pull, which reads first what changed meanwhile: what
was restored is no longer concerned, and where more is gone than the person was shown, the library asks again.
"""

from dataclasses import dataclass

from shared.errors import Collision, PreconditionFailed
from shared.model.files import FileRecord
from shared.model.libraries import Answer, LibraryState, Stop
from shared.model.page_tokens import cut_page, place_of
from shared.model.stored import Page
from shared.sync.change_ports import KeyQueue, Libraries
from shared.sync.deletions import Deletions
from shared.sync.places import Places

_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """The use case."""

    libraries: Libraries
    deletions: Deletions
    places: Places
    pulls: KeyQueue

    def waiting(self, page_token: str | None, limit: int) -> Page[LibraryState]:
        """All libraries that wait for a person, by drive. Reads every library: one request for a thousand."""
        (after,) = place_of(page_token, 1)
        states = {each.drive_id: each for each in self.libraries.all() if each.stop is Stop.DELETIONS}
        return cut_page((((drive,), states[drive]) for drive in sorted(states) if drive > after), limit)

    def doomed(self, state: LibraryState, page_token: str | None, limit: int) -> Page[FileRecord]:
        """The files that an approval would mark deleted, each with its place; none where nothing waits.

        From the marks as they are now; of the files themselves only those of the page are read.
        """
        mark, file_id = place_of(page_token, 2)
        if state.stop is not Stop.DELETIONS:
            return Page([])
        places = self.places.remembering()
        found = self.deletions.doomed(state.customer, (mark, file_id))
        return cut_page(((place, places.shown(record)) for place, record in found), limit)

    def answer(self, drive_id: str, answer: Answer, by: str, files: int | None = None) -> LibraryState:
        """Approve or dismiss what waits; `files` is the number that the person saw, by default the one now shown.

        Gives the library with the answer. Raises Collision where nothing waits, and where more does than was seen.
        """
        for _ in range(_TRIES):
            state = self.libraries.find(drive_id)
            if state is None or state.stop is not Stop.DELETIONS:
                raise Collision("Nothing of this library waits for a person.")
            if files is not None and files < state.doomed_files:
                raise Collision(
                    f"{state.doomed_files} files would be marked deleted by now, more than {files}. Look again.",
                    "files",
                )
            try:
                given = state.answered(answer, by, state.doomed_files if files is None else files)
                saved = self.libraries.save(state, given)
            except PreconditionFailed:
                continue
            self.pulls.send(f"poll:{drive_id}")
            return saved
        raise Collision("The library is being pulled right now; try again in a moment.")

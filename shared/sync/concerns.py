"""What each queue's messages are about, and the state that a thing is in whose message was given up.

queue      names                           what a person sees then
---------  ------------------------------  -----------------------------------------------------------------
transfers  a file, or a blob               the file is `blocked`, with the reason
changes    a library                       the library's `reason`; the next pull that ends well clears it
pushes     a file with an edit in Moment   the file's reason; the next push that ends well clears it
pushes     an object that was renamed      the entry alone: a folder has no state of its own
syncs      a part of a sync run            the part ends as failed, with the reason, so that the run can end
indexing   a customer, or all              the entry alone, until nothing is left to do for the customer
"""

from dataclasses import dataclass, replace

from shared.model.causes import Cause, Reason
from shared.model.files import FileRecord, FileState
from shared.model.given_up import member_of, required_member_of
from shared.model.libraries import LibraryState
from shared.sync.change_ports import Libraries
from shared.sync.everywhere import ALL, EverywhereRows
from shared.sync.file_states import FileStates
from shared.sync.ports import Files
from shared.sync.reconcile.runs import Runs
from shared.sync.registration import Registration
from shared.sync.rename_folders import PREFIX

_LOOK = "failed several times for a reason that was not foreseen. It is in the app's log"


@dataclass(frozen=True, slots=True)
class FileConcern:
    """A file that could not be moved."""

    files: Files
    states: FileStates
    registration: Registration
    reason: str = f"Moving this file {_LOOK}; what was given up can be put back."

    def named(self, body: str) -> str:
        """`file f1 of customer c1`, or the blob's name."""
        blob_name = member_of(body, "blob")
        if blob_name is not None:
            return f"the file {blob_name!r} in Moment Cloud"
        return f"file {required_member_of(body, 'file')} of customer {required_member_of(body, 'customer')}"

    def mark(self, body: str) -> str | None:
        """`blocked`, unless all its content has moved."""
        blob_name = member_of(body, "blob")
        record = self.registration.record_of_blob(blob_name) if blob_name else self._record(body)
        if record is None or record.blob_name is None or record.state is FileState.DELETED:
            return None
        self.states.block(record, Reason(self.reason, Cause.OTHER))
        return _file_in_words(record)

    def is_marked(self, body: str) -> bool:
        """Whether it is still blocked for this reason."""
        record = self._record(body)
        return record is not None and record.reason == self.reason

    def _record(self, body: str) -> FileRecord | None:
        blob_name = member_of(body, "blob")
        if blob_name is not None:
            return self.files.find_by_blob(blob_name.partition("/")[0], blob_name)
        return self.files.find(required_member_of(body, "customer"), required_member_of(body, "file"))


@dataclass(frozen=True, slots=True)
class LibraryConcern:
    """A library whose changes could not be read, or whose subscription could not be renewed."""

    libraries: Libraries
    reason: str = f"Following this library {_LOOK}; it is tried again by the daily job."

    def named(self, body: str) -> str:
        """`the library with drive b!…`."""
        return f"the library with drive {_drive_of(body)}"

    def mark(self, body: str) -> str | None:
        """Its reason says so."""
        state = self._state(body)
        if state is None:
            return None
        if state.failure != self.reason:
            self.libraries.save(state, replace(state, failure=self.reason))
        return f"the library of customer {state.customer}"

    def is_marked(self, body: str) -> bool:
        """Whether no pull has ended well since."""
        state = self._state(body)
        return state is not None and state.failure == self.reason

    def _state(self, body: str) -> LibraryState | None:
        return self.libraries.find(_drive_of(body))


@dataclass(frozen=True, slots=True)
class EditConcern:
    """A file, or an object's folder, whose edit in Moment could not be brought to SharePoint."""

    files: Files
    states: FileStates
    reason: str = f"Bringing a change made in Moment to SharePoint {_LOOK}; what was given up can be put back."

    def named(self, body: str) -> str:
        """`file f1 of customer c1`, or `the folder of customer c1 › p1`."""
        key = required_member_of(body, "key")
        if key.startswith(PREFIX):
            return "the folder of customer " + " › ".join(filter(None, key.removeprefix(PREFIX).split("/")))
        customer, _, file_id = key.partition("/")
        return f"file {file_id} of customer {customer}"

    def mark(self, body: str) -> str | None:
        """Its reason says so; its state stays."""
        record = self._record(body)
        if record is None or (record.baseline is None and not record.delete_pending):
            return None
        self.states.note(record, Reason(self.reason, Cause.OTHER))
        return _file_in_words(record)

    def is_marked(self, body: str) -> bool:
        """Whether no push has ended well since."""
        record = self._record(body)
        return record is not None and record.reason == self.reason

    def _record(self, body: str) -> FileRecord | None:
        key = required_member_of(body, "key")
        customer, _, file_id = key.partition("/")
        return None if key.startswith(PREFIX) else self.files.find(customer, file_id)


@dataclass(frozen=True, slots=True)
class RunConcern:
    """A part of a sync run that could not be done."""

    runs: Runs
    reason: str = f"This part of the run {_LOOK}; the next daily job does the same again."

    def named(self, body: str) -> str:
        """`part library:c1 of run 123`."""
        run_id, _, part = required_member_of(body, "key").partition("/")
        return f"part {part} of run {run_id}"

    def mark(self, body: str) -> str | None:
        """The part ends as failed."""
        self.runs.give_up(required_member_of(body, "key"), self.reason)
        return self.named(body)

    def is_marked(self, body: str) -> bool:
        """An ended part stays as it is."""
        return self.runs.is_given_up(required_member_of(body, "key"))


@dataclass(frozen=True, slots=True)
class IndexConcern:
    """A customer whose files could not all be brought into the search over all customers."""

    rows: EverywhereRows
    reason: str = f"Bringing the search over all customers up to date {_LOOK}, with the files; it can be put back."

    def named(self, body: str) -> str:
        """`the search over all customers, for customer c1`."""
        key = required_member_of(body, "key")
        return f"the search over all customers, for {'all' if key.startswith(ALL) else f'customer {key}'}"

    def mark(self, body: str) -> str | None:
        """What is left to do is the mark; a message for all customers has none."""
        return self.named(body) if self.is_marked(body) else None

    def is_marked(self, body: str) -> bool:
        """Whether something is left to do."""
        key = required_member_of(body, "key")
        return not key.startswith(ALL) and self.rows.is_behind(key)


def _drive_of(body: str) -> str:
    return required_member_of(body, "key").partition(":")[2]


def _file_in_words(record: FileRecord) -> str:
    return f"file {record.name!r} ({record.id}) of customer {record.customer}"

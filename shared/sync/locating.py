"""Where a file is now: its record, and the address of its content."""

from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Collision, UnknownObject
from shared.model.files import FileRecord, FileState
from shared.sync.places import Places
from shared.sync.ports import Blobs, Clock, Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Locating:
    """Looks files up for people and programmers."""

    files: Files
    blobs: Blobs
    places: Places
    clock: Clock
    read_url_minutes: int

    def record(self, customer: str, file_id: str) -> FileRecord:
        """The record, linked to the place where its file is now. Raises UnknownObject."""
        record = self.files.find(customer, file_id)
        if record is None:
            raise UnknownObject(f"Customer {customer!r} has no file {file_id!r}.", "file")
        return self.shown(record)

    def shown(self, record: FileRecord) -> FileRecord:
        """A record that was just read or saved, likewise."""
        return self.places.shown(record)

    def content_url(self, customer: str, file_id: str) -> str:
        """The SharePoint link where the file is there, else a short-lived link into Moment Cloud.

        The SharePoint link asks for a sign-in there, because access is governed in SharePoint alone.
        Raises UnknownObject, and Collision while the content has not been uploaded, or is missing in SharePoint.
        """
        record = self.record(customer, file_id)
        if record.moved_to:
            return self.content_url(*record.moved_to.split("/"))
        if record.state is FileState.DELETED:
            raise Collision("The file is deleted.")
        if record.baseline is not None and not record.missing:
            return record.baseline.web_url
        if record.blob_name is None or record.state is FileState.EXPECTED:
            raise Collision(record.reason if record.missing else "The content has not been uploaded yet.")
        expires_at = self.clock() + timedelta(minutes=self.read_url_minutes)
        return self.blobs.read_url(record.blob_name, expires_at, record.name)

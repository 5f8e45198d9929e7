"""Gives every file its record: asked for through the API, or found as a blob that somebody dropped into the container.

A blob's name is `{customer}/{file id}/{name}` for a file of the API and `{customer}/…/{name}` for a dropped one, whose
metadata may say `project`, `activity`, `task`, `tags` (comma-separated, percent-encoded UTF-8) and `createdby`.
A blob that can't be placed stays where it is and is reported with the reason.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import unquote

from shared.errors import Collision, KeyReused, PreconditionFailed, ProblemError, UnknownObject
from shared.model.checks import ID_PATTERN, checked_id, checked_name, checked_tags
from shared.model.directory import Links, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.idempotency import checked_key, derived_id, fingerprint
from shared.model.names import file_name, upload_blob_name
from shared.model.stored import BlobFacts, UnplacedBlob, UploadedBlock
from shared.sync.file_states import FileStates
from shared.sync.placement import Placements
from shared.sync.ports import Blobs, Clock, Files, UnplacedBlobs
from shared.telemetry import working

_LINK_KEYS = ("project", "activity", "task")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that a caller of the API announces."""

    name: str
    links: Links
    tags: tuple[str, ...] = ()
    created_by: str = ""
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Upload:
    """A new record and where to put its content."""

    record: FileRecord
    url: str = field(repr=False)
    expires_at: datetime
    blocks: Sequence[UploadedBlock] = ()
    """What was uploaded in blocks before and is not committed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Makes records."""

    files: Files
    states: FileStates
    placements: Placements
    blobs: Blobs
    unplaced: UnplacedBlobs
    clock: Clock
    new_id: Callable[[], str]
    upload_url_minutes: int

    def announce(self, new: NewFile, idempotency_key: str | None = None) -> Upload:
        """Make the record of a file whose content is about to be uploaded. Raises UnknownObject, InvalidInput.

        The same key of the same customer gives the record that was made first, with a new URL. Raises KeyReused where
        something else is asked for under it, and Collision where its file was deleted since.
        """
        if idempotency_key is None:
            return self._upload(self._create(self.new_id(), new, ""))
        customer, asked_as = new.links.customer, fingerprint(asdict(new))
        file_id = "k" + derived_id(checked_key(idempotency_key), customer)
        record = self.files.find(customer, file_id)
        if record is None:
            try:
                record = self._create(file_id, new, asked_as)
            except PreconditionFailed:
                record = self.files.find(customer, file_id)  # another request under this key was faster
                if record is None:
                    raise
        if record.asked_as != asked_as:
            raise KeyReused("The Idempotency-Key was used for another file.")
        if record.state is FileState.DELETED:
            raise Collision("The file that was announced under this Idempotency-Key was deleted.")
        return self._upload(record)

    def upload_again(self, customer: str, file_id: str) -> Upload:
        """A new URL for a file whose content has not arrived, and the blocks that are there already.

        Raises UnknownObject, and Collision once the content has arrived or the file is deleted.
        """
        record = self.files.find(customer, file_id)
        if record is None:
            raise UnknownObject(f"Customer {customer!r} has no file {file_id!r}.", "file")
        if record.state is FileState.DELETED:
            raise Collision("The file is deleted; restore it first.")
        if record.state is not FileState.EXPECTED or record.blob_name is None or self.blobs.find(record.blob_name):
            raise Collision("The content has arrived already.")
        return replace(self._upload(record), blocks=self.blobs.uncommitted_blocks(record.blob_name))

    def _create(self, file_id: str, new: NewFile, asked_as: str) -> FileRecord:
        placement = self.placements.given(new.links)
        record = self._new_record(
            file_id, new, file_name(new.name), upload_blob_name(new.links.customer, file_id, new.name)
        )
        moves = placement.storage is StorageLocation.SHAREPOINT
        text = f"Announced; will be stored in {'SharePoint' if moves else 'Moment Cloud'}."
        return self.files.create(replace(record, asked_as=asked_as), text)

    def _upload(self, record: FileRecord) -> Upload:
        blob_name = record.blob_name or upload_blob_name(record.customer, record.id, record.requested_name)
        expires_at = self.clock() + timedelta(minutes=self.upload_url_minutes)
        with working("upload", self.clock, customer=record.customer, file=record.id):
            return Upload(record, self.blobs.upload_url(blob_name, expires_at), expires_at)

    def record_of_blob(self, blob_name: str) -> FileRecord | None:
        """The record that this blob belongs to, made where there is none; None when it is gone or can't be placed."""
        customer = blob_name.partition("/")[0]
        if ID_PATTERN.fullmatch(customer):
            record = self.files.find_by_blob(customer, blob_name)
            if record is not None:
                return record
        facts = self.blobs.find(blob_name)
        if facts is None:
            return None
        try:
            return self._reuploaded(customer, blob_name) or self._place(facts)
        except ProblemError as problem:
            self.unplaced.report(UnplacedBlob(blob_name, problem.detail, self.clock()))
            return None

    def _reuploaded(self, customer: str, blob_name: str) -> FileRecord | None:
        """A file of the API whose upload URL was used again after its first content had moved."""
        parts = blob_name.split("/")
        is_ours = len(parts) == 3 and ID_PATTERN.fullmatch(customer) and ID_PATTERN.fullmatch(parts[1])
        record = self.files.find(customer, parts[1]) if is_ours else None
        if record is None or record.baseline is None or parts[2] != file_name(record.requested_name):
            return None
        return self.states.content_arrived(record, blob_name)

    def _place(self, facts: BlobFacts) -> FileRecord:
        new = _dropped_file(facts)
        self.placements.given(new.links)
        file_id = "d" + hashlib.sha256(f"{facts.name}\n{facts.etag}".encode()).hexdigest()[:31]
        try:
            record = self.files.create(
                self._new_record(file_id, new, file_name(new.name), facts.name), "Found in Moment Cloud."
            )
        except PreconditionFailed:
            found = self.files.find_by_blob(new.links.customer, facts.name)
            if found is None:
                raise
            return found
        self.unplaced.forget(facts.name)
        return record

    def _new_record(self, file_id: str, new: NewFile, name: str, blob_name: str) -> FileRecord:
        now = self.clock()
        return FileRecord(
            customer=new.links.customer,
            id=file_id,
            name=name,
            requested_name=new.name,
            links=new.links,
            created_at=now,
            changed_at=now,
            created_by=new.created_by,
            tags=new.tags,
            content_type=new.content_type,
            state=FileState.EXPECTED,
            reason="The content has not been uploaded yet.",
            blob_name=blob_name,
        )


def _dropped_file(facts: BlobFacts) -> NewFile:
    """What a dropped blob's name and metadata say. Raises InvalidInput."""
    customer, separator, path = facts.name.partition("/")
    checked_id(customer if separator else "", "customer")
    metadata = {key.lower(): value for key, value in facts.metadata.items()}
    project, activity, task = (checked_id(metadata[key], key) if metadata.get(key) else None for key in _LINK_KEYS)
    return NewFile(
        name=checked_name(path.rpartition("/")[2]),
        links=Links(customer, project, activity, task),
        tags=checked_tags(unquote(tag) for tag in metadata.get("tags", "").split(",") if tag.strip()),
        created_by=unquote(metadata.get("createdby", "")),
        content_type=facts.content_type,
    )

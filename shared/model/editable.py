"""The eTag of what a person edits: of a file, or of an object of the directory. Pure.

A file's row has an etag too, but that one moves with every step of a transfer. This one covers only what an edit made
in Moment may change, so an edit is refused only where somebody else's edit would be lost. A list's copy of a record
gives the same eTag as the record.
"""

import hashlib
import json
from dataclasses import asdict

from shared.model.directory import DirectoryObject
from shared.model.files import FileRecord, FileState

_LENGTH = 20


def editable_etag(record: FileRecord) -> str:
    """Over name, place, tags, period, and whether it is deleted; hexadecimal, without quotes.

    The place is the one that the record says: callers give the record as people see it (`Places.shown`).
    """
    is_deleted = record.state is FileState.DELETED
    return _etag([record.name, asdict(record.links), list(record.tags), record.period, is_deleted])


def directory_etag(thing: DirectoryObject) -> str:
    """Over all that a customer, project, activity or task says; hexadecimal, without quotes."""
    return _etag([type(thing).__name__, asdict(thing)])


def _etag(said: object) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]

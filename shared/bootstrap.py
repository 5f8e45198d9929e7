"""The composition root: builds every client once per process, lazily, and joins the use cases to their adapters.

Importing this module reads no environment and opens nothing. `app()` does both on its first call and raises
SettingsError when the environment is not usable.
"""

import functools
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.graph.connect import connect
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_stores
from shared.sync.directory import DirectoryChanges
from shared.sync.file_states import FileStates
from shared.sync.locating import Locating
from shared.sync.placement import Placements
from shared.sync.ports import Clock, Directory, Files, SharePoint, UnplacedBlobs
from shared.sync.provision import Provision
from shared.sync.registration import Registration
from shared.sync.sending import Sender
from shared.sync.transfer import TransferFiles
from shared.sync.upload_sessions import UploadSessions


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the entry points call."""

    transfer: TransferFiles
    registration: Registration
    locating: Locating
    directory_changes: DirectoryChanges
    placements: Placements
    directory: Directory
    files: Files
    unplaced: UnplacedBlobs


def build(settings: Settings, stores: Stores, sharepoint: SharePoint, clock: Clock, new_id: Callable[[], str]) -> App:
    """Join the use cases to these adapters; tests call it with their own clock, ids and servers."""
    states = FileStates(stores.files, clock)
    placements = Placements(stores.directory)
    limits = settings.transfer
    registration = Registration(
        files=stores.files,
        states=states,
        placements=placements,
        blobs=stores.blobs,
        unplaced=stores.unplaced,
        clock=clock,
        new_id=new_id,
        upload_url_minutes=limits.upload_url_minutes,
    )
    sessions = UploadSessions(
        blobs=stores.blobs,
        sharepoint=sharepoint,
        clock=clock,
        fragment_bytes=limits.fragment_bytes,
        time_limit_s=limits.time_limit_s,
        large_at_once=limits.large_at_once,
    )
    sender = Sender(
        blobs=stores.blobs,
        files=stores.files,
        sharepoint=sharepoint,
        sessions=sessions,
        small_file_max_bytes=limits.small_file_max_bytes,
    )
    transfer = TransferFiles(
        files=stores.files,
        states=states,
        placements=placements,
        registration=registration,
        blobs=stores.blobs,
        sharepoint=sharepoint,
        provision=Provision(stores.folders, sharepoint),
        sender=sender,
        sessions=sessions,
        queue=stores.transfer_queue,
        clock=clock,
        new_id=new_id,
        claim_s=limits.claim_s,
    )
    return App(
        transfer=transfer,
        registration=registration,
        locating=Locating(
            files=stores.files, blobs=stores.blobs, clock=clock, read_url_minutes=limits.read_url_minutes
        ),
        directory_changes=DirectoryChanges(stores.directory, stores.files),
        placements=placements,
        directory=stores.directory,
        files=stores.files,
        unplaced=stores.unplaced,
    )


_building = threading.Lock()


def app() -> App:
    """The process's one App, built on the first call."""
    with _building:
        return _app()


@functools.cache
def _app() -> App:
    settings = Settings.from_environ()
    stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, _now)
    sharepoint = connect(settings.graph, _now, time.sleep, new_id=_new_id)
    return build(settings, stores, sharepoint, _now, _new_id)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex

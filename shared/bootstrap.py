"""The composition root: builds every client once per process, lazily, and joins the use cases to their adapters.

Importing this module reads no environment and opens nothing. `app()` does both on its first call and raises
SettingsError when the environment is not usable.
"""

import functools
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.graph.connect import connect
from shared.settings import MOMENT_CLOUD_CONTAINER, NOTIFICATIONS_PATH, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_stores
from shared.sync.adoption import Adoption
from shared.sync.change_ports import FollowedFiles, FollowedSharePoint, Libraries, LinkedDirectory
from shared.sync.deletions import Deletions
from shared.sync.directory import DirectoryChanges
from shared.sync.edits import Edits
from shared.sync.file_states import FileStates
from shared.sync.ingest import Ingest
from shared.sync.ingest_items import ItemIngest
from shared.sync.locating import Locating
from shared.sync.notifications import Notifications
from shared.sync.placement import Placements
from shared.sync.places import Places
from shared.sync.ports import Clock, Folders, UnplacedBlobs
from shared.sync.provision import Provision
from shared.sync.push import PushEdits
from shared.sync.registration import Registration
from shared.sync.rename_folders import RenameFolders
from shared.sync.sending import Sender
from shared.sync.subscriptions import Subscriptions, register_library
from shared.sync.transfer import TransferFiles
from shared.sync.upload_sessions import UploadSessions
from shared.sync.wanted_columns import WantedColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the entry points call."""

    transfer: TransferFiles
    registration: Registration
    locating: Locating
    edits: Edits
    directory_changes: DirectoryChanges
    ingest: Ingest
    push: PushEdits
    rename_folders: RenameFolders
    subscriptions: Subscriptions
    notifications: Notifications
    placements: Placements
    provision: Provision
    directory: LinkedDirectory
    files: FollowedFiles
    folders: Folders
    libraries: Libraries
    unplaced: UnplacedBlobs


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is outside: the settings, the adapters, the time and ids. Tests bring their own."""

    settings: Settings
    stores: Stores
    sharepoint: FollowedSharePoint
    clock: Clock
    new_id: Callable[[], str]
    new_secret: Callable[[], str] = secrets.token_urlsafe


def build(world: World) -> App:
    """Join the use cases to these adapters."""
    stores, clock = world.stores, world.clock
    states = FileStates(stores.files, clock)
    placements = Placements(stores.directory)
    places = Places(stores.tree, stores.folders, stores.directory)
    wanted_columns = WantedColumns(placements)
    follow = functools.partial(register_library, stores.libraries, stores.pulls)
    adoption = Adoption(stores.files, stores.tree, stores.folders, stores.directory, places)
    provision = Provision(stores.folders, world.sharepoint, stores.libraries, follow, adoption.before_link)
    items = ItemIngest(
        files=stores.files,
        places=places,
        wanted_columns=wanted_columns,
        pushes=stores.pushes,
        clock=clock,
        our_app_id=world.settings.graph.client_id,
    )
    registration = Registration(
        files=stores.files,
        states=states,
        placements=placements,
        blobs=stores.blobs,
        unplaced=stores.unplaced,
        clock=clock,
        new_id=world.new_id,
        upload_url_minutes=world.settings.transfer.upload_url_minutes,
    )
    rename_folders = RenameFolders(
        folders=stores.folders,
        placements=placements,
        provision=provision,
        sharepoint=world.sharepoint,
        pushes=stores.pushes,
    )
    subscriptions = _subscriptions(world)
    return App(
        transfer=_transfer(world, states, placements, registration, provision),
        registration=registration,
        locating=Locating(
            files=stores.files,
            blobs=stores.blobs,
            places=places,
            clock=clock,
            read_url_minutes=world.settings.transfer.read_url_minutes,
        ),
        edits=Edits(
            files=stores.files,
            blobs=stores.blobs,
            placements=placements,
            pushes=stores.pushes,
            transfers=stores.transfer_queue,
            clock=clock,
        ),
        directory_changes=DirectoryChanges(stores.directory, stores.files, rename_folders),
        ingest=_ingest(world, items, adoption, subscriptions),
        push=PushEdits(
            files=stores.files,
            sharepoint=world.sharepoint,
            items=items,
            placements=placements,
            provision=provision,
            wanted_columns=wanted_columns,
            pushes=stores.pushes,
            clock=clock,
        ),
        rename_folders=rename_folders,
        subscriptions=subscriptions,
        notifications=Notifications(stores.libraries, stores.pulls, clock),
        placements=placements,
        provision=provision,
        directory=stores.directory,
        files=stores.files,
        folders=stores.folders,
        libraries=stores.libraries,
        unplaced=stores.unplaced,
    )


def _transfer(
    world: World, states: FileStates, placements: Placements, registration: Registration, provision: Provision
) -> TransferFiles:
    limits, stores = world.settings.transfer, world.stores
    sessions = UploadSessions(
        blobs=stores.blobs,
        sharepoint=world.sharepoint,
        clock=world.clock,
        fragment_bytes=limits.fragment_bytes,
        time_limit_s=limits.time_limit_s,
        large_at_once=limits.large_at_once,
    )
    sender = Sender(
        blobs=stores.blobs,
        files=stores.files,
        sharepoint=world.sharepoint,
        sessions=sessions,
        small_file_max_bytes=limits.small_file_max_bytes,
    )
    return TransferFiles(
        files=stores.files,
        states=states,
        placements=placements,
        registration=registration,
        blobs=stores.blobs,
        sharepoint=world.sharepoint,
        provision=provision,
        sender=sender,
        sessions=sessions,
        queue=stores.transfer_queue,
        pushes=stores.pushes,
        clock=world.clock,
        new_id=world.new_id,
        claim_s=limits.claim_s,
    )


def _ingest(world: World, items: ItemIngest, adoption: Adoption, subscriptions: Subscriptions) -> Ingest:
    limits, stores = world.settings.follow, world.stores
    deletions = Deletions(
        files=stores.files,
        tree=stores.tree,
        sharepoint=world.sharepoint,
        items=items,
        clock=world.clock,
        most_files=limits.guard_files,
        largest_share=limits.guard_percent / 100,
    )
    return Ingest(
        libraries=stores.libraries,
        tree=stores.tree,
        items=items,
        adoption=adoption,
        deletions=deletions,
        subscriptions=subscriptions,
        sharepoint=world.sharepoint,
        pulls=stores.pulls,
        clock=world.clock,
        new_id=world.new_id,
        lease_s=limits.pull_lease_s,
        time_limit_s=limits.pull_time_limit_s,
    )


def _subscriptions(world: World) -> Subscriptions:
    public_url = world.settings.follow.public_url
    return Subscriptions(
        libraries=world.stores.libraries,
        sharepoint=world.sharepoint,
        pulls=world.stores.pulls,
        clock=world.clock,
        new_secret=world.new_secret,
        notification_url=f"{public_url}{NOTIFICATIONS_PATH}" if public_url else "",
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
    return build(World(settings=settings, stores=stores, sharepoint=sharepoint, clock=_now, new_id=_new_id))


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex

"""The composition root: builds every client once per process, lazily, and joins the use cases to their adapters.

Importing this module reads no environment and opens nothing. `app()` and `world_here()` do both on their first call and
raise SettingsError, again with each call, until the environment is usable.
"""

import functools
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from shared.bootstrap.following import (
    adoption_of,
    deletions_of,
    ingest_of,
    items_of,
    places_of,
    pull_ports,
    subscriptions_of,
)
from shared.bootstrap.giving_up import given_up_of
from shared.bootstrap.reconciling import UsedByRuns, daily_sync_of, library_tasks_of, runs_of, sync_by_hand_of
from shared.bootstrap.transferring import registration_of, sessions_of, transfer_of
from shared.bootstrap.use_cases import App
from shared.bootstrap.world import World
from shared.graph.connect import connect, pace
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import open_examined, open_schema, open_stores
from shared.sync.approvals import Approvals
from shared.sync.arrivals import Arrivals
from shared.sync.deleting import Deleting
from shared.sync.directory import DirectoryChanges
from shared.sync.edits import Edits
from shared.sync.everywhere import Everywhere
from shared.sync.explaining import Explaining
from shared.sync.file_states import FileStates
from shared.sync.finding import Finding
from shared.sync.journal_export import JournalExport
from shared.sync.locating import Locating
from shared.sync.names import Names
from shared.sync.notifications import Notifications
from shared.sync.placement import Placements
from shared.sync.provision import Provision
from shared.sync.push import PushEdits
from shared.sync.reindexing import Reindexing
from shared.sync.rename_folders import RenameFolders
from shared.sync.retrying import Retrying
from shared.sync.schema_guard import SchemaGuard
from shared.sync.searching import Searching
from shared.sync.subscriptions import register_library
from shared.sync.wanted_columns import WantedColumns

__all__ = ["App", "World", "app", "build", "pause", "schema_guard", "settings_here", "world_here", "world_of"]

pause = time.sleep


def build(world: World) -> App:
    """Join the use cases to these adapters."""
    stores, clock = world.stores, world.clock
    echoes = world.examined.echoes if world.examined else None
    states = FileStates(stores.files, clock)
    placements = Placements(stores.directory)
    subscriptions = subscriptions_of(world)
    ports = pull_ports(world, subscriptions)
    places = places_of(world, ports)
    provision = Provision(
        stores.folders,
        world.sharepoint,
        stores.libraries,
        follow=functools.partial(register_library, stores.libraries, stores.pulls),
        before_link=adoption_of(world, ports).before_link,
    )
    registration = registration_of(world, states, placements)
    sessions = sessions_of(world)
    transfer = transfer_of(world, states, placements, registration, provision, sessions)
    rename_folders = RenameFolders(
        folders=stores.folders,
        placements=placements,
        provision=provision,
        sharepoint=world.sharepoint,
        pushes=stores.pushes,
        clock=clock,
    )
    push = PushEdits(
        files=stores.files,
        sharepoint=world.sharepoint,
        items=items_of(world, ports),
        placements=placements,
        provision=provision,
        wanted_columns=WantedColumns(placements),
        deleting=Deleting(files=stores.files, blobs=stores.blobs, sharepoint=world.sharepoint, clock=clock),
        pushes=stores.pushes,
        clock=clock,
    )
    used = UsedByRuns(
        states=states,
        placements=placements,
        provision=provision,
        registration=registration,
        transfer=transfer,
        sessions=sessions,
        push=push,
        subscriptions=subscriptions,
        ports=ports,
    )
    runs = runs_of(world, used)
    everywhere = Everywhere(rows=stores.everywhere, directory=stores.directory, queue=stores.indexing, clock=clock)
    return App(
        arrivals=Arrivals(transfer.blob_arrived, stores.bodies, clock),
        transfer=transfer,
        registration=registration,
        locating=Locating(
            files=stores.files,
            blobs=stores.blobs,
            places=places,
            clock=clock,
            read_url_minutes=world.settings.transfer.read_url_minutes,
        ),
        searching=Searching(rows=stores.search, directory=stores.directory, places=places),
        everywhere=everywhere,
        reindexing=Reindexing(stores.files, everywhere, world.new_id),
        edits=Edits(
            files=stores.files,
            blobs=stores.blobs,
            placements=placements,
            places=places,
            pushes=stores.pushes,
            transfers=stores.transfer_queue,
            clock=clock,
        ),
        retrying=Retrying(
            files=stores.files,
            blobs=stores.blobs,
            placements=placements,
            places=places,
            transfers=stores.transfer_queue,
            pushes=stores.pushes,
            clock=clock,
        ),
        journal_export=JournalExport(stores.files),
        explaining=Explaining(
            files=stores.files,
            blobs=stores.blobs,
            places=places,
            placements=placements,
            wanted_columns=WantedColumns(placements),
            clock=clock,
        ),
        directory_changes=DirectoryChanges(stores.directory, stores.files, rename_folders),
        finding=Finding(stores.directory),
        names=Names(stores.directory, clock),
        ingest=ingest_of(world, ports),
        approvals=Approvals(
            libraries=stores.libraries, deletions=deletions_of(world, ports), places=places, pulls=stores.pulls
        ),
        push=push,
        rename_folders=rename_folders,
        subscriptions=subscriptions,
        notifications=Notifications(stores.libraries, stores.pulls, clock, echoes.hear if echoes else None),
        runs=runs,
        daily_sync=daily_sync_of(world, runs, everywhere),
        sync_by_hand=sync_by_hand_of(world, runs, placements),
        library_tasks=library_tasks_of(world, runs, placements),
        placements=placements,
        provision=provision,
        directory=stores.directory,
        files=stores.files,
        folders=stores.folders,
        libraries=stores.libraries,
        unplaced=stores.unplaced,
        given_up=given_up_of(world, states, registration, runs),
        sign_in=world.settings.sign_in,
        page=world.settings.page,
        clock=clock,
        units_per_minute=world.settings.pacing.per_minute,
    )


_building = threading.Lock()


def app() -> App:
    """The process's one App, built on the first call, where the tables are of a version that it knows.

    Raises WrongSchema where they are not, and what storage answers as long as nobody could look.
    """
    with _building:
        built = _app()
    schema_guard().check()
    return built


def settings_here() -> Settings:
    """The process's settings, whatever its storage is like."""
    with _building:
        return world_here().settings


@functools.cache
def schema_guard() -> SchemaGuard:
    """The process's one guard of its tables' version."""
    return SchemaGuard(open_schema(settings_here().storage))


@functools.cache
def _app() -> App:
    return build(world_here())


@functools.cache
def world_here() -> World:
    """The process's one World."""
    return world_of()


def world_of(environ: Mapping[str, str] | None = None) -> World:
    """A World from these settings, those of the process where none are given. Raises SettingsError."""
    settings = Settings.from_environ(environ)
    stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, _now)
    pacing = pace(stores.budget, settings.pacing, _now, pause, secrets.SystemRandom().random)
    sharepoint = connect(settings.graph, _now, pause, new_id=_new_id, pacing=pacing)
    examined = open_examined(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, _now)
    return World(settings=settings, stores=stores, sharepoint=sharepoint, clock=_now, new_id=_new_id, examined=examined)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex

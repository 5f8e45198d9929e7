"""Builds the daily job, sync by hand, and what does the parts of a run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from shared.bootstrap.following import ingest_of
from shared.bootstrap.world import World
from shared.model.files import FileRecord
from shared.model.journal import Event
from shared.model.plan import kinds_of
from shared.model.runs import Counts, Direction, PartKind
from shared.sync.everywhere import Everywhere
from shared.sync.file_states import FileStates
from shared.sync.ingest import Ingest
from shared.sync.placement import Placements
from shared.sync.provision import Provision
from shared.sync.push import PushEdits
from shared.sync.reconcile.blobs import BlobsWork
from shared.sync.reconcile.by_hand import SyncByHand
from shared.sync.reconcile.candidates import Candidates
from shared.sync.reconcile.carrying_out import CarryOutWork
from shared.sync.reconcile.daily import DailySync, SpreadWork, SubscriptionsWork
from shared.sync.reconcile.files import FilesWork
from shared.sync.reconcile.library import LibraryWork
from shared.sync.reconcile.library_tasks import LibraryTasks
from shared.sync.reconcile.planned_transfers import PlannedTransfers
from shared.sync.reconcile.planning import PlanWork, PullPorts, Rehearsal
from shared.sync.reconcile.ports import Worker
from shared.sync.reconcile.rehearsal import Silence
from shared.sync.reconcile.resubscribing import Resubscribing
from shared.sync.reconcile.runs import Runs
from shared.sync.reconcile.watched_files import WatchedFiles
from shared.sync.registration import Registration
from shared.sync.subscriptions import Subscriptions
from shared.sync.transfer import TransferFiles
from shared.sync.upload_sessions import UploadSessions


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedByRuns:
    """The use cases that a run's parts call."""

    states: FileStates
    placements: Placements
    provision: Provision
    registration: Registration
    transfer: TransferFiles
    sessions: UploadSessions
    push: PushEdits
    subscriptions: Subscriptions
    ports: PullPorts


def runs_of(world: World, used: UsedByRuns) -> Runs:
    """The life of runs, with a worker for each kind of part."""
    stores = world.stores
    planned = _planned(world, used)
    rehearsal = Rehearsal(ports=used.ports, ingest_on=partial(ingest_of, world), clock=world.clock)
    workers: dict[PartKind, Worker] = {
        PartKind.SPREAD: SpreadWork(directory=stores.directory, folders=stores.folders, clock=world.clock),
        PartKind.SUBSCRIPTIONS: SubscriptionsWork(
            subscriptions=used.subscriptions, resubscribing=Resubscribing(stores.libraries, used.subscriptions)
        ),
        PartKind.BLOBS: BlobsWork(
            blobs=stores.blobs, files=stores.files, registration=used.registration, clock=world.clock
        ),
        PartKind.LIBRARY: LibraryWork(
            candidates=candidates_of(world, used.placements),
            placements=used.placements,
            folders=stores.folders,
            libraries=stores.libraries,
            provision=used.provision,
            counting_ingest=_counting_ingest(world, used.ports),
            clock=world.clock,
        ),
        PartKind.FILES: FilesWork(
            files=stores.files,
            states=used.states,
            transfer=used.transfer,
            push=used.push,
            sessions=used.sessions,
            planned=planned,
            clock=world.clock,
        ),
        PartKind.PLAN: PlanWork(
            store=stores.runs,
            candidates=candidates_of(world, used.placements),
            transfers=planned,
            rehearsal=rehearsal,
        ),
        PartKind.CARRY_OUT: CarryOutWork(
            store=stores.runs,
            files=stores.files,
            folders=stores.folders,
            rehearsal=rehearsal,
            pulls=stores.pulls,
            clock=world.clock,
        ),
    }
    return Runs(store=stores.runs, queue=stores.syncs, workers=workers, clock=world.clock, new_id=world.new_id)


def daily_sync_of(world: World, runs: Runs, everywhere: Everywhere) -> DailySync:
    """The daily job in the directions that are switched on."""
    wanted = world.settings.daily_sync
    switches = {Direction.TO_SHAREPOINT: wanted.to_sharepoint, Direction.FROM_SHAREPOINT: wanted.from_sharepoint}
    return DailySync(
        runs=runs,
        store=world.stores.runs,
        everywhere=everywhere,
        clock=world.clock,
        directions=tuple(direction for direction, is_on in switches.items() if is_on),
        kept_days=wanted.runs_kept_days,
    )


def sync_by_hand_of(world: World, runs: Runs, placements: Placements) -> SyncByHand:
    """What a person asks for."""
    return SyncByHand(
        runs=runs,
        candidates=candidates_of(world, placements),
        placements=placements,
        folders=world.stores.folders,
        clock=world.clock,
    )


def library_tasks_of(world: World, runs: Runs, placements: Placements) -> LibraryTasks:
    """What an administrator asks for."""
    return LibraryTasks(
        runs=runs,
        store=world.stores.runs,
        folders=world.stores.folders,
        libraries=world.stores.libraries,
        placements=placements,
        clock=world.clock,
    )


def candidates_of(world: World, placements: Placements) -> Candidates:
    """Which files a sync looks at."""
    return Candidates(files=world.stores.files, placements=placements, clock=world.clock)


def _planned(world: World, used: UsedByRuns) -> PlannedTransfers:
    limits, stores = world.settings.transfer, world.stores
    return PlannedTransfers(
        files=stores.files,
        blobs=stores.blobs,
        placements=used.placements,
        folders=stores.folders,
        clock=world.clock,
        small_file_max_bytes=limits.small_file_max_bytes,
        fragment_bytes=limits.fragment_bytes,
    )


def _counting_ingest(world: World, ports: PullPorts) -> Callable[[Counts], Ingest]:
    """Pulls that count what they change, and whose rest comes with the part, not from the queue of pulls."""

    def build(counts: Counts) -> Ingest:
        def judge(before: FileRecord | None, after: FileRecord, _event: Event) -> bool:
            counts.update(kinds_of(before, after))
            return True

        return ingest_of(world, replace(ports, files=WatchedFiles(ports.files, judge), pulls=Silence()))

    return build

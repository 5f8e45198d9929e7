"""The use cases, as the entry points call them."""

from dataclasses import dataclass

from shared.settings import PageSettings, SignInSettings
from shared.sync.approvals import Approvals
from shared.sync.arrivals import Arrivals
from shared.sync.change_ports import FollowedFiles, Libraries, LinkedDirectory
from shared.sync.directory import DirectoryChanges
from shared.sync.edits import Edits
from shared.sync.everywhere import Everywhere
from shared.sync.explaining import Explaining
from shared.sync.finding import Finding
from shared.sync.given_up import GivenUp
from shared.sync.ingest import Ingest
from shared.sync.journal_export import JournalExport
from shared.sync.locating import Locating
from shared.sync.names import Names
from shared.sync.notifications import Notifications
from shared.sync.placement import Placements
from shared.sync.ports import Clock, Folders, UnplacedBlobs
from shared.sync.provision import Provision
from shared.sync.push import PushEdits
from shared.sync.reconcile.by_hand import SyncByHand
from shared.sync.reconcile.daily import DailySync
from shared.sync.reconcile.library_tasks import LibraryTasks
from shared.sync.reconcile.runs import Runs
from shared.sync.registration import Registration
from shared.sync.reindexing import Reindexing
from shared.sync.rename_folders import RenameFolders
from shared.sync.retrying import Retrying
from shared.sync.searching import Searching
from shared.sync.subscriptions import Subscriptions
from shared.sync.transfer import TransferFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the entry points call."""

    arrivals: Arrivals
    transfer: TransferFiles
    registration: Registration
    locating: Locating
    searching: Searching
    everywhere: Everywhere
    reindexing: Reindexing
    edits: Edits
    retrying: Retrying
    explaining: Explaining
    journal_export: JournalExport
    directory_changes: DirectoryChanges
    finding: Finding
    names: Names
    ingest: Ingest
    approvals: Approvals
    push: PushEdits
    rename_folders: RenameFolders
    subscriptions: Subscriptions
    notifications: Notifications
    runs: Runs
    daily_sync: DailySync
    sync_by_hand: SyncByHand
    library_tasks: LibraryTasks
    placements: Placements
    provision: Provision
    directory: LinkedDirectory
    files: FollowedFiles
    folders: Folders
    libraries: Libraries
    unplaced: UnplacedBlobs
    given_up: GivenUp
    sign_in: SignInSettings
    page: PageSettings
    clock: Clock
    units_per_minute: int
    """Resource units of SharePoint that the app may use; 0: nobody counts."""

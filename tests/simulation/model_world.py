"""The real app on a platform in memory: several host processes, one SharePoint, one storage account.

`shared/bootstrap` joins the use cases as it does in production; only what is outside is simulated. Each host has an App
of its own, built anew for each of its lives, so that what a process remembers is its own and dies with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any, cast
from unittest.mock import patch

from shared import settings
from shared.bootstrap import App, build
from shared.bootstrap import World as Adapters
from shared.errors import MomentError
from shared.model.directory import Activity, Customer, Project, StorageLocation, Task
from shared.model.files import FileRecord
from shared.settings import Settings
from shared.store.budget import TableBudget
from shared.store.connect import Stores
from shared.store.directory import TableDirectory
from shared.store.everywhere import TableEverywhere
from shared.store.folders import TableFolders
from shared.store.given_up import TableGivenUp
from shared.store.libraries import TableLibraries
from shared.store.runs import TableRuns
from shared.store.search import TableSearch
from shared.store.tree import TableFolderTree
from shared.store.unplaced import TableUnplacedBlobs
from tests.simulation.model_hosts import Host, InlinePool, Killed, Network, SimulatedTime
from tests.simulation.model_sharepoint import OUR_APP, ModelSharePoint
from tests.simulation.model_storage import Bodies, Message, ModelBlobs, ModelQueues, Transfers
from tests.simulation.model_tables import ModelTableService
from tests.simulation.model_watch import GUARD_FILES, GUARD_PERCENT, Witness, WitnessedFiles
from tests.simulation.report import Violation

BLOBS = "blobs"
"""The events of the container."""
CUSTOMERS = ("c1", "c2")
_GIVEN_UP_AFTER = 5
_VISIBLE_AGAIN_S = 30.0
_WRONG_BY = [timedelta(seconds=seconds) for seconds in (0, 150, -90)]
"""Each host's clock, where they disagree: by more than a claim or a lease lasts."""
_ENVIRON = {
    "MOMENT_STORAGE": "UseDevelopmentStorage=true",
    "GRAPH_TENANT_ID": "model",
    "GRAPH_CLIENT_ID": OUR_APP,
    "GRAPH_CLIENT_SECRET": "model",
    "SHAREPOINT_SITES": "contoso.sharepoint.com:/sites/moment",
    "DELETION_GUARD_FILES": str(GUARD_FILES),
    "DELETION_GUARD_PERCENT": str(GUARD_PERCENT),
    "PUBLIC_URL": "https://moment.example",
    "DEVELOPMENT_USER": "Ada",
}
SMALL_FILE_MAX_BYTES, FRAGMENT_BYTES = 200, 160


class ModelWorld:
    """Everything there is. `variant` chooses between what SharePoint may do in either way."""

    def __init__(self, variant: int = 0) -> None:
        self.clock = SimulatedTime()
        """The right time: SharePoint's, storage's and people's."""
        self._do_clocks_disagree = bool(variant & 4)
        self.network = Network(self.clock)
        self.queues = ModelQueues(self.network)
        self.tables = ModelTableService(self.network)
        self.sharepoint = ModelSharePoint(
            self.network, moves_c_tag=bool(variant & 1), tells_descendants=bool(variant & 2)
        )
        self.customers = CUSTOMERS
        self.witness = Witness(self)
        self.blobs = ModelBlobs(self.network, self.witness.before_release)
        self.hosts = [Host(number) for number in range(3)]
        self.given_up: list[Message] = []
        self.is_calm = False
        self._ids = count(1)
        self._apps: dict[tuple[int, int], App] = {}
        self._working: dict[int, Message] = {}
        self._then: dict[int, Callable[[], None]] = {}
        self._settings = _settings()
        self.stores = self._stores()
        self.app = self._built()
        """Of no host: what people and checks look at, without a stop or a fault."""
        for customer in CUSTOMERS:
            self._prepare(customer)

    @contextmanager
    def running(self) -> Iterator["ModelWorld"]:
        """The next fragment of a large file is read in the same thread, so that a storm is the same each time."""
        with patch("shared.sync.blob_reading.ThreadPoolExecutor", InlinePool):
            try:
                yield self
            finally:
                for host in self.hosts:
                    host.kill()

    def begin(self, host: Host, job: Callable[[App], None], doing: str) -> None:
        """Have an idle host do something."""
        key = host.number, host.generation
        if key not in self._apps:
            wrong_by = _WRONG_BY[host.number] if self._do_clocks_disagree else timedelta()
            self._apps[key] = self._built(wrong_by)
        app = self._apps[key]
        host.begin(lambda: job(app), doing)

    def take(self, host: Host, message: Message) -> None:
        """Have an idle host take a message."""
        taken = self.queues.take(message)
        self._working[host.number] = taken
        self.witness.pull_begins(host.number)
        self.begin(host, lambda app: _do(app, taken, self._ids), f"{taken.queue} {taken.key}")

    def answer(
        self,
        host: Host,
        moments: int,
        job: Callable[[App], object],
        doing: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Have a host answer a person; it may stop after some moments. `then` is done where it answered well."""
        if host.is_busy:
            self.go_on(host)
        self._then[host.number] = then

        def answer(app: App) -> None:
            job(app)

        self.begin(host, answer, doing)
        self.go_on(host, moments % 16 if moments % 3 else None)

    def go_on(self, host: Host, moments: int | None = None) -> None:
        """Let a busy host go on; what it leaves unfinished comes again."""
        if self.network.run(host, moments):
            self._ended(host)

    def kill(self, host: Host) -> bool:
        """Whether it was doing something."""
        was_busy = host.is_busy
        host.kill()
        if was_busy:
            self._ended(host)
        return was_busy

    def records(self, customer: str) -> list[FileRecord]:
        """All records, deleted ones too, by id."""
        ids = [str(each.row["id"]) for each in self.stores.files._table.rows(customer, "file~")]
        found = (self.stores.files.find(customer, each) for each in ids)
        return [each for each in found if each is not None]

    def _ended(self, host: Host) -> None:
        failure, message = host.failure, self._working.pop(host.number, None)
        then = self._then.pop(host.number, None)
        host.failure = None
        is_foreseen = failure is None or isinstance(failure, Killed | MomentError)
        if not is_foreseen or (self.is_calm and failure is not None and message is not None):
            raise Violation(f"Nothing may fail so: {failure!r} while {host.doing}") from failure
        if failure is None and then is not None:
            then()
        if failure is None or message is None:
            return
        if message.times >= _GIVEN_UP_AFTER:
            self.given_up.append(message)
        else:
            self.queues.put_back(message, _VISIBLE_AGAIN_S)

    def _built(self, wrong_by: timedelta = timedelta()) -> App:
        return build(
            Adapters(
                settings=self._settings,
                stores=self.stores,
                sharepoint=self.sharepoint,
                clock=lambda: self.clock() + wrong_by,
                new_id=self._new_id,
                new_secret=self._new_id,
            )
        )

    def _new_id(self) -> str:
        return f"{next(self._ids):032x}"

    def _stores(self) -> Stores:
        tables = cast("Any", self.tables)
        to = self.queues.to
        files = WitnessedFiles(tables, self.clock, to(settings.INDEXING_QUEUE).send)
        files.witness = self.witness
        return Stores(
            files=files,
            search=TableSearch(tables),
            everywhere=TableEverywhere(tables),
            directory=TableDirectory(tables),
            folders=TableFolders(tables),
            unplaced=TableUnplacedBlobs(tables),
            blobs=cast("Any", self.blobs),
            transfer_queue=Transfers(self.queues),
            libraries=TableLibraries(tables),
            tree=TableFolderTree(tables),
            pulls=to(settings.CHANGES_QUEUE),
            pushes=to(settings.PUSHES_QUEUE),
            syncs=to(settings.SYNCS_QUEUE),
            indexing=to(settings.INDEXING_QUEUE),
            runs=TableRuns(tables),
            given_up=TableGivenUp(tables),
            bodies=Bodies(self.queues),
            budget=TableBudget(tables),
        )

    def _prepare(self, customer: str) -> None:
        put = self.app.directory_changes.put
        put(Customer(customer, f"Customer {customer}", StorageLocation.SHAREPOINT))
        put(Project(customer, "p1", "Harbour"))
        put(Project(customer, "p2", "Tower"))
        put(Project(customer, "p3", "Archive", storage=StorageLocation.MOMENT))
        put(Activity(customer, "p1", "a1", "Design"))
        put(Task(customer, "p1", "t1", "7", "Sketch", activity="a1"))


def _do(app: App, message: Message, ids: Iterator[int]) -> None:
    key = message.key
    match message.queue:
        case "blobs":
            app.transfer.blob_arrived(key)
        case settings.TRANSFERS_QUEUE:
            app.transfer.move(*key.split("/"))
        case settings.CHANGES_QUEUE:
            app.ingest.take(key, message.sent_at)
        case settings.PUSHES_QUEUE:
            (app.rename_folders.rename if key.startswith("rename:") else app.push.take)(key)
        case settings.SYNCS_QUEUE:
            app.runs.take(key)
        case settings.INDEXING_QUEUE:
            app.everywhere.take(key, str(next(ids)))
        case other:
            raise ValueError(other)


@cache
def _settings() -> Settings:
    read = Settings.from_environ(_ENVIRON)
    sizes = replace(read.transfer, small_file_max_bytes=SMALL_FILE_MAX_BYTES, fragment_bytes=FRAGMENT_BYTES)
    return replace(read, transfer=sizes)

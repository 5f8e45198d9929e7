"""The programs of a load: Azurite, the local SharePoint and the app under the local host with several workers.

Each is a process of its own. Blob events come from the host's stand-in for Event Grid. SharePoint's budget is not
counted (`SHAREPOINT_UNITS_PER_MINUTE=0`), so that the machine is what limits; `python -m tools.stack.budget` is the
load that the budget limits.
"""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from shared.model.libraries import LibraryState
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_clients, open_stores
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.load.ledger import Ledger
from tools.load.outcome import Progress
from tools.load.queues import Queues
from tools.stack.app_settings import app_settings
from tools.stack.children import Child, StackError
from tools.stack.folders import LOCAL, ROOT
from tools.stack.ports import free_port
from tools.stack.product import Product
from tools.stack.programs import stay_off_proxies

_READY_S = 120.0
_LOOK_S = 0.5
_QUIET_LOOKS = 3
_NODE_OPTIONS = "NODE_OPTIONS"


@dataclass(frozen=True, slots=True)
class LoadWorld:
    """Everything that runs, and the ways to look at it."""

    azurite: Azurite
    sharepoint: Child
    sharepoint_url: str
    login_url: str
    ca_bundle: Path
    host: LocalHost
    settings: Mapping[str, str]
    stores: Stores
    queues: Queues
    ledger: Ledger
    workers: int

    def product(self) -> Product:
        """A caller of the API; one for each thread."""
        return Product(self.host.url)

    def processes(self) -> dict[str, int]:
        """The process ids by name; the workers in the order in which they were started."""
        try:
            workers = self.host.worker_pids()
        except psutil.NoSuchProcess:
            workers = []
        named = {f"worker {number}": pid for number, pid in enumerate(sorted(workers), 1)}
        return {"azurite": self.azurite.pid, "sharepoint": self.sharepoint.pid, "host": self.host.process.pid} | named

    def libraries_of(self, customers: Sequence[str]) -> list[LibraryState]:
        """How the libraries of these customers are followed, of those that have one."""
        return [state for state in self.stores.libraries.all() if state.customer in customers]

    def wait_until_drained(self, say: Progress, patience_s: float) -> bool:
        """Until no queue has a message, several looks in a row; False when the patience ends first."""
        deadline, quiet = time.monotonic() + patience_s, 0
        while quiet < _QUIET_LOOKS:
            waiting = self.queues.waiting()
            quiet = 0 if waiting else quiet + 1
            say(f"queues drain: {waiting or 'empty'}", 0, 0)
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_S)
        return True

    def wait_until(self, holds: Callable[[], bool], what: str, patience_s: float) -> None:
        """Wait for it; raises StackError that names it when the patience ends first."""
        deadline = time.monotonic() + patience_s
        while not holds():
            if time.monotonic() > deadline:
                raise StackError(f"{what} did not happen within {patience_s:.0f} s")
            time.sleep(_LOOK_S)


@contextlib.contextmanager
def load_world(
    workers: int = 4,
    *,
    azurite_on_disk: bool = False,
    storage_log: bool = False,
    emit_blob_events: bool = True,
    over_tls: bool = False,
    host_options: Sequence[str] = (),
    **changes: str,
) -> Iterator[LoadWorld]:
    """Start everything; nothing is left behind. `changes` are settings of the app.

    `azurite_on_disk`: blobs lie in files, not in Azurite's memory. `storage_log`: Azurite writes down each request.
    `emit_blob_events`: the host tells of new blobs by itself. `over_tls`: the app speaks TLS to SharePoint.
    """
    stay_off_proxies()
    LOCAL.mkdir(exist_ok=True)
    with contextlib.ExitStack() as undo:
        folder = Path(tempfile.mkdtemp(prefix="load-", dir=LOCAL))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        azurite = _start_azurite(folder / "azurite" if azurite_on_disk else None, undo, log=storage_log)
        storage = azurite.connection_string
        sharepoint, urls = _start_sharepoint(folder, undo)
        port = free_port(taken=set())
        settings = app_settings(storage, *urls, public_url=f"http://127.0.0.1:{port}") | {
            "BLOB_TRIGGER_SOURCE": "EventGrid",
            "SHAREPOINT_UNITS_PER_MINUTE": "0",
            "SHAREPOINT_UNITS_PER_DAY": "0",
            "GRAPH_URL": urls[1] if over_tls else urls[0],
        }
        settings |= changes
        read = Settings.from_environ(settings)
        open_clients(read.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).create_storage()
        queues = Queues(storage)
        undo.callback(queues.close)
        options = ["--queue-poll-ms", "500", "--log-level", "warning"]
        options += [*(["--emit-blob-events"] if emit_blob_events else []), *host_options]
        host = LocalHost(app=ROOT, settings=settings, workers=workers, port=port, options=options)
        undo.enter_context(host)
        yield LoadWorld(
            azurite=azurite,
            sharepoint=sharepoint,
            sharepoint_url=urls[0],
            login_url=urls[1],
            ca_bundle=urls[2],
            host=host,
            settings=settings,
            stores=open_stores(read.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, lambda: datetime.now(UTC)),
            queues=queues,
            ledger=Ledger(urls[0]),
            workers=workers,
        )


def _start_azurite(location: Path | None, undo: contextlib.ExitStack, *, log: bool) -> Azurite:
    """Node loads what lets it find a row in a large partition."""
    before = os.environ.get(_NODE_OPTIONS)
    os.environ[_NODE_OPTIONS] = f"{before or ''} --require {Path(__file__).parent / 'azurite_lookup.cjs'}".strip()
    try:
        return undo.enter_context(Azurite(location=location, access_log=log))
    finally:
        if before is None:
            del os.environ[_NODE_OPTIONS]
        else:
            os.environ[_NODE_OPTIONS] = before


def _start_sharepoint(folder: Path, undo: contextlib.ExitStack) -> tuple[Child, tuple[str, str, Path]]:
    command = [sys.executable, "-m", "tools.sharepoint", "--port", "0", "--tls", "--tls-port", "0"]
    child = Child("sharepoint", command, os.environ, folder)
    undo.callback(child.stop)
    found = child.ready(r"^READY (http://\S+) (https://\S+) ca=(.+?)\s*$", _READY_S)
    return child, (found[1], found[2], Path(found[3]))

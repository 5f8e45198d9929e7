"""The app under the real host with real queues, and a way around it to break things on purpose.

No event arrives here by itself: blobs are told of by Event Grid only, of which there is none.
"""

import socket
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from shared.graph.connect import connect
from shared.graph.sharepoint import GraphSharePoint
from shared.model.files import FileRecord, FileState
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_stores
from tests.conftest import moments_storage
from tests.functions.conftest import Api, host_settings
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.system.test_round_trip import Person
from tests.world import put_blob
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

ROOT = Path(__file__).parents[2]
_LONGEST_RUN_S = 600


@dataclass
class HostWorld:
    """A host whose events all get lost, and a way around it, for breaking things on purpose."""

    host: LocalHost
    api: Api
    storage: Azurite
    local: LocalSharePoint
    stores: Stores
    sharepoint: GraphSharePoint
    """As the app sees it."""
    person: Person

    def company(self, **body: object) -> str:
        """A customer whose library is compared as a whole on this day of the week."""
        today = datetime.now(UTC).toordinal() % 7
        for number in range(1000):
            customer = f"c{datetime.now(UTC):%H%M%S%f}x{number}"
            if zlib.crc32(customer.encode()) % 7 == today:
                break
        answer = self.api.call("PUT", f"customers/{customer}", json={"name": f"Customer {customer}"} | body)
        assert answer.status_code == 201, answer.text
        return customer

    def file(self, customer: str, name: str, content: bytes = b"content", **body: object) -> str:
        """A file whose content has arrived, without an event."""
        announced = announce(self.api, customer, name=name, **body)
        put_blob(announced["upload"]["url"], content)
        return announced["id"]

    def moved(self, customer: str, name: str, **body: object) -> str:
        """The same, in SharePoint alone."""
        file_id = self.file(customer, name, **body)
        self.stores.transfer_queue.send(customer, file_id)
        wait_for(lambda: self.record(customer, file_id).blob_name is None, "the move and the release")
        assert in_state(self.api, customer, file_id, "in-sharepoint")
        return file_id

    def kept(self, customer: str, name: str, content: bytes = b"content", **body: object) -> str:
        """The same, stored in Moment Cloud, where its project keeps files."""
        file_id = self.file(customer, name, content, **body)
        self.stores.transfer_queue.send(customer, file_id)
        wait_for(lambda: in_state(self.api, customer, file_id, "in-moment-cloud"), "the arrival")
        return file_id

    def library(self, customer: str) -> dict:
        """How its library is followed."""
        return self.api.call("GET", f"customers/{customer}/library").json()

    def count_in(self, customer: str, state: str) -> int:
        """How many of its files are in this state."""
        return len(self.api.call("GET", f"customers/{customer}/files?state={state}&limit=500").json()["items"])

    def count_in_storage(self, customer: str, file_ids: Sequence[str]) -> int:
        """How many of these are in SharePoint, without asking the host."""
        return sum(self.record(customer, each).state is FileState.IN_SHAREPOINT for each in file_ids)

    def soon(self) -> datetime:
        """A time until which a signed URL may hold."""
        return datetime.now(UTC) + timedelta(hours=1)

    def reconnect(self) -> None:
        """Where the host was started anew."""
        self.api = Api(self.host.url)

    def record(self, customer: str, file_id: str) -> FileRecord:
        found = self.stores.files.find(customer, file_id)
        assert found is not None
        return found

    def save(self, record: FileRecord, **changes: object) -> None:
        self.stores.files.save(record, replace(record, **changes), "broken on purpose")  # type: ignore[arg-type]

    def start_timer(self, function: str) -> None:
        """As if its time had come."""
        headers = {"x-functions-key": self.host.master_key}
        started = requests.post(f"{self.host.url}/admin/functions/{function}", headers=headers, json={}, timeout=30)
        assert started.status_code == 202, started.text

    def daily_run(self) -> dict:
        """Start the daily job by hand, and wait until its run has ended."""
        before = {run["id"] for run in self.api.call("GET", "sync-runs").json()["items"]}
        self.start_timer("daily_sync")

        def begun() -> str | None:
            return next((run["id"] for run in self.runs() if run["id"] not in before), None)

        return self.ended(wait_for(begun, "the daily run"))

    def runs(self) -> list[dict]:
        """The newest runs."""
        return self.api.call("GET", "sync-runs?limit=10").json()["items"]

    def sync(self, customer: str, direction: str, **body: object) -> dict:
        """Ask for a sync by hand; gives the run as it was begun."""
        answer = self.api.call("POST", f"customers/{customer}/sync", json={"direction": direction, "by": "Ada"} | body)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def ended(self, run_id: str) -> dict:
        """The run when it has ended."""

        def document() -> dict | None:
            run = self.api.call("GET", f"sync-runs/{run_id}").json()
            return run if run["endedAt"] else None

        return wait_for(document, "the end of the run", _LONGEST_RUN_S)


@contextmanager
def host_world(options: Sequence[str] = (), **changes: str) -> Iterator[HostWorld]:
    """Azurite, the local SharePoint and a host of their own; `options` are the host's, `changes` its settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with moments_storage(access_log=True) as storage, LocalSharePoint(tls=True) as local:
        environ = _environ(storage, local, port) | changes
        settings = Settings.from_environ(environ)
        stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, lambda: datetime.now(UTC))
        sharepoint = connect(settings.graph, lambda: datetime.now(UTC), lambda _seconds: None)
        with LocalHost(app=ROOT, settings=environ, port=port, options=["--queue-poll-ms", "200", *options]) as host:
            yield HostWorld(host, Api(host.url), storage, local, stores, sharepoint, Person(local))


def _environ(storage: Azurite, local: LocalSharePoint, port: int) -> dict[str, str]:
    return host_settings(
        storage,
        local,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        SMALL_FILE_MAX_BYTES="100000",
        FRAGMENT_BYTES="327680",
        SHAREPOINT_UNITS_PER_MINUTE="100000",
    ) | {"BLOB_TRIGGER_SOURCE": "EventGrid"}

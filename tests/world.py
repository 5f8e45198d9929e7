"""The real product against a real Azurite and the local SharePoint, in one process, with a clock that can be moved on.

Only the transfer queue is a list, so that a test can look at delays instead of waiting for them.
"""

import itertools
import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from shared.bootstrap import App, build
from shared.bootstrap import World as Adapters
from shared.graph.connect import connect, pace
from shared.graph.sharepoint import GraphSharePoint
from shared.model.directory import Customer, Links, StorageLocation
from shared.model.files import FileRecord
from shared.model.runs import Run
from shared.settings import (
    CHANGES_QUEUE,
    INDEXING_QUEUE,
    MOMENT_CLOUD_CONTAINER,
    PUSHES_QUEUE,
    SYNCS_QUEUE,
    TRANSFERS_QUEUE,
    Settings,
)
from shared.store.budget import TableBudget
from shared.store.connect import Stores, open_clients, open_stores
from shared.store.files import TableFiles
from shared.sync.edits import FileEdit
from shared.sync.registration import NewFile
from tools.sharepoint.running import LocalSharePoint

_numbers = itertools.count(1)


class MovableClock:
    """The real time plus what a test added."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, seconds: float) -> datetime:
        return self() + timedelta(seconds=seconds)

    def advance(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


class ListedQueue:
    """A transfer queue that keeps its messages in a list."""

    def __init__(self) -> None:
        self.messages: deque[tuple[str, str, float]] = deque()

    def send(self, customer: str, file_id: str, delay_s: float = 0) -> None:
        self.messages.append((customer, file_id, delay_s))


class ListedKeys:
    """A queue of keys that keeps them in a list."""

    def __init__(self) -> None:
        self.keys: deque[tuple[str, float]] = deque()

    def send(self, key: str, delay_s: float = 0) -> None:
        self.keys.append((key, delay_s))


class ListedBodies:
    """Puts messages back on the listed queues, as their functions read them."""

    def __init__(self, queue: ListedQueue, keys: Mapping[str, ListedKeys]) -> None:
        self._queue = queue
        self._keys = keys
        self.blobs: deque[str] = deque()

    def send(self, queue: str, body: str) -> None:
        told = json.loads(body)
        if queue != TRANSFERS_QUEUE:
            self._keys[queue].send(told["key"])
        elif "blob" in told:
            self.blobs.append(told["blob"])
        else:
            self._queue.send(told["customer"], told["file"])


def environ_for(connection_string: str, sharepoint: LocalSharePoint, **changes: str) -> dict[str, str]:
    """The settings of an app that uses these two servers."""
    return {
        "MOMENT_STORAGE": connection_string,
        "GRAPH_URL": sharepoint.url,
        "GRAPH_LOGIN_URL": sharepoint.tls_url,
        "GRAPH_CA_BUNDLE": str(sharepoint.ca_path),
        "GRAPH_TENANT_ID": sharepoint.tenant_id,
        "GRAPH_CLIENT_ID": "5b1f1c5e-0000-4000-8000-000000000001",
        "GRAPH_CLIENT_SECRET": "local",
        "SHAREPOINT_SITES": f"{sharepoint.site_hostname}:{sharepoint.site_path}",
        "SHAREPOINT_UNITS_PER_MINUTE": "100000",
        "DEVELOPMENT_USER": "Ada Developer",
    } | changes


@dataclass
class World:
    """One app on two servers. `restarted` is the same world after its process died."""

    environ: Mapping[str, str]
    local: LocalSharePoint
    clock: MovableClock
    queue: ListedQueue
    pulls: ListedKeys
    pushes: ListedKeys
    syncs: ListedKeys
    indexing: ListedKeys
    stores: Stores
    sharepoint: GraphSharePoint
    app: App

    @classmethod
    def start(cls, environ: Mapping[str, str], local: LocalSharePoint, clock: MovableClock | None = None) -> "World":
        settings = Settings.from_environ(environ)
        clock = clock or MovableClock()
        queue = ListedQueue()
        stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, clock)
        pulls, pushes, syncs, indexing = ListedKeys(), ListedKeys(), ListedKeys(), ListedKeys()
        keys = {CHANGES_QUEUE: pulls, PUSHES_QUEUE: pushes, SYNCS_QUEUE: syncs, INDEXING_QUEUE: indexing}
        tables = open_clients(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).tables
        stores = replace(
            stores,
            files=TableFiles(tables, clock, marked=indexing.send),
            transfer_queue=queue,
            pulls=pulls,
            pushes=pushes,
            syncs=syncs,
            indexing=indexing,
            bodies=ListedBodies(queue, keys),
        )
        # A row of its own: what holds one test back is not to hold back the next.
        budget = TableBudget(tables, row=f"units-{uuid.uuid4().hex}")
        pacing = pace(budget, settings.pacing, clock, lambda _seconds: None, lambda: 0.0)
        sharepoint = connect(settings.graph, clock, lambda _seconds: None, pacing=pacing)
        app = _build(settings, stores, sharepoint, clock)
        return cls(environ, local, clock, queue, pulls, pushes, syncs, indexing, stores, sharepoint, app)

    def restarted(self) -> "World":
        return World.start(self.environ, self.local, self.clock)

    def restarted_with(self, **settings: str) -> "World":
        """The same world with other settings."""
        return World.start({**self.environ, **settings}, self.local, self.clock)

    def using(self, *, stores: Stores | None = None, sharepoint: Any = None) -> App:
        """The app with some adapters replaced, for faults that no server can make."""
        settings = Settings.from_environ(self.environ)
        return _build(settings, stores or self.stores, sharepoint or self.sharepoint, self.clock)

    def customer(self, storage: StorageLocation = StorageLocation.SHAREPOINT, **changes: Any) -> Customer:
        """A customer that no other test knows."""
        number = f"{uuid.uuid4().hex[:8]}{next(_numbers)}"
        customer = replace(Customer(f"c{number}", f"Customer {number}", storage), **changes)
        self.app.directory_changes.put(customer)
        return customer

    def announce(self, links: Links, name: str = "note.txt", **changes: Any) -> tuple[FileRecord, str]:
        """A new record and its upload URL."""
        upload = self.app.registration.announce(NewFile(name, links, **changes))
        return upload.record, upload.url

    def upload(self, links: Links, name: str = "note.txt", content: bytes = b"hello", **changes: Any) -> FileRecord:
        """Announce a file and put its content into Moment Cloud, as a caller of the API does."""
        record, url = self.announce(links, name, **changes)
        put_blob(url, content)
        return record

    def an_edit(self, **changes: Any) -> FileEdit:
        return FileEdit(**changes)

    def edit(self, record: FileRecord, **changes: Any) -> None:
        """Edit in Moment and let it go out."""
        self.app.edits.edit(record.customer, record.id, FileEdit(**changes))
        self.settle()

    def rename_customer(self, customer: Customer) -> None:
        self.app.directory_changes.put(replace(customer, name=f"{customer.name} & Sons"))

    def arrive(self, record: FileRecord) -> FileRecord:
        """What the blob trigger does for the file; gives the record as it is afterwards."""
        self.app.transfer.blob_arrived(record.blob_name or "")
        return self.read(record)

    def pull(self, customer: str, *, notified: bool = False) -> None:
        """What the queue of pulls does for the customer's library, until nothing is left in it; then pushes."""
        link = self.app.folders.find(customer, "library")
        assert link is not None
        self.app.ingest.pull(link.drive_id, self.clock() + timedelta(days=1), notified=notified)
        self.settle()

    def settle(self) -> None:
        """Take pulls and pushes until both queues are empty; delays are skipped."""
        for _ in range(2000):
            if self.pulls.keys:
                key, delay_s = self.pulls.keys.popleft()
                self.clock.advance(delay_s)
                self.app.ingest.take(key, self.clock() + timedelta(days=1))
            elif self.pushes.keys:
                key, delay_s = self.pushes.keys.popleft()
                self.clock.advance(delay_s)
                take = self.app.rename_folders.rename if key.startswith("rename:") else self.app.push.take
                take(key)
            else:
                return
        raise AssertionError("the queues never empty")

    def index(self) -> None:
        """Take what the search over all customers has to follow until nothing is left."""
        while self.indexing.keys:
            key, _ = self.indexing.keys.popleft()
            self.app.everywhere.take(key, uuid.uuid4().hex)

    def finish(self, run: Run) -> Run:
        """Take the parts of runs until this one has ended, the most urgent first, and what is queued meanwhile."""
        for _ in range(500):
            now = self.app.runs.find(run.id)
            if now.ended_at is not None:
                return now
            if not self.syncs.keys:
                raise AssertionError("the run has no message left")
            key, delay_s = min(self.syncs.keys, key=lambda each: each[1])
            self.syncs.keys.remove((key, delay_s))
            self.clock.advance(delay_s)
            self.app.runs.take(key)
            for _ in range(len(self.queue.messages)):
                customer, file_id, wait_s = self.queue.messages.popleft()
                self.clock.advance(wait_s)
                self.app.transfer.move(customer, file_id)
            self.settle()
        raise AssertionError("the run never ends")

    def move(self, record: FileRecord) -> FileRecord:
        """What the transfers queue does for the file."""
        self.app.transfer.move(record.customer, record.id)
        return self.read(record)

    def read(self, record: FileRecord) -> FileRecord:
        found = self.app.files.find(record.customer, record.id)
        assert found is not None
        return found

    def stored(self, record: FileRecord) -> bytes:
        """The file's content in SharePoint, as a person would download it."""
        assert record.baseline is not None
        with self.sharepoint.open_content(record.baseline.drive_id, record.baseline.item_id) as content:
            return content.read()

    def fields_of(self, record: FileRecord) -> dict[str, Any]:
        """The four columns as SharePoint shows them."""
        assert record.baseline is not None
        path = f"/drives/{record.baseline.drive_id}/items/{record.baseline.item_id}"
        item = self.graph("GET", f"{path}?$expand=listItem($expand=fields)").json()
        return {
            name: value
            for name, value in item["listItem"]["fields"].items()
            if name.startswith("moment") and "@" not in name
        }

    def delete_item(self, drive_id: str, item_id: str | None) -> None:
        """What a person does in SharePoint."""
        self.graph("DELETE", f"/drives/{drive_id}/items/{item_id}")

    def rename_item(self, drive_id: str, item_id: str | None, name: str) -> None:
        """What a person does in SharePoint."""
        self.graph("PATCH", f"/drives/{drive_id}/items/{item_id}", json={"name": name})

    def children(self, drive_id: str, item_id: str) -> list[str]:
        """The names in a folder."""
        return [
            child["name"] for child in self.graph("GET", f"/drives/{drive_id}/items/{item_id}/children").json()["value"]
        ]

    def graph(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """A call with a token of its own, as another client of the same SharePoint."""
        form = {"grant_type": "client_credentials", "client_id": "person", "client_secret": "x", "scope": "x/.default"}
        token = requests.post(f"{self.local.url}/{self.local.tenant_id}/oauth2/v2.0/token", data=form, timeout=30)
        headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
        answer = requests.request(method, f"{self.local.url}/v1.0{path}", headers=headers, timeout=30, **arguments)
        answer.raise_for_status()
        return answer

    def put_blob(self, url: str, content: bytes) -> None:
        """Upload with nothing but the URL."""
        put_blob(url, content)

    def blob_exists(self, record: FileRecord, blob_name: str | None = None) -> bool:
        return self.stores.blobs.find(blob_name or record.blob_name or "") is not None


def _build(settings: Settings, stores: Stores, sharepoint: GraphSharePoint, clock: MovableClock) -> App:
    return build(
        Adapters(settings=settings, stores=stores, sharepoint=sharepoint, clock=clock, new_id=lambda: uuid.uuid4().hex)
    )


def put_blob(url: str, content: bytes, **headers: str) -> None:
    """Upload with nothing but the URL."""
    answer = requests.put(url, data=content, headers={"x-ms-blob-type": "BlockBlob"} | headers, timeout=30)
    assert answer.status_code == 201, answer.text

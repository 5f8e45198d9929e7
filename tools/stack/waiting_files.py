"""Files that wait in Moment Cloud for SharePoint, and the messages that set them moving."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import requests

from shared.bootstrap import App, World, build
from shared.errors import Unavailable
from shared.graph.connect import connect
from shared.model.directory import Customer, Links, Project, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_clients, open_stores
from shared.sync.registration import NewFile

_FILES_OF_A_CUSTOMER = 50
_AT_ONCE = 6
_PATIENCE = 3


class WaitingFiles:
    """Files of several customers, on the storage account of these app settings. Sends nothing to SharePoint.

    Several, because Azurite reads a whole partition to find one of its rows.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        settings = Settings.from_environ(environ)
        open_clients(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).create_storage()
        self._stores: Stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, _now)
        self._customers: list[str] = []
        sharepoint = connect(settings.graph, _now, lambda _: None)
        self._app: App = build(
            World(settings=settings, stores=self._stores, sharepoint=sharepoint, clock=_now, new_id=lambda: uuid4().hex)
        )

    def prepare(self, files: int, tags: Sequence[str]) -> list[FileRecord]:
        """Small files, uploaded and waiting; tags make each cost four units instead of two."""
        for number in range(0, files, _FILES_OF_A_CUSTOMER):
            customer = _customer_of(number)
            self._app.directory_changes.put(Customer(customer, f"Customer {customer}", StorageLocation.SHAREPOINT))
            self._app.directory_changes.put(Project(customer, "p1", "Web"))
            self._customers.append(customer)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda number: _patiently(lambda: self._upload(number, tuple(tags))), range(files)))

    def _upload(self, number: int, tags: tuple[str, ...]) -> FileRecord:
        links = Links(_customer_of(number), "p1")
        upload = self._app.registration.announce(NewFile(f"note {number:05}.txt", links, tags=tags))
        answer = requests.put(
            upload.url, data=f"Note {number}".encode(), headers={"x-ms-blob-type": "BlockBlob"}, timeout=60
        )
        answer.raise_for_status()
        return upload.record

    def set_moving(self, records: Sequence[FileRecord]) -> None:
        """Queue a message for each."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            queue = self._stores.transfer_queue
            list(pool.map(lambda record: _patiently(lambda: queue.send(record.customer, record.id)), records))

    def arrived(self) -> int:
        """How many are in SharePoint, by their records."""
        state = FileState.IN_SHAREPOINT.value
        return sum(len(self._stores.files.list(each, state, None, 500).items) for each in self._customers)


def _customer_of(number: int) -> str:
    return f"w{number // _FILES_OF_A_CUSTOMER}"


def _patiently[T](do: Callable[[], T]) -> T:
    """Azurite closes connections that were idle for seconds, sometimes just when they are used again."""
    for _ in range(_PATIENCE):
        with contextlib.suppress(Unavailable, requests.ConnectionError):
            return do()
    return do()


def _now() -> datetime:
    return datetime.now(UTC)

"""Files that wait in Moment Cloud for SharePoint, and the messages that set them moving."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import requests

from shared.bootstrap import App, World, build
from shared.graph.connect import connect
from shared.model.directory import Customer, Links, Project, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import Stores, open_clients, open_stores
from shared.sync.registration import NewFile

CUSTOMER = "waiting"
_PROJECTS = 8
_AT_ONCE = 6


class WaitingFiles:
    """One customer's files, on the storage account of these app settings. Sends nothing to SharePoint."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        settings = Settings.from_environ(environ)
        open_clients(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).create_storage()
        self._stores: Stores = open_stores(settings.storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, _now)
        sharepoint = connect(settings.graph, _now, lambda _: None)
        self._app: App = build(
            World(settings=settings, stores=self._stores, sharepoint=sharepoint, clock=_now, new_id=lambda: uuid4().hex)
        )

    def prepare(self, files: int, tags: Sequence[str]) -> list[FileRecord]:
        """Small files, uploaded and waiting; tags make each cost four units instead of two."""
        self._app.directory_changes.put(Customer(CUSTOMER, "Waiting Files", StorageLocation.SHAREPOINT))
        for number in range(_PROJECTS):
            self._app.directory_changes.put(Project(CUSTOMER, f"p{number}", f"Project {number}"))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda number: self._upload(number, tuple(tags)), range(files)))

    def _upload(self, number: int, tags: tuple[str, ...]) -> FileRecord:
        links = Links(CUSTOMER, f"p{number % _PROJECTS}")
        upload = self._app.registration.announce(NewFile(f"note {number:05}.txt", links, tags=tags))
        answer = requests.put(
            upload.url, data=f"Note {number}".encode(), headers={"x-ms-blob-type": "BlockBlob"}, timeout=60
        )
        answer.raise_for_status()
        return upload.record

    def set_moving(self, records: Sequence[FileRecord]) -> None:
        """Queue a message for each."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda record: self._stores.transfer_queue.send(record.customer, record.id), records))

    def arrived(self) -> int:
        """How many are in SharePoint, by their records."""
        count, token = 0, None
        while True:
            page = self._stores.files.list(CUSTOMER, FileState.IN_SHAREPOINT.value, token, 500)
            count, token = count + len(page.items), page.next_token
            if token is None:
                return count


def _now() -> datetime:
    return datetime.now(UTC)

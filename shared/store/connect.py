"""Opens Moment's storage account from settings: by connection string, or by service URIs and a managed identity."""

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from shared.errors import SettingsError
from shared.settings import (
    CHANGES_QUEUE,
    INDEXING_QUEUE,
    MOMENT_CLOUD_CONTAINER,
    PUSHES_QUEUE,
    STORAGE_CONNECTION,
    SYNCS_QUEUE,
    TRANSFERS_QUEUE,
    StorageSettings,
)
from shared.store.blobs import LARGEST_READ_BYTES, MomentCloud
from shared.store.budget import TableBudget
from shared.store.directory import TableDirectory
from shared.store.echoes import TableEchoes
from shared.store.everywhere import TableEverywhere
from shared.store.examined import ExaminedStorage
from shared.store.files import TableFiles
from shared.store.folders import TableFolders
from shared.store.given_up import TableGivenUp
from shared.store.libraries import TableLibraries
from shared.store.provision import create_storage
from shared.store.queues import StorageBodies, StorageKeyQueue, StorageTransferQueue, ToldOnce
from shared.store.runs import TableRuns
from shared.store.schema import TableSchema
from shared.store.search import TableSearch
from shared.store.tree import TableFolderTree
from shared.store.unplaced import TableUnplacedBlobs

if TYPE_CHECKING:
    from azure.identity import ManagedIdentityCredential

__all__ = ["Clients", "ExaminedStores", "Stores", "open_clients", "open_examined", "open_schema", "open_stores"]


class SendsTransfers(Protocol):
    """What `Stores.transfer_queue` does."""

    def send(self, customer: str, file_id: str, delay_s: float = 0) -> None:
        """Look at this file again after the delay."""


class SendsKeys(Protocol):
    """What `Stores.pulls` and `Stores.pushes` do."""

    def send(self, key: str, delay_s: float = 0) -> None:
        """Look at this key after the delay."""


class SendsBodies(Protocol):
    """What `Stores.bodies` does."""

    def send(self, queue: str, body: str) -> None:
        """Put a message on a queue again, by its text."""


@dataclass(frozen=True, slots=True)
class Clients:
    """The SDK's clients; nothing is sent before they are used."""

    tables: TableServiceClient
    container: ContainerClient
    transfers: QueueClient
    pulls: QueueClient
    pushes: QueueClient
    syncs: QueueClient
    indexing: QueueClient

    @property
    def queues(self) -> tuple[QueueClient, ...]:
        """All queues."""
        return self.transfers, self.pulls, self.pushes, self.syncs, self.indexing

    def create_storage(self, origins: Sequence[str] = ()) -> None:
        """Create the tables, the container and the queues where they are missing; let pages of `origins` upload."""
        create_storage(self.tables, self.container, self.queues, origins=origins)


@dataclass(frozen=True, slots=True)
class Stores:
    """Every adapter to Azure Storage."""

    files: TableFiles
    search: TableSearch
    everywhere: TableEverywhere
    directory: TableDirectory
    folders: TableFolders
    unplaced: TableUnplacedBlobs
    blobs: MomentCloud
    transfer_queue: SendsTransfers
    libraries: TableLibraries
    tree: TableFolderTree
    pulls: SendsKeys
    pushes: SendsKeys
    syncs: SendsKeys
    indexing: SendsKeys
    runs: TableRuns
    given_up: TableGivenUp
    bodies: SendsBodies
    budget: TableBudget


@dataclass(frozen=True, slots=True)
class ExaminedStores:
    """The adapters that only the doctor uses."""

    storage: ExaminedStorage
    echoes: TableEchoes


def open_stores(settings: StorageSettings, container: str, queue: str, clock: Callable[[], datetime]) -> Stores:
    """The adapters on the settings' account."""
    clients = open_clients(settings, container, queue)
    indexing = StorageKeyQueue(clients.indexing)
    return Stores(
        files=TableFiles(clients.tables, clock, marked=ToldOnce(indexing, time.monotonic).tell),
        search=TableSearch(clients.tables),
        everywhere=TableEverywhere(clients.tables),
        directory=TableDirectory(clients.tables),
        folders=TableFolders(clients.tables),
        unplaced=TableUnplacedBlobs(clients.tables),
        blobs=MomentCloud(clients.container, clock),
        transfer_queue=StorageTransferQueue(clients.transfers),
        libraries=TableLibraries(clients.tables),
        tree=TableFolderTree(clients.tables),
        pulls=StorageKeyQueue(clients.pulls),
        pushes=StorageKeyQueue(clients.pushes),
        syncs=StorageKeyQueue(clients.syncs),
        indexing=indexing,
        runs=TableRuns(clients.tables),
        given_up=TableGivenUp(clients.tables),
        bodies=StorageBodies(clients.queues),
        budget=TableBudget(clients.tables),
    )


def open_examined(
    settings: StorageSettings, container: str, queue: str, clock: Callable[[], datetime]
) -> ExaminedStores:
    """The doctor's adapters on the settings' account."""
    clients = open_clients(settings, container, queue)
    to_queue = functools.partial(open_queue, settings)
    storage = ExaminedStorage(clients.container, clients.tables, to_queue, clock, clients.create_storage)
    return ExaminedStores(storage, TableEchoes(clients.tables))


def open_schema(settings: StorageSettings) -> TableSchema:
    """The row of the tables' version on the settings' account."""
    return TableSchema(open_clients(settings, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).tables)


def open_clients(settings: StorageSettings, container: str, queue: str) -> Clients:
    """The clients, by connection string where there is one. Raises SettingsError where it can't be one."""
    queues = (queue, CHANGES_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, INDEXING_QUEUE)
    whole_reads: dict[str, Any] = {"max_single_get_size": LARGEST_READ_BYTES, "max_chunk_get_size": LARGEST_READ_BYTES}
    if settings.connection_string:
        try:
            return Clients(
                TableServiceClient.from_connection_string(settings.connection_string),
                ContainerClient.from_connection_string(settings.connection_string, container, **whole_reads),
                *(open_queue(settings, name) for name in queues),
            )
        except ValueError as error:
            # What the SDK says names no part of it.
            raise SettingsError([f"{STORAGE_CONNECTION} can't be used: {str(error).rstrip('.')}"]) from error
    credential = _managed_identity(settings.client_id)
    return Clients(
        TableServiceClient(settings.table_uri, credential=credential),
        ContainerClient(settings.blob_uri, container, credential=credential, **whole_reads),
        *(open_queue(settings, name) for name in queues),
    )


def open_queue(settings: StorageSettings, name: str) -> QueueClient:
    """The client of any queue of the account."""
    if settings.connection_string:
        return QueueClient.from_connection_string(settings.connection_string, name)
    return QueueClient(settings.queue_uri, name, credential=_managed_identity(settings.client_id))


@functools.cache
def _managed_identity(client_id: str) -> "ManagedIdentityCredential":
    """Imported late: it takes a third of a second that a developer's machine never needs."""
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential(client_id=client_id or None)

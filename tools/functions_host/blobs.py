"""The polling side of the blob trigger: find new blobs, note them in receipts, tell the control queue.

Receipts are blobs `azure-webjobs-hosts/blobreceipts/<host>/<function>/<etag>/<container>/<blob>`, one for each version
of a blob and function: a version runs once, an overwrite again. Page:
https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#polling-and-latency
The real host also reads storage logs; here every poll lists the container, from the pattern's literal beginning.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from .bindings import FunctionSpec
from .paths import BlobPath
from .queues import encode
from .storage import HOST_STORAGE, HOSTS_CONTAINER, Storage, send

_log = logging.getLogger(__name__)
_AT_ONCE = 8
_LIST_PAGE = 5000


@dataclass(frozen=True)
class BlobTriggerMessage:
    """One blob version to run one function for; the field names are those of the WebJobs SDK."""

    FunctionId: str
    ContainerName: str
    BlobName: str
    ETag: str
    Type: str = "BlobTrigger"
    BlobType: str = "BlockBlob"

    @classmethod
    def read(cls, body: bytes) -> "BlobTriggerMessage":
        """Read a control message; ValueError or TypeError where it is none."""
        try:
            return cls(**json.loads(body))
        except RecursionError as error:
            raise ValueError("a control message nested too deeply") from error

    def text(self) -> str:
        """Write the control message."""
        return encode(json.dumps(asdict(self)))

    def poison_text(self) -> str:
        """Write the message for the poison queue."""
        return encode(json.dumps({k: v for k, v in asdict(self).items() if k != "Type"}))


class ControlQueue:
    """The queue in host storage through which both blob sources run their functions."""

    def __init__(self, storage: Storage, host_id: str, wake: Callable[[], None]) -> None:
        self.name = f"azure-webjobs-blobtrigger-{host_id}"
        self._queue = storage.queue(HOST_STORAGE, self.name)
        self._wake = wake

    async def put(self, message: BlobTriggerMessage) -> None:
        """Send a message and have a listener look at once."""
        await send(self._queue, message.text())
        self._wake()


class Receipts:
    """Which blob versions have been handed to which function."""

    def __init__(self, service: BlobServiceClient, host_id: str) -> None:
        self._container = service.get_container_client(HOSTS_CONTAINER)
        self._host_id = host_id

    async def hand_over(
        self, message: BlobTriggerMessage, put: Callable[[BlobTriggerMessage], Awaitable[None]]
    ) -> None:
        """Put the message unless its receipt says that this was done; a receipt is complete only afterwards."""
        path = f"blobreceipts/{self._host_id}/{message.FunctionId}/{message.ETag}"
        receipt = self._container.get_blob_client(f"{path}/{message.ContainerName}/{message.BlobName}")
        try:
            await receipt.upload_blob(b"", metadata={"Incomplete": "true"})
        except ResourceExistsError:
            if not (await receipt.get_blob_properties()).metadata.get("Incomplete"):
                return
        await put(message)
        await receipt.set_blob_metadata({})

    async def prepare(self) -> None:
        """Make the container of the host's own blobs."""
        with contextlib.suppress(ResourceExistsError):
            await self._container.create_container()


class BlobScan:
    """Lists a container again and again, and names each version of a blob that it has not named before."""

    def __init__(self, container: ContainerClient, path: BlobPath) -> None:
        self._container = container
        self._path = path
        self._seen: dict[str, str] = {}

    async def new_blobs(self) -> AsyncIterator[tuple[str, str]]:
        """Give (name, ETag) of what is new since the last complete pass."""
        present: dict[str, str] = {}
        listing = self._container.list_blobs(name_starts_with=self._path.prefix or None, results_per_page=_LIST_PAGE)
        async for blob in listing:
            # A listing gives ETags without quotes, a blob's properties with them.
            e_tag = str(blob.etag).strip('"')
            if self._path.match(blob.name) is None:
                continue
            if self._seen.get(blob.name) != e_tag:
                yield blob.name, e_tag
            present[blob.name] = e_tag
        self._seen = present

    def forget(self, name: str) -> None:
        """Name a blob again on the next pass."""
        self._seen.pop(name, None)


class BlobPoller:
    """Polls for one function and hands each new blob version over, once."""

    def __init__(self, spec: FunctionSpec, storage: Storage, receipts: Receipts, control: ControlQueue) -> None:
        self._spec = spec
        self._path = BlobPath(str(spec.trigger.values["path"]))
        container = storage.blobs(spec.trigger.connection).get_container_client(self._path.container)
        self._scan = BlobScan(container, self._path)
        self._receipts = receipts
        self._control = control

    async def run(self, interval_s: float) -> None:
        """Poll until cancelled."""
        while True:
            try:
                await self.poll()
            except* ResourceNotFoundError:
                pass  # The container may be made later, as with the real host.
            except* AzureError as errors:
                _log.warning("container %s could not be scanned: %s", self._path.container, errors.exceptions)
            await asyncio.sleep(interval_s)

    async def poll(self) -> None:
        """Make one pass; the slow steps of several blobs overlap."""
        slots = asyncio.Semaphore(_AT_ONCE)
        failed: list[str] = []

        async def hand_over(name: str, e_tag: str) -> None:
            message = BlobTriggerMessage(self._spec.webjobs_id, self._path.container, name, e_tag)
            try:
                await self._receipts.hand_over(message, self._control.put)
            except AzureError as error:
                _log.warning("blob %s/%s waits for the next scan: %s", self._path.container, name, error)
                failed.append(name)
            finally:
                slots.release()

        async with asyncio.TaskGroup() as tasks:
            async for name, e_tag in self._scan.new_blobs():
                await slots.acquire()
                tasks.create_task(hand_over(name, e_tag))
        for name in failed:
            self._scan.forget(name)

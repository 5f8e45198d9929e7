"""Storage accounts by connection name, as triggers and bindings name them.

Only connection strings: identity-based connections need Azure. A connection NAME is the app setting NAME or
AzureWebJobsNAME (https://learn.microsoft.com/azure/azure-functions/functions-reference#connections).
"""

import contextlib
from collections.abc import Mapping

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from .settings import SettingsError

HOST_STORAGE = "AzureWebJobsStorage"
HOSTS_CONTAINER = "azure-webjobs-hosts"


class Storage:
    """One client per account and service, opened when first used and closed with the host."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._blobs: dict[str, BlobServiceClient] = {}
        self._queues: dict[str, QueueServiceClient] = {}

    def check(self, connection: str) -> None:
        """Refuse a connection that cannot be opened here."""
        self._connection_string(connection)

    def blobs(self, connection: str) -> BlobServiceClient:
        """Open the blob service of a connection."""
        text = self._connection_string(connection)
        if text not in self._blobs:
            self._blobs[text] = BlobServiceClient.from_connection_string(text)
        return self._blobs[text]

    def queue(self, connection: str, name: str) -> QueueClient:
        """Open a queue of a connection; message texts are passed through as they are."""
        text = self._connection_string(connection)
        if text not in self._queues:
            self._queues[text] = QueueServiceClient.from_connection_string(text)
        return self._queues[text].get_queue_client(name)

    def _connection_string(self, connection: str) -> str:
        for name in (connection, f"AzureWebJobs{connection}"):
            if self._settings.get(name):
                return self._settings[name]
        identity = any(name.startswith(f"{connection}__") for name in self._settings)
        hint = " (an identity-based connection works in Azure only)" if identity else ""
        raise SettingsError(f"the connection {connection} needs the app setting {connection}, which is not set{hint}")

    async def close(self) -> None:
        """Close every connection."""
        for blobs in self._blobs.values():
            await blobs.close()
        for queues in self._queues.values():
            await queues.close()


async def send(queue: QueueClient, text: str) -> None:
    """Send a message that never expires, making the queue where it does not exist."""
    try:
        await queue.send_message(text, time_to_live=-1)
    except ResourceNotFoundError:
        with contextlib.suppress(ResourceExistsError):
            await queue.create_queue()
        await queue.send_message(text, time_to_live=-1)

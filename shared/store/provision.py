"""Creates what the app needs in its storage account: tables, the container, queues. Harmless when all is there."""

from collections.abc import Iterable

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from shared.store.azure_errors import error_code, our_errors
from shared.store.tables import TABLES, ensure_tables


def create_storage(
    tables: TableServiceClient,
    container: ContainerClient,
    queues: Iterable[QueueClient],
    table_names: Iterable[str] = TABLES,
) -> None:
    """Create what is missing. Raises Unavailable while something of that name is still being deleted."""
    ensure_tables(tables, table_names)
    _ensure_container(container)
    for queue in queues:
        _ensure_queue(queue)


def _ensure_container(container: ContainerClient) -> None:
    with our_errors(f"Creating container '{container.container_name}'"):
        try:
            container.create_container()
        except ResourceExistsError as error:
            if error_code(error) != "ContainerAlreadyExists":
                raise


def _ensure_queue(queue: QueueClient) -> None:
    with our_errors(f"Creating queue '{queue.queue_name}'"):
        try:
            queue.create_queue()
        except ResourceExistsError as error:
            if error_code(error) != "QueueAlreadyExists":
                raise

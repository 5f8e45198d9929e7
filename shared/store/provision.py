"""Creates what the app needs in its storage account: tables, the container, queues. Harmless when all is there.

A browser uploads from the page straight to the blob service, which is another origin: the service has to allow that
(https://learn.microsoft.com/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services).
In Azure these rules are a matter of the deployment; here they are set where origins are given.
"""

from collections.abc import Iterable, Sequence

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient, ContainerClient, CorsRule
from azure.storage.queue import QueueClient

from shared.store.azure_errors import error_code, our_errors
from shared.store.tables import TABLES, ensure_tables

_PREFLIGHT_HOLDS_S = 3600
_METHODS = ["PUT", "OPTIONS"]
_HEADERS = ["x-ms-*", "content-type", "content-md5"]


def create_storage(
    tables: TableServiceClient,
    container: ContainerClient,
    queues: Iterable[QueueClient],
    table_names: Iterable[str] = TABLES,
    *,
    origins: Sequence[str] = (),
) -> None:
    """Create what is missing. Raises Unavailable while something of that name is still being deleted.

    Pages of these `origins` (`https://host`, and a port that is not the usual one) may upload blobs; where none is
    given, the service's rules stay as they are.
    """
    ensure_tables(tables, table_names)
    _ensure_container(container)
    if origins:
        allow_uploads(container._get_blob_service_client(), origins)
    for queue in queues:
        _ensure_queue(queue)


def allow_uploads(service: BlobServiceClient, origins: Sequence[str]) -> None:
    """Let pages of these origins, and of no others, put blobs and blocks. They still need a signed URL."""
    rule = CorsRule(
        list(origins),
        _METHODS,
        allowed_headers=_HEADERS,
        exposed_headers=["x-ms-request-id", "x-ms-error-code"],
        max_age_in_seconds=_PREFLIGHT_HOLDS_S,
    )
    with our_errors("Setting the CORS rules of the blob service"):
        service.set_service_properties(cors=[rule])


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

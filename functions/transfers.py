"""Blob and queue triggers: a file is to be looked at. They name a key; the use case does the rest."""

import azure.functions as func
import azurefunctions.extensions.bindings.blob as blob

from functions.messages import opened
from shared.bootstrap import app
from shared.settings import MOMENT_CLOUD_CONTAINER, STORAGE_CONNECTION, TRANSFERS_QUEUE, blob_trigger_source

blueprint = func.Blueprint()


@blueprint.blob_trigger(
    arg_name="content",
    path=f"{MOMENT_CLOUD_CONTAINER}/{{name}}",
    connection=STORAGE_CONNECTION,
    source=func.BlobSource(blob_trigger_source()),
)
def file_arrived(content: blob.BlobClient) -> None:
    """A blob was written to Moment Cloud. Its content stays out of the worker channel (SDK-type binding)."""
    app().arrivals.arrived(content.blob_name)


@blueprint.queue_trigger(arg_name="message", queue_name=TRANSFERS_QUEUE, connection=STORAGE_CONNECTION)
def file_to_look_at(message: func.QueueMessage) -> None:
    """A file is to be looked at again, or a blob: one of a crowd, or one that was given up and put back."""
    with opened(message, TRANSFERS_QUEUE) as key:
        if "blob" in key:
            app().transfer.blob_arrived(key["blob"])
        else:
            app().transfer.move(key["customer"], key["file"])

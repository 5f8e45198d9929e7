"""Blob and queue triggers: a file is to be looked at. They name a key; the use case does the rest."""

import azure.functions as func
import azurefunctions.extensions.bindings.blob as blob

from functions.messages import opened
from shared.bootstrap import app
from shared.settings import MOMENT_CLOUD_CONTAINER, STORAGE_CONNECTION, TRANSFERS_QUEUE, blob_trigger_source

blueprint = func.Blueprint()
_GIVEN_UP = "It failed several times for a reason that was not foreseen. See the app's log, then try again."


@blueprint.blob_trigger(
    arg_name="content",
    path=f"{MOMENT_CLOUD_CONTAINER}/{{name}}",
    connection=STORAGE_CONNECTION,
    source=func.BlobSource(blob_trigger_source()),
)
def file_arrived(content: blob.BlobClient) -> None:
    """A blob was written to Moment Cloud. Its content stays out of the worker channel (SDK-type binding)."""
    app().transfer.blob_arrived(content.blob_name)


@blueprint.queue_trigger(arg_name="message", queue_name=TRANSFERS_QUEUE, connection=STORAGE_CONNECTION)
def file_to_look_at(message: func.QueueMessage) -> None:
    """A file is to be looked at again."""
    with opened(message) as key:
        app().transfer.move(key["customer"], key["file"])


@blueprint.queue_trigger(arg_name="message", queue_name=f"{TRANSFERS_QUEUE}-poison", connection=STORAGE_CONNECTION)
def file_given_up(message: func.QueueMessage) -> None:
    """The platform gave a queue message up: the file is shown to people instead of being stuck."""
    with opened(message) as key:
        app().transfer.give_up(key["customer"], key["file"], _GIVEN_UP)


@blueprint.queue_trigger(arg_name="message", queue_name="webjobs-blobtrigger-poison", connection=STORAGE_CONNECTION)
def blob_given_up(message: func.QueueMessage) -> None:
    """The platform gave a blob up; its record is shown to people."""
    told = message.get_json()
    if told["ContainerName"] == MOMENT_CLOUD_CONTAINER:
        app().transfer.give_up_blob(told["BlobName"], _GIVEN_UP)

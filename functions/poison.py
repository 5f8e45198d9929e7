"""Poison queues: what the platform tried too often is kept and shown instead of being stuck, and can be put back.

The platform makes a poison queue with its first message. One function for each queue of the app, and one for the
blob trigger, whose poison queue is shared by all blob functions of the account.
"""

import json

import azure.functions as func

from shared.bootstrap import app
from shared.model.given_up import blob_message
from shared.settings import (
    CHANGES_QUEUE,
    INDEXING_QUEUE,
    MOMENT_CLOUD_CONTAINER,
    PUSHES_QUEUE,
    STORAGE_CONNECTION,
    SYNCS_QUEUE,
    TRANSFERS_QUEUE,
)

blueprint = func.Blueprint()


@blueprint.queue_trigger(arg_name="message", queue_name=f"{TRANSFERS_QUEUE}-poison", connection=STORAGE_CONNECTION)
def file_given_up(message: func.QueueMessage) -> None:
    """A file could not be moved."""
    app().given_up.take(TRANSFERS_QUEUE, _text(message))


@blueprint.queue_trigger(arg_name="message", queue_name="webjobs-blobtrigger-poison", connection=STORAGE_CONNECTION)
def blob_given_up(message: func.QueueMessage) -> None:
    """A blob could not be moved; put back, it comes through the queue of transfers."""
    body = _text(message)
    try:
        told = json.loads(body)
        container, blob_name = told["ContainerName"], told["BlobName"]
    except (ValueError, KeyError, TypeError, RecursionError):
        app().given_up.take(TRANSFERS_QUEUE, body)
        return
    if container == MOMENT_CLOUD_CONTAINER:
        app().given_up.take(TRANSFERS_QUEUE, blob_message(blob_name))


@blueprint.queue_trigger(arg_name="message", queue_name=f"{CHANGES_QUEUE}-poison", connection=STORAGE_CONNECTION)
def library_given_up(message: func.QueueMessage) -> None:
    """A library could not be pulled, or its subscription not renewed."""
    app().given_up.take(CHANGES_QUEUE, _text(message))


@blueprint.queue_trigger(arg_name="message", queue_name=f"{PUSHES_QUEUE}-poison", connection=STORAGE_CONNECTION)
def edit_given_up(message: func.QueueMessage) -> None:
    """An edit made in Moment could not be brought to SharePoint."""
    app().given_up.take(PUSHES_QUEUE, _text(message))


@blueprint.queue_trigger(arg_name="message", queue_name=f"{INDEXING_QUEUE}-poison", connection=STORAGE_CONNECTION)
def index_given_up(message: func.QueueMessage) -> None:
    """Changes could not be brought to the search over all customers."""
    app().given_up.take(INDEXING_QUEUE, _text(message))


@blueprint.queue_trigger(arg_name="message", queue_name=f"{SYNCS_QUEUE}-poison", connection=STORAGE_CONNECTION)
def part_given_up(message: func.QueueMessage) -> None:
    """A part of a sync run could not be done."""
    app().given_up.take(SYNCS_QUEUE, _text(message))


@blueprint.timer_trigger(arg_name="timer", schedule="0 47 * * * *")
def forget_settled_messages(timer: func.TimerRequest) -> None:
    """Every hour: what was brought through by something else is no longer shown as given up."""
    app().given_up.forget_settled()


def _text(message: func.QueueMessage) -> str:
    return message.get_body().decode(errors="replace")

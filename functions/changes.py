"""SharePoint's changes coming in and Moment's edits going out: notifications, queues and timers."""

from datetime import UTC, datetime

import azure.functions as func

from functions.messages import opened
from functions.operation import Call, operation
from shared.bootstrap import app
from shared.errors import InvalidInput
from shared.settings import CHANGES_QUEUE, PUSHES_QUEUE, STORAGE_CONNECTION
from shared.sync.rename_folders import PREFIX

blueprint = func.Blueprint()
_MAX_TOKEN_LENGTH = 4096
_ALWAYS = datetime.max.replace(tzinfo=UTC)
"""A wish without a date is newer than any pull."""


@operation(blueprint, "POST", "sharepoint/notifications", None, status=202)
def notified(call: Call) -> func.HttpResponse:
    """Graph tells of changes: answered at once, read later.

    Open to all, because Graph does not sign in here: a notification counts only with its subscription's clientState. A
    validation token comes back as plain text.
    """
    token = call.req.params.get("validationToken")
    if token is not None:
        if len(token) > _MAX_TOKEN_LENGTH:
            raise InvalidInput("The validation token is too long.", "validationToken")
        safe = {"X-Content-Type-Options": "nosniff"}
        return func.HttpResponse(token, status_code=200, mimetype="text/plain", headers=safe)
    app().notifications.receive(call.req.get_body())
    return func.HttpResponse(status_code=202)


@blueprint.queue_trigger(arg_name="message", queue_name=CHANGES_QUEUE, connection=STORAGE_CONNECTION)
def library_to_pull(message: func.QueueMessage) -> None:
    """A library is to be pulled, or its subscription renewed."""
    with opened(message, CHANGES_QUEUE) as told:
        app().ingest.take(str(told["key"]), message.insertion_time or _ALWAYS)


@blueprint.queue_trigger(arg_name="message", queue_name=PUSHES_QUEUE, connection=STORAGE_CONNECTION)
def edit_to_push(message: func.QueueMessage) -> None:
    """An edit made in Moment is to go to SharePoint."""
    with opened(message, PUSHES_QUEUE) as told:
        key = str(told["key"])
        if key.startswith(PREFIX):
            app().rename_folders.rename(key)
        else:
            app().push.take(key)


@blueprint.timer_trigger(arg_name="timer", schedule="0 * * * * *")
def poll_unwatched_libraries(timer: func.TimerRequest) -> None:
    """Every minute: libraries that no notification tells of."""
    app().subscriptions.poll_unwatched()


@blueprint.timer_trigger(arg_name="timer", schedule="0 17 * * * *")
def keep_subscriptions(timer: func.TimerRequest) -> None:
    """Every hour: subscriptions are renewed, made again, and orphans removed."""
    app().subscriptions.keep_all()

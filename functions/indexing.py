"""Queue trigger: a customer's files have changed, and have to be found so over all customers."""

import azure.functions as func

from functions.messages import opened
from shared.bootstrap import app
from shared.settings import INDEXING_QUEUE, STORAGE_CONNECTION

blueprint = func.Blueprint()


@blueprint.queue_trigger(arg_name="message", queue_name=INDEXING_QUEUE, connection=STORAGE_CONNECTION)
def customer_to_index(message: func.QueueMessage) -> None:
    """The marks that changes left are to be taken."""
    with opened(message, INDEXING_QUEUE) as told:
        app().everywhere.take(str(told["key"]), message.id or "")

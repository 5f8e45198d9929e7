"""What every queue function reads from its message: a key, whether bulk work sent it, and how long it waited."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import azure.functions as func

from shared.bootstrap import app
from shared.model.urgency import bulk
from shared.telemetry import message_taken


@contextmanager
def opened(message: func.QueueMessage, queue: str) -> Iterator[dict[str, Any]]:
    """The members of a message of this queue; what is done inside is bulk work where the message says so."""
    if message.insertion_time is not None and message.insertion_time.tzinfo is not None:
        message_taken(queue, (app().clock() - message.insertion_time).total_seconds())
    told: dict[str, Any] = json.loads(message.get_body())
    with bulk() if told.get("bulk") is True else nullcontext():
        yield told

"""What every queue function reads from its message: a key, and whether bulk work sent it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import azure.functions as func

from shared.model.urgency import bulk


@contextmanager
def opened(message: func.QueueMessage) -> Iterator[dict[str, Any]]:
    """The members of the message; what is done inside is bulk work where the message says so."""
    told: dict[str, Any] = json.loads(message.get_body())
    with bulk() if told.get("bulk") is True else nullcontext():
        yield told

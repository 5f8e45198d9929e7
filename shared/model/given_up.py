"""A message that the platform gave up after it had failed too often, and what its text names. Pure.

A message is a JSON object, a key and never an order, so it can be sent again at any time:

    {"customer": …, "file": …}   queue of transfers: a file
    {"blob": …}                  queue of transfers: a blob in Moment Cloud
    {"key": …}                   every other queue: a key of its own
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime

MAX_BODY_LENGTH = 16_000
"""Characters that are kept of a message's text; the longest of ours, of a blob's name, has 12,300."""

_NOT_KEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What can't be stored or sent everywhere; a JSON text that we wrote has it escaped."""


@dataclass(frozen=True, slots=True)
class GivenUpMessage:
    """One message, however often it was given up. `etag` is the stored row's, empty before the first save."""

    id: str
    queue: str
    """The queue that it failed on, and that it is put back on."""
    body: str
    concerns: str
    """The file, library or folder, in words."""
    reason: str
    first_at: datetime
    last_at: datetime
    times: int = 1
    marked: bool = False
    """The thing itself shows the reason too."""
    etag: str = field(default="", compare=False)


def message_id(queue: str, body: str) -> str:
    """The same for messages of one text on one queue: looking twice at a key does no more than looking once."""
    return hashlib.sha256(f"{queue}\n{body}".encode()).hexdigest()[:32]


def kept_text(text: str) -> str:
    """What is kept of a text that anybody may have written."""
    return _NOT_KEPT.sub("\ufffd", text[:MAX_BODY_LENGTH])


def member_of(body: str, name: str) -> str | None:
    """A text member of the message's object, None where it has none. Raises ValueError where it is no JSON object."""
    try:
        told = json.loads(body)
    except RecursionError as error:
        raise ValueError("The message is nested too deeply.") from error
    match told:
        case {**members}:
            value = members.get(name)
            return value if isinstance(value, str) else None
        case _:
            raise ValueError("The message is not a JSON object.")


def required_member_of(body: str, name: str) -> str:
    """The same where it has to be there. Raises ValueError."""
    value = member_of(body, name)
    if not value:
        raise ValueError(f"The message has no {name}.")
    return value


def blob_message(blob_name: str) -> str:
    """The text of the message that has a blob looked at again."""
    return json.dumps({"blob": blob_name}, separators=(",", ":"))

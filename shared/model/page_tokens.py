"""The opaque token of a list's next page where the list is made by us and not by Table Storage. Pure.

A token holds the place of the last entry of its page, so it outlives changes of the list.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from itertools import islice

from shared.errors import InvalidInput
from shared.model.stored import Page

type Place = tuple[str, ...]


def place_of(token: str | None, parts: int) -> Place:
    """Behind which place to go on; empty parts at the beginning. Raises InvalidInput for a token that is not ours."""
    if token is None:
        return ("",) * parts
    try:
        place = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        place = None
    if not isinstance(place, list) or len(place) != parts or not all(isinstance(part, str) for part in place):
        raise InvalidInput("page is not a token that this list gave.", "page")
    return tuple(place)


def cut_page[T](entries: Iterable[tuple[Place, T]], limit: int) -> Page[T]:
    """The first `limit` entries (place and entry); no more than one after them is read."""
    found = list(islice(entries, limit + 1))
    items = [entry for _, entry in found[:limit]]
    return Page(items, token_of(found[limit - 1][0]) if len(found) > limit else None)


def token_of(place: Place) -> str:
    """The token that leads behind this place."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()

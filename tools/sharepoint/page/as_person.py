"""Doing as a person what programs do through Graph: the very same handlers run, only in somebody's name.

So whatever holds for the API holds here: locks, names, eTags, versions, what delta and notifications tell.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

from tools.sharepoint.resources.call import Call, Handler, Json, Reply
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.people import GRACE


def in_persons_name(call: Call) -> Call:
    """Return the call as one that the person makes."""
    return replace(call, application_id=GRACE.account, query={}, headers={}, paths={})


async def ask(
    call: Call, handler: Handler, library: Library, item: DriveItem, body: Json | None = None, *, if_match: str = ""
) -> Reply:
    """Let a handler of the API do something to an item."""
    asked = in_persons_name(call)
    asked.params = {"drive": library.drive_id, "item": item.item_id}
    asked.headers = {"If-Match": if_match} if if_match else {}
    asked.chunks = _once(json.dumps(body or {}).encode())
    return await handler(asked)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body

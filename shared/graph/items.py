"""Files and folders of a library (https://learn.microsoft.com/graph/api/resources/driveitem).

A parent is a folder's item id, or `root` for the library's root (an alias that Graph takes wherever an id goes).
"""

import io
from collections.abc import Buffer, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import requests
import urllib3

from shared.errors import MomentError, NotFound, TooLarge
from shared.graph import item_wire, wire
from shared.graph.connection import no_answer
from shared.graph.request import DOWNLOAD_URL, GraphTransport
from shared.graph.written import written_item
from shared.model.bodies import Sendable
from shared.model.drive_items import DriveItem

_BYTES = {"Content-Type": "application/octet-stream"}
_UNPACKED = {"Accept-Encoding": "identity"}


class DriveItems:
    """Files and folders. Safe for threads."""

    def __init__(self, transport: GraphTransport) -> None:
        self._transport = transport

    def create_folder(self, drive_id: str, parent_id: str, name: str) -> DriveItem:
        """A new folder (driveitem-post-children). Raises NameTaken, NotFound (parent gone)."""
        response = self._transport.request(
            "POST",
            "/drives/{drive}/items/{parent}/children",
            {"drive": drive_id, "parent": parent_id},
            json=wire.folder_body(name),
        )
        return wire.read(response, item_wire.drive_item)

    def find_child(self, drive_id: str, parent_id: str, name: str) -> DriveItem | None:
        """The child of this name, compared without case (driveitem-get by relative path)."""
        return self._find(
            "/drives/{drive}/items/{parent}:/{name}", {"drive": drive_id, "parent": parent_id, "name": name}
        )

    def find_item(self, drive_id: str, item_id: str) -> DriveItem | None:
        """One item by id (driveitem-get)."""
        return self._find("/drives/{drive}/items/{item}", {"drive": drive_id, "item": item_id})

    def put_file(self, drive_id: str, parent_id: str, name: str, content: Sendable) -> DriveItem:
        """Create a file in one request (driveitem-put-content). Raises NameTaken, NotFound (parent gone), TooLarge."""
        response = self._transport.request(
            "PUT",
            "/drives/{drive}/items/{parent}:/{name}:/content",
            {"drive": drive_id, "parent": parent_id, "name": name},
            params=wire.FAIL_IF_TAKEN,
            content=content,
            headers=_BYTES,
        )
        return _put(response)

    def replace_file(self, drive_id: str, item_id: str, content: Sendable, e_tag: str = "") -> DriveItem:
        """New content for an existing file in one request: a new version (driveitem-put-content).

        `e_tag` goes out as If-Match, empty for whatever version is there. Raises PreconditionFailed, TooLarge.
        """
        response = self._transport.request(
            "PUT",
            "/drives/{drive}/items/{item}/content",
            {"drive": drive_id, "item": item_id},
            content=content,
            headers=_BYTES | wire.if_match(e_tag),
        )
        return _put(response)

    @contextmanager
    def open_content(self, drive_id: str, item_id: str) -> Iterator[BinaryIO]:
        """The item's current content as a stream (driveitem-get-content).

        Graph answers with a redirect to a pre-authenticated URL. Requests are repeated until the first byte, not
        after it: a stream that breaks raises Unavailable from `read`.
        """
        response = self._transport.request(
            "GET",
            "/drives/{drive}/items/{item}/content",
            {"drive": drive_id, "item": item_id},
            headers=_UNPACKED,
            stream=True,
        )
        if response.is_redirect:
            url = response.headers["Location"]
            response.raw.drain_conn()  # so that its connection is used again
            response = self._transport.request_signed("GET", DOWNLOAD_URL, url, headers=_UNPACKED, stream=True)
        with response, io.BufferedReader(_Content(response)) as stream:
            yield stream

    def _find(self, route: str, values: dict[str, str]) -> DriveItem | None:
        try:
            response = self._transport.request("GET", route, values, params=wire.ITEM_FIELDS)
        except NotFound:
            return None
        return wire.read(response, item_wire.drive_item)


def _put(response: requests.Response) -> DriveItem:
    """The item. The page allows 250 MB, but more than 4 MB was seen to be led on to an endpoint for uploads."""
    if response.is_redirect:
        raise TooLarge("SharePoint wants an upload session for a file of this size.")
    return written_item(response)


class _Content(io.RawIOBase):
    """The body of an answer; its exceptions are ours."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self._raw = response.raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            chunk = self._raw.read(len(view))
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            error: MomentError = no_answer(exc)
        else:
            view[: len(chunk)] = chunk
            return len(chunk)
        raise error

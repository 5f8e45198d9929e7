"""Answers to writes, with Graph's id of the request: Microsoft's support asks for it, so the file's history keeps it.

https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
"""

from dataclasses import replace

import requests

from shared.graph import item_wire, wire
from shared.graph.classify import request_id
from shared.model.drive_items import DriveItem, Written


def written_item(response: requests.Response) -> DriveItem:
    """The item that a write answered with."""
    return replace(wire.read(response, item_wire.drive_item), request_id=request_id(response.headers))


def written_columns(response: requests.Response) -> Written:
    """The item's eTag after its columns were written."""
    return Written(wire.read(response, wire.new_e_tag), request_id(response.headers))

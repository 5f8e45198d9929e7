"""What was asked of Azure Storage, from Azurite's access log. Pure.

Looks of the platform at its queues are counted apart: they go on while nothing happens. What the bench itself asks
(the lengths of the queues) is left out. rclone's containers tell its requests from the app's.
"""

import re
from dataclasses import dataclass

_LINE = re.compile(r'"(GET|PUT|POST|PATCH|DELETE|MERGE|HEAD) /devstoreaccount1(\S*) HTTP')
_OF_RCLONE = "/bench-"
"""How its containers' names begin."""
_TABLE = re.compile(r"^/(\$batch|Tables|\w+\()")


@dataclass(frozen=True, slots=True)
class Operations:
    """Requests by service; `looks` are receives from a queue, with or without a message."""

    blobs: int = 0
    tables: int = 0
    messages: int = 0
    looks: int = 0

    @property
    def total(self) -> int:
        """All but the looks at queues."""
        return self.blobs + self.tables + self.messages


def operations_of(log: str, *, of_rclone: bool) -> Operations:
    """Count one contestant's requests in this part of the log."""
    counts = {"blobs": 0, "tables": 0, "messages": 0, "looks": 0}
    for method, address in _LINE.findall(log):
        kind = _kind_of(method, address)
        if kind and address.startswith(_OF_RCLONE) == of_rclone:
            counts[kind] += 1
    return Operations(**counts)


def _kind_of(method: str, address: str) -> str:
    path, _, query = address.partition("?")
    if method == "GET" and ("comp=metadata" in query or (not path and "comp=list" in query)):
        return ""
    if "/messages" in path:
        return "looks" if method == "GET" else "messages"
    return "tables" if _TABLE.match(path) else "blobs"

"""Measures what the demo prints: requests and resource units per file, and the time from a blob's arrival to its link.

Everything is counted by the local SharePoint's ledger and the history of each file, not by the code that is measured.
"""

import statistics
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tools.samples.content import of_text
from tools.stack.children import StackError
from tools.stack.ledger import Cost, Ledger
from tools.stack.product import Json, Product, upload
from tools.stack.programs import POLL_INTERVAL_MS, Stack

TIMED_FILES = 20
CUSTOMER = "figures"
_TIMEOUT_S = 60.0
_LOOK_S = 0.1
_CLAIMED = "Claimed"
_LINKED = "In SharePoint"


class Measure:
    """Sends small files of a customer of its own, one after another, and measures each."""

    def __init__(self, stack: Stack, product: Product) -> None:
        self._stack = stack
        self._product = product
        self.ledger = Ledger(stack.sharepoint_url)

    def costs(self) -> dict[str, Cost]:
        """Requests and units of a small file, and what a new folder and a new library add."""
        self._product.put(CUSTOMER, {"name": "Figures AG", "storage": "sharepoint"})
        with_library = self._cost_of_file("first.txt")
        known = self._cost_of_file("second.txt")
        with_columns = self._cost_of_file("tagged.txt", tags=["figure"])
        self._product.put(f"{CUSTOMER}/projects/new", {"name": "New folder"})
        with_folder = self._cost_of_file("in a new folder.txt", project="new")
        return {
            "file into a known folder": known,
            "file with columns": with_columns,
            "new folder adds": with_folder - known,
            "new library adds": with_library - known,
        }

    def times(self) -> dict[str, Any]:
        """Seconds of warm small files, from the arrival of the blob and from the trigger's call to the link."""
        arrivals: list[float] = []
        calls: list[float] = []
        for number in range(TIMED_FILES):
            file_id, arrived_at = self._send(f"timed {number:02d}.txt")
            called_at, linked_at = self._wait(file_id)
            arrivals.append(linked_at - arrived_at)
            calls.append(linked_at - called_at)
        return {
            "files": TIMED_FILES,
            "poll_interval_s": POLL_INTERVAL_MS / 1000,
            "arrival_to_link_s": spread(arrivals),
            "call_to_link_s": spread(calls),
        }

    def _cost_of_file(self, name: str, **body: Any) -> Cost:
        since = self.ledger.last()
        file_id, _ = self._send(name, **body)
        self._wait(file_id)
        return self.ledger.cost(since, follows=False)

    def _send(self, name: str, **body: Any) -> tuple[str, float]:
        content = of_text(f"{name}\n" * 100)
        document = self._product.announce(CUSTOMER, {"name": name, **body})
        upload(document["upload"], content)
        return document["id"], time.time()

    def _wait(self, file_id: str) -> tuple[float, float]:
        """When the trigger's call claimed the file, and when it had its link."""
        deadline = time.monotonic() + _TIMEOUT_S
        path = f"customers/{CUSTOMER}/files/{file_id}"
        while time.monotonic() < deadline:
            self._stack.check()
            document = self._product.get(path)
            if document["link"] and not document["inMomentCloud"]:
                history = self._product.get(f"{path}/history")["items"]
                return time_of(history, _CLAIMED), time_of(history, _LINKED)
            time.sleep(_LOOK_S)
        raise StackError(f"A small file had no link after {_TIMEOUT_S:.0f} s: {document['state']} {document['reason']}")


def time_of(history: Iterable[Json], event: str) -> float:
    """When the first line that begins so was written (Unix time)."""
    at = next(each["at"] for each in history if each["event"].startswith(event))
    return datetime.fromisoformat(at).timestamp()


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {
        "median": round(statistics.median(seconds), 3),
        "p95": round(statistics.quantiles(seconds, n=20, method="inclusive")[-1], 3),
    }

"""Measures what the demo prints: requests and resource units per file, and the time from a blob's arrival to its link.

Everything is counted by the local SharePoint's ledger and the product's journal, not by the code that is measured.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from tools.samples.content import of_text
from tools.stack.children import StackError
from tools.stack.product import Json, Product, upload
from tools.stack.programs import POLL_INTERVAL_MS, Stack

TIMED_FILES = 20
_CUSTOMER = "figures"
_PRODUCT_AGENT = "NONISV|Moment"
_TIMEOUT_S = 60.0
_LOOK_S = 0.1
_CLAIMED = "Claimed"
_LINKED = "In SharePoint"


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs at Microsoft Graph."""

    requests: int
    resource_units: int

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.requests - other.requests, self.resource_units - other.resource_units)


class Measure:
    """Sends small files of a customer of its own, one after another, and measures each."""

    def __init__(self, stack: Stack, product: Product) -> None:
        self._stack = stack
        self._product = product
        self._ledger = f"{stack.sharepoint_url}/_local/requests"

    def costs(self) -> dict[str, Cost]:
        """Requests and units of a small file, and what a new folder and a new library add."""
        self._product.put(_CUSTOMER, {"name": "Figures AG", "storage": "sharepoint"})
        with_library = self._cost_of_file("first.txt")
        known = self._cost_of_file("second.txt")
        with_columns = self._cost_of_file("tagged.txt", tags=["figure"])
        self._product.put(f"{_CUSTOMER}/projects/new", {"name": "New folder"})
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
            "arrival_to_link_s": _spread(arrivals),
            "call_to_link_s": _spread(calls),
        }

    def _cost_of_file(self, name: str, **body: Any) -> Cost:
        since = self._last_entry()
        file_id, _ = self._send(name, **body)
        self._wait(file_id)
        entries = [each for each in self._entries(since) if each["user_agent"].startswith(_PRODUCT_AGENT)]
        return Cost(len(entries), sum(each["ru"] for each in entries))

    def _send(self, name: str, **body: Any) -> tuple[str, float]:
        content = of_text(f"{name}\n" * 100)
        document = self._product.announce(_CUSTOMER, {"name": name, **body})
        upload(document["upload"], content)
        return document["id"], time.time()

    def _wait(self, file_id: str) -> tuple[float, float]:
        """When the trigger's call claimed the file, and when it had its link."""
        deadline = time.monotonic() + _TIMEOUT_S
        path = f"customers/{_CUSTOMER}/files/{file_id}"
        while time.monotonic() < deadline:
            self._stack.check()
            document = self._product.get(path)
            if document["link"] and not document["inMomentCloud"]:
                journal = self._product.get(f"{path}/journal")["items"]
                return _time_of(journal, _CLAIMED), _time_of(journal, _LINKED)
            time.sleep(_LOOK_S)
        raise StackError(f"A small file had no link after {_TIMEOUT_S:.0f} s: {document['state']} {document['reason']}")

    def _last_entry(self) -> int:
        entries = self._entries(0)
        return int(entries[-1]["n"]) if entries else 0

    def _entries(self, since: int) -> list[Json]:
        answer = requests.get(self._ledger, params={"since": since}, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        entries: list[Json] = answer.json()["requests"]
        return entries


def _time_of(journal: Sequence[Json], event: str) -> float:
    at = next(each["at"] for each in journal if each["event"].startswith(event))
    return datetime.fromisoformat(at).timestamp()


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(seconds), 3),
        "p95": round(statistics.quantiles(seconds, n=20, method="inclusive")[-1], 3),
    }

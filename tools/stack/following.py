"""Measures how soon Moment follows: a file of the figures' customer is renamed in SharePoint, again and again.

Three clocks of this machine are read: just before the edit is sent, when the local SharePoint's notification was
answered, and when the product wrote the change into the file's history.
"""

import random
import time
from typing import Any

from tools.stack.children import StackError
from tools.stack.figures import CUSTOMER, spread, time_of
from tools.stack.graph_editor import GraphEditor
from tools.stack.graph_reader import Json
from tools.stack.ledger import Ledger
from tools.stack.product import Product

RENAMES = 20
NOTIFICATION_DELAY_S = 0.2
"""The local SharePoint's default: it waits so long for further changes before it tells of the first."""
QUEUE_PAUSE_S = 2.0
"""maxPollingInterval in host.json: an idle queue is looked at no more rarely."""
_FILE = "timed 00.txt"
_TIMEOUT_S = 60.0
_LOOK_S = 0.05
_REST_S = (0.3, 1.3)


class Following:
    """Renames one at a time, with pauses of different lengths, so that no poll is met at the same moment each time."""

    def __init__(self, product: Product, editor: GraphEditor, ledger: Ledger) -> None:
        self._product = product
        self._editor = editor
        self._ledger = ledger
        self._pauses = random.Random(2026)

    def times(self) -> dict[str, Any]:
        """Seconds from the edit to the changed record and its two parts, and what following asks of Graph."""
        self._wait_for_subscription()
        item, path = self._file()
        since = self._ledger.last()
        parts = [self._rename(item, path, f"renamed {number:02d}.txt") for number in range(RENAMES)]
        cost = self._ledger.cost(since, follows=True)
        return {
            "renames": RENAMES,
            "edit_to_record_s": spread([to_notified + to_record for to_notified, to_record in parts]),
            "edit_to_notification_s": spread([to_notified for to_notified, _ in parts]),
            "notification_to_record_s": spread([to_record for _, to_record in parts]),
            "notification_delay_s": NOTIFICATION_DELAY_S,
            "longest_queue_pause_s": QUEUE_PAUSE_S,
            "requests_per_rename": round(cost.requests / RENAMES, 2),
            "resource_units_per_rename": round(cost.resource_units / RENAMES, 2),
        }

    def _rename(self, item: Json, path: str, name: str) -> tuple[float, float]:
        time.sleep(self._pauses.uniform(*_REST_S))
        edited_at = time.time()
        self._editor.rename(item, name)
        deadline = time.monotonic() + _TIMEOUT_S
        while self._product.get(path)["name"] != name:
            if time.monotonic() > deadline:
                raise StackError(f"A rename in SharePoint was not followed after {_TIMEOUT_S:.0f} s.")
            time.sleep(_LOOK_S)
        changed_at = time_of(reversed(self._product.get(f"{path}/history")["items"]), "renamed from")
        notified_at = min(self._ledger.first_notification_after(edited_at) or changed_at, changed_at)
        return notified_at - edited_at, changed_at - notified_at

    def _file(self) -> tuple[Json, str]:
        files = self._product.items(f"customers/{CUSTOMER}/files")
        record = next(each for each in files if each["name"] == _FILE)
        item = self._editor.find(f"Figures AG/{_FILE}")
        if item is None:
            raise StackError(f"{_FILE} is not in SharePoint.")
        return item, f"customers/{CUSTOMER}/files/{record['id']}"

    def _wait_for_subscription(self) -> None:
        deadline = time.monotonic() + _TIMEOUT_S
        while True:
            library = self._product.get(f"customers/{CUSTOMER}/library")
            if library["watch"] == "subscribed" and library["pulledAt"]:
                return
            if time.monotonic() > deadline:
                raise StackError(f"The library is not subscribed but {library['watch']}: {library['reason']}")
            time.sleep(_LOOK_S)

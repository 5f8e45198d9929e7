"""Sync by hand in the demo: a customer turns to SharePoint and takes its files along, and then both sides are equal.

The plan is asked for first and carried out; at the end every library is compared as a whole, which must change nothing.
"""

import time

from tools.samples.companies import FJORD, NORDLICHT, TOKYO
from tools.stack.children import StackError
from tools.stack.graph_reader import Json
from tools.stack.product import Product
from tools.stack.round_trip import Step

BY_HAND = "Sync by hand"
_TIMEOUT_S = 120.0
_LOOK_S = 0.2
_NO_CHANGES = {"libraries"}


class SyncByHand:
    """Plays it; each step says how long it took and what is wrong."""

    def __init__(self, product: Product) -> None:
        self._product = product

    def play(self) -> list[Step]:
        """Raises StackError where a run does not end."""
        return [self._take_along(), *(self._compare(customer) for customer in (NORDLICHT, TOKYO, FJORD))]

    def _take_along(self) -> Step:
        began = time.monotonic()
        self._product.put(FJORD, {"name": "Fjord Yachts AS", "storage": "sharepoint"})
        offered = self._product.get(f"customers/{FJORD}/sync-options")["options"]
        waiting = next((each["files"] for each in offered if each["direction"] == "to-sharepoint"), 0)
        plan = self._ended(self._begin(FJORD, "to-sharepoint", plan=True))
        run = self._ended(self._product.post(f"sync-runs/{plan['id']}/carry-out", {"by": "the demo"}))
        counted = (waiting, plan["counts"].get("transfers", 0), run["counts"].get("transfers", 0))
        good = run["state"] == "succeeded" and waiting > 0 and len(set(counted)) == 1
        problem = "" if good else f"{counted} files were offered, planned and moved; the run {run['state']}"
        return Step(BY_HAND, f"{waiting} files of {FJORD}, planned and moved", time.monotonic() - began, problem)

    def _compare(self, customer: str) -> Step:
        began = time.monotonic()
        run = self._ended(self._begin(customer, "from-sharepoint", full=True))
        changes = {name: count for name, count in run["counts"].items() if name not in _NO_CHANGES}
        good = run["state"] == "succeeded" and not changes
        problem = "" if good else f"comparing {customer} {run['state']} and changed {changes}: {run['problems']}"
        return Step(BY_HAND, f"compare the library of {customer}", time.monotonic() - began, problem)

    def _begin(self, customer: str, direction: str, **wish: bool) -> Json:
        return self._product.post(f"customers/{customer}/sync", {"direction": direction, "by": "the demo", **wish})

    def _ended(self, run: Json) -> Json:
        until = time.monotonic() + _TIMEOUT_S
        while time.monotonic() < until:
            document = self._product.get(f"sync-runs/{run['id']}")
            if document["endedAt"]:
                return document
            time.sleep(_LOOK_S)
        raise StackError(f"The sync run {run['id']} did not end within {_TIMEOUT_S:.0f} s.")

"""After the storm: faults end, everything that waits is tried, and rounds of syncs by hand until nothing moves."""

import json
import random
import time
from datetime import UTC, datetime

from shared.graph.connection import USER_AGENT
from shared.model.runs import PartState
from tests.simulation.report import Violation
from tests.simulation.scene import Scene

PATIENCE_S = 600.0
_CALM_S, _CALM_WITH_MESSAGES_S = 0.8, 2.0
_NUDGE_S = 3.0
_SESSION_LIFE_S = 1000
"""Longer than an upload session is open whose address died with its host: it keeps its name locked for so long."""
_RESTLESS = ("waiting", "moving")
_DELAYED_QUEUES = ("transfers", "pushes")
"""Their messages may wait for minutes for a file that moved long ago."""


class Settling:
    """The quiet after one storm. `rng` decides how a person answers what waits."""

    def __init__(self, scene: Scene, rng: random.Random) -> None:
        self._scene, self._stage, self._rng = scene, scene.stage, rng

    def round(self, *, full: bool = True) -> None:
        """All customers are synced by hand in both directions; then everything has come to rest."""
        for direction in ("from-sharepoint", "to-sharepoint"):
            begun = [self._begin(each.id, direction, full=full) for each in self._scene.customers]
            for run in filter(None, begun):
                self._end(run)
        self.rest()

    def daily(self) -> None:
        """The daily job for everybody, as if its time had come; it finds what a lost message would have told."""
        before = {run["id"] for run in self._runs()}
        host = self._stage.hosts[0]
        address, key = f"{host.url}/admin/functions/daily_sync", {"x-functions-key": host.master_key}
        answer = self._stage.ask("POST", address, json={}, headers=key)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            begun = [run["id"] for run in self._runs() if run["id"] not in before and run["kind"] == "daily"]
            if begun:
                self._end(begun[0])
                self.rest()
                return
            time.sleep(0.2)
        raise Violation(f"The daily job never began: {answer}")

    def _runs(self) -> list[dict]:
        return (self._stage.call("GET", "sync-runs?limit=20").body or {"items": []})["items"]

    def _begin(self, customer: str, direction: str, *, full: bool) -> str | None:
        body = {"direction": direction, "full": full and direction == "from-sharepoint"}
        answer = self._stage.call("POST", f"customers/{customer}/sync", json=body)
        if answer.status == 409:
            return None  # it has no part in SharePoint
        if not answer.is_done:
            raise Violation(f"A sync of {customer} {direction} was refused: {answer} {answer.text}")
        return answer.body["id"]

    def _end(self, run_id: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            run = self._stage.call("GET", f"sync-runs/{run_id}").body or {}
            if run.get("endedAt"):
                self._scene.story.say(
                    "rest", f"the run of {run['customer'] or 'all'} ended: {run['state']} {run['problems']}"
                )
                return
            time.sleep(0.1)
        raise Violation(f"Rule 5: the run {run_id} never ended: {run}; still open: {self._open_parts(run_id)}")

    def _open_parts(self, run_id: str) -> list[object]:
        """The parts that have not ended, with the records they wait for and what was last noted of those."""
        stores, found = self._stage.stores, list[object]()
        for part in stores.runs.parts(run_id):
            if part.state is PartState.OPEN:
                found.append(part)
                ids = [item.rpartition("=")[2].partition("@")[0] for item in part.items]
                found += [stores.files.find(part.customer, each) for each in ids]
                found += [list(stores.files.journal(part.customer, each))[-6:] for each in ids]
        return found

    def rest(self) -> None:
        """Wait until nothing moves; a person answers approvals and has tried again what waits."""
        deadline = time.monotonic() + PATIENCE_S
        before, calm_since, nudged_at, seen = "", time.monotonic(), 0.0, 0
        while time.monotonic() < deadline:
            documents, since = self.documents(), seen
            seen = self.last_request(since)
            now, state = time.monotonic(), json.dumps(documents, sort_keys=True)
            if state != before or self._is_restless(documents) or self.writes_since(since):
                before, calm_since = state, now
            messages = self._stage.waiting_messages()
            others = {name: count for name, count in messages.items() if name not in _DELAYED_QUEUES}
            if now - calm_since > (_CALM_WITH_MESSAGES_S if messages else _CALM_S) and not others:
                return
            if now - nudged_at > _NUDGE_S:
                nudged_at = now
                self._scene.story.say("rest", self._shown(documents, messages))
                self._nudge(documents)
            time.sleep(0.3)
        stuck = [each for each in documents if each["state"] in _RESTLESS]
        raise Violation(f"Rule 5: it never came to rest. Messages: {messages}; files: {json.dumps(stuck, indent=1)}")

    def documents(self) -> list[dict]:
        """All files of the storm's customers, deleted ones too."""
        return [
            document
            for customer in self._scene.customers
            for state in ("", "deleted")
            for document in self._scene.files(customer.id, state)
        ]

    def writes_since(self, number: int) -> list[str]:
        """What the product wrote to SharePoint after this entry of its ledger."""
        entries = [each for each in self._stage.local.requests(number) if each["user_agent"] == USER_AGENT]
        return [f"{each['method']} {each['path']} {each['status']}" for each in entries if each["method"] != "GET"]

    def last_request(self, since: int = 0) -> int:
        """The newest entry of SharePoint's ledger."""
        return max((each["n"] for each in self._stage.local.requests(since)), default=since)

    def _shown(self, documents: list[dict], messages: dict[str, int]) -> str:
        moving = [
            f"{each['name']} {each['state']}: {each['reason']}" for each in documents if each["state"] in _RESTLESS
        ]
        return f"not at rest yet: {messages} {moving}"

    def _is_restless(self, documents: list[dict]) -> bool:
        """A deletion whose time has come and whose message was lost waits for the daily job."""
        now = datetime.now(UTC)
        held = (datetime.fromisoformat(each["undoUntil"]) for each in documents if each["undoUntil"])
        return any(each["state"] in _RESTLESS for each in documents) or any(until > now for until in held)

    def _nudge(self, documents: list[dict]) -> None:
        """What a person does who sees that something waits, and what happens by itself in a quarter of an hour."""
        if any(each["state"] == "waiting" and each["cause"] == "locked" for each in documents):
            self._stage.local.advance(_SESSION_LIFE_S)
        for each in documents:
            waits = each["state"] in (*_RESTLESS, "blocked") or (each["state"] == "in-sharepoint" and each["reason"])
            if waits:
                self._stage.call("POST", f"customers/{each['customer']}/files/{each['id']}/retry", json={})
        ours = {each.id for each in self._scene.customers}
        for each in (self._stage.call("GET", "approvals").body or {"items": []})["items"]:
            if each["customer"] in ours:
                decision = self._rng.choice(("approve", "dismiss"))
                answer = self._stage.call("POST", f"customers/{each['customer']}/library/{decision}", json={})
                self._scene.story.say("rest", f"{decision} {each['files']} deletions of {each['customer']}: {answer}")
        self._put_back()

    def _put_back(self) -> None:
        given_up = (self._stage.call("GET", "given-up").body or {"items": []})["items"]
        for each in given_up:
            self._scene.story.say("rest", f"given up, put back: {each['concerns']}: {each['reason']}")
            self._scene.faults["given up"] += 1
            self._stage.call("POST", f"given-up/{each['id']}/put-back", json={})

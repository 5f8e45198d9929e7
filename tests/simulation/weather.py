"""What goes wrong in a storm: SharePoint refuses, its deltas and notifications misbehave, hosts die."""

import random
import threading
from collections.abc import Callable
from typing import Any

from tests.simulation.scene import Scene

_REFUSALS: tuple[dict[str, Any], ...] = (
    {"status": 503, "retry_after_s": 2},
    {"status": 429, "retry_after_s": 3},
    {"status": 500},
    {"status": 502},
    {"status": 409},
    {"status": 412},
    {"status": 423},
    {"apply_then_status": 504},
    {"drop_after_bytes": 0},
    {"drop_after_bytes": 50, "while": "response"},
    {"delay_s": 1},
)
_ROUTES = (
    "/content$",
    "/uploadSession$",
    "createUploadSession$",
    "/fields$",
    "/children",
    "/delta",
    "/items/",
    "/lists",
)
_TELLING: tuple[dict[str, Any], ...] = (
    {"notifications_lost": 2},
    {"notifications_doubled": 2},
    {"notifications_delayed": 1, "notifications_delay_s": 2},
    {"notifications_silent_s": 3},
    {"delta_lag_ms": 1500},
    {"missing_tombstones": 1},
    {"unchanged_items": 3},
    {"repeated_items": 2},
    {"empty_pages": 1},
    {"old_dates": 1},
    {"hide_new_items_ms": 500},
    {"expire_tokens": True},
    {"expire_upload_sessions": True},
    {"expire_delta_tokens": "resyncChangesApplyDifferences"},
    {"expire_delta_tokens": "resyncChangesUploadDifferences"},
)


class Weather:
    """The actions, by name. `rng` decides everything."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._stage = scene, scene.stage

    @property
    def actions(self) -> dict[str, tuple[int, Callable[[random.Random], str]]]:
        """Name → how often, relative to the others, and what is done."""
        return {"refuse": (6, self.refuse), "mislead": (5, self.mislead), "kill": (2, self.kill)}

    def refuse(self, rng: random.Random) -> str:
        then = rng.choice(_REFUSALS)
        fault = {"match": {"route": rng.choice(_ROUTES)}, "times": rng.choice((1, 1, 2)), "then": then}
        self._stage.local.fault(fault)
        self._scene.faults[str(then.get("status") or next(iter(then)))] += 1
        return f"SharePoint will answer {fault['match']['route']} with {then}, {fault['times']} times"

    def mislead(self, rng: random.Random) -> str:
        fault = rng.choice(_TELLING)
        self._stage.local.fault(fault)
        self._scene.faults[next(iter(fault))] += 1
        return f"SharePoint: {fault}"

    def kill(self, rng: random.Random) -> str:
        """One host, and now and then both; started again at once."""
        numbers = rng.choice(([0], [1], [1], [0, 1]))
        for number in numbers:
            self._stage.kill(number)
            self._scene.faults["host killed"] += 1
            threading.Thread(target=self._stage.start, args=(number,)).start()
        return f"hosts {numbers} killed, and started again"

    def clear_up(self) -> None:
        """Everything that goes wrong ends."""
        self._stage.local.clear_faults()
        self._stage.start_all()

"""Rows in which SharePoint refuses: one 429 in the middle of 200 files, and a budget of 1,250 units a minute."""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from tools.bench.arena import Arena
from tools.bench.measured import Measured
from tools.bench.ours import PATIENCE_S
from tools.bench.row import Contestant, Row
from tools.bench.rows.uploads import DISTANCE_MS, KIB, SMALL, Load, Way, ways

UNITS_A_MINUTE = 1250
_REFUSAL: dict[str, Any] = {"match": {}, "times": 1, "then": {"status": 429, "retry_after_s": 5}}
_MINUTE_S = 60.0
_IN_FLIGHT = 16
_UNITS_OF_A_FILE = 2
_LOOK_S = 0.05


def _refused(arena: Arena) -> Mapping[str, Contestant]:
    """Each contestant runs twice: without and with the refusal; the difference is what it costs."""
    load = replace(SMALL, latency_ms=DISTANCE_MS).at(arena.scale)
    found = ways(arena, "bench-refused", load)
    return {name: partial(_with_and_without, arena, load, way) for name, way in found.items()}


def _with_and_without(arena: Arena, load: Load, way: Way) -> Measured:
    arena.world.ledger.end_faults()
    without = way()
    watcher = threading.Thread(target=_refuse, args=(arena, load.files // 2), daemon=True)
    refused = way(meanwhile=watcher.start)
    watcher.join()
    extra = {"added_s": refused.wall_s - without.wall_s, "without it, s": without.wall_s}
    return refused.with_extra({**extra, "refused without it": float(without.traffic.refused)})


def _refuse(arena: Arena, files: int) -> None:
    """Whatever request comes next is answered with 429."""
    arena.when(lambda: arena.sent() >= files, "the middle of the run", PATIENCE_S, _LOOK_S)
    arena.world.ledger.ask("faults", _REFUSAL)


def _budget(arena: Arena) -> Mapping[str, Contestant]:
    load = Load(1000, 50, 10 * KIB, DISTANCE_MS).at(arena.scale)
    found = ways(arena, "bench-budget", load)
    return {name: partial(_within_budget, arena, way) for name, way in found.items()}


def _within_budget(arena: Arena, way: Way) -> Measured:
    """SharePoint counts from the run's first request on; what the app counted itself before is a minute old by then."""
    try:
        measured = way(before=partial(_begin_to_count, arena))
    finally:
        arena.world.ledger.ask("settings", {"ru_per_minute": 0})
    needs_s = seconds_that_the_budget_needs(measured.traffic.units)
    return measured.with_extra({"the budget needs, s": needs_s, "of the budget's time": measured.wall_s / needs_s})


def _begin_to_count(arena: Arena) -> None:
    arena.say("a minute passes, so that the whole budget is there", 0, 0)
    time.sleep(_MINUTE_S + 1)
    arena.world.ledger.ask("settings", {"ru_per_minute": UNITS_A_MINUTE})


def seconds_that_the_budget_needs(units: int) -> float:
    """The least that is possible: whole minutes of the budget, then the rest with 16 requests of 100 ms under way."""
    minutes, rest = divmod(max(units - 1, 0), UNITS_A_MINUTE)
    return minutes * _MINUTE_S + (rest + 1) / _UNITS_OF_A_FILE / _IN_FLIGHT * DISTANCE_MS / 1000


_COUNTED = {"SHAREPOINT_UNITS_PER_MINUTE": str(UNITS_A_MINUTE)}
_TITLE = "1,000 files, 1,250 units a minute, 100 ms per request"

THROTTLED = (
    Row("refused", "one 429 with Retry-After 5 in the middle of 200 files, 100 ms per request", _refused),
    Row("budget", f"{_TITLE}, one process", _budget, settings=_COUNTED),
    Row("budget-four", f"{_TITLE}, four processes", _budget, workers=(4,), settings=_COUNTED),
)

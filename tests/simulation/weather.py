"""What goes wrong in a storm: services refuse, mislead and break off, messages come twice or late, hosts die."""

import random
import threading
from collections.abc import Callable

from shared.graph.connection import USER_AGENT
from tests.simulation.faults import FaultPlan
from tests.simulation.scene import Scene

_SOON = 60
"""A host that is killed at a request is killed at one of the next so many."""
_THROTTLED = {"match": {"headers": {"User-Agent": USER_AGENT}}, "then": {"status": 429, "retry_after_s": 15}}
"""Long enough for a request before its end to be seen (checking.nobody_is_hurt)."""


class Weather:
    """The actions, by name. The random number generator of each decides."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._stage = scene, scene.stage
        self._random = random.Random(0)
        stage = scene.stage
        self._plan = FaultPlan(self._random, stage.local, stage.storage_between, stage.graph, stage.queues)

    @property
    def actions(self) -> dict[str, tuple[int, Callable[[random.Random], str]]]:
        """Name → how often, relative to the others, and what is done."""
        return {
            "strike": (20, self.strike),
            "throttle": (1, self.throttle),
            "kill": (2, self.kill),
            "kill a worker": (2, self.kill_worker),
        }

    def strike(self, rng: random.Random) -> str:
        """A fault of the plan; which one is decided by this step alone."""
        self._random.seed(rng.random())
        return f"strikes: {self._plan.strike()}"

    def throttle(self, rng: random.Random) -> str:
        self._stage.local.fault({"name": "429 for long", **_THROTTLED, "times": rng.choice((1, 2))})
        return "strikes: 429 for fifteen seconds"

    def kill(self, rng: random.Random) -> str:
        """A host, or both: now, or when a request was answered and before it hears of that."""
        numbers = rng.choice(([0], [1], [0], [1], [0, 1]))
        where = rng.choice(("now", "graph", "storage"))
        if where == "now":
            self._kill(numbers)
            return f"kills hosts {numbers}"
        crossing = (self._stage.graph if where == "graph" else self._stage.storage_between).crossing
        nth = rng.randrange(1, _SOON)
        crossing.after(nth, lambda: self._kill(numbers, at_a_request=True))
        return f"will kill hosts {numbers} when {where} has answered request {nth} from now"

    def kill_worker(self, rng: random.Random) -> str:
        """The process in which the app runs; its host starts another."""
        number = rng.choice((0, 1))
        done = self._stage.kill_worker(number)
        self._scene.faults["worker killed"] += done
        return f"kills the worker of host {number}" if done else "finds no worker to kill"

    def _kill(self, numbers: list[int], *, at_a_request: bool = False) -> None:
        for number in numbers:
            if self._stage.kill(number):
                self._scene.crash_points += at_a_request
                self._scene.faults["host killed"] += 1
                self._scene.story.say("weather", f"host {number} is dead and starts again")
                threading.Thread(target=self._stage.start, args=(number,)).start()

    def clear_up(self) -> None:
        """Everything that goes wrong ends, and what really happened is counted."""
        self._stage.graph.crossing.forget()
        self._stage.storage_between.crossing.forget()
        self._plan.off()
        self._stage.start_all()

    def happened(self) -> None:
        """Count what really happened in the scene."""
        self._scene.faults.update(self._plan.happened)

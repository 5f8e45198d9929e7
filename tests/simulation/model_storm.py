"""The model level of the storm: random people and faults on the real app and a platform in memory, then silence.

A storm is a list of steps, each a name and two numbers that choose; the same list gives the same storm. Where it ends
in a violation, steps are left out one by one as long as it still does, and what is left is the story that is told.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from shared.model.libraries import Answer, Stop
from tests.simulation.model_invariants import broken
from tests.simulation.model_machines import Machines
from tests.simulation.model_moment_people import MomentPeople
from tests.simulation.model_sharepoint_people import Act, SharePointPeople
from tests.simulation.model_world import ModelWorld
from tests.simulation.report import Report, Violation

_LENGTHS = (30, 60, 90, 140)
_SWARM = (0, 1, 1, 4)
"""Each storm has favourites, and things that it never does."""
_FOCUS = (2, 5, 1000)
"""In some, people do everything to the same few files."""
_MACHINES = frozenset({"work", "finish", "kill", "fault", "delta fault", "double"})
_ALWAYS = frozenset({"work", "moment upload"})
_MOST_ROUNDS = 200
_SINK_S = 3600.0
ENTROPY = 1 << 20


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens."""

    name: str
    a: int = 0
    b: int = 0


class ModelStorm:
    """One storm. `told` is what happened, step by step."""

    def __init__(self, variant: int) -> None:
        self.world = ModelWorld(variant)
        self.machines = Machines(self.world)
        self.sharepoint = SharePointPeople(self.world)
        self.moment = MomentPeople(self.world, self.world.hosts[2])
        self.report = Report(seeds=1)
        self.told: list[str] = []
        machines, people = self.machines.acts(), {**self.sharepoint.acts(), **self.moment.acts()}
        self._people = frozenset(people)
        self.acts: dict[str, tuple[Act, int]] = {**people, **machines}

    def run(self, steps: Sequence[Step]) -> Report:
        """Raises Violation."""
        with self.world.running():
            for step in steps:
                self._do(step)
            self.end()
        self._count_faults()
        return self.report

    def end(self) -> None:
        """Everything that goes wrong ends, two quiet rounds go over all, and then everything is checked."""
        self._calm()
        self._check()

    def _do(self, step: Step) -> None:
        self.told.append(f"{step.name}: …")
        happened = self.acts[step.name][0](step.a, step.b)
        self.told[-1:] = [f"{step.name}: {happened}"] if happened else []
        if happened and step.name in self._people:
            self.report.operations[step.name] += 1

    def _count_faults(self) -> None:
        deltas = (each for deltas in self.world.sharepoint.deltas.values() for each in deltas.happened)
        self.report.crash_points = self.machines.faults.count("host killed")
        self.report.faults.update([*self.machines.faults, *self.world.network.happened, *deltas])

    def _calm(self) -> None:
        """What was given up is put back, too."""
        world = self.world
        for number, host in enumerate(world.hosts):
            if number == len(self.told) % 4:
                world.kill(host)
            elif host.is_busy:
                world.go_on(host)
        world.network.armed.clear()
        for deltas in world.sharepoint.deltas.values():
            deltas.end_faults()
        world.clock.advance(_SINK_S)
        world.is_calm = True
        for message in world.given_up:
            world.queues.put_back(message, 0)
        self.settle()
        for _ in range(2):
            self._quiet_round()

    def _quiet_round(self) -> None:
        world = self.world
        world.clock.advance(_SINK_S)
        world.app.runs.watch()  # the timer's: a run whose message was lost would keep the next one from beginning
        self.settle()
        world.app.daily_sync.begin()
        for drive_id in world.sharepoint.drives:
            world.queues.put("changes", f"walk:{drive_id}")
        self.settle()
        for state in list(world.stores.libraries.all()):
            if state.stop is Stop.DELETIONS:
                world.app.approvals.answer(state.drive_id, Answer.APPROVED, "Ada")
        self.settle()

    def settle(self) -> None:
        """Take messages until all queues are empty; delays are skipped."""
        queues, host = self.world.queues, self.world.hosts[0]
        for _ in range(_MOST_ROUNDS):
            if not queues.messages:
                return
            latest = max(each.visible_at for each in queues.messages)
            self.world.clock.advance(max((latest - self.world.clock()).total_seconds(), 0))
            for message in list(queues.messages):
                self.world.take(host, message)
                self.world.go_on(host)
        left = sorted({f"{each.queue} {each.key}" for each in queues.messages})
        raise Violation(f"The queues never empty: {left}")

    def _check(self) -> None:
        found = broken(self.world, self.moment.tags_added, self.sharepoint.tags_added)
        if found:
            raise Violation("; ".join(found))
        before = self._writes()
        self._quiet_round()
        if self._writes() != before:
            raise Violation(f"A third quiet round wrote something: {before} → {self._writes()}")

    def _writes(self) -> dict[str, int]:
        tables = {name: self.world.tables.get_table_client(name).writes for name in ("files", "folders", "tree")}
        del tables["tree"]  # a walk remembers there what it met
        return {"sharepoint": self.world.sharepoint.writes, **tables}


def steps_of(seed: int) -> tuple[int, list[Step]]:
    """The variant of the world and the steps of a seed."""
    dice = random.Random(seed)
    weights = [weight if name in _ALWAYS else weight * dice.choice(_SWARM) for name, weight in _weights().items()]
    names = dice.choices(list(_weights()), weights, k=dice.choice(_LENGTHS))
    chosen = [dice.randrange(ENTROPY) for _ in range(dice.choice(_FOCUS))]
    steps = []
    for name in names:
        a = dice.randrange(ENTROPY) if name in _MACHINES else dice.choice(chosen)
        steps.append(Step(name, a, dice.randrange(ENTROPY)))
    return dice.randrange(8), steps


@cache
def _weights() -> dict[str, int]:
    return {name: weight for name, (_, weight) in ModelStorm(0).acts.items()}


def violation_of(variant: int, steps: Sequence[Step]) -> tuple[str, list[str]] | None:
    """What a storm breaks, and its story; None where it breaks nothing."""
    storm = ModelStorm(variant)
    try:
        storm.run(steps)
    except Violation as violation:
        return str(violation), storm.told
    return None


def shortest(steps: Sequence[Step], breaks: Callable[[Sequence[Step]], bool], tries: int = 600) -> list[Step]:
    """The steps without all that can be left out while it `breaks`, first in large pieces, then one by one."""
    kept, size = list(steps), max(len(steps) // 2, 1)
    while True:
        at = 0
        while at < len(kept) and tries > 0:
            fewer = kept[:at] + kept[at + size :]
            tries -= 1
            if breaks(fewer):
                kept = fewer
            else:
                at += size
        if size == 1 or tries <= 0:
            return kept
        size = max(size // 2, 1)


def run_seed(seed: int) -> Report:
    """One storm. Raises Violation with the short story and the command that replays it."""
    variant, steps = steps_of(seed)
    if violation_of(variant, steps) is None:
        storm = ModelStorm(variant)
        return storm.run(steps)
    short = shortest(steps, lambda kept: violation_of(variant, kept) is not None)
    broke = violation_of(variant, short)
    assert broke is not None
    what, told = broke
    story = "\n".join(f"  {line}" for line in told)
    raise Violation(f"{what}\n{story}\nmake storm LEVEL=model SEED={seed} RUNS=1")

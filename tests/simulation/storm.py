"""One storm: a seed decides who does what and what goes wrong. Each step can be left out by its number."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tests.simulation import checking
from tests.simulation.both_sides import look
from tests.simulation.directory_people import DirectoryPeople
from tests.simulation.hosts import HOSTS, Stage
from tests.simulation.ledger import Ledger
from tests.simulation.moment_people import MomentPeople
from tests.simulation.report import Report, Violation
from tests.simulation.scene import Place, Scene, StormCustomer
from tests.simulation.settling import Settling
from tests.simulation.sharepoint_people import SharePointPeople
from tests.simulation.story import Story
from tests.simulation.weather import Weather

STEPS = 60
_LONGEST_PAUSE_S = 0.25
_LANES = {"Moment": 5, "directory": 1, "SharePoint": 5, "weather": 4}
"""Who acts how often. Each lane is a thread of its own, in which one step follows the other."""
_WRONG_BY_S = (0.0, 0.0, 0.0, 0.9, -0.9, 40.0, -40.0)
"""Clocks that are synchronised, and clocks that make a claim or lease of another host seem over, or still held."""
_runs = itertools.count()

type Action = Callable[[random.Random], str]


@dataclass
class Step:
    """One action of one lane. `seed` decides its details, whatever was left out before it."""

    number: int
    lane: str
    action: str
    seed: str
    pause_s: float


class Failed(Exception):
    """A storm that broke a rule, with its story."""

    def __init__(self, violation: Violation, story: Story, steps: list[int]) -> None:
        super().__init__(str(violation))
        self.violation, self.story, self.steps = violation, story, steps


class Storm:
    """One seed on a stage."""

    def __init__(self, stage: Stage, seed: int, steps: int = STEPS) -> None:
        self._seed, self._stage = seed, stage
        name = f"s{seed}r{next(_runs)}"
        self.scene = Scene(stage, name, Story(), Ledger(name))
        weather = Weather(self.scene)
        self._lanes: dict[str, dict[str, tuple[int, Action]]] = {
            "Moment": MomentPeople(self.scene).actions,
            "directory": DirectoryPeople(self.scene).actions,
            "SharePoint": SharePointPeople(self.scene).actions,
            "weather": weather.actions,
        }
        self._weather = weather
        self._clocks = [random.Random(f"{seed} clock {number}").choice(_WRONG_BY_S) for number in range(HOSTS)]
        self._plan = [self._step(number) for number in range(1, steps + 1)]
        self._settling = Settling(self.scene, random.Random(f"{seed} rest"))

    def _step(self, number: int) -> Step:
        rng = random.Random(f"{self._seed} {number}")
        lane = rng.choices(list(_LANES), list(_LANES.values()))[0]
        actions = self._lanes[lane]
        action = rng.choices(list(actions), [weight for weight, _ in actions.values()])[0]
        return Step(number, lane, action, f"{self._seed} {number} {action}", rng.random() * _LONGEST_PAUSE_S)

    def run(self, only: Collection[int] | None = None) -> Report:
        """Play it; `only` these steps. Raises Failed."""
        wanted = [step for step in self._plan if only is None or step.number in only]
        try:
            self._stage.local.clear_requests()
            self._stage.forget_logs()
            self._set_clocks()
            self._set_up()
            self._rage(wanted)
            self._stage.set_clocks([0.0] * HOSTS)
            self._weather.clear_up()
            self._weather.happened()
            self._check()
        except Violation as violation:
            raise Failed(violation, self.scene.story, [step.number for step in wanted]) from violation
        finally:
            self._stage.set_clocks([0.0] * HOSTS)
            self._weather.clear_up()
            self._stage.forget_messages()
        return Report(1, self.scene.operations, self.scene.faults, self.scene.crash_points)

    def _set_clocks(self) -> None:
        self._stage.set_clocks(self._clocks)
        if any(self._clocks):
            self.scene.faults["clocks disagree"] += 1
            self.scene.story.say("weather", f"the hosts' clocks are wrong by {self._clocks} s")

    def _set_up(self) -> None:
        """Customers with objects, and a first file where they keep files in SharePoint, so that there is a library."""
        rng = random.Random(f"{self._seed} customers")
        for number in range(rng.choice((1, 1, 2, 3))):
            customer = f"{self.scene.name}c{number}"
            storage = "sharepoint" if number == 0 else rng.choice(("sharepoint", "moment"))
            objects: dict[str, dict] = {
                "": {"name": f"Customer {customer}", "storage": storage},
                "/projects/p1": {"name": "North"},
                "/projects/p2": {"name": "South", "storage": rng.choice(("sharepoint", "moment"))},
                "/projects/p1/activities/a1": {"name": "Design", "number": "10"},
                "/projects/p1/tasks/t1": {"name": "Sketch", "number": "1", "activity": "a1"},
                "/projects/p1/tasks/t2": {"name": "Report", "number": "2", "series": "s1", "period": "11/2026"},
            }
            for path, body in objects.items():
                answer = self._stage.call("PUT", f"customers/{customer}{path}", json=body)
                if not answer.is_done:
                    raise Violation(f"The customer could not be made: {answer} {answer.text}")
            places = [
                Place(),
                Place("p1"),
                Place("p2"),
                Place("p1", "a1"),
                Place("p1", "a1", "t1"),
                Place("p1", None, "t2"),
            ]
            self.scene.customers.append(StormCustomer(customer, places))
        people = MomentPeople(self.scene)
        for customer in self.scene.customers:
            for place in (customer.places[0], rng.choice(customer.places)):
                self.scene.story.say("Moment", people.upload_to(customer, place, rng))
        self._wait_for_a_library()

    def _wait_for_a_library(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.scene.drive_of(self.scene.customers[0].id) is None:
            time.sleep(0.1)

    def _rage(self, steps: list[Step]) -> None:
        """Each lane in a thread of its own; an error of the test itself ends the storm."""
        errors: list[BaseException] = []

        def act(lane: str) -> None:
            try:
                for step in steps:
                    if step.lane == lane:
                        self._take(step)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=act, args=(lane,)) for lane in _LANES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def _take(self, step: Step) -> None:
        self._stage.wait_for_a_host()
        said = self._lanes[step.lane][step.action][1](random.Random(step.seed))
        self.scene.story.say(step.lane, said, step.number)
        if step.lane != "weather":
            self.scene.operations[f"{step.lane} {step.action}"] += 1
        time.sleep(step.pause_s)

    def _check(self) -> None:
        """The daily job and a round by hand, then every rule, then a round that has nothing to do."""
        scene, settling = self.scene, self._settling
        settling.rest()
        settling.daily()
        scene.story.say("rest", "the daily job is over")
        settling.round()
        scene.story.say("rest", "the round by hand is over")
        sides = [look(scene, customer.id) for customer in scene.customers]
        checking.nothing_is_lost(scene, sides)
        for each in sides:
            checking.every_file_has_a_state(each)
            checking.one_record_per_file(each)
            checking.no_content_is_doubled(scene, each)
            checking.both_sides_equal(scene, each)
            checking.deletions_hold(scene, each)
        checking.the_search_finds_all(scene, sides)
        self._third_round()
        checking.nobody_is_hurt(scene)
        checking.memory_is_bounded(scene)
        checking.no_secret_is_logged(scene)
        checking.nothing_is_given_up(scene)

    def _third_round(self) -> None:
        settling = self._settling
        before, since = settling.documents(), settling.last_request()
        settling.round()
        changed = [(old, new) for old, new in zip(before, settling.documents(), strict=True) if old != new]
        written = settling.writes_since(since)
        if changed or written:
            raise Violation(f"Rule 3: the third round was not quiet: it wrote {written} and changed {changed}")

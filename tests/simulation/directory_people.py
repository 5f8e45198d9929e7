"""People who keep Moment's directory and decide: storage locations, names, syncs by hand, approvals."""

import random
from collections.abc import Callable

from tests.simulation.hosts import Answer
from tests.simulation.scene import Scene

_KEPT = ("name", "number", "storage", "activity", "series", "period")


class DirectoryPeople:
    """The actions, by name. `rng` decides everything."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._stage = scene, scene.stage

    @property
    def actions(self) -> dict[str, tuple[int, Callable[[random.Random], str]]]:
        """Name → how often, relative to the others, and what is done."""
        return {
            "rename an object": (2, self.rename_object),
            "switch storage": (2, self.switch_storage),
            "move a task": (1, self.move_task),
            "sync by hand": (2, self.sync),
            "answer": (2, self.answer),
        }

    def rename_object(self, rng: random.Random) -> str:
        customer = self._scene.customer(rng)
        path = rng.choice(["", "/projects/p1", "/projects/p2", "/projects/p1/activities/a1", "/projects/p1/tasks/t1"])
        name = f"{rng.choice(('North', 'South', 'Øst', 'West'))} {rng.randrange(100)}"
        if not path:
            name = f"{customer.id} {name}"  # no two customers may have one name
        return f"names {customer.id}{path} {name!r}: {self._change(f'customers/{customer.id}{path}', name=name)}"

    def switch_storage(self, rng: random.Random) -> str:
        customer = self._scene.customer(rng)
        path = rng.choice(["", "/projects/p1", "/projects/p2"])
        storage = rng.choice(["sharepoint", "sharepoint", "moment", *([None] if path else [])])
        answer = self._change(f"customers/{customer.id}{path}", storage=storage)
        return f"has {customer.id}{path} keep files in {storage}: {answer}"

    def move_task(self, rng: random.Random) -> str:
        customer, activity = self._scene.customer(rng), rng.choice(["a1", None])
        answer = self._change(f"customers/{customer.id}/projects/p1/tasks/t1", activity=activity)
        return f"links task t1 of {customer.id} to activity {activity}: {answer}"

    def _change(self, path: str, **changes: object) -> Answer:
        """Put the object as it is with these changes."""
        found = self._stage.call("GET", path)
        if not found.is_done:
            return found
        body = {key: value for key, value in found.body.items() if key in _KEPT and value is not None}
        body = {key: value for key, value in (body | changes).items() if value is not None}
        return self._stage.call("PUT", path, json=body)

    def sync(self, rng: random.Random) -> str:
        customer, direction = self._scene.customer(rng), rng.choice(["to-sharepoint", "from-sharepoint"])
        body = {"direction": direction, "full": rng.random() < 0.3, "plan": rng.random() < 0.2}
        return f"syncs {customer.id} {body}: {self._stage.call('POST', f'customers/{customer.id}/sync', json=body)}"

    def answer(self, rng: random.Random) -> str:
        """Approve or dismiss what waits for a person."""
        decision = rng.choice(["approve", "dismiss"])
        waiting = self._stage.call("GET", "approvals")
        ours = {each.id for each in self._scene.customers}
        asked = [each for each in (waiting.body or {"items": []})["items"] if each["customer"] in ours]
        said = [
            f"{decision}s {each['files']} deletions of {each['customer']}: "
            + str(self._stage.call("POST", f"customers/{each['customer']}/library/{decision}", json={}))
            for each in asked
        ]
        return "; ".join(said) or "has nothing to answer"

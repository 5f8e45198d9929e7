"""What the people of one storm share: its customers, its story, its ledger, and what is counted."""

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.hosts import Answer, Stage
from tests.simulation.ledger import Ledger
from tests.simulation.story import Story

TAGS = ("red", "green", "blue", "Ärger", "RED")
WORDS = ("offer", "plan", "Notes", "budget", "Møte", "photo", "list", "draft", "invoice", "memo")
_KINDS = ("txt", "txt", "txt", "docx", "bin", "csv")


@dataclass
class Place:
    """An object of a customer to which files can be linked."""

    project: str | None = None
    activity: str | None = None
    task: str | None = None

    @property
    def links(self) -> dict[str, str | None]:
        """As the API takes it."""
        return {"project": self.project, "activity": self.activity, "task": self.task}

    def __str__(self) -> str:
        return "/".join(part for part in (self.project, self.activity, self.task) if part) or "the customer"


@dataclass
class StormCustomer:
    """A customer that was made for this storm."""

    id: str
    places: list[Place]
    upload_urls: dict[str, str] = field(default_factory=dict)
    """By file id: whoever has the URL can write the content again as long as it holds."""


@dataclass
class Scene:
    """One storm on a stage."""

    stage: Stage
    name: str
    """Tells this storm's contents and customers from those of all others on the stage."""
    story: Story
    ledger: Ledger
    customers: list[StormCustomer] = field(default_factory=list)
    operations: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    crash_points: int = 0

    def customer(self, rng: random.Random) -> StormCustomer:
        """One of the customers."""
        return rng.choice(self.customers)

    def files(self, customer: str, state: str = "") -> list[dict]:
        """The files that the API lists; empty where it gives no answer. Those that are deleted only on request."""
        return self._listed(f"customers/{customer}/files", state)

    def everywhere(self) -> list[dict]:
        """The files of this storm's customers, as the search over all customers lists them."""
        ours = {each.id for each in self.customers}
        return [each for each in self._listed("files", "") if each["customer"] in ours]

    def _listed(self, path: str, state: str) -> list[dict]:
        found: list[dict] = []
        query = f"limit=200&state={state}" if state else "limit=200"
        page: str | None = ""
        while page is not None:
            answer = self.stage.call("GET", f"{path}?{query}" + (f"&page={page}" if page else ""))
            if not answer.is_done:
                return []
            found += answer.body["items"]
            page = answer.body.get("nextPage")
        return found

    def drive_of(self, customer: str) -> str | None:
        """The customer's library, once there is one."""
        link = self.stage.stores.folders.find(customer, "library")
        return link.drive_id if link else None


def a_name(rng: random.Random) -> str:
    """A file's name out of so few that some meet."""
    return f"{rng.choice(WORDS)}.{rng.choice(_KINDS)}"


def some_tags(rng: random.Random) -> list[str]:
    """Up to three tags."""
    return rng.sample(TAGS[:4], rng.randrange(4))


def pick(rng: random.Random, documents: list[dict]) -> dict | None:
    """One of them, by name: the same storm picks the same again as far as it can."""
    ordered = sorted(documents, key=lambda each: (each["name"].lower(), each.get("createdAt", "")))
    return rng.choice(ordered) if ordered else None


__all__ = ["Answer", "Place", "Scene", "StormCustomer", "a_name", "pick", "some_tags"]

"""Watches files through the API: what state each is in, where it belongs, how long it took."""

import time
from dataclasses import dataclass
from datetime import datetime

from tools.stack.product import Json, Product

type Key = tuple[str, str]

_MOVED = "in-sharepoint"
_STAYS = "in-moment-cloud"
_STOPPED = "blocked"


@dataclass(slots=True)
class Row:
    """One file as it was last seen."""

    document: Json
    place: str
    arrived_at: float
    """When its content was in Moment Cloud, or the record was made where we did not upload it (Unix time)."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to come by itself."""
        state = self.document["state"]
        return state in {_STAYS, _STOPPED} or (state == _MOVED and not self.document["inMomentCloud"])

    @property
    def seconds(self) -> float:
        """From its arrival to its place, or until now."""
        changed = datetime.fromisoformat(self.document["changedAt"]).timestamp()
        return max(0.0, (changed if self.is_settled else time.time()) - self.arrived_at)


class Watch:
    """All files of all customers, in the order in which they were first seen."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._names: dict[str, str] = {}
        self._arrived: dict[Key, float] = {}
        self.rows: dict[Key, Row] = {}

    def arrived(self, customer: str, file_id: str) -> None:
        """Note that a file's content is in Moment Cloud as of now."""
        self._arrived[customer, file_id] = time.time()

    def refresh(self) -> None:
        """Read every customer's files."""
        for customer in self._product.items("customers"):
            self._names[customer["id"]] = customer["name"]
            seen = list(self._product.items(f"customers/{customer['id']}/files"))
            for document in reversed(seen):
                self._see(document)

    def find(self, customer: str, requested_name: str) -> Row | None:
        """The file that was asked to have this name; for files that were dropped, whose id nobody told us."""
        for (owner, _), row in self.rows.items():
            if owner == customer and row.document["requestedName"] == requested_name:
                return row
        return None

    def _see(self, document: Json) -> None:
        key = document["customer"], document["id"]
        row = self.rows.get(key)
        if row is None:
            created = datetime.fromisoformat(document["createdAt"]).timestamp()
            row = self.rows[key] = Row(document, self._place(document), created)
        row.document = document
        row.arrived_at = self._arrived.get(key, row.arrived_at)

    def _place(self, document: Json) -> str:
        """The names of what it is linked to."""
        names = [self._names[document["customer"]]]
        if document["project"]:
            project = f"customers/{document['customer']}/projects/{document['project']}"
            names.append(self._name(project))
            if document["activity"]:
                names.append(self._name(f"{project}/activities/{document['activity']}"))
            if document["task"]:
                names.append(self._name(f"{project}/tasks/{document['task']}"))
        return " › ".join(names)

    def _name(self, path: str) -> str:
        if path not in self._names:
            self._names[path] = self._product.get(path)["name"]
        return self._names[path]

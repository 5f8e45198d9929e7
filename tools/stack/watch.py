"""Watches files through the API: what state each is in, where it belongs, how long it took, and who changed it then."""

import time
from dataclasses import dataclass
from datetime import datetime

from tools.stack.product import Json, Product

type Key = tuple[str, str]

_MOVED = "in-sharepoint"
_STAYS = "in-moment-cloud"
_STOPPED = "blocked"
_GONE = "deleted"
_BY_PEOPLE = {"sharepoint": "in SharePoint", "moment": "in Moment"}


@dataclass(slots=True)
class Row:
    """One file as it was last seen."""

    document: Json
    place: str
    arrived_at: float
    """When its content was in Moment Cloud, or the record was made where we did not upload it (Unix time)."""
    news: str = ""
    """What was done to it after it had come to rest, by whom and on which side; the newest only."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to come by itself."""
        state = self.document["state"]
        return state in {_STAYS, _STOPPED, _GONE} or (state == _MOVED and not self.document["inMomentCloud"])

    @property
    def shown(self) -> tuple[object, ...]:
        """What a person sees of it."""
        document = self.document
        tags = tuple(sorted(document["tags"]))
        return document["state"], document["name"], self.place, tags, document["sizeBytes"]

    @property
    def came_from_sharepoint(self) -> bool:
        """Whether somebody added it there: nothing of ours had to be proven."""
        return self.document["state"] == _MOVED and self.document["proof"] is None

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
        """Read every customer's files; those that vanished from the lists are looked up one by one, once."""
        seen: set[Key] = set()
        for customer in self._product.items("customers"):
            self._names[customer["id"]] = customer["name"]
            documents = list(self._product.items(f"customers/{customer['id']}/files"))
            for document in reversed(documents):
                seen.add(self._see(document))
        for key, row in self.rows.items():
            if key not in seen and row.document["state"] != _GONE:
                self._see(self._product.get(_path(key)))

    def find(self, customer: str, requested_name: str) -> Row | None:
        """The file that was asked to have this name; for files that were dropped, whose id nobody told us."""
        for (owner, _), row in self.rows.items():
            if owner == customer and row.document["requestedName"] == requested_name:
                return row
        return None

    def _see(self, document: Json) -> Key:
        key = document["customer"], document["id"]
        row = self.rows.get(key)
        if row is None:
            created = datetime.fromisoformat(document["createdAt"]).timestamp()
            row = self.rows[key] = Row(document, self._place(document), created)
            row.news = self._newest_edit(key) if row.came_from_sharepoint else ""
        else:
            self._see_again(row, document, key)
        row.arrived_at = self._arrived.get(key, row.arrived_at)
        return key

    def _see_again(self, row: Row, document: Json, key: Key) -> None:
        was_settled, before, changed_at = row.is_settled, row.shown, row.document["changedAt"]
        row.document, row.place = document, self._place(document)
        if not was_settled:
            row.news = ""
        elif row.shown != before:
            is_edit = document["changedAt"] != changed_at
            row.news = self._newest_edit(key) if is_edit else "what it lies in was moved or renamed"

    def _newest_edit(self, key: Key) -> str:
        """The last line of its history that a person's action wrote."""
        for line in reversed(self._product.get(f"{_path(key)}/history")["items"]):
            if line["side"] in _BY_PEOPLE:
                where = "" if "SharePoint" in line["event"] else _BY_PEOPLE[line["side"]]
                by = " ".join(filter(None, (where, f"by {line['who']}" if line["who"] else "")))
                return str(line["event"]).rstrip(".") + (f" ({by})" if by else "")
        return ""

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


def _path(key: Key) -> str:
    customer, file_id = key
    return f"customers/{customer}/files/{file_id}"

"""The demo's round trip has teeth: an edit that does not come through, or comes back, is a problem in words."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tools.stack.children import StackError
from tools.stack.graph_editor import GraphEditor
from tools.stack.product import Product
from tools.stack.round_trip import FROM_SHAREPOINT, TO_SHAREPOINT, RoundTrip
from tools.stack.watch import Row, Watch

LIBRARY = "Nordlicht Energie GmbH & Co. KG"
PLACES = {"accounts": "Accounts 2026", "expenses": "Travel expenses", "relaunch": "Website relaunch"}
FILES = {"brief": "Project brief.docx", "deck": "Kick-off.pptx", "picture": "Start page.png"}


class World:
    """Moment and SharePoint that follow each other at once; `broken` names calls that do nothing."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.bounces = False
        self.history: list[dict[str, str]] = []
        self.records = {key: self.record(key, name) for key, name in FILES.items()}
        self.there: dict[str, dict[str, Any] | None] = {
            each: {"id": each, "name": each} for each in (*FILES, *PLACES, "new")
        }
        self.tags: list[str] = []

    def record(self, key: str, name: str) -> dict[str, Any]:
        record = {"id": key, "customer": "nordlicht", "name": name, "requestedName": name, "tags": []}
        return record | {"project": "relaunch", "activity": None, "task": None, "state": "in-sharepoint"}

    def play(self) -> RoundTrip:
        watch = Watch(cast("Product", self))
        watch.rows = {("nordlicht", key): Row(record, "", 0) for key, record in self.records.items()}
        methods = ("find", "item", "rename", "move", "tag", "columns", "add", "restore")
        editor = SimpleNamespace(**{name: getattr(self, f"sp_{name}") for name in methods}, delete=self.sp_delete)
        trip = RoundTrip(cast("Product", self), cast("GraphEditor", editor), watch, timeout_s=0.1)
        trip.play()
        return trip

    # The API
    def get(self, path: str) -> dict[str, Any]:
        return {"items": self.history} if path.endswith("/history") else self.records[path.rpartition("/")[2]]

    def items(self, _path: str) -> list[dict[str, Any]]:
        return list(self.records.values())

    def patch(self, path: str, body: dict[str, Any]) -> None:
        if "patch" in self.broken:
            return
        key = path.rpartition("/")[2]
        item = self.there[key]
        assert item is not None
        item["name"] = body.get("name", item["name"])
        self.tags = body.get("tags", self.tags)
        if "project" in body:
            item["parentReference"] = {"id": body["project"]}
        if self.bounces:
            self.history.append({"side": "sharepoint"})

    def put(self, _path: str, body: dict[str, Any]) -> None:
        self.there["relaunch"] = {"id": "relaunch", "name": body["name"]}

    def delete(self, path: str) -> None:
        self.there[path.rpartition("/")[2]] = None

    # SharePoint
    def sp_find(self, path: str) -> dict[str, Any] | None:
        names = {PLACES[key]: key for key in PLACES} | {name: key for key, name in FILES.items()}
        names |= {"Project brief, agreed.docx": "brief", "Site visit.txt": "new"}
        return self.there[names[path.rpartition("/")[2]]]

    def sp_item(self, item: dict[str, Any]) -> dict[str, Any] | None:
        return self.there[item["id"]]

    def sp_rename(self, item: dict[str, Any], name: str) -> None:
        if "rename" not in self.broken:
            self.records[item["id"]]["name"] = name

    def sp_move(self, item: dict[str, Any], folder: dict[str, Any]) -> None:
        self.records[item["id"]]["project"] = folder["id"]

    def sp_tag(self, item: dict[str, Any], tags: list[str]) -> None:
        self.records[item["id"]]["tags"] = tags

    def sp_columns(self, _item: dict[str, Any]) -> dict[str, Any]:
        return {"momentTags": self.tags}

    def sp_add(self, _folder: dict[str, Any], name: str, _content: bytes) -> None:
        self.records["new"] = self.record("new", name)

    def sp_delete(self, item: dict[str, Any]) -> None:
        if "delete" in self.broken:
            raise StackError("423 locked")
        self.records[item["id"]]["state"] = "deleted"

    def sp_restore(self, item: dict[str, Any]) -> None:
        self.records[item["id"]]["state"] = "in-sharepoint"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.stack.round_trip._QUIET_S", 0)


def problems(trip: RoundTrip) -> list[str]:
    return [step.problem for step in trip.steps if step.problem]


def test_edits_that_come_through_are_timed():
    trip = World().play()

    assert problems(trip) == []
    assert [step.direction for step in trip.steps] == [FROM_SHAREPOINT] * 6 + [TO_SHAREPOINT] * 5


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ("rename", "SharePoint → Moment: rename a file: not seen"),
        ("delete", "SharePoint → Moment: delete a file: 423 locked"),
        ("patch", "Moment → SharePoint: edit its tags: not seen"),
    ],
)
def test_an_edit_that_does_not_come_through_is_named(call: str, complaint: str):
    world = World()
    world.broken = {call}

    assert complaint in " ".join(problems(world.play()))


def test_an_edit_of_our_own_that_comes_back_is_a_problem():
    world = World()
    world.bounces = True

    (problem,) = problems(world.play())

    assert "took its own edits" in problem


def test_a_missing_file_ends_the_trip_with_its_name():
    world = World()
    del world.records["deck"]

    with pytest.raises(StackError, match=r"Kick-off\.pptx"):
        world.play()

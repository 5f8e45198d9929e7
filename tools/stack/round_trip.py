"""One edit of each kind, made in SharePoint and followed by Moment, then made in Moment and followed by SharePoint.

Everybody is played by plain requests: somebody in SharePoint by another application at Graph, somebody in Moment by
the API. Each edit is waited for, not for ever; what does not arrive is a problem in words.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

from tools.samples.companies import NORDLICHT
from tools.stack.children import StackError
from tools.stack.graph_editor import GraphEditor
from tools.stack.graph_reader import Json
from tools.stack.product import Product
from tools.stack.watch import Watch

FROM_SHAREPOINT = "SharePoint → Moment"
TO_SHAREPOINT = "Moment → SharePoint"
_LIBRARY = "Nordlicht Energie GmbH & Co. KG"
_RELAUNCH = f"{_LIBRARY}/Website relaunch"
_FILES = f"customers/{NORDLICHT}/files"
_TIMEOUT_S = 60.0
_LOOK_S = 0.05
_QUIET_S = 2.5


@dataclass(frozen=True, slots=True)
class Step:
    """One edit: how long until the other side showed it, or what is wrong."""

    direction: str
    edit: str
    seconds: float
    problem: str = ""


class RoundTrip:
    """Uses sample files of one customer, after they were checked. `steps` grows as it goes on."""

    def __init__(self, product: Product, editor: GraphEditor, watch: Watch, timeout_s: float = _TIMEOUT_S) -> None:
        self._product = product
        self._editor = editor
        self._timeout_s = timeout_s
        self._watch = watch
        self._brief = self._deck = self._picture = ""
        self._notes = ""
        self.steps: list[Step] = []

    def play(self) -> None:
        """Both directions, then a look that nothing bounces back."""
        self._brief, self._deck, self._picture = (
            _id_of(self._watch, name) for name in ("Project brief.docx", "Kick-off.pptx", "Start page.png")
        )
        self._from_sharepoint()
        edits = self._edits_in_sharepoint()
        self._to_sharepoint()
        time.sleep(_QUIET_S)
        if self._edits_in_sharepoint() != edits:
            problem = "Moment took its own edits for somebody's in SharePoint"
            self.steps.append(Step(TO_SHAREPOINT, "nothing comes back", _QUIET_S, problem))

    def _from_sharepoint(self) -> None:
        editor, there = self._editor, FROM_SHAREPOINT
        brief = self._there(f"{_RELAUNCH}/Project brief.docx")
        deck = self._there(f"{_RELAUNCH}/20 Design/Kick-off.pptx")
        picture = self._there(f"{_RELAUNCH}/20 Design/#101 Wireframes/Start page.png")
        relaunch, expenses = self._there(_RELAUNCH), self._there(f"{_LIBRARY}/Travel expenses")
        name = "Project brief, agreed.docx"
        self._step(there, "rename a file", lambda: editor.rename(brief, name), lambda: self._says(name=name))
        self._step(
            there,
            "add a file to a project's folder",
            lambda: editor.add(relaunch, "Site visit.txt", b"We met on the roof."),
            self._has_new_file,
        )
        self._step(
            there,
            "edit its tags",
            lambda: editor.tag(brief, ["agreed", "brief"]),
            lambda: sorted(self._record(self._brief)["tags"]) == ["agreed", "brief"],
        )
        self._step(
            there,
            "move a file to another project's folder",
            lambda: editor.move(deck, expenses),
            lambda: _place(self._record(self._deck)) == ("expenses", None, None),
        )
        self._step(there, "delete a file", lambda: editor.delete(picture), lambda: self._is(self._picture, "deleted"))
        self._step(
            there,
            "restore it from the recycle bin",
            lambda: editor.restore(picture),
            lambda: self._is(self._picture, "in-sharepoint"),
        )

    def _to_sharepoint(self) -> None:
        here = TO_SHAREPOINT
        item = self._there(f"{_RELAUNCH}/Project brief, agreed.docx")
        notes, folder = self._there(f"{_RELAUNCH}/Site visit.txt"), self._there(_RELAUNCH)
        accounts = self._there(f"{_LIBRARY}/Accounts 2026")
        name = "Project brief, final.docx"
        self._step(here, "rename a file", lambda: self._patch(name=name), lambda: self._now(item).get("name") == name)
        self._step(
            here,
            "edit its tags",
            lambda: self._patch(tags=["final"]),
            lambda: self._editor.columns(item).get("momentTags") == ["final"],
        )
        self._step(
            here,
            "move it to another project",
            lambda: self._patch(project="accounts"),
            lambda: self._now(item).get("parentReference", {}).get("id") == accounts["id"],
        )
        path = f"{NORDLICHT}/projects/relaunch"
        project = {"name": "Website relaunch 2027", "number": "P-1001"}
        self._step(
            here,
            "rename a project, and so its folder",
            lambda: self._product.put(path, project),
            lambda: self._now(folder).get("name") == project["name"],
        )
        self._step(
            here,
            "delete a file",
            lambda: self._product.delete(f"{_FILES}/{self._notes}"),
            lambda: self._editor.item(notes) is None,
        )

    def _step(self, direction: str, edit: str, act: Callable[[], object], arrived: Callable[[], bool]) -> None:
        began = time.monotonic()
        problem = f"{direction}: {edit}: not seen after {self._timeout_s:.0f} s"
        try:
            act()
            while time.monotonic() - began < self._timeout_s:
                if arrived():
                    problem = ""
                    break
                time.sleep(_LOOK_S)
        except (StackError, requests.RequestException) as error:
            problem = f"{direction}: {edit}: {error}"
        self.steps.append(Step(direction, edit, round(time.monotonic() - began, 3), problem))

    def _there(self, path: str) -> Json:
        item = self._editor.find(path)
        if item is None:
            raise StackError(f"{path} is not in SharePoint, so no round trip is possible.")
        return item

    def _now(self, item: Json) -> Json:
        return self._editor.item(item) or {}

    def _record(self, file_id: str) -> Json:
        return self._product.get(f"{_FILES}/{file_id}")

    def _says(self, **values: str) -> bool:
        record = self._record(self._brief)
        return all(record[member] == value for member, value in values.items())

    def _is(self, file_id: str, state: str) -> bool:
        return bool(self._record(file_id)["state"] == state)

    def _has_new_file(self) -> bool:
        for record in self._product.items(_FILES):
            if record["name"] == "Site visit.txt" and _place(record) == ("relaunch", None, None):
                self._notes = record["id"]
        return bool(self._notes)

    def _patch(self, **members: object) -> None:
        self._product.patch(f"{_FILES}/{self._brief}", {**members, "changedBy": "Ada Sample"})

    def _edits_in_sharepoint(self) -> int:
        """How many lines of the files' histories say that somebody did something in SharePoint."""
        files = filter(None, (self._brief, self._deck, self._picture, self._notes))
        lines = [line for each in files for line in self._product.get(f"{_FILES}/{each}/history")["items"]]
        return sum(line["side"] == "sharepoint" for line in lines)


def _id_of(watch: Watch, requested_name: str) -> str:
    row = watch.find(NORDLICHT, requested_name)
    if row is None:
        raise StackError(f"{requested_name} has no record, so no round trip is possible.")
    return str(row.document["id"])


def _place(record: Json) -> tuple[str | None, str | None, str | None]:
    return record["project"], record["activity"], record["task"]

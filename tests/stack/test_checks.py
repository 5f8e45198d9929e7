"""The demo's checks have teeth: each thing that can be wrong is found and named."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tools.samples.content import of_text
from tools.samples.files import UNPLACED_BLOB, Sample
from tools.stack.checks import Checks
from tools.stack.graph_reader import GraphReader
from tools.stack.loading import Loaded
from tools.stack.product import Product
from tools.stack.watch import Row, Watch

URL = "http://127.0.0.1:7072/sites/moment/Library/note.txt"
SAMPLE = Sample(
    name="note.txt",
    content=of_text("hello"),
    customer="c",
    place="Library",
    columns={"momentYear": "2026"},
)
DOCUMENT = {
    "customer": "c",
    "id": "f1",
    "name": "note.txt",
    "requestedName": "note.txt",
    "sizeBytes": 5,
    "warning": "",
    "state": "in-sharepoint",
    "reason": "",
    "link": URL,
    "proof": "identical",
}


class World:
    """A product and a SharePoint that agree with the sample; a test changes one thing."""

    def __init__(self) -> None:
        self.sample = SAMPLE
        self.document: dict[str, Any] = dict(DOCUMENT)
        self.leads_to = URL
        self.unplaced = [{"blob": UNPLACED_BLOB, "reason": "There is no such customer."}]
        self.item: dict[str, Any] | None = {"webUrl": URL, "size": 5}
        self.fields: dict[str, Any] = {"momentYear": "2026"}
        self.stored = b"hello"
        self.paths = ["Library/note.txt"]
        self.blobs = {UNPLACED_BLOB}

    def problems(self) -> list[str]:
        product = SimpleNamespace(content_url=lambda *_: self.leads_to, items=lambda _: self.unplaced)
        content = SimpleNamespace(content=self.stored, iter_content=lambda _: [self.stored])
        reader = SimpleNamespace(
            find=lambda _: self.item,
            columns=lambda _: self.fields,
            content=lambda _: content,
            file_paths=lambda: self.paths,
        )
        watch = Watch(cast("Product", product))
        watch.rows["c", "f1"] = Row(self.document, "", 0)
        checks = Checks(cast("Product", product), cast("GraphReader", reader), self.blobs)
        return checks.problems([Loaded(self.sample, ("c", "f1"))], watch)


def test_nothing_is_said_when_all_is_well():
    assert World().problems() == []


@pytest.mark.parametrize(
    ("attribute", "value", "complaint"),
    [
        ("item", None, "not in Library"),
        ("item", {"webUrl": "http://elsewhere", "size": 5}, "its link is"),
        ("item", {"webUrl": URL, "size": 6}, "SharePoint holds 6 bytes"),
        ("leads_to", "http://elsewhere", "does not lead to SharePoint"),
        ("fields", {}, "its columns are"),
        ("stored", b"other", "another content"),
        ("blobs", {UNPLACED_BLOB, "c/f1/note.txt"}, "still in Moment Cloud"),
        ("blobs", set(), "the blob is gone"),
        ("unplaced", [], "report of blobs"),
        ("paths", ["Library/note.txt", "Library/note (2).txt"], "holds 2 files, not 1"),
    ],
)
def test_what_is_wrong_in_sharepoint_or_storage_is_named(attribute: str, value: Any, complaint: str):
    world = World()
    setattr(world, attribute, value)

    assert complaint in " ".join(world.problems())


def test_a_size_that_nobody_sent_and_sharepoint_does_not_hold_is_named():
    world = World()
    world.document["sizeBytes"] = 4

    assert "4 bytes, not 5" in " ".join(world.problems())


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("state", "blocked", "its state is blocked"),
        ("name", "note (2).txt", "it is named"),
        ("proof", None, "its proof is"),
        ("warning", "no extension", "warning"),
    ],
)
def test_what_is_wrong_in_the_record_is_named(field: str, value: Any, complaint: str):
    world = World()
    world.document[field] = value

    (problem,) = world.problems()

    assert complaint in problem


def test_a_file_that_moved_although_it_should_stay_is_named():
    world = World()
    world.sample = replace(SAMPLE, place=None)
    world.paths = []

    (problem,) = world.problems()

    assert "should stay in Moment Cloud" in problem

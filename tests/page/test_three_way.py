"""What becomes of an edit when somebody else changed the file first."""

import json
import subprocess
from typing import Any

import pytest

from tests.page.sources import ROOT

FILE = {"state": "in-sharepoint", "name": "a.docx", "tags": ["x", "y"], "project": "p", "activity": None, "task": None}


def ran(name: str, *given: Any) -> Any:
    command = ["node", "tests/page/three_way.mjs", json.dumps([[name, *given]])]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)[0]


@pytest.mark.parametrize(
    ("change", "theirs", "expected"),
    [
        ({"name": "b.docx"}, {"state": "deleted"}, {"kind": "gone"}),
        ({"name": "b.docx"}, {"tags": ["z"]}, {"kind": "send", "change": {"name": "b.docx"}}),
        ({"name": "b.docx"}, {"name": "b.docx"}, {"kind": "same"}),
        ({"name": "b.docx"}, {"name": "c.docx"}, {"kind": "conflict"}),
        ({"project": "q", "activity": "", "task": ""}, {"project": "r"}, {"kind": "conflict"}),
        ({"project": "q", "activity": "", "task": ""}, {"project": "q"}, {"kind": "same"}),
        ({"tags": ["x", "new"]}, {"tags": ["x", "y", "w"]}, {"kind": "send", "change": {"tags": ["x", "w", "new"]}}),
        ({"tags": ["x"]}, {"tags": ["x", "w"]}, {"kind": "same"}),
    ],
    ids=["gone", "other member", "same name", "other name", "other place", "same place", "merged tags", "nothing left"],
)
def test_an_edit_is_sent_again_or_left_or_put_to_the_person(
    change: dict[str, Any], theirs: dict[str, Any], expected: dict[str, Any]
):
    assert ran("outcome", change, FILE, FILE | theirs) == expected


def test_a_change_is_taken_back_with_what_was_there_before():
    change = {"project": "q", "activity": None, "task": "t"}

    assert ran("backOf", change, FILE) == {"project": "p", "activity": None, "task": None}
    assert ran("holds", change, FILE | change) is True
    assert ran("holds", change, FILE) is False


def test_tags_are_taken_back_without_losing_what_others_added_since():
    before, after, now = ["x", "y"], ["x", "new"], ["x", "new", "later"]

    assert ran("mergedTags", after, before, now) == ["x", "later", "y"]

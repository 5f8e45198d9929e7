"""The checks of a storm have teeth: each thing that can be wrong is found and named."""

import random
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shared.graph.connection import USER_AGENT
from tests.simulation import checking
from tests.simulation.both_sides import BothSides
from tests.simulation.contents import content_for, mark, marks_in
from tests.simulation.hosts import Answer, secrets_in
from tests.simulation.ledger import Ledger
from tests.simulation.report import Violation
from tests.simulation.scene import Scene
from tests.simulation.sharepoint_people import Item
from tests.simulation.story import Story

ITEM = Item("01ITEM", "note.txt", "01ROOT", False, 5, (), "http://sharepoint/Library/note.txt")
DOCUMENT = {"id": "f1", "customer": "c", "name": "note.txt", "state": "in-sharepoint", "reason": "", "cause": None}
DOCUMENT |= {"undoUntil": None}


def sides(**changes: Any) -> BothSides:
    """One file that both sides know alike."""
    agreed: dict[str, Any] = {
        "customer": "c",
        "live": [DOCUMENT],
        "deleted": [],
        "item_ids": {"f1": "01ITEM"},
        "files": {"01ITEM": ITEM},
        "folders": {},
        "contents": {"01ITEM": {mark("s", 1)}},
        "kept": {mark("s", 1)},
        "in_blobs": set(),
        "keys": {"": "library"},
    }
    return BothSides(**agreed | changes)


def scene(**changes: Any) -> Scene:
    return cast("Scene", SimpleNamespace(**{"ledger": Ledger("s"), "stage": None} | changes))


def with_history(events: list[str]) -> SimpleNamespace:
    """A stage whose app tells this of each file."""
    lines = [{"event": each} for each in events]
    return SimpleNamespace(call=lambda _method, _path: SimpleNamespace(body={"items": lines}))


def test_nothing_is_said_when_both_sides_agree():
    checking.one_record_per_file(sides())
    checking.every_file_has_a_state(sides())
    checking.no_content_is_doubled(scene(), sides())
    checking.deletions_hold(scene(), sides())


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"live": []}, "has no live record"),
        ({"files": {}}, "is not there"),
        (
            {"live": [DOCUMENT, {**DOCUMENT, "id": "f2"}], "item_ids": {"f1": "01ITEM", "f2": "01ITEM"}},
            "2 live records",
        ),
    ],
)
def test_records_and_files_that_do_not_match_are_named(changes: dict, complaint: str):
    with pytest.raises(Violation, match=complaint):
        checking.one_record_per_file(sides(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "waiting", "reason": "It is throttled."},
        {"state": "moving"},
        {"state": "blocked", "reason": ""},
        {"state": "blocked", "reason": "The copy differs.", "cause": "copy-differs"},
        {"state": "in-sharepoint", "reason": "It is open in SharePoint."},
        {"state": "deleted", "reason": "Deleted in Moment.", "undoUntil": "2026-11-27T17:30:37Z"},
    ],
)
def test_a_file_that_is_stuck_or_says_no_reason_is_named(changes: dict):
    with pytest.raises(Violation, match=r"note\.txt"):
        checking.every_file_has_a_state(sides(live=[DOCUMENT | changes]))


def test_content_that_is_gone_is_named_unless_it_may_be():
    ledger = Ledger("s")
    kept, lost, unheard = (ledger.write("moment", "f1", "note.txt") for _ in range(3))
    kept.acknowledged = lost.acknowledged = True

    with pytest.raises(Violation, match=rf"{lost.fingerprint}.*Released"):
        checking.nothing_is_lost(scene(ledger=ledger, stage=with_history(["Released."])), [sides()])

    ledger.excuse("f1", "overwritten")
    checking.nothing_is_lost(scene(ledger=ledger), [sides()])
    ledger.expect_again("f1", "overwritten")
    assert ledger.expected() == [kept, lost]
    assert not unheard.acknowledged


def test_content_in_two_files_is_named():
    other = Item("01OTHER", "copy.txt", "01ROOT", False, 5, (), "")
    both = {"01ITEM": {mark("s", 1)}, "01OTHER": {mark("s", 1)}}

    with pytest.raises(Violation, match=r"note\.txt.*copy\.txt"):
        checking.no_content_is_doubled(
            scene(stage=with_history([])), sides(files={"01ITEM": ITEM, "01OTHER": other}, contents=both)
        )


CUT_OFF = ["Claimed for moving to SharePoint.", "Claimed for moving to SharePoint.", "In SharePoint as 'note.txt'"]
CLAIMED_ONCE = CUT_OFF[1:]


@pytest.mark.parametrize(
    ("history", "is_moved", "is_restored", "is_excused"),
    [
        (CUT_OFF, True, False, True),
        (CUT_OFF, False, False, False),
        (CLAIMED_ONCE, True, False, False),
        (CLAIMED_ONCE, False, True, True),
        ([*CLAIMED_ONCE, "In SharePoint as 'note.txt'"], False, True, False),
    ],
)
def test_content_in_two_files_is_excused_where_a_person_touched_one_that_nobody_knew(
    history: list[str], is_moved: bool, is_restored: bool, is_excused: bool
):
    ledger, story, other = Ledger("s"), Story(), Item("01OTHER", "copy.txt", "01ROOT", False, 5, (), "")
    if is_moved:
        ledger.moved_there.add("01ITEM")
    if is_restored:
        ledger.deleted("sharepoint", "01OTHER", "copy.txt")
        ledger.undone("01OTHER")
    played = scene(ledger=ledger, story=story, stage=with_history(history), faults=Counter())
    both = {"01ITEM": {mark("s", 1)}, "01OTHER": {mark("s", 1)}}
    doubled = sides(files={"01ITEM": ITEM, "01OTHER": other}, contents=both)

    if is_excused:
        checking.no_content_is_doubled(played, doubled)
    else:
        with pytest.raises(Violation, match="two files"):
            checking.no_content_is_doubled(played, doubled)


def test_a_file_that_was_deleted_in_sharepoint_and_is_there_again_is_named():
    ledger = Ledger("s")
    ledger.deleted("sharepoint", "01ITEM", "note.txt")

    with pytest.raises(Violation, match="there again"):
        checking.deletions_hold(scene(ledger=ledger), sides())

    ledger.undone("01ITEM")
    checking.deletions_hold(scene(ledger=ledger), sides())


@pytest.mark.parametrize(
    ("began", "troubles", "apart_s", "is_early"),
    [
        (102.0, [], 0, False),
        (114.5, [], 0, True),
        (114.5, [96.0, 116.0], 0, True),
        (114.5, [99.0], 0, False),
        (114.5, [], 0.9, False),
        (115.5, [], 0, False),
    ],
)
@pytest.mark.parametrize("is_killed", [True, False])
def test_a_request_before_retry_after_is_named(
    began: float, troubles: list[float], apart_s: float, is_early: bool, is_killed: bool
):
    refused = {"at": 100.0, "began": 99.9, "retry_after_s": 15.0, "method": "GET", "route": "/x", "status": 429}
    later = {"at": began, "began": began, "retry_after_s": 0.0, "method": "GET", "route": "/y", "status": 200}
    ledger = [each | {"user_agent": USER_AGENT, "ahead_s": 0.0} for each in (refused, later)]
    failed, killed = ([], troubles) if is_killed else (troubles, [])
    between, local = SimpleNamespace(faults=SimpleNamespace(came_at=failed)), SimpleNamespace(requests=lambda: ledger)
    stage = SimpleNamespace(local=local, logged=list, storage_between=between, killed_at=killed, apart_s=apart_s)

    if is_early:
        with pytest.raises(Violation, match="Retry-After"):
            checking.nobody_is_hurt(scene(stage=stage))
    else:
        checking.nobody_is_hurt(scene(stage=stage))


@pytest.mark.parametrize(
    ("status", "is_done", "is_open"), [(0, False, True), (204, True, False), (409, False, False), (500, False, True)]
)
def test_only_a_refusal_says_that_nothing_was_done(status: int, is_done: bool, is_open: bool):
    answer = Answer(status)

    assert (answer.is_done, answer.is_open) == (is_done, is_open)


def test_secrets_in_logs_are_named_and_other_lines_are_not():
    lines = ["PUT http://a/b?sv=1&sig=abcdefghij", "clientState of-a-library", "PUT /uploadSession 201", "sig=-"]

    assert secrets_in(lines, ["of-a-library", ""]) == lines[:2]


@pytest.mark.parametrize("name", ["note.txt", "minutes.docx"])
def test_a_content_is_known_by_its_fingerprint(name: str):
    content = content_for(name, mark("s1", 7), random.Random(1))

    assert marks_in(content) == {mark("s1", 7)}

"""Why a file is where it is, in sentences."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.model.causes import Cause
from shared.model.directory import Activity, Customer, Placement, Project, StorageLocation, Task
from shared.model.explanation import Situation, sentences
from shared.model.files import FileRecord, FileState, HeldDeletion
from shared.model.stored import BlobFacts
from tests.builders import AT, a_baseline, a_record, a_transfer

MOMENT, SHAREPOINT = StorageLocation.MOMENT, StorageLocation.SHAREPOINT
CONTOSO = Customer("contoso", "Contoso", SHAREPOINT)
WEBSITE = Project("contoso", "p1", "Website")
DESIGN = Activity("contoso", "p1", "a1", "Design", "10")
LOGO = Task("contoso", "p1", "t1", "7", "Logo", "a1")
BLOB = BlobFacts("contoso/f1/report.docx", "etag-2", 9, "text/plain", {})


def said(record: FileRecord, **changes: Any) -> str:
    situation = Situation(
        record=record, placement=Placement(CONTOSO), gone="", folder=(), blob=None, waiting_edits=(), now=AT
    )
    return " ".join(sentences(replace(situation, **changes)))


@pytest.mark.parametrize(
    ("placement", "expected"),
    [
        (
            Placement(CONTOSO, WEBSITE, DESIGN, LOGO),
            "It belongs to task #7 Logo of activity 10 Design of project Website of customer Contoso.",
        ),
        (Placement(CONTOSO), "Files of customer Contoso are kept in SharePoint."),
        (Placement(CONTOSO, WEBSITE), "kept in SharePoint, inherited from customer Contoso."),
        (Placement(CONTOSO, replace(WEBSITE, storage=MOMENT)), "kept in Moment Cloud, by the project's own rule."),
        (Placement(CONTOSO, WEBSITE, DESIGN), "it will lie in the folder Website › 10 Design."),
        (None, "What it belongs to is gone: There is no project 'p1'."),
        (None, "Next: nothing, until it is linked to something that exists."),
    ],
)
def test_what_it_belongs_to_and_whose_rule_counts(placement: Placement | None, expected: str):
    assert expected in said(a_record(), placement=placement, gone="There is no project 'p1'.")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "It was announced, and its content has not arrived yet. Next: Nothing is to be done."),
        ({"state": FileState.IN_MOMENT_CLOUD, "size_bytes": 9}, "It is in Moment Cloud, 9 bytes."),
        (
            {"state": FileState.WAITING, "reason": "Somebody has it open.", "cause": Cause.LOCKED},
            "It waits: Somebody has it open. (Cause: locked.)",
        ),
        (
            {"state": FileState.MOVING, "transfer": a_transfer(upload_url="https://secret", hashed_bytes=5)},
            "moved to SharePoint as 'report.docx', 5 bytes are there; instance me holds it until 2026-11-23 09:30:00",
        ),
        ({"state": FileState.BLOCKED, "reason": "No room."}, "It needs attention: No room."),
        ({"state": FileState.BLOCKED, "reason": "No room."}, "Next: it is tried again by the next sync."),
        ({"state": FileState.BLOCKED, "may_pass": False}, "only when somebody asks for it (try now)."),
        ({"state": FileState.DELETED, "reason": "Deleted in Moment."}, "It is deleted: Deleted in Moment."),
    ],
)
def test_its_state_and_what_comes_next(changes: dict[str, Any], expected: str):
    text = said(a_record(**changes))

    assert expected in text
    assert "secret" not in text


def test_the_proof_has_both_fingerprints():
    baseline = a_baseline(sent_quick_xor_hash="ours", quick_xor_hash="theirs", size_bytes=8, sent_sha256="abc")

    text = said(a_record(state=FileState.IN_SHAREPOINT, blob_name=None, baseline=baseline), folder=("Website",))

    assert "proven: identical. Sent were 3 bytes with quickXorHash ours, SHA-256 abc; SharePoint holds 8 bytes" in text
    assert "quickXorHash theirs." in text
    assert "In SharePoint it lies in the folder Website." in text
    assert "Moment Cloud holds nothing of it any more." in text
    assert text.endswith("Next: Nothing is to be done.")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"proof": None}, "Its content came from SharePoint, so nothing had to be proven."),
        ({"changed_there": True}, "Its content has changed in SharePoint since."),
        ({"sent_sha256": None}, "SHA-256 not known"),
    ],
)
def test_what_is_special_about_a_proof(changes: dict[str, Any], expected: str):
    assert expected in said(a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline(**changes)))


def test_new_content_and_an_edit_that_wait():
    record = a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline(), place_pending=True)

    text = said(record, blob=BLOB, waiting_edits=("its name",), placement=Placement(CONTOSO, WEBSITE))

    assert "It waits to be moved to the folder Website." in text
    assert "Moment Cloud holds 9 bytes for it, version etag-2." in text
    assert "becomes its next version in SharePoint" in text
    assert text.endswith("An edit waits: its name goes to SharePoint.")


def test_a_file_that_moved_stays_where_it_is():
    placement = Placement(replace(CONTOSO, storage=MOMENT))

    text = said(a_record(state=FileState.IN_SHAREPOINT, baseline=a_baseline()), placement=placement)

    assert "kept in Moment Cloud. It has moved before, and stays in SharePoint." in text


def test_a_deletion_that_can_be_undone():
    held = HeldDeletion(AT + timedelta(seconds=30), FileState.IN_SHAREPOINT)

    text = said(a_record(state=FileState.DELETED, delete_pending=True, held=held, reason="Deleted in Moment."))

    assert "carried out in 30 s, and can be undone until then." in text

"""Small builders of test data with good defaults."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.model.directory import Links
from shared.model.files import Baseline, FileRecord, FileState, Proof, Transfer
from shared.model.runs import Direction, Part, PartKind, Run, RunKind

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def a_record(**changes: Any) -> FileRecord:
    record = FileRecord(
        customer="contoso",
        id="f1",
        name="report.docx",
        requested_name="report.docx",
        links=Links("contoso"),
        created_at=AT,
        changed_at=AT,
        created_by="Ada",
        state=FileState.EXPECTED,
        blob_name="contoso/f1/report.docx",
    )
    return replace(record, **changes)


def a_transfer(**changes: Any) -> Transfer:
    transfer = Transfer(owner="me", claimed_until=AT, blob_etag="etag-1", name="report.docx")
    return replace(transfer, **changes)


def a_baseline(**changes: Any) -> Baseline:
    baseline = Baseline(
        drive_id="b!drive",
        item_id="01ITEM",
        web_url="https://contoso.sharepoint.com/sites/moment/Contoso/report.docx",
        name="report.docx",
        parent_id="01FOLDER",
        e_tag='"{1},1"',
        c_tag='"c:{1},1"',
        size_bytes=3,
        quick_xor_hash="hash",
        sent_size_bytes=3,
        sent_quick_xor_hash="hash",
        blob_etag="etag-1",
        proof=Proof.IDENTICAL,
    )
    return replace(baseline, **changes)


def a_run(**changes: Any) -> Run:
    run = Run(
        id="000000000000001-ab",
        kind=RunKind.BY_HAND,
        directions=(Direction.TO_SHAREPOINT,),
        started_by="Ada",
        started_at=AT,
    )
    return replace(run, **changes)


def a_part(**changes: Any) -> Part:
    part = Part("000000000000001-ab", "library:contoso", PartKind.LIBRARY, AT, AT, "contoso")
    return replace(part, **changes)

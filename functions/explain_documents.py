"""What the API answers with when it explains a file."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from functions.documents import FileDocument, HistoryLine, file_document, history_line
from functions.shapes import Document, Id, SizeBytes, Time
from shared.model.files import Baseline, Proof
from shared.sync.explaining import Explanation


class Fingerprint(Document):
    """Of some content."""

    size_bytes: SizeBytes
    quick_xor_hash: Annotated[str | None, Meta(description="Base64; null: SharePoint has not said.")]
    sha256: Annotated[str | None, Meta(description="Hex; null: not known.")] | UnsetType = UNSET


class ProofDocument(Document):
    """How it is known that SharePoint holds what was sent."""

    proof: Annotated[Proof | None, Meta(description="Null: the content came from SharePoint.")]
    sent: Annotated[Fingerprint | None, Meta(description="What Moment sent.")]
    stored: Annotated[Fingerprint, Meta(description="What SharePoint holds.")]
    changed_there: Annotated[bool, Meta(description="Its content changed in SharePoint since.")]


class ItemDocument(Document):
    """Its ids in SharePoint, for Microsoft Graph."""

    drive: str
    item: str
    folder: str | None
    e_tag: str
    c_tag: str | None


class StepLine(HistoryLine, kw_only=True):
    """One step of a file's way."""

    request_id: Annotated[str, Meta(description="Graph's ids of the requests that wrote; empty where there were none.")]


class ExplanationDocument(Document):
    """Why a file is where it is."""

    id: Id
    at: Annotated[Time, Meta(description="When the file last changed.")]
    file: FileDocument
    why: Annotated[list[str], Meta(description="Sentences, from what it belongs to up to what happens next.")]
    blob: Annotated[str | None, Meta(description="Where its content is in Moment Cloud.")]
    item: ItemDocument | None
    proof: ProofDocument | None
    steps: Annotated[list[StepLine], Meta(description="The whole history, oldest first.")]


def explanation_document(explained: Explanation) -> ExplanationDocument:
    """An explanation as callers see it; nothing secret is in it."""
    record, moved = explained.record, explained.record.baseline
    return ExplanationDocument(
        id=record.id,
        at=record.changed_at,
        file=file_document(record),
        why=list(explained.why),
        blob=record.blob_name,
        item=None if moved is None else _item(moved),
        proof=None if moved is None else _proof(moved),
        steps=[
            StepLine(**msgspec.structs.asdict(history_line(line)), request_id=line[1].request_id)
            for line in explained.steps
        ],
    )


def _item(moved: Baseline) -> ItemDocument:
    return ItemDocument(
        drive=moved.drive_id, item=moved.item_id, folder=moved.parent_id, e_tag=moved.e_tag, c_tag=moved.c_tag
    )


def _proof(moved: Baseline) -> ProofDocument:
    sent = Fingerprint(
        size_bytes=moved.sent_size_bytes, quick_xor_hash=moved.sent_quick_xor_hash, sha256=moved.sent_sha256
    )
    return ProofDocument(
        proof=moved.proof,
        sent=None if moved.proof is None else sent,
        stored=Fingerprint(size_bytes=moved.size_bytes, quick_xor_hash=moved.quick_xor_hash),
        changed_there=moved.changed_there,
    )

"""Says in plain sentences why a file is where it is, and what will happen next. Pure; shared/sync/explaining.py reads.

belongs   the objects that it is linked to, by name, or which of them is gone
storage   where files of that place are kept, by whose rule
folder    where in SharePoint it lies or will lie
state     the state, its reason, and who holds it
proof     how it is known that SharePoint has the content, with both fingerprints
content   what Moment Cloud still holds
next      what the next look at the file does: shared/model/transfer_plan.py, and edits that wait
"""

from dataclasses import dataclass
from datetime import datetime

from shared.model.directory import Placement, StorageLocation
from shared.model.files import Baseline, FileRecord, FileState
from shared.model.stored import BlobFacts
from shared.model.transfer_plan import Step, next_step
from shared.model.undo import held_for_s

_PLACES = {StorageLocation.MOMENT: "Moment Cloud", StorageLocation.SHAREPOINT: "SharePoint"}
_NEXT = {
    Step.NOTHING: "Nothing is to be done.",
    Step.REPORT_LOST: "Its content is reported as lost at the next look.",
    Step.NOTE_RELEASED: "That its content is gone from Moment Cloud is noted at the next look.",
    Step.RELEASE: "Its content is let go from Moment Cloud at the next look, for SharePoint has it.",
    Step.WAIT: "An instance is moving it; it is looked at again when that claim ends.",
    Step.KEEP: "It stays in Moment Cloud.",
    Step.SEND_NEW: "It is moved to SharePoint.",
    Step.SEND_VERSION: (
        "New content from Moment becomes its next version in SharePoint, or a second file if it changed there, too."
    ),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known of a file now. `record` is linked to where the file is."""

    record: FileRecord
    placement: Placement | None
    """None: something that it is linked to is gone, and `gone` says what."""
    gone: str
    folder: tuple[str, ...] | None
    """The folders from the library's root to where it is in SharePoint; None where that is not known."""
    blob: BlobFacts | None
    waiting_edits: tuple[str, ...]
    """What Moment wants of SharePoint that SharePoint does not show yet."""
    now: datetime


def sentences(situation: Situation) -> tuple[str, ...]:
    """The explanation, one sentence or two for each row above that has something to say."""
    parts = (_belongs, _storage, _folder, _state, _proof, _content, _next)
    return tuple(text for part in parts if (text := part(situation)))


def _belongs(situation: Situation) -> str:
    placement = situation.placement
    if placement is None:
        return f"What it belongs to is gone: {situation.gone}"
    task, activity, project = placement.task, placement.activity, placement.project
    chain = [f"task #{task.number} {task.name}"] if task else []
    chain += [f"activity {' '.join(filter(None, (activity.number, activity.name)))}"] if activity else []
    chain += [f"project {project.name}"] if project else []
    return f"It belongs to {' of '.join([*chain, f'customer {placement.customer.name}'])}."


def _storage(situation: Situation) -> str:
    placement = situation.placement
    if placement is None:
        return ""
    where, customer = _PLACES[placement.storage], f"customer {placement.customer.name}"
    if placement.project is None:
        rule = f"Files of {customer} are kept in {where}."
    elif placement.project.storage is None:
        rule = f"Files of project {placement.project.name} are kept in {where}, inherited from {customer}."
    else:
        rule = f"Files of project {placement.project.name} are kept in {where}, by the project's own rule."
    stays = placement.storage is StorageLocation.MOMENT and situation.record.baseline is not None
    return f"{rule} It has moved before, and stays in SharePoint." if stays else rule


def _folder(situation: Situation) -> str:
    record, placement = situation.record, situation.placement
    if record.baseline is not None:
        if record.place_pending:
            return f"It waits to be moved to {_wanted_folder(placement)}."
        if situation.folder is None:
            return f"In SharePoint its address is {record.baseline.web_url}."
        return f"In SharePoint it lies in {_in_words(situation.folder)}."
    if placement is None or placement.storage is StorageLocation.MOMENT:
        return ""
    return f"In SharePoint it will lie in {_wanted_folder(placement)}."


def _wanted_folder(placement: Placement | None) -> str:
    return _in_words(tuple(spec.name for spec in placement.folders)) if placement else "a folder that is not known"


def _in_words(folders: tuple[str, ...]) -> str:
    return f"the folder {' › '.join(folders)}" if folders else "the root of the customer's library"


def _state(situation: Situation) -> str:
    record = situation.record
    match record.state:
        case FileState.EXPECTED:
            text = "It was announced, and its content has not arrived yet."
        case FileState.IN_MOMENT_CLOUD:
            text = f"It is in Moment Cloud, {record.size_bytes} bytes."
        case FileState.WAITING:
            text = f"It waits: {record.reason}"
        case FileState.MOVING:
            text = _moving(record)
        case FileState.IN_SHAREPOINT:
            text = " ".join(filter(None, (f"It is in SharePoint as {record.name!r}.", record.reason)))
        case FileState.BLOCKED:
            text = f"It needs attention: {record.reason}"
        case FileState.DELETED:
            text = f"It is deleted: {record.reason}"
    return f"{text} (Cause: {record.cause}.)" if record.cause else text


def _moving(record: FileRecord) -> str:
    transfer = record.transfer
    if transfer is None:
        return "It is being moved to SharePoint."
    sent = f", {transfer.hashed_bytes} bytes are there" if transfer.upload_url else ""
    return (
        f"It is being moved to SharePoint as {transfer.name!r}{sent}; "
        f"instance {transfer.owner} holds it until {transfer.claimed_until:%Y-%m-%d %H:%M:%S} UTC."
    )


def _proof(situation: Situation) -> str:
    baseline = situation.record.baseline
    if baseline is None:
        return ""
    if baseline.proof is None:
        return "Its content came from SharePoint, so nothing had to be proven."
    changed = " Its content has changed in SharePoint since." if baseline.changed_there else ""
    return (
        f"SharePoint's copy was proven: {baseline.proof}. Sent were {baseline.sent_size_bytes} bytes with quickXorHash "
        f"{baseline.sent_quick_xor_hash}, {_sha256(baseline)}; SharePoint holds {baseline.size_bytes} bytes with "
        f"quickXorHash {baseline.quick_xor_hash or 'unknown'}.{changed}"
    )


def _sha256(baseline: Baseline) -> str:
    if baseline.sent_sha256 is not None:
        return f"SHA-256 {baseline.sent_sha256}"
    return "SHA-256 not known, for the upload went on in another process or is older than that fingerprint"


def _content(situation: Situation) -> str:
    record, blob = situation.record, situation.blob
    if blob is not None:
        return f"Moment Cloud holds {blob.size_bytes} bytes for it, version {blob.etag}."
    if record.baseline is not None:
        return "Moment Cloud holds nothing of it any more."
    return ""


def _next(situation: Situation) -> str:
    record = situation.record
    if record.delete_pending:
        left_s = held_for_s(record, situation.now)
        when = f"in {left_s:.0f} s, and can be undone until then" if left_s else "as soon as SharePoint allows it"
        return f"Next: its deletion is carried out {when}."
    steps = [f"{edit} goes to SharePoint" for edit in situation.waiting_edits]
    edits = f" An edit waits: {', '.join(steps)}." if steps else ""
    if record.state is FileState.BLOCKED:
        tried = "by the next sync" if record.may_pass else "only when somebody asks for it (try now)"
        return f"Next: it is tried again {tried}.{edits}"
    if situation.placement is None:
        return f"Next: nothing, until it is linked to something that exists.{edits}"
    etag = situation.blob.etag if situation.blob else None
    step = next_step(record, etag, situation.placement.storage, situation.now)
    nothing = step is Step.NOTHING and bool(edits)
    return f"Next:{edits}" if nothing else f"Next: {_NEXT[step]}{edits}"

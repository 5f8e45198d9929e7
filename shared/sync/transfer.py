"""Moves a file from Moment Cloud into SharePoint: the main job of the product.

    look   read the record, its blob and the objects it is linked to, afresh
    decide shared/model/transfer_plan.py: one step
    act    claim → library and folders → send → columns → prove → commit the link → release the blob

Triggers only name a key; running this twice, late or in parallel is harmless. A crash between any two actions is
recovered by running again: the claim ends by itself, an upload session is asked where to go on, an item that an
earlier attempt created is recognised by its content, and a blob is deleted only in the version that was proven, while
that content can be reached in SharePoint (shared/sync/release.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.errors import (
    ContentDiffers,
    NotFound,
    PermanentError,
    ProblemError,
    StaleError,
    TransientError,
)
from shared.model.causes import Cause, Reason, cause_of, reason_of
from shared.model.directory import Placement, StorageLocation, columns_of
from shared.model.drive_items import Target
from shared.model.files import Baseline, FileRecord, FileState, Proof
from shared.model.push_plan import differs_from_baseline
from shared.model.stored import BlobFacts
from shared.model.transfer_plan import Step, back_off_s, next_step
from shared.sync.both_sides import BothSides
from shared.sync.change_ports import KeyQueue
from shared.sync.claim import Claim
from shared.sync.file_states import FileStates
from shared.sync.first_columns import Agreed, FirstColumns
from shared.sync.placement import Placements
from shared.sync.ports import Blobs, Clock, Files, SharePoint, TransferQueue
from shared.sync.proof import Prover
from shared.sync.provision import Provision
from shared.sync.registration import Registration
from shared.sync.release import Release
from shared.sync.sending import Sender, Sent
from shared.sync.upload_sessions import UploadSessions
from shared.telemetry import transferring

_LOOK_AGAIN_S = 1.0
_LOST = Reason("The content is gone from Moment Cloud. Upload the file again.", Cause.MISSING)
_UNFORESEEN = Reason("The last try failed for a reason that was not foreseen; it is tried again.", Cause.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFiles:
    """The use case. `new_id` names this invocation in the claim."""

    files: Files
    states: FileStates
    placements: Placements
    registration: Registration
    blobs: Blobs
    sharepoint: SharePoint
    provision: Provision
    sender: Sender
    prover: Prover
    first_columns: FirstColumns
    both_sides: BothSides
    sessions: UploadSessions
    release: Release
    queue: TransferQueue
    pushes: KeyQueue
    clock: Clock
    new_id: Callable[[], str]
    claim_s: float

    def blob_arrived(self, blob_name: str) -> None:
        """A blob is in the container: find or make its record, then take the file on."""
        record = self.registration.record_of_blob(blob_name)
        if record is not None:
            self._take_on(record)

    def move(self, customer: str, file_id: str) -> None:
        """Take one file as far as it can go now; what has to wait comes back through the queue."""
        record = self.files.find(customer, file_id)
        if record is not None:
            self._take_on(record)

    def _take_on(self, record: FileRecord) -> None:
        """One step; somebody who changed the file in between makes it come again through the queue."""
        try:
            self._take_step(record)
        except StaleError:
            self.queue.send(record.customer, record.id, _LOOK_AGAIN_S)

    def _take_step(self, record: FileRecord) -> None:
        if record.blob_name is None:
            return  # all its content is in SharePoint
        facts = self.blobs.find(record.blob_name)
        if record.state is FileState.DELETED:
            self._clear_up(record, facts)
            return
        try:
            placement = self.placements.of(record.links)
        except ProblemError as gone:
            why = Reason(f"{gone.detail} Link the file to something that exists.", cause_of(gone))
            self.states.block(record, why)
            return
        match next_step(record, facts.etag if facts else None, placement.storage, self.clock()), facts:
            case Step.REPORT_LOST, _:
                self.states.block(record, _LOST, may_pass=False)
            case Step.NOTE_RELEASED, _:
                self.states.release_done(record)
            case Step.RELEASE, BlobFacts():
                self.release.later(record)
            case Step.WAIT, _:
                self._wait_for_claim(record)
            case Step.KEEP, BlobFacts():
                self._keep(record, facts)
            case ((Step.SEND_NEW | Step.SEND_VERSION), BlobFacts()):
                with transferring(record, facts, self.clock):
                    self._send(record, facts, placement)

    def _clear_up(self, record: FileRecord, facts: BlobFacts | None) -> None:
        """Of a deleted file: wherever it would be stored, and whatever became of the objects that it belonged to."""
        step = next_step(record, facts.etag if facts else None, StorageLocation.MOMENT, self.clock())
        if step is Step.RELEASE:
            self.release.blob_of(record)
        elif step is Step.NOTE_RELEASED:
            self.states.release_done(record)
        elif step is Step.BRING_BACK:
            self.states.bring_back(record)
            self.queue.send(record.customer, record.id)

    def _send(self, record: FileRecord, facts: BlobFacts, placement: Placement) -> None:
        """Claim the file when it is its turn and move it; a failure becomes a wait or a reason, never a lost file."""
        try:
            self.sharepoint.wait_for_turn()
        except TransientError as failure:
            waiting = self.states.wait(record, facts, reason_of(failure))
            self._come_back(waiting, failure)
            return
        since = self.clock()
        known = None if record.place_pending else self.provision.known_target(placement)
        claim = self.states.claim(record, facts, self.new_id(), self.claim_s, known)
        try:
            moved = self._to_sharepoint(claim, facts, placement)
        except TransientError as failure:
            claim.wait(reason_of(failure))
            self._come_back(claim.record, failure)
        except PermanentError as refusal:
            self.states.block(claim.record, reason_of(refusal), may_pass=not isinstance(refusal, ContentDiffers))
        except StaleError:
            raise
        except Exception:
            # Not foreseen: the platform tries again, and gives the message up in the end. A claim that is held
            # would have the next try wait for it and count as done.
            claim.wait(_UNFORESEEN)
            raise
        else:
            if moved:
                self.release.at_once(claim.record, since)
            else:
                self.queue.send(record.customer, record.id)

    def _come_back(self, record: FileRecord, failure: TransientError) -> None:
        delay_s = back_off_s(max(record.attempts, 1)) if failure.delay_s is None else failure.delay_s
        self.queue.send(record.customer, record.id, delay_s)

    def _to_sharepoint(self, claim: Claim, facts: BlobFacts, placement: Placement) -> bool:
        """Send, set the columns, prove, commit. False when the time ran out and another run has to go on."""
        try:
            target = self._target(claim, placement)
            sent = self._send_content(claim, facts, target)
        except NotFound:  # the folder, or one that it was to be made in
            target = self.provision.renewed_target(placement)
            claim.aim(target)
            sent = self._send_content(claim, facts, target)
        if sent is None:
            return False
        columns = columns_of(placement, claim.record.tags)
        agreed = self.first_columns.of(claim.record, sent, columns)
        baseline = _baseline(sent, self._prove(sent), facts, target, agreed)
        written = agreed.written
        ids = ", ".join(filter(None, (sent.item.request_id, written.request_id if written else "")))
        if sent.beside is None:
            moved = claim.commit(baseline, agreed.tags, ids)
        else:
            moved = self.both_sides.commit(claim, sent.beside, baseline, ids)
        if differs_from_baseline(moved):
            self.pushes.send(f"{moved.customer}/{moved.id}")
        return True

    def _target(self, claim: Claim, placement: Placement) -> Target:
        """The file's folder; a move that is wanted since the transfer began waits until it is done."""
        under_way = claim.transfer
        if (claim.record.place_pending or claim.is_beside) and under_way.drive_id and under_way.parent_id:
            return Target(under_way.drive_id, under_way.parent_id)
        target = self.provision.target(placement)
        claim.aim(target)
        return target

    def _send_content(self, claim: Claim, facts: BlobFacts, target: Target) -> Sent | None:
        if claim.record.baseline is not None:
            return self.sender.send_version(claim, facts, claim.record.baseline, target)
        return self.sender.send_new(claim, facts, target)

    def _prove(self, sent: Sent) -> Proof:
        ours = sent.fingerprints
        proof = sent.proof or self.prover.find(sent.item, ours, sent.content)
        if proof is None:
            raise ContentDiffers(
                f"SharePoint holds {sent.item.size_bytes} bytes with fingerprint {sent.item.quick_xor_hash}, but "
                f"{ours.size_bytes} bytes with fingerprint {ours.quick_xor_hash} were sent. "
                "The file is kept in Moment Cloud."
            )
        return proof

    def _keep(self, record: FileRecord, facts: BlobFacts) -> None:
        if record.transfer is not None and record.transfer.upload_url is not None:
            self.sessions.cancel(record.transfer.upload_url)
        self.states.keep(record, facts)

    def _wait_for_claim(self, record: FileRecord) -> None:
        if record.transfer is not None:
            rest_s = (record.transfer.claimed_until - self.clock()).total_seconds()
            self.queue.send(record.customer, record.id, max(rest_s, 0) + _LOOK_AGAIN_S)


def _baseline(sent: Sent, proof: Proof, facts: BlobFacts, target: Target, agreed: Agreed) -> Baseline:
    item, columns = sent.item, agreed.columns
    written = agreed.written.e_tag if agreed.written is not None else ""
    return Baseline(
        drive_id=item.drive_id,
        item_id=item.id,
        web_url=item.web_url,
        name=item.name,
        parent_id=item.parent_id or target.parent_id,
        e_tag=sent.seen_e_tag or written or item.e_tag,
        c_tag=item.c_tag,
        size_bytes=item.size_bytes,
        quick_xor_hash=item.quick_xor_hash,
        sent_size_bytes=sent.fingerprints.size_bytes,
        sent_quick_xor_hash=sent.fingerprints.quick_xor_hash,
        sent_sha256=sent.fingerprints.sha256,
        blob_etag=facts.etag,
        proof=proof,
        tags=columns.tags,
        activity=columns.activity,
        year=columns.year,
        period=columns.period,
    )

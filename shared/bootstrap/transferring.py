"""Builds the use cases that move files to SharePoint."""

from shared.bootstrap.world import World
from shared.sync.both_sides import BothSides
from shared.sync.file_states import FileStates
from shared.sync.first_columns import FirstColumns
from shared.sync.placement import Placements
from shared.sync.proof import Prover
from shared.sync.provision import Provision
from shared.sync.registration import Registration
from shared.sync.release import Release
from shared.sync.sending import Sender
from shared.sync.transfer import TransferFiles
from shared.sync.upload_sessions import UploadSessions


def registration_of(world: World, states: FileStates, placements: Placements) -> Registration:
    """What gives files their records."""
    return Registration(
        files=world.stores.files,
        states=states,
        placements=placements,
        blobs=world.stores.blobs,
        unplaced=world.stores.unplaced,
        clock=world.clock,
        new_id=world.new_id,
        upload_url_minutes=world.settings.transfer.upload_url_minutes,
    )


def sessions_of(world: World) -> UploadSessions:
    """What sends large files; one for a process, for it bounds how many there are at once."""
    limits = world.settings.transfer
    return UploadSessions(
        blobs=world.stores.blobs,
        sharepoint=world.sharepoint,
        clock=world.clock,
        fragment_bytes=limits.fragment_bytes,
        time_limit_s=limits.time_limit_s,
        large_at_once=limits.large_at_once,
    )


def transfer_of(
    world: World,
    states: FileStates,
    placements: Placements,
    registration: Registration,
    provision: Provision,
    sessions: UploadSessions,
) -> TransferFiles:
    """What moves a file."""
    limits, stores = world.settings.transfer, world.stores
    prover = Prover(world.sharepoint, limits.read_back)
    sender = Sender(
        blobs=stores.blobs,
        files=stores.files,
        sharepoint=world.sharepoint,
        sessions=sessions,
        prover=prover,
        small_file_max_bytes=limits.small_file_max_bytes,
    )
    return TransferFiles(
        files=stores.files,
        states=states,
        placements=placements,
        registration=registration,
        blobs=stores.blobs,
        sharepoint=world.sharepoint,
        provision=provision,
        sender=sender,
        prover=prover,
        first_columns=FirstColumns(world.sharepoint),
        both_sides=BothSides(stores.files, world.clock),
        sessions=sessions,
        release=Release(
            files=stores.files,
            libraries=stores.libraries,
            blobs=stores.blobs,
            sharepoint=world.sharepoint,
            states=states,
            queue=stores.transfer_queue,
            clock=world.clock,
        ),
        queue=stores.transfer_queue,
        pushes=stores.pushes,
        clock=world.clock,
        new_id=world.new_id,
        claim_s=limits.claim_s,
    )

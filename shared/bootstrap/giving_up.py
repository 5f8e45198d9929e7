"""Joins what was given up to the things that it concerns."""

from shared.bootstrap.world import World
from shared.settings import CHANGES_QUEUE, INDEXING_QUEUE, PUSHES_QUEUE, SYNCS_QUEUE, TRANSFERS_QUEUE
from shared.sync.concerns import EditConcern, FileConcern, IndexConcern, LibraryConcern, RunConcern
from shared.sync.file_states import FileStates
from shared.sync.given_up import Concern, GivenUp
from shared.sync.reconcile.runs import Runs
from shared.sync.registration import Registration


def given_up_of(world: World, states: FileStates, registration: Registration, runs: Runs) -> GivenUp:
    """What the platform gave up, kept, shown and put back."""
    stores = world.stores
    concerns: dict[str, Concern] = {
        TRANSFERS_QUEUE: FileConcern(stores.files, states, registration),
        CHANGES_QUEUE: LibraryConcern(stores.libraries),
        PUSHES_QUEUE: EditConcern(stores.files, states),
        SYNCS_QUEUE: RunConcern(runs),
        INDEXING_QUEUE: IndexConcern(stores.everywhere),
    }
    return GivenUp(messages=stores.given_up, bodies=stores.bodies, concerns=concerns, clock=world.clock)

"""The doctor on real servers: storage of its own, because it is broken on purpose, and the local SharePoint."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from shared.bootstrap import World, world_of
from shared.bootstrap.examining import ground_of
from shared.doctor.examining import examine
from shared.doctor.ground import Ground
from shared.doctor.table import CHECKS
from shared.doctor.verdicts import Line
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, StorageSettings
from shared.store.connect import Clients, open_clients
from shared.store.tables import LIBRARIES_TABLE
from tests.conftest import moments_storage
from tests.world import MovableClock, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture(scope="module")
def own_storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@dataclass
class Patient:
    """An app, as its settings say it is; nothing of it has to run."""

    environ: dict[str, str]
    sharepoint: LocalSharePoint
    clients: Clients
    clock: MovableClock

    def world(self) -> World:
        """What the app is built from."""
        return world_of(self.environ)

    def ground(self, wait_s: float = 0, **settings: str) -> Ground:
        """What the checks stand on; pauses are skipped, but where a notification is waited for."""
        environ = self.environ | settings
        ground = ground_of(replace(world_of(environ), clock=self.clock), lambda _what: None, wait_s, environ)
        return ground if wait_s else replace(ground, sleep=lambda _seconds: None)

    def lines(self, *only: str, wait_s: float = 0, **settings: str) -> dict[str, Line]:
        """The lines by check."""
        return {line.check: line for line in examine(CHECKS, self.ground(wait_s, **settings), only)}

    def fault(self, method: str, route: str, status: int, times: int = 100, code: str = "accessDenied") -> None:
        """Have SharePoint refuse."""
        match = {"method": method, "route": route}
        self.sharepoint.fault({"match": match, "times": times, "then": {"status": status, "code": code}})


@pytest.fixture
def patient(own_storage: Azurite, sharepoint: LocalSharePoint) -> Iterator[Patient]:
    """All is well, but there is no public address."""
    account = StorageSettings(connection_string=own_storage.connection_string)
    clients = open_clients(account, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE)
    clients.create_storage()
    yield Patient(environ_for(own_storage.connection_string, sharepoint), sharepoint, clients, MovableClock())
    libraries = clients.tables.get_table_client(LIBRARIES_TABLE)
    for row in list(libraries.list_entities()):
        libraries.delete_entity(row)


def outcome(line: Line) -> str:
    return line.verdict.outcome.value


def all_outcomes(lines: Mapping[str, Line]) -> dict[str, str]:
    return {name: outcome(line) for name, line in lines.items()}


def assert_failed(line: Line, why: str, *mend: str) -> None:
    """It failed for this reason, and this mends it."""
    assert outcome(line) == "fail", line
    assert why in line.verdict.why
    steps = "\n".join(line.verdict.mend)
    for step in mend:
        assert step in steps


def assert_unknown(line: Line, why: str, *mend: str) -> None:
    """It can't be told for this reason."""
    assert outcome(line) == "unknown", line
    assert why in line.verdict.why
    steps = "\n".join(line.verdict.mend)
    for step in mend:
        assert step in steps

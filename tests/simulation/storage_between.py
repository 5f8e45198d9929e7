"""One `Between` before each of Azurite's three services, with one set of faults and one count over all."""

from contextlib import ExitStack
from typing import Self

from tests.simulation.between import Between
from tests.simulation.crossing import Crossing
from tests.simulation.wire import WireFaults
from tools.functions_host.azurite import Azurite


class StorageBetween:
    """Stands before an Azurite that runs while the `with` block does."""

    def __init__(self, storage: Azurite, crossing: Crossing | None = None) -> None:
        self.faults = WireFaults()
        self.crossing = crossing or Crossing()
        self._storage = storage
        self._running = ExitStack()
        self.connection_string = ""
        """That of the account, through here: also the signed URLs that are made from it."""

    @property
    def requests(self) -> int:
        """How many went on to the storage so far."""
        return self.crossing.forwarded

    def __enter__(self) -> Self:
        self.connection_string = self._storage.connection_string
        for name, port in self._storage.ports.items():
            upstream = f"http://127.0.0.1:{port}"
            between = Between(upstream, name=name, faults=self.faults, crossing=self.crossing)
            self._running.enter_context(between)
            self.connection_string = self.connection_string.replace(f"{upstream}/", f"{between.url}/")
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

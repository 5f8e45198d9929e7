"""Where both contestants run: one Azurite, one local SharePoint, the app's host, and what measures them.

Before a measurement the local SharePoint's ledger is emptied, so that afterwards it holds that run alone.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from tools.bench.measured import Measured
from tools.bench.peer import Ended, Rclone
from tools.bench.processes import ProcessUse, Watch
from tools.bench.storage import operations_of
from tools.bench.traffic import Entry, by_rclone, by_route, by_the_app, contents, traffic_of
from tools.load.both_sides import SharePointSide
from tools.load.outcome import Progress
from tools.load.world import LoadWorld
from tools.stack.children import StackError

_TIMEOUT_S = 120
_AROUND = ("azurite", "sharepoint")


@dataclass(slots=True)
class Reading:
    """What was read when the measurement ended."""

    entries: list[Entry] = field(default_factory=list)
    storage_log: str = ""
    uses: dict[str, ProcessUse] = field(default_factory=dict)
    wall_s: float = 0.0
    """Set by whoever measures; its end is not always the block's."""

    def of_the_app(self, **extra: float) -> Measured:
        """The run as one of the app's: the host and its workers."""
        own = {name: use for name, use in self.uses.items() if name not in _AROUND}
        return self._measured(by_the_app, own, extra, of_rclone=False)

    def of_rclone(self, ended: Ended, **extra: float) -> Measured:
        """The run as one of rclone's; the host idles beside it and is not counted."""
        self.wall_s = ended.wall_s
        return self._measured(by_rclone, {"rclone": ended.use}, extra, of_rclone=True)

    def _measured(
        self,
        is_mine: Callable[[Entry], bool],
        own: Mapping[str, ProcessUse],
        extra: Mapping[str, float],
        *,
        of_rclone: bool,
    ) -> Measured:
        return Measured(
            wall_s=self.wall_s,
            traffic=traffic_of(self.entries, is_mine),
            storage=operations_of(self.storage_log, of_rclone=of_rclone),
            uses=own,
            around={name: self.uses[name] for name in _AROUND if name in self.uses},
            routes=by_route(self.entries, is_mine),
            extra=extra,
        )


class Arena:
    """The programs of a row. `scale` is the part of the full size."""

    def __init__(self, world: LoadWorld, rclone: Rclone, scale: float, say: Progress) -> None:
        self.world = world
        self.rclone = rclone
        self.scale = scale
        self.say = say
        self._made = 0

    def scaled(self, full: int) -> int:
        """A number of things at this scale, at least one."""
        return max(round(full * self.scale), 1)

    def new_library(self) -> tuple[str, str]:
        """Name and drive id of an empty library."""
        self._made += 1
        title = f"Bench {self._made}"
        before = SharePointSide(self.world).drives()
        self.world.ledger.ask("lists", {"site": "/sites/moment", "count": 1, "title": title})
        after = SharePointSide(self.world).drives()
        ((name, drive_id),) = [each for each in after.items() if each[0] not in before]
        return name, drive_id

    def files_in(self, drive_id: str) -> int:
        """How many files a library has."""
        return len(SharePointSide(self.world).files(drive_id))

    def expect_files(self, drive_id: str, files: int, who: str) -> None:
        """A run that left something out is not measured."""
        found = self.files_in(drive_id)
        if found != files:
            raise StackError(f"{who} brought {found} of {files} files to SharePoint")

    @contextlib.contextmanager
    def measuring(self, latency_ms: float = 0) -> Iterator[Reading]:
        """Measure what happens in the block. Each of SharePoint's answers is held back by `latency_ms`."""
        reading = Reading()
        self._control("DELETE", "requests")
        self.world.ledger.ask("latency", {"ms": latency_ms})
        from_line = len(self.world.azurite.log_text())
        try:
            with Watch(self.processes) as watch:
                yield reading
        finally:
            self.world.ledger.ask("latency", {"ms": 0})
        reading.uses = watch.uses()
        reading.storage_log = self.world.azurite.log_text()[from_line:]
        reading.entries = self.entries()

    def processes(self) -> dict[str, int]:
        """All that run now; while the host is down, those that are left."""
        try:
            return self.world.processes()
        except RuntimeError:
            return {"azurite": self.world.azurite.pid, "sharepoint": self.world.sharepoint.pid}

    def entries(self) -> list[Entry]:
        """The ledger since the measurement began."""
        found: list[Entry] = self._control("GET", "requests")["requests"]
        return found

    def sent(self) -> int:
        """How many contents are complete in SharePoint since the measurement began."""
        return contents(self.entries())

    def when(self, holds: Callable[[], bool], what: str, patience_s: float, look_s: float = 0.1) -> None:
        """Wait for it, looking often; raises StackError when the patience ends first."""
        deadline = time.monotonic() + patience_s
        while not holds():
            if time.monotonic() > deadline:
                raise StackError(f"{what} did not happen within {patience_s:.0f} s")
            time.sleep(look_s)

    def _control(self, method: str, what: str) -> dict[str, Any]:
        url = f"{self.world.sharepoint_url}/_local/{what}"
        answer = requests.request(method, url, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json() if answer.content else {}
        return document

"""Rows in which files go to SharePoint: small ones with and without columns, at a distance, larger ones, one large."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from tools.bench.arena import Arena
from tools.bench.measured import Measured
from tools.bench.ours import App, now, plain, seconds_until, with_columns
from tools.bench.peer import AT_ONCE
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST, Contestant, Row
from tools.bench.samples import Sample, samples

KIB, MIB = 1 << 10, 1 << 20
DISTANCE_MS = 100
PUT_AND_PATCH = ("--onedrive-upload-cutoff", "4M")
"""rclone's way that leaves metadata in an item: a PUT and a PATCH for each small file."""

type Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Load:
    """Which files, how far away SharePoint is, and how rclone is asked to do its best."""

    files: int
    folders: int
    size_bytes: int
    latency_ms: float = 0
    columns: bool = False
    default: tuple[str, ...] = ()
    best: tuple[str, ...] = AT_ONCE

    def at(self, scale: float) -> "Load":
        """Fewer files of the same size; of a single file the size shrinks."""
        if self.files == 1:
            return replace(self, size_bytes=max(round(self.size_bytes * scale), KIB))
        return replace(self, files=max(round(self.files * scale), 1), folders=max(round(self.folders * scale), 1))

    def samples(self) -> list[Sample]:
        """The files."""
        return samples(self.files, self.folders, self.size_bytes)


SMALL = Load(200, 20, 10 * KIB)
FILES = {
    "small": SMALL,
    "small-columns": replace(SMALL, columns=True, default=PUT_AND_PATCH, best=(*PUT_AND_PATCH, *AT_ONCE)),
    "small-far": replace(SMALL, latency_ms=DISTANCE_MS),
    "medium": Load(20, 1, 8 * MIB),
    "large-far": Load(1, 1, 300 * MIB, DISTANCE_MS, best=("--onedrive-chunk-size", "60M")),
}
_TITLES = {
    "small": "200 files of 10 KiB in 20 new folders, no columns",
    "small-columns": "the same with 4 columns set (rclone: PUT + PATCH, no columns)",
    "small-far": "the same at 100 ms per request",
    "medium": "20 files of 8 MiB",
    "large-far": "one file of 300 MiB, 100 ms per request",
}


def _row(name: str) -> Row:
    return Row(name, _TITLES[name], lambda arena: contestants(arena, name), is_on_disk=name in {"medium", "large-far"})


UPLOADS = tuple(_row(name) for name in FILES)


def contestants(arena: Arena, name: str) -> Mapping[str, Contestant]:
    """Fill rclone's source once; each run gets an empty library of its own."""
    return dict(ways(arena, f"bench-{name}", FILES[name].at(arena.scale)))


def ways(arena: Arena, container: str, load: Load) -> dict[str, "Way"]:
    """The contestants as functions that can be told what to do beside the run."""
    arena.rclone.fill(container, load.samples())
    return {
        RCLONE: partial(by_rclone, arena, load, ("copy", f"az:{container}", "sp:", *load.default)),
        MOMENT: partial(by_the_app, arena, load),
        RCLONE_BEST: partial(by_rclone, arena, load, ("copy", f"az:{container}", "sp:", *load.best)),
    }


def nothing() -> None:
    """Nothing is done beside the run."""


class Way(Protocol):
    """`before` is called right before the run is measured, `meanwhile` when it has begun."""

    def __call__(self, *, before: Act = nothing, meanwhile: Act = nothing) -> Measured:
        """One run."""


def by_rclone(
    arena: Arena, load: Load, command: Sequence[str], *, before: Act = nothing, meanwhile: Act = nothing
) -> Measured:
    """Copy into an empty library."""
    _, drive = arena.new_library()
    before()
    with arena.measuring(load.latency_ms) as reading:
        running = arena.rclone.start(drive, *command)
        meanwhile()
        ended = running.wait()
    arena.expect_files(drive, load.files, "rclone")
    return reading.of_rclone(ended)


def by_the_app(arena: Arena, load: Load, *, before: Act = nothing, meanwhile: Act = nothing) -> Measured:
    """The library exists, its folders do not; the contents are in Moment Cloud."""
    app = App(arena)
    customer = app.company(load.folders, columns=load.columns)
    waiting = app.prepare(customer, load.samples(), with_columns if load.columns else plain, arena.say)
    before()
    with arena.measuring(load.latency_ms) as reading:
        began = now()
        meanwhile()
        app.tell(waiting)
        ended = app.until_moved(waiting, arena.say)
    reading.wall_s = seconds_until(ended, began)
    arena.expect_files(app.drive(customer), load.files + 1, "the app")
    return reading.of_the_app()

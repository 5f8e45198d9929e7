"""The shape that all rows have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tools.bench.arena import Arena
from tools.bench.measured import Measured

RCLONE = "rclone"
RCLONE_BEST = "rclone, best flags"
MOMENT = "this app"

type Contestant = Callable[[], Measured]
"""One run: sets up what has to be there before, then measures. Called once a round."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is done. `enter` prepares once and gives the contestants, in the order in which they take turns.

    A row without a peer has steps instead: contestants that are the app alone, each under other circumstances.
    """

    name: str
    title: str
    enter: Callable[[Arena], Mapping[str, Contestant]]
    workers: tuple[int, ...] = (1,)
    """Worker processes of the host. With several numbers the row runs once for each, in a world of its own."""
    most_rounds: int = 0
    """More are not run, whatever was asked for; 0: as many as were."""
    is_on_disk: bool = False
    """Whether Azurite keeps blobs in files: for large ones."""
    host_options: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of the app, where they are not the usual ones."""

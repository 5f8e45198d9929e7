"""Runs one row: its programs are started, and its contestants or steps take turns."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from tools.bench.arena import Arena
from tools.bench.measured import Measured
from tools.bench.peer import Rclone
from tools.bench.row import Row
from tools.load.outcome import Progress
from tools.load.world import load_world
from tools.stack.folders import LOCAL


def run(row: Row, scale: float, rounds: int, say: Progress) -> dict[str, list[Measured]]:
    """The runs of each contestant. They alternate, so that what else the machine does meets both."""
    found: dict[str, list[Measured]] = {}
    for workers in row.workers:
        found |= _run_with(row, workers, scale, min(rounds, row.most_rounds or rounds), say)
    return found


def _run_with(row: Row, workers: int, scale: float, rounds: int, say: Progress) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    with contextlib.ExitStack() as undo:
        LOCAL.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="bench-", dir=LOCAL))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        world = undo.enter_context(
            load_world(
                workers,
                azurite_on_disk=row.is_on_disk,
                storage_log=True,
                emit_blob_events=False,
                over_tls=True,
                host_options=row.host_options,
                **row.settings,
            )
        )
        contestants = row.enter(Arena(world, Rclone(world, folder / "rclone"), scale, say))
        for number in range(rounds):
            for name, contest in contestants.items():
                say(f"round {number + 1} of {rounds}: {name}", number, rounds)
                found.setdefault(name, []).append(contest())
    return found

"""Row `scale`: the same crowd of files with one, two and four worker processes, SharePoint 100 ms away.

With so far a SharePoint a process mostly waits, so that more of them help until the machine's cores, which Azurite,
SharePoint and the host share with them, are what limits.
"""

from collections.abc import Mapping
from dataclasses import replace

from tools.bench.arena import Arena
from tools.bench.measured import Measured
from tools.bench.row import Contestant, Row
from tools.bench.rows.uploads import DISTANCE_MS, SMALL, by_the_app

FILES = 600
PROCESSES = (1, 2, 4)


def _enter(arena: Arena) -> Mapping[str, Contestant]:
    load = replace(SMALL, files=FILES, latency_ms=DISTANCE_MS).at(arena.scale)

    def moved() -> Measured:
        measured = by_the_app(arena, load)
        return measured.with_extra(
            {
                "files": load.files,
                "files a second": load.files / measured.wall_s,
                "requests for a file": measured.traffic.requests / load.files,
                "storage operations for a file": measured.storage.total / load.files,
                "CPU s for a hundred files": measured.figures()["cpu_s"] / load.files * 100,
            }
        )

    processes = arena.world.workers
    return {f"{processes} process{'es' if processes > 1 else ''}": moved}


SCALED = Row("scale", "600 files of 10 KiB in 20 new folders, 100 ms per request", _enter, workers=PROCESSES)

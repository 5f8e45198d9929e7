"""Row `killed`: SIGKILL when half of a file of 300 MiB is in SharePoint, then the same again.

rclone is started again with the same command. SharePoint refuses a second upload session for the same name while the
first one is open (409 nameAlreadyExists), and rclone does not know the first any more: without help it fails until that
has expired, so all sessions are made to expire here before it starts again. The app gets no such help: its host and
workers are killed and started again, and what was under way comes back when its message shows again and the claim on
the file has ended. Both are shortened here, the platform's ten minutes to half a minute, for nothing but patience;
seconds are not compared.
"""

from collections.abc import Mapping

from tools.bench.arena import Arena, Reading
from tools.bench.measured import Measured
from tools.bench.ours import PATIENCE_S, App, now, plain, seconds_until
from tools.bench.row import MOMENT, RCLONE, Contestant, Row
from tools.bench.rows.uploads import MIB, Load
from tools.bench.samples import Sample
from tools.bench.traffic import is_fragment

_SOURCE = "killed"
_LEASE_S = "30"
_FRAGMENT_BYTES = 10 * MIB
"""The usual fragment of both; `FRAGMENT_BYTES` and rclone's chunk_size."""
_DISTANCE_MS = 100
"""Slows the fragments down, so that half of them is a moment that can be met."""
_LOOK_S = 0.02


def _enter(arena: Arena) -> Mapping[str, Contestant]:
    files = Load(1, 1, 300 * MIB).at(arena.scale).samples()
    arena.rclone.fill(f"bench-{_SOURCE}", files)
    return {RCLONE: lambda: _rclone(arena, files[0]), MOMENT: lambda: _app(arena, files[0])}


def _rclone(arena: Arena, file: Sample) -> Measured:
    _, drive = arena.new_library()
    command = ("copy", f"az:bench-{_SOURCE}", "sp:")
    with arena.measuring(_DISTANCE_MS) as reading:
        running = arena.rclone.start(drive, *command)
        _until_half(arena, file)
        running.kill()
        arena.world.ledger.ask("faults", {"expire_upload_sessions": True})
        ended = arena.rclone.run(drive, *command)
    arena.expect_files(drive, 1, "rclone")
    return reading.of_rclone(ended, **_twice(reading, file))


def _app(arena: Arena, file: Sample) -> Measured:
    app = App(arena)
    customer = app.company(1)
    waiting = app.prepare(customer, [file], plain, arena.say)
    with arena.measuring(_DISTANCE_MS) as reading:
        began = now()
        app.tell(waiting)
        _until_half(arena, file)
        arena.world.host.kill()
        arena.say("the host was killed and is started again", 0, 0)
        arena.world.host.start()
        ended = app.until_moved(waiting, arena.say)
    reading.wall_s = seconds_until(ended, began)
    arena.expect_files(app.drive(customer), 2, "the app")
    return reading.of_the_app(**_twice(reading, file))


def _until_half(arena: Arena, file: Sample) -> None:
    def is_half() -> bool:
        sent: int = sum(entry["bytes_in"] for entry in arena.entries() if is_fragment(entry))
        arena.say("fragments are sent", sent // MIB, file.size_bytes // MIB)
        return sent >= file.size_bytes / 2

    arena.when(is_half, "half of the file", PATIENCE_S, _LOOK_S)


def _twice(reading: Reading, file: Sample) -> dict[str, float]:
    """How much was sent more than once."""
    sent = sum(entry["bytes_in"] for entry in reading.entries if is_fragment(entry))
    twice = max(sent - file.size_bytes, 0)
    return {"MiB twice": twice / MIB, "fragments twice": twice / _FRAGMENT_BYTES}


KILLED = Row(
    "killed",
    "SIGKILL at 50 % of 300 MiB, run again",
    _enter,
    is_on_disk=True,
    host_options=("--lease-s", _LEASE_S),
    settings={"TRANSFER_CLAIM_S": _LEASE_S},
)

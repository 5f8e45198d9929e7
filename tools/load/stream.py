"""Row `stream`: large files, uploaded as fast as the machine can, at most 200 MiB a second for a minute."""

import hashlib
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tools.load.both_sides import SharePointSide, check_queues, records_of
from tools.load.memory import MIB, peaks_of
from tools.load.outcome import Outcome, Progress
from tools.load.uploads import Announced, Uploader
from tools.load.world import LoadWorld

SECONDS = 60.0
MIB_A_SECOND = 200
_SMALLEST_MIB, _LARGEST_MIB = 10, 50
_AT_ONCE = 3
_BLOCK = random.Random(6).randbytes(MIB)
_WORKER_MIB = 400
_PATIENCE_S = 1800.0
_CUSTOMER = "stream"


@dataclass(slots=True)
class Streamed:
    """What was uploaded: SHA-256 by file id, and bytes."""

    sha256: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(world: LoadWorld, scale: float, say: Progress) -> Outcome:
    """Upload for the time (the scale shortens it), wait until all is moved, read every byte back from SharePoint."""
    seconds = max(SECONDS * scale, 1.0)
    outcome = Outcome("stream", f"up to {MIB_A_SECOND} MiB/s for {seconds:.0f} s, files of 10 to 50 MiB")
    Uploader(world).companies([_CUSTOMER], say)
    before, began = world.ledger.used(), time.monotonic()
    with peaks_of(world.processes) as peaks:
        streamed = _upload(world, seconds, say)
        uploaded_s = time.monotonic() - began
        world.wait_until(lambda: _all_moved(world, streamed, say), "the move of the stream", _PATIENCE_S)
        moved_s = time.monotonic() - began
        drained = world.wait_until_drained(say, _PATIENCE_S)
    used, mib = world.ledger.used() - before, streamed.size_bytes / MIB
    outcome.figures |= {
        "files": len(streamed.sha256),
        "uploaded, MiB": round(mib),
        "upload rate, MiB/s": round(mib / uploaded_s, 1),
        "uploaded and moved, MiB/s": round(mib / moved_s, 1),
        "until the last was in SharePoint, s": round(moved_s, 1),
        "SharePoint": used.shown(),
        "peak RSS, MiB": peaks.shown(),
    }
    unlike = _unlike(world, streamed, say)
    outcome.check("each content is in SharePoint, byte by byte", not unlike, unlike[:5])
    outcome.check(f"no worker above {_WORKER_MIB} MiB", peaks.worker_mib() <= _WORKER_MIB, peaks.worker_mib())
    check_queues(outcome, world, drained=drained)
    return outcome


def _upload(world: LoadWorld, seconds: float, say: Progress) -> Streamed:
    streamed, ends_at, began = Streamed(), time.monotonic() + seconds, time.monotonic()
    uploader = Uploader(world)

    def work(number: int) -> None:
        sizes = random.Random(number)
        while time.monotonic() < ends_at:
            with streamed.lock:
                ahead_s = streamed.size_bytes / (MIB_A_SECOND * MIB) - (time.monotonic() - began)
            if ahead_s > 0:
                time.sleep(min(ahead_s, 1))
                continue
            announced = uploader.announce(_CUSTOMER, f"film {number}-{sizes.getrandbits(40):010x}.bin")
            sha256, size_bytes = _write(uploader, announced, sizes.randint(_SMALLEST_MIB, _LARGEST_MIB))
            with streamed.lock:
                streamed.sha256[announced.file_id] = sha256
                streamed.size_bytes += size_bytes
                say("MiB are uploaded", streamed.size_bytes // MIB, round(MIB_A_SECOND * seconds))

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="stream") as pool:
        for done in [pool.submit(work, number) for number in range(_AT_ONCE)]:
            done.result()
    return streamed


def _write(uploader: Uploader, announced: Announced, mib: int) -> tuple[str, int]:
    """A content of its own: the file's id, then the same random block again and again."""
    head, hashed = announced.file_id.encode(), hashlib.sha256()
    for piece in _pieces(head, mib):
        hashed.update(piece)
    uploader.write(announced, b"".join(_pieces(head, mib)))
    return hashed.hexdigest(), len(head) + mib * MIB


def _pieces(head: bytes, mib: int) -> Iterator[bytes]:
    yield head
    for _ in range(mib):
        yield _BLOCK


def _all_moved(world: LoadWorld, streamed: Streamed, say: Progress) -> bool:
    moved = sum(each.state == "in-sharepoint" for each in records_of(world, [_CUSTOMER]))
    say("large files move", moved, len(streamed.sha256))
    return moved >= len(streamed.sha256)


def _unlike(world: LoadWorld, streamed: Streamed, say: Progress) -> list[str]:
    """The ids of files whose content in SharePoint is not what was uploaded, and of items that are no file's."""
    side = SharePointSide(world)
    drive_id = side.drives()[f"Customer {_CUSTOMER}"]
    file_of = dict(world.stores.files.items(_CUSTOMER))
    found: dict[str, str] = {}
    for number, item in enumerate(side.files(drive_id), 1):
        hashed = hashlib.sha256()
        for piece in side.content(drive_id, item["id"]):
            hashed.update(piece)
        item_id = str(item["id"])
        found[file_of.get(item_id, item_id)] = hashed.hexdigest()
        say("contents are read back", number, len(streamed.sha256))
    return sorted(key for key in {*found, *streamed.sha256} if found.get(key) != streamed.sha256.get(key))

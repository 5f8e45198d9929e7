"""People who upload single files, in turn every few seconds, and how long each takes until its link is SharePoint's."""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tools.load.outcome import quantile
from tools.load.uploads import HandedOver, Uploader, content_of
from tools.load.world import LoadWorld

_LOOK_S = 0.3
_LAST_S = 120.0


@dataclass(slots=True)
class SingleUploads:
    """What became of them. Times are in seconds from the end of the upload until the record says in-sharepoint."""

    every_s: float
    handed: list[HandedOver] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)
    waited_for: list[int] = field(default_factory=list)
    """How many other files were sent to SharePoint meanwhile, whatever the machine's speed."""
    failed: list[BaseException] = field(default_factory=list)

    def shown(self) -> str:
        """For people."""
        p50, most = quantile(self.took_s, 0.5), max(self.took_s, default=0.0)
        others = f"p50 {quantile([*map(float, self.waited_for)], 0.5):.0f}, max {max(self.waited_for, default=0)}"
        moved = f"{len(self.took_s)} of {len(self.handed)} moved, p50 {p50:.1f} s, max {most:.1f} s"
        return f"{moved}; other files that moved meanwhile: {others}"


@contextlib.contextmanager
def single_uploads(world: LoadWorld, customers: Sequence[str], every_s: float) -> Iterator[SingleUploads]:
    """Upload until the block ends; what is still on its way then is waited for, two minutes at most."""
    singles, ended = SingleUploads(every_s), threading.Event()
    thread = threading.Thread(target=_upload_and_watch, args=(world, customers, singles, ended), daemon=True)
    thread.start()
    try:
        yield singles
        ended.set()
        thread.join(_LAST_S + 30)
    finally:
        ended.set()


def _upload_and_watch(
    world: LoadWorld, customers: Sequence[str], singles: SingleUploads, ended: threading.Event
) -> None:
    uploader, product = Uploader(world, at_once=1), world.product()
    under_way: dict[HandedOver, tuple[float, int]] = {}
    next_at, until = time.monotonic(), float("inf")
    turns = zip(itertools.count(1), itertools.cycle(customers))
    try:
        while under_way or not ended.is_set():
            now = time.monotonic()
            if ended.is_set():
                until = min(until, now + _LAST_S)
            if now > until:
                return
            if now >= next_at and not ended.is_set():
                number, customer = next(turns)
                announced = uploader.announce(customer, f"single {number}.txt")
                singles.handed.append(uploader.put(announced, content_of(announced)))
                under_way[singles.handed[-1]] = time.monotonic(), world.ledger.used().contents
                next_at = now + singles.every_s
            for each, (began, sent) in list(under_way.items()):
                if product.get(f"customers/{each.customer}/files/{each.file_id}")["state"] == "in-sharepoint":
                    singles.took_s.append(time.monotonic() - began)
                    singles.waited_for.append(world.ledger.used().contents - sent)
                    del under_way[each]
            time.sleep(_LOOK_S)
    except Exception as failure:  # noqa: BLE001 - shown by the row
        singles.failed.append(failure)

"""Row `library`: what a walk, a pull and a page of results cost in a library of 1,000, of 10,000 and of 100,000 files.

The libraries are made quickly (tools/load/library.py), so a file has the rows that are read here and no others. The
walk and the pulls have nothing to do. What a timer does beside a pull or a page is not its cost, so each is done
several times and the least counts. The line of a step shows the walk's requests, storage operations and memory.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from time import perf_counter

from tools.bench.arena import Arena
from tools.bench.growth import SIZE
from tools.bench.measured import Measured
from tools.bench.ours import App
from tools.bench.row import Contestant, Row
from tools.load.library import READ_BY_A_WALK, SILENT_S, changed_nothing, fill, make_known
from tools.stack.children import StackError
from tools.stack.product import Json

SIZES = (1_000, 10_000, 100_000)
LISTED = ("new~", "find~word~file~")
"""The rows of a list and of a search for `file`, a beginning of every name."""
PAGE = 50
_PULLS, _PAGES = 3, 5
_PATIENCE_S = 6 * 3600.0


class Grown:
    """One library, known to the app."""

    def __init__(self, arena: Arena, files: int, everywhere: tuple[str, ...] = ()) -> None:
        self._arena = arena
        self._files = files
        self._limit = min(PAGE, arena.scaled(SIZES[0]))
        """A page of the smallest library is full too, or pages could not be compared."""
        self._product = arena.world.product()
        arena.world.ledger.end_faults()
        self.customer = App(arena).company(1)
        arena.world.ledger.ask("faults", {"notifications_silent_s": SILENT_S})
        fill(arena.world, self.customer, files, arena.say)
        known = make_known(arena.world, self.customer, files, arena.say, (*READ_BY_A_WALK, *LISTED), everywhere)
        if known != files:
            raise StackError(f"{known} of {files} files are known to Moment")

    def costs(self) -> Measured:
        """The walk's, with those of pulls and pages beside it."""
        walk = self._measured(partial(self._sync, full=True))
        pulls = [self._measured(partial(self._sync, full=False)) for _ in range(_PULLS)]
        pages = [self._measured(self._page) for _ in range(_PAGES)]
        return walk.with_extra(
            {
                SIZE: self._files,
                "walk: requests": walk.traffic.requests,
                "walk: storage operations": walk.storage.total,
                "walk, s": walk.wall_s,
                "pull: requests": min(each.traffic.requests for each in pulls),
                "pull: storage operations": min(each.storage.total for each in pulls),
                "pull, s": min(each.wall_s for each in pulls),
                "page: storage operations": min(each.storage.total for each in pages),
                "page, ms": min(each.wall_s for each in pages) * 1000,
            }
        )

    def _measured(self, act: Callable[[], float]) -> Measured:
        with self._arena.measuring() as reading:
            reading.wall_s = act()
        return reading.of_the_app()

    def _sync(self, *, full: bool) -> float:
        """From SharePoint; gives seconds. Not asked for while it runs, because that would be counted too."""
        self._arena.say("the walk" if full else "a pull", 0, 0)
        wish = {"direction": "from-sharepoint", "by": "the benchmark", "full": full}
        run = self._product.post(f"customers/{self.customer}/sync", wish)
        if not self._arena.world.wait_until_drained(self._say, _PATIENCE_S):
            raise StackError("the sync did not end")
        run = self._product.get(f"sync-runs/{run['id']}")
        if not run["endedAt"] or not changed_nothing(run):
            raise StackError(f"a sync with nothing to do did not end, or changed something: {run}")
        return _seconds(run)

    def _page(self) -> float:
        """The newest files with a word in their name; gives seconds."""
        began = perf_counter()
        found = self._product.get(f"customers/{self.customer}/files?q=file&limit={self._limit}")["items"]
        took_s = perf_counter() - began
        if len(found) != self._limit:
            raise StackError(f"a page of {self._limit} has {len(found)} files")
        return took_s

    def _say(self, *_: object) -> None:
        requests = self._arena.world.ledger.used().requests
        self._arena.say("the walk asks SharePoint (requests so far)", requests, 0)


def _seconds(run: Json) -> float:
    began, ended = (datetime.fromisoformat(run[name]) for name in ("startedAt", "endedAt"))
    return (ended - began).total_seconds()


def _enter(arena: Arena) -> Mapping[str, Contestant]:
    return {f"{arena.scaled(size):,} files": partial(_costs, arena, arena.scaled(size)) for size in SIZES}


def _costs(arena: Arena, files: int) -> Measured:
    return Grown(arena, files).costs()


GROWN = Row(
    "library",
    "1,000, 10,000 and 100,000 files: a walk, a pull, a page of 50, with nothing to do",
    _enter,
    most_rounds=1,
)

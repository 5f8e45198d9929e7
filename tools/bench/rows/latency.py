"""Rows without a peer: how long a change takes to show on the other side, while changes come at a steady rate.

`arrival`: from the moment in which a blob is there, and Event Grid would tell of it, until its record has SharePoint's
link. `edits`: from SharePoint's answer to a person who saved a file until its record says so; the wait before a
notification is the local SharePoint's (0.2 s), not Microsoft's. Both moments are read from one clock. The journal has
the second one. The app is not waited for: what it can't follow queues, and shows as time.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest

import requests

from tools.bench.arena import Arena
from tools.bench.growth import SIZE
from tools.bench.measured import Measured
from tools.bench.ours import PATIENCE_S, App, now, plain, seconds_until
from tools.bench.pace import AT_ONCE, paced, percentiles
from tools.bench.row import Contestant, Row
from tools.bench.rows.followed import KnownToTheApp
from tools.bench.rows.uploads import KIB
from tools.bench.samples import Sample, folder_name
from tools.load.both_sides import SharePointSide
from tools.stack.graph_reader import Json

FILES = {1: 60, 10: 300, 50: 1000}
"""How many files at so many a second."""
CUSTOMERS = 20
_LOOK_S = 1.0


@dataclass(slots=True)
class Arrivals:
    """Customers with a library each, to which files come in turn."""

    arena: Arena
    app: App
    customers: Sequence[str]
    numbers: "itertools.count[int]"

    def come(self, a_second: int) -> Measured:
        """So many blobs a second; waits until all are in SharePoint."""
        files = [Sample(0, next(self.numbers), 10 * KIB) for _ in range(self.arena.scaled(FILES[a_second]))]
        each = [
            self.app.prepare(customer, files[number :: len(self.customers)], plain, self.arena.say)
            for number, customer in enumerate(self.customers)
        ]
        waiting = [one for one in chain.from_iterable(zip_longest(*each)) if one is not None]
        with self.arena.measuring() as reading:
            began = now()
            due = self.app.tell_paced(waiting, a_second)
            reading.wall_s = seconds_until(self.app.until_moved(waiting, self.arena.say), began)
        took_s = [seconds_until(self.app.moved_at(one), at) for one, at in zip(waiting, due, strict=True)]
        return _with_percentiles(reading.of_the_app(), took_s)


class Edits:
    """A library whose files the app knows, and a person who saves one after the other."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._known = KnownToTheApp(arena, folders=1)
        graph = self._known.person.graph
        graph.session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=AT_ONCE))
        self._folder = graph.find(f"{self._known.person.library}/{folder_name(0)}") or {}
        file_of = dict(arena.world.stores.files.items(self._known.customer))
        drive = self._known.app.drive(self._known.customer)
        items = [each for each in SharePointSide(arena.world).files(drive) if each["name"].startswith("File ")]
        self._files = [(each, file_of[each["id"]]) for each in items]
        self._saves = itertools.count(1)

    def come(self, a_second: int) -> Measured:
        """So many files are saved in a second; waits until all records say so."""
        save, files = next(self._saves), self._files[: self._arena.scaled(FILES[a_second])]
        content = f"saved for the {save}. time\n".encode() * (save + 1)
        with self._arena.measuring() as reading:
            began = now()
            saved = paced([item for item, _ in files], a_second, lambda item, _: self._save(item, content))
            self._until_shown(files[-1:], len(content))
            reading.wall_s = now() - began
            self._known.app.until_quiet(self._arena.say)
        self._until_shown(files, len(content))
        took_s = [self._took_s(file_id, *each) for (_, file_id), each in zip(files, saved, strict=True)]
        return _with_percentiles(reading.of_the_app(), took_s)

    def _save(self, item: Json, content: bytes) -> tuple[float, float]:
        """Gives when the person began and when SharePoint had answered."""
        began = now()
        self._known.person.graph.add(self._folder, item["name"], content)
        return began, now()

    def _until_shown(self, files: Sequence[tuple[Json, str]], size_bytes: int) -> None:
        left, customer = [file_id for _, file_id in files], self._known.customer

        def is_shown(file_id: str) -> bool:
            record = self._arena.world.stores.files.find(customer, file_id)
            return record is not None and record.size_bytes == size_bytes

        def are_shown() -> bool:
            left[:] = [each for each in left if not is_shown(each)]
            self._arena.say("edits come into Moment", len(files) - len(left), len(files))
            return not left

        self._arena.when(are_shown, "the edits in Moment", PATIENCE_S, _LOOK_S)

    def _took_s(self, file_id: str, began: float, answered: float) -> float:
        """From the answer until the first line of the journal that is no older than the edit."""
        lines = self._arena.world.stores.files.journal(self._known.customer, file_id)
        return max(min(at.timestamp() for at, _ in lines if at.timestamp() >= began) - answered, 0.0)


def _arrival(arena: Arena) -> Mapping[str, Contestant]:
    app, customers = App(arena), arena.scaled(CUSTOMERS)
    names = []
    for number in range(customers):
        arena.say("customers get their libraries", number, customers)
        names.append(app.company(1))
    arrivals = Arrivals(arena, app, names, itertools.count())
    return {_step(each): partial(arrivals.come, each) for each in FILES}


def _edits(arena: Arena) -> Mapping[str, Contestant]:
    edits = Edits(arena)
    return {_step(each): partial(edits.come, each) for each in FILES}


def _step(a_second: int) -> str:
    return f"{a_second} a second"


def _with_percentiles(measured: Measured, took_s: Sequence[float]) -> Measured:
    files = len(took_s)
    each = {"storage operations for a file": measured.storage.total / files}
    rate = {"files a second": files / measured.wall_s}
    return measured.with_extra({SIZE: files, **percentiles(took_s), **rate, **each})


LATENCY = (
    Row(
        "arrival", "a blob arrives until its record has the link, 10 KiB, 20 customers in turn", _arrival, most_rounds=1
    ),
    Row("edits", "a file is saved in SharePoint until its record says so, one library of 1,000", _edits, most_rounds=1),
)

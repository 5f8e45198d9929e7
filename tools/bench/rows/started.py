"""Row `start`: what a new process costs before it serves: the import of the app, the host's start, its first requests.

The import is that of the package as it is deployed, never compiled before (tools/package/cold_import.py). The host is
the local one, which is not Azure's; what a first request takes more than a second one is the app's: clients are opened
and a token of storage is made.
"""

from collections.abc import Mapping
from time import perf_counter

from tools.bench.arena import Arena
from tools.bench.measured import Measured
from tools.bench.ours import now
from tools.bench.processes import ProcessUse
from tools.bench.row import Contestant, Row
from tools.bench.storage import Operations
from tools.bench.traffic import traffic_of
from tools.package.cold_import import NotImported, measure
from tools.stack.children import StackError

_LIST = "files?limit=50"


def _imported() -> Measured:
    try:
        found = measure()
    except NotImported as error:
        raise StackError(f"the package can't be imported: {error}") from error
    nothing = traffic_of([], lambda _: False)
    use = {"python": ProcessUse(found.cpu_s, 0)}
    extra = {"import, s": found.wall_s, "modules": len(found.modules)}
    return Measured(found.wall_s, nothing, Operations(), use, {}, extra=extra)


def _first_request(arena: Arena) -> Measured:
    """The host is stopped, and started again."""
    arena.world.host.stop()
    with arena.measuring() as reading:
        began = now()
        arena.world.host.start()
        served_s = now() - began
        product, took_ms = arena.world.product(), []
        for _ in range(3):
            asked = perf_counter()
            product.get(_LIST)
            took_ms.append((perf_counter() - asked) * 1000)
        reading.wall_s = served_s + took_ms[0] / 1000
    names = ("first request, ms", "second request, ms", "third request, ms")
    extra = {"until the host serves, s": served_s, **dict(zip(names, took_ms, strict=True))}
    return reading.of_the_app(**extra)


def _enter(arena: Arena) -> Mapping[str, Contestant]:
    return {"import": _imported, "host and first requests": lambda: _first_request(arena)}


STARTED = Row("start", "import, and the first requests of a new process", _enter)

"""Row `lists`: pages of 50 files in a library of 10,000, asked for one after another and by eight people at once.

Steps: the list of a customer's files, a search among them, the search over all customers, and the page itself. Azurite
compares all rows of a table where Table Storage has an index, so the times of the first three are not Azure's; the
storage operations are.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter

import requests

from tools.bench.arena import Arena
from tools.bench.growth import SIZE
from tools.bench.measured import Measured
from tools.bench.pace import percentiles
from tools.bench.row import Contestant, Row
from tools.bench.rows.grown import LISTED, PAGE, Grown
from tools.stack.children import StackError

FILES = 10_000
PAGES = 200
PEOPLE = 8
_TIMEOUT_S = 120


def _enter(arena: Arena) -> Mapping[str, Contestant]:
    files = max(arena.scaled(FILES), PAGE)
    place = f"api/customers/{Grown(arena, files, LISTED).customer}/files"
    addresses = {
        "a customer's list": f"{place}?limit={PAGE}",
        "a search in a customer": f"{place}?q=file&limit={PAGE}",
        "a search over all customers": f"api/files?q=file&limit={PAGE}&include=place",
        "the page itself": "",
    }
    return {name: partial(_asked, arena, address, files) for name, address in addresses.items()}


def _asked(arena: Arena, address: str, files: int) -> Measured:
    """The first page again and again: one at a time for the percentiles, then side by side for the rate."""
    of_thread, times = threading.local(), max(arena.scaled(PAGES), PEOPLE)
    url = f"{arena.world.host.url}/{address}"

    def ask(_: int) -> float:
        if not hasattr(of_thread, "session"):
            of_thread.session = requests.Session()
        began = perf_counter()
        answer = of_thread.session.get(url, timeout=_TIMEOUT_S)
        took_s = perf_counter() - began
        _check(answer, is_list=bool(address))
        return took_s

    arena.say("pages are asked for", 0, 0)
    ask(0)
    with arena.measuring() as reading:
        took_s, reading.wall_s = _timed(lambda: [ask(number) for number in range(times)])
    with ThreadPoolExecutor(PEOPLE, thread_name_prefix="people") as pool:
        together_s, wall_s = _timed(lambda: list(pool.map(ask, range(times))))
    measured = reading.of_the_app()
    rates = {
        "pages a second, 8 at once": times / wall_s,
        "p99 of 8 at once, ms": percentiles(together_s, "ms")["p99, ms"],
    }
    each = {"storage operations for a page": measured.storage.total / times}
    return measured.with_extra({SIZE: files, **percentiles(took_s, "ms"), **rates, **each})


def _timed(act: Callable[[], list[float]]) -> tuple[list[float], float]:
    began = perf_counter()
    found = act()
    return found, perf_counter() - began


def _check(answer: requests.Response, *, is_list: bool) -> None:
    if answer.status_code != requests.codes.ok:
        raise StackError(f"GET {answer.url} answered {answer.status_code}: {answer.text[:300]}")
    if is_list and len(answer.json()["items"]) != PAGE:
        raise StackError(f"GET {answer.url} has {len(answer.json()['items'])} files, not {PAGE}")


LISTS = Row("lists", "pages of 50 files in a library of 10,000", _enter)

"""Brings the sample companies and files into the product, through its API, and waits until files have settled."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote

from tools.samples.companies import companies
from tools.samples.content import of_text
from tools.samples.files import UNPLACED_BLOB, Sample
from tools.stack.children import StackError
from tools.stack.display import Display
from tools.stack.product import Json, Product, drop, upload
from tools.stack.programs import Stack
from tools.stack.watch import Key, Row, Watch

_AT_ONCE = 4
_LOOK_S = 0.4


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sample that was handed over; `key` is unknown where it was dropped into the container."""

    sample: Sample
    key: Key | None

    def row_in(self, watch: Watch) -> Row | None:
        """How it was last seen."""
        if self.key is not None:
            return watch.rows.get(self.key)
        return watch.find(self.sample.customer, self.sample.name)


def load_companies(product: Product) -> None:
    """Tell the product of the sample companies."""
    for entry in companies():
        product.put(entry.path, entry.body)


def load_files(stack: Stack, watch: Watch, samples: Sequence[Sample], look: Callable[[], None]) -> list[Loaded]:
    """Hand all of them over, a few at a time; `look` is called meanwhile."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="upload") as pool:
        running = [pool.submit(_load, stack, watch, sample) for sample in samples]
        try:
            while not all(each.done() for each in running):
                look()
                time.sleep(_LOOK_S)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [each.result() for each in running]


def load_unplaceable(stack: Stack) -> None:
    """Drop a blob that belongs to nobody."""
    drop(stack.storage, UNPLACED_BLOB, of_text("A letter to nobody."), {})


def wait_until_settled(
    stack: Stack, watch: Watch, display: Display, loaded: Sequence[Loaded], timeout_s: float
) -> None:
    """Show the files until each has come to rest. Raises StackError that names those that don't."""
    deadline = time.monotonic() + timeout_s
    while True:
        stack.check()
        watch.refresh()
        display.update(watch.rows)
        unsettled = [each for each in loaded if not _is_settled(each.row_in(watch))]
        if not unsettled:
            return
        if time.monotonic() > deadline:
            raise StackError(f"Not at rest after {timeout_s:.0f} s:{_list_of(unsettled, watch)}")
        time.sleep(_LOOK_S)


def _load(stack: Stack, watch: Watch, sample: Sample) -> Loaded:
    if sample.dropped_as is not None:
        metadata = {**sample.links, "tags": ",".join(quote(tag) for tag in sample.tags)}
        drop(stack.storage, sample.dropped_as, sample.content, metadata)
        return Loaded(sample, None)
    body: Json = {"name": sample.name, "tags": list(sample.tags), "createdBy": "Ada Sample", **sample.links}
    body["sizeBytes"] = sample.content.size_bytes
    document = Product(stack.host_url).announce(sample.customer, body)
    upload(document["upload"], sample.content)
    watch.arrived(sample.customer, document["id"])
    return Loaded(sample, (sample.customer, document["id"]))


def _is_settled(row: Row | None) -> bool:
    return row is not None and row.is_settled


def _list_of(unsettled: Sequence[Loaded], watch: Watch) -> str:
    lines = []
    for each in unsettled[:20]:
        row = each.row_in(watch)
        why = f"{row.document['state']}. {row.document['reason']}" if row else "no record was made"
        lines.append(f"\n  {each.sample.name}: {why}")
    return "".join(lines)

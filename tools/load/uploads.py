"""Files handed over as people's programs do: announced through the API, then written to their upload URL."""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import requests

from tools.load.outcome import Progress
from tools.load.world import LoadWorld
from tools.sharepoint.state.quick_xor_hash import QuickXorHash
from tools.stack.children import StackError
from tools.stack.product import Json, Product

_AT_ONCE = 8
_TIMEOUT_S = 900
_TRIES = 3


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A file as it was handed over; `fingerprint` is its quickXorHash in base64, as Graph shows it."""

    customer: str
    file_id: str
    name: str
    size_bytes: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Announced:
    """A file's record and where its content goes."""

    customer: str
    file_id: str
    name: str
    upload: Json


class Uploader:
    """Hands files over from several threads; each has its own connections."""

    def __init__(self, world: LoadWorld, at_once: int = _AT_ONCE) -> None:
        self._world = world
        self._at_once = at_once
        self._of_thread = threading.local()

    def companies(self, customers: Sequence[str], say: Progress) -> None:
        """Customers that keep their files in SharePoint, each with a project `p1`."""
        for number, customer in enumerate(customers, 1):
            self._product().put(customer, {"name": f"Customer {customer}", "storage": "sharepoint"})
            self._product().put(f"{customer}/projects/p1", {"name": "Web"})
            say("customers are made", number, len(customers))

    def announce_all(self, wanted: Iterable[tuple[str, str]], say: Progress) -> list[Announced]:
        """Records for (customer, name), in any order."""
        todo = list(wanted)
        return list(self._each(lambda pair: self.announce(*pair), todo, "files are announced", say))

    def announce(self, customer: str, name: str) -> Announced:
        """One record; the file is the project's."""
        document = self._product().announce(customer, {"name": name, "project": "p1"})
        return Announced(customer, document["id"], name, document["upload"])

    def put_all(self, announced: Sequence[Announced], say: Progress) -> list[HandedOver]:
        """Write to each a small content of its own."""
        return list(self._each(lambda each: self.put(each, content_of(each)), announced, "files are uploaded", say))

    def put(self, announced: Announced, content: bytes) -> HandedOver:
        """Write one content."""
        self.write(announced, content)
        hashed = QuickXorHash()
        hashed.update(content)
        return HandedOver(announced.customer, announced.file_id, announced.name, len(content), hashed.base64())

    def write(self, announced: Announced, content: bytes) -> None:
        """One PUT to the upload URL; a connection that Azurite closed meanwhile is opened anew."""
        for attempt in itertools.count(1):
            try:
                answer = self._session().put(
                    announced.upload["url"], data=content, headers=announced.upload["headers"], timeout=_TIMEOUT_S
                )
            except requests.ConnectionError:
                if attempt == _TRIES:
                    raise
                continue
            if answer.status_code != 201:
                raise StackError(f"The upload of {announced.name} answered {answer.status_code}: {answer.text[:300]}")
            return

    def _each[T, R](self, do: Callable[[T], R], todo: Sequence[T], what: str, say: Progress) -> Iterator[R]:
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="upload") as pool:
            running = [pool.submit(do, each) for each in todo]
            for number, done in enumerate(as_completed(running), 1):
                say(what, number, len(todo))
                yield done.result()

    def _product(self) -> Product:
        if not hasattr(self._of_thread, "product"):
            self._of_thread.product = self._world.product()
        product: Product = self._of_thread.product
        return product

    def _session(self) -> requests.Session:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = requests.Session()
        session: requests.Session = self._of_thread.session
        return session


def content_of(announced: Announced) -> bytes:
    """A small content that no other file has."""
    return f"{announced.customer} {announced.file_id} {announced.name}\n".encode() * 4

"""The app as a contestant, under the local host: warm, with its files announced and their blobs in Moment Cloud.

rclone begins with blobs that are there, and so does the app: the clock starts when the first blob event is handed to
the host, as Event Grid does, and ends when the last record says in-sharepoint (its history has the time). What the run
cost is read when all queues are empty again, so that the pulls which its own writes cause count too.
"""

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests

from shared.model.files import FileState
from tools.bench.arena import Arena
from tools.bench.pace import AT_ONCE, paced
from tools.bench.samples import Sample, folder_name
from tools.load.outcome import Progress
from tools.stack.children import StackError
from tools.stack.product import Json, Product, upload

PATIENCE_S = 1800.0
_FUNCTION = "Host.Functions.file_arrived"
_AT_ONCE = 16
"""Event Grid delivers events side by side; the local host's stand-in for it does as many."""
_SET_UP_AT_ONCE = 4
_LOOK_S = 0.5
_MOVED = "In SharePoint as "
_TIMEOUT_S = 60

type Wish = Callable[[Sample], Json]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file whose content is in Moment Cloud, and of which nobody has been told yet."""

    customer: str
    file_id: str
    blob_url: str


def plain(sample: Sample) -> Json:
    """A file of a project; no column is set."""
    return {"name": sample.name, "project": f"p{sample.folder}"}


def with_columns(sample: Sample) -> Json:
    """A file of a recurring task in an activity, with tags: all four columns are set."""
    return {"name": sample.name, "project": "p", "task": f"t{sample.folder}", "tags": ["bench", "four columns"]}


class App:
    """Sets up, tells, waits."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._world = arena.world
        self._product = Product(self._world.host.url)

    def company(self, folders: int, *, columns: bool = False) -> str:
        """A customer with its library, and objects whose folders do not exist yet; `columns`: tasks of an activity."""
        customer = f"c{uuid.uuid4().hex[:10]}"
        self._product.put(customer, {"name": f"Customer {customer}", "storage": "sharepoint"})
        if columns:
            self._product.put(f"{customer}/projects/p", {"name": "Accounts"})
            self._product.put(f"{customer}/projects/p/activities/a", {"name": "Closing"})
        for number in range(folders):
            name = folder_name(number)
            if columns:
                body = {
                    "name": name,
                    "number": str(number),
                    "activity": "a",
                    "series": f"s{number}",
                    "period": "11/2026",
                }
                self._product.put(f"{customer}/projects/p/tasks/t{number}", body)
            else:
                self._product.put(f"{customer}/projects/p{number}", {"name": name})
        place = {"project": "p", "activity": "a"} if columns else {}
        self._warm_up(customer, place)
        return customer

    def drive(self, customer: str) -> str:
        """Its library."""
        ((state),) = self._world.libraries_of([customer])
        return state.drive_id

    def prepare(self, customer: str, files: Sequence[Sample], wish: Wish, say: Progress) -> list[Waiting]:
        """Announce the files and write their contents; the host is not told."""

        def one(numbered: tuple[int, Sample]) -> Waiting:
            number, sample = numbered
            say("files are put into Moment Cloud", number + 1, len(files))
            announced = Product(self._world.host.url).announce(customer, wish(sample))
            upload(announced["upload"], sample.content())
            return Waiting(customer, announced["id"], announced["upload"]["url"].partition("?")[0])

        with ThreadPoolExecutor(_SET_UP_AT_ONCE) as pool:
            return list(pool.map(one, enumerate(files)))

    def tell(self, waiting: Sequence[Waiting]) -> None:
        """Hand the blob events over, side by side."""
        with requests.Session() as session, ThreadPoolExecutor(_AT_ONCE) as pool:
            session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=_AT_ONCE))
            list(pool.map(lambda each: self._tell_of(session, each), waiting))

    def tell_paced(self, waiting: Sequence[Waiting], a_second: float) -> list[float]:
        """Hand so many blob events over in a second, whatever became of those before; gives when each was due."""
        with requests.Session() as session:
            session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=AT_ONCE))

            def tell(each: Waiting, due: float) -> float:
                self._tell_of(session, each)
                return due

            return paced(waiting, a_second, tell)

    def until_moved(self, waiting: Sequence[Waiting], say: Progress) -> datetime:
        """Wait until all are in SharePoint and nothing is left to do; gives when the last record said so."""

        def are_sent() -> bool:
            sent = self._arena.sent()
            say("the app moves files", min(sent, len(waiting)), len(waiting))
            return sent >= len(waiting)

        self._arena.when(are_sent, "the move of the files", PATIENCE_S, _LOOK_S)
        left = {each.file_id: each for each in waiting}

        def are_there() -> bool:
            for each in [each for each in left.values() if self._is_there(each)]:
                del left[each.file_id]
            return not left

        self._arena.when(are_there, "in-sharepoint in every record", PATIENCE_S, _LOOK_S)
        self.until_quiet(say)
        return max(self.moved_at(each) for each in waiting)

    def until_quiet(self, say: Progress) -> None:
        """Wait until no queue has a message."""
        if not self._world.wait_until_drained(say, PATIENCE_S):
            raise StackError(f"queues did not become empty: {self._world.queues.waiting()}")

    def sync(self, customer: str, direction: str) -> Json:
        """Sync by hand, as a person does; gives the run when it has ended."""
        run = self._product.post(f"customers/{customer}/sync", {"direction": direction, "by": "the benchmark"})

        def is_ended() -> bool:
            run.update(self._product.get(f"sync-runs/{run['id']}"))
            return bool(run["endedAt"])

        self._arena.when(is_ended, "the end of the sync", PATIENCE_S)
        return run

    def _warm_up(self, customer: str, place: Json) -> None:
        """One file makes the library, and the folders that are to be there before."""
        announced = self._product.announce(customer, {"name": "first.bin", **place})
        upload(announced["upload"], Sample(0, 0, 100).content())
        first = Waiting(customer, announced["id"], announced["upload"]["url"].partition("?")[0])
        self.tell([first])
        self._arena.when(lambda: self._is_there(first), "the first file of a customer", PATIENCE_S, _LOOK_S)
        self.until_quiet(lambda *_: None)

    def _tell_of(self, session: requests.Session, each: Waiting) -> None:
        event = {
            "id": str(uuid.uuid4()),
            "eventType": "Microsoft.Storage.BlobCreated",
            "subject": f"/blobServices/default/containers{urlsplit(each.blob_url).path}",
            "eventTime": datetime.now(UTC).isoformat(),
            "data": {"api": "PutBlob", "url": each.blob_url, "eTag": each.file_id, "blobType": "BlockBlob"},
            "dataVersion": "",
            "metadataVersion": "1",
        }
        answer = session.post(
            f"{self._world.host.url}/runtime/webhooks/blobs",
            params={"functionName": _FUNCTION, "code": self._world.host.system_key},
            json=[event],
            headers={"aeg-event-type": "Notification"},
            timeout=_TIMEOUT_S,
        )
        answer.raise_for_status()

    def _is_there(self, each: Waiting) -> bool:
        record = self._world.stores.files.find(each.customer, each.file_id)
        if record is not None and record.state is FileState.BLOCKED:
            raise StackError(f"the app blocked a file: {record.reason}")
        return record is not None and record.state is FileState.IN_SHAREPOINT

    def moved_at(self, each: Waiting) -> datetime:
        """When its record said that it is in SharePoint."""
        lines = self._world.stores.files.journal(each.customer, each.file_id)
        return max(at for at, event in lines if event.text.startswith(_MOVED))


def seconds_until(at: datetime, began: float) -> float:
    """How long it took since a time of the epoch."""
    return at.timestamp() - began


def now() -> float:
    """Seconds of the epoch, by the clock that the host and SharePoint read too."""
    return time.time()

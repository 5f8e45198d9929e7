"""Compares what was handed over with what both sides hold afterwards, through the two sides' own interfaces.

SharePoint is read by Graph's delta, Moment by the API's lists; nothing of the product's code is used, but for the rows
that say which item is which file's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests
from azure.storage.blob import ContainerClient

from shared.settings import MOMENT_CLOUD_CONTAINER
from tools.load.outcome import Outcome
from tools.load.uploads import HandedOver
from tools.load.world import LoadWorld
from tools.stack.app_settings import CLIENT_SECRET, SITE, STRANGER_ID, TENANT_ID
from tools.stack.graph_reader import Json

_TIMEOUT_S = 120
_AT_ONCE = 4
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A file as Moment's list shows it."""

    customer: str
    file_id: str
    name: str
    state: str
    size_bytes: int
    is_in_moment_cloud: bool


class SharePointSide:
    """Reads libraries as another program would."""

    def __init__(self, world: LoadWorld) -> None:
        self._url = f"{world.sharepoint_url}/v1.0"
        self._session = requests.Session()
        form = {"grant_type": "client_credentials", "client_id": STRANGER_ID, "client_secret": CLIENT_SECRET}
        form["scope"] = "https://graph.microsoft.com/.default"
        url = f"{world.login_url}/{TENANT_ID}/oauth2/v2.0/token"
        answer = requests.post(url, data=form, verify=str(world.ca_bundle), timeout=_TIMEOUT_S)
        answer.raise_for_status()
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def drives(self) -> dict[str, str]:
        """The drive ids by the library's name."""
        site = self._get(f"{self._url}/sites/{SITE}")["id"]
        return {drive["name"]: drive["id"] for drive in self._pages(f"{self._url}/sites/{site}/drives")}

    def files(self, drive_id: str) -> list[Json]:
        """All files of a library, once each."""
        found = {item["id"]: item for item in self._pages(f"{self._url}/drives/{drive_id}/root/delta")}
        return [item for item in found.values() if "file" in item and "deleted" not in item]

    def add(self, drive_id: str, path: str, content: bytes) -> Json:
        """A person uploads a small file."""
        url = f"{self._url}/drives/{drive_id}/root:/{path}:/content"
        answer = self._session.put(url, data=content, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        document: Json = answer.json()
        return document

    def content(self, drive_id: str, item_id: str) -> Iterator[bytes]:
        """A file's content in pieces."""
        url = f"{self._url}/drives/{drive_id}/items/{item_id}/content"
        with self._session.get(url, stream=True, timeout=_TIMEOUT_S) as answer:
            answer.raise_for_status()
            yield from answer.iter_content(1 << 20)

    def _get(self, url: str) -> Json:
        answer = self._session.get(url, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        document: Json = answer.json()
        return document

    def _pages(self, url: str) -> Iterator[Json]:
        while url:
            page = self._get(url)
            yield from page["value"]
            url = page.get("@odata.nextLink", "")


def records_of(world: LoadWorld, customers: Iterable[str]) -> list[Record]:
    """What Moment's lists show of these customers."""

    def of(customer: str) -> list[Record]:
        items = world.product().items(f"customers/{customer}/files")
        return [
            Record(customer, each["id"], each["name"], each["state"], each["sizeBytes"] or 0, each["inMomentCloud"])
            for each in items
        ]

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [record for found in pool.map(of, customers) for record in found]


def check_moved(outcome: Outcome, world: LoadWorld, handed: Sequence[HandedOver]) -> None:
    """Everything that was handed over is in SharePoint, whole, once; one item is one record's; no blob is left."""
    customers = sorted({each.customer for each in handed})
    records = records_of(world, customers)
    ids = Counter(record.file_id for record in records)
    wanted = {each.file_id: each for each in handed}
    outcome.check("each file handed over has one record", ids == Counter(list(wanted)), _few(ids, wanted))
    states = Counter(record.state for record in records)
    outcome.check("every record says in-sharepoint", set(states) <= {"in-sharepoint"}, dict(states))
    side = SharePointSide(world)
    drives = side.drives()
    missing, items = Counter(f"{each.customer}/{each.fingerprint}" for each in handed), 0
    unlike = 0
    for customer in customers:
        files = side.files(drives[f"Customer {customer}"]) if f"Customer {customer}" in drives else []
        items += len(files)
        missing.subtract(f"{customer}/{each['file']['hashes']['quickXorHash']}" for each in files)
        unlike += {each["id"] for each in files} != {item for item, _ in world.stores.files.items(customer)}
    lost = sum(count for count in missing.values() if count > 0)
    extra = -sum(count for count in missing.values() if count < 0)
    outcome.check("each content is in SharePoint once", not lost and not extra, f"{lost} missing, {extra} too many")
    outcome.check("one item is one record", items == len(handed) and not unlike, f"{items} items, {unlike} unlike")
    left = blobs_left(world, customers)
    outcome.check("no blob is left in Moment Cloud", not left, left)


def check_queues(outcome: Outcome, world: LoadWorld, *, drained: bool) -> None:
    """The queues drained and nothing was given up."""
    outcome.check("all queues drained", drained, world.queues.waiting())
    poisoned = world.queues.poisoned()
    given_up = len(list(world.product().items("given-up")))
    outcome.check("nothing was given up", not poisoned and not given_up, f"{poisoned}, {given_up} entries")


def blobs_left(world: LoadWorld, customers: Sequence[str]) -> int:
    """How many blobs of these customers are in Moment Cloud."""
    storage = world.settings["AzureWebJobsStorage"]
    with ContainerClient.from_connection_string(storage, MOMENT_CLOUD_CONTAINER) as container:
        names = container.list_blob_names()
        return sum(name.partition("/")[0] in set(customers) for name in names)


def _few(found: Counter[str], wanted: dict[str, HandedOver]) -> str:
    missing = [each for each in wanted if each not in found]
    twice = [each for each, count in found.items() if count > 1 or each not in wanted]
    return f"{len(missing)} missing {missing[:_SHOWN]}, {len(twice)} too many {twice[:_SHOWN]}"

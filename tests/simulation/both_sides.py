"""One customer as Moment shows it and as SharePoint shows it, read from outside."""

from dataclasses import dataclass

from shared.model.directory import Links
from shared.model.merge import tag_key
from shared.sync.places import LIBRARY, Places
from tests.simulation.contents import marks_in
from tests.simulation.report import Violation
from tests.simulation.scene import Scene
from tests.simulation.sharepoint_people import Browser, Item


@dataclass
class BothSides:
    """What both sides say. `contents` are the fingerprints of each live file's current content, by item id."""

    customer: str
    live: list[dict]
    deleted: list[dict]
    item_ids: dict[str, str]
    """Of each record that knows an item: file id → item id."""
    files: dict[str, Item]
    folders: dict[str, Item]
    contents: dict[str, set[str]]
    kept: set[str]
    """The fingerprints of everything that SharePoint keeps of live files and in the recycle bin."""
    in_blobs: set[str]
    keys: dict[str, str]
    """Of the object that a file in this folder belongs to, for each folder and for the root ("")."""

    def document_of(self, item_id: str) -> dict | None:
        """The live record of an item."""
        return next((each for each in self.live if self.item_ids.get(each["id"]) == item_id), None)


def look(scene: Scene, customer: str) -> BothSides:
    """Read both sides."""
    stage, drive = scene.stage, scene.drive_of(customer)
    everything = Browser(stage).everything(drive) if drive else []
    if everything is None:
        raise Violation(f"The library of {customer} can't be read.")
    files = {each.id: each for each in everything if not each.is_folder}
    folders = {each.id: each for each in everything if each.is_folder}
    contents, kept = {}, set[str]()
    for item_id in files:
        versions = stage.local.contents(item_id)
        contents[item_id] = marks_in(versions[0]) if versions else set()
        kept |= _marks(versions)
    for item_id in _binned(scene, customer):
        kept |= _marks(stage.local.contents(item_id))
    records = stage.stores.files
    live, deleted = scene.files(customer), scene.files(customer, "deleted")
    item_ids = {}
    for document in live + deleted:
        record = records.find(customer, document["id"])
        if record is not None and record.baseline is not None and record.baseline.item_id:
            item_ids[record.id] = record.baseline.item_id
    in_blobs = _marks(stage.blobs_of(customer).values())
    keys = _keys(scene, customer, folders)
    return BothSides(customer, live, deleted, item_ids, files, folders, contents, kept, in_blobs, keys)


def _marks(contents: object) -> set[str]:
    return {mark for content in contents for mark in marks_in(content)}  # type: ignore[attr-defined]


def _binned(scene: Scene, customer: str) -> list[str]:
    link = scene.stage.stores.folders.find(customer, "library")
    entries = scene.stage.local.recycle_bin() if link else []
    return [item["id"] for entry in entries if link and entry["listId"] == link.list_id for item in entry["items"]]


def _keys(scene: Scene, customer: str, folders: dict[str, Item]) -> dict[str, str]:
    """Through the nearest folder above that belongs to an object; the folders of objects are known by id."""
    stores = scene.stage.stores
    found: dict[str, str] = {}
    for folder in ["", *folders]:
        key, above = None, folder
        while above in folders and key is None:
            key = stores.folders.owner_of(customer, above)
            above = folders[above].parent
        found[folder] = key or LIBRARY
    return found


def key_of(scene: Scene, document: dict, there: str = "") -> str | None:
    """The key of the object that a record says its file belongs to. Tasks of one series share a folder and its key.

    A file that came to that folder by itself is of none of its tasks, and linked to what the series is: `there` is the
    key of the folder in which the file lies.
    """
    stores = scene.stage.stores
    links = Links(document["customer"], document["project"], document["activity"], document["task"])
    if there.startswith("series~") and links == stores.directory.links_of(links.customer, there):
        return there
    return Places(stores.tree, stores.folders, stores.directory).key_of_links(links)


def tags_of(tags: object) -> frozenset[str]:
    """Tags as they are compared: without case."""
    return frozenset(map(tag_key, tags))  # type: ignore[call-overload]

"""What must be true when it is quiet: both sides say the same, nothing is lost or doubled, nothing is left to do."""

from collections import Counter
from collections.abc import Iterator

from shared.model.directory import Links, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.merge import tag_key
from tests.simulation.model_drive import Drive
from tests.simulation.model_items import Item, quick_xor_hash
from tests.simulation.model_watch import fingerprint_in
from tests.simulation.model_world import ModelWorld

type Tags = dict[str, set[str]]


def broken(world: ModelWorld, added_in_moment: Tags, added_in_sharepoint: Tags) -> list[str]:
    """Each invariant that does not hold, in words. `added_…`: tags by file and by drive item."""
    found = [f"Content <<{number}>> is nowhere" for number in world.witness.unreachable()]
    found += _doubled(world)
    for customer in world.customers:
        found += _of_customer(world, customer)
        found += _tags_lost(world, customer, added_in_moment, added_in_sharepoint)
        if world.stores.everywhere.is_behind(customer):
            found.append(f"The search over all customers is behind on {customer}")
    return found


def _doubled(world: ModelWorld) -> Iterator[str]:
    """What was uploaded once in Moment is one file in SharePoint."""
    files = (item for drive in world.sharepoint.drives.values() for item in drive.items.values() if not item.is_folder)
    numbers = Counter(fingerprint_in(item.content) for item in files)
    for number, times in numbers.items():
        if times > 1 and number not in world.witness.copies:
            yield f"Content <<{number}>> is in {times} files of SharePoint"


def _of_customer(world: ModelWorld, customer: str) -> list[str]:
    library = next((each for each in world.stores.libraries.all() if each.customer == customer), None)
    drive = world.sharepoint.drives[library.drive_id] if library is not None else None
    items = {item.id: item for item in drive.items.values() if not item.is_folder} if drive is not None else {}
    found: list[str] = []
    owners: Counter[str] = Counter()
    for record in world.records(customer):
        if record.state is FileState.DELETED:
            found += _of_deleted(record)
            continue
        item = items.get(record.baseline.item_id) if record.baseline is not None else None
        owners[item.id if item is not None else ""] += 1
        found += [f"{_named(record)}: {each}" for each in _of_record(world, record, drive, item)]
    found += [f"{item.name} {item.id} has {owners[item.id]} records" for item in items.values() if owners[item.id] != 1]
    if drive is not None:
        found += _of_library(world, customer, drive)
    return found


def _of_deleted(record: FileRecord) -> Iterator[str]:
    if record.delete_pending:
        yield f"{_named(record)}: its deletion was never carried out"
    if not record.reason:
        yield f"{_named(record)}: deleted without a reason"


def _of_record(world: ModelWorld, record: FileRecord, drive: Drive | None, item: Item | None) -> Iterator[str]:
    content = world.blobs.stored.get(record.blob_name or "")
    match record.state:
        case FileState.EXPECTED:
            if content is not None:
                yield "its content arrived, and nothing came of it"
        case FileState.IN_MOMENT_CLOUD:
            project = record.links.project
            if content is None or world.app.placements.storage(record.customer, project) is StorageLocation.SHAREPOINT:
                yield "it should be in SharePoint"
        case FileState.IN_SHAREPOINT:
            if item is None or drive is None:
                yield "it is not in SharePoint"
            else:
                yield from _differences(world, record, drive, item)
        case FileState.BLOCKED:
            yield from _of_blocked(record, item)
        case _:
            yield f"never got anywhere: {record.state} {record.reason}"


def _of_blocked(record: FileRecord, item: Item | None) -> Iterator[str]:
    if not record.reason or record.cause is None:
        yield "blocked without a reason"
    if record.missing and item is not None:
        yield "missing, and it is there"
    if not record.missing:
        yield f"blocked, and nothing stands in its way any more: {record.reason}"


def _differences(world: ModelWorld, record: FileRecord, drive: Drive, item: Item) -> Iterator[str]:
    baseline = record.baseline
    assert baseline is not None
    if record.name != item.name:
        yield f"named {item.name} in SharePoint"
    if (baseline.size_bytes, baseline.quick_xor_hash) != (len(item.content), quick_xor_hash(item.content)):
        yield f"taken for {baseline.size_bytes} bytes, but other {len(item.content)} are in SharePoint"
    if record.size_bytes not in {baseline.size_bytes, baseline.sent_size_bytes}:
        yield f"shows {record.size_bytes} bytes, but neither were sent nor are in SharePoint: {baseline}"
    if set(map(tag_key, record.tags)) != set(map(tag_key, item.columns.tags)):
        yield f"tags {record.tags}, but {item.columns.tags} in SharePoint"
    place = _links_of(world, record.customer, drive, item.parent_id or "")
    shown = world.app.locating.shown(record).links
    if (shown.project, shown.activity) != (place.project, place.activity) or baseline.parent_id != item.parent_id:
        yield f"at {shown}, but in SharePoint at {place}"
    left = [record.blob_name, record.transfer, record.place_pending, record.delete_pending, record.reason]
    if any(left):
        yield f"something is left to do: {left}"


def _links_of(world: ModelWorld, customer: str, drive: Drive, folder_id: str) -> Links:
    while folder_id != drive.root_id:
        key = world.stores.folders.owner_of(customer, folder_id)
        links = world.stores.directory.links_of(customer, key) if key is not None else None
        if links is not None:
            return links
        folder_id = drive.items[folder_id].parent_id or ""
    return Links(customer)


def _of_library(world: ModelWorld, customer: str, drive: Drive) -> Iterator[str]:
    tree = world.stores.tree
    if marks := list(tree.gone(customer)):
        yield f"Marked as gone for ever: {marks}"
    for folder in drive.items.values():
        known = tree.find(customer, folder.id) if folder.is_folder and folder.id != drive.root_id else None
        if known is not None and (known.name, known.parent_id) != (folder.name, folder.parent_id):
            yield f"Moment takes folder {folder.name} {folder.id} for {known}"
        if known is None and folder.is_folder and folder.id != drive.root_id:
            yield f"Moment does not know folder {folder.name} {folder.id}"
    alive = {each.id for each in drive.items.values()}
    yield from (f"Moment knows a folder that is gone: {each}" for each in tree.ids(customer) if each not in alive)


def _tags_lost(world: ModelWorld, customer: str, in_moment: Tags, in_sharepoint: Tags) -> Iterator[str]:
    """What one side added and nobody took away stays, whatever the other side does."""
    removed = world.witness.tags_removed
    for record in world.records(customer):
        if record.state is FileState.DELETED or record.baseline is None:
            continue
        wanted = in_moment.get(record.id, set()) | in_sharepoint.get(record.baseline.item_id, set())
        if lost := wanted - removed - set(record.tags):
            yield f"{_named(record)}: lost the tags {sorted(lost)}, has {record.tags}"


def _named(record: FileRecord) -> str:
    return f"{record.name} ({record.customer}/{record.id}, {record.state})"

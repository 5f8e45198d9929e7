"""Files that want the same name or too long a path: none is lost, none takes another's place."""

import threading
import unicodedata
from urllib.parse import unquote, urlsplit

import pytest

from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.directory import Activity, Links, Project, Task
from shared.model.files import FileRecord, FileState
from tests.sync.hard_files import Shelf
from tests.world import World

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "é.txt") for form in ("NFC", "NFD"))
MAX_PATH = 400


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf(world, Links(world.customer().id))


@pytest.mark.parametrize(
    ("first", "second", "becomes"),
    [
        ("a.txt", "a.txt", "a (2).txt"),
        ("a.txt", "A.TXT", "A (2).TXT"),
        (COMPOSED, DECOMPOSED, f"{COMPOSED[0]} (2).txt"),
        ("n" * 251 + ".txt", "N" * 251 + ".txt", "N" * 247 + " (2).txt"),
        ("CON_", "CON", "CON_ (2)"),
        ("~$a.docx", "a.docx", "a (2).docx"),
    ],
    ids=["same", "case", "accent", "255", "reserved", "owner file"],
)
def test_the_second_of_two_names_that_are_one_gets_a_number(shelf: Shelf, first: str, second: str, becomes: str):
    one, two = shelf.move(first, b"one"), shelf.move(second, b"two")

    shelf.is_in_sharepoint(one, one.name, b"one")
    shelf.is_in_sharepoint(two, becomes, b"two")
    shelf.comes_back_unchanged(one, two)


def test_what_a_person_added_with_the_same_accents_written_apart_keeps_its_place(shelf: Shelf):
    world, ours = shelf.world, shelf.move(COMPOSED, b"ours")
    assert ours.baseline is not None
    path = f"/drives/{ours.baseline.drive_id}/items/{ours.baseline.parent_id}:/{DECOMPOSED}:/content"
    world.graph("PUT", path, data=b"theirs")

    shelf.comes_back_unchanged(ours)

    assert sorted(each.name for each in shelf.records()) == sorted([COMPOSED, DECOMPOSED])
    shelf.comes_back_unchanged(*shelf.records())


@pytest.mark.parametrize("size_bytes", [9, 400_000], ids=["at once", "through a session"])
def test_two_uploads_of_one_name_at_the_same_moment_are_two_files(world: World, size_bytes: int):
    shelf = Shelf(world, Links(world.customer().id))
    first = shelf.move("known.txt", b"the folder is there")
    contents = [bytes([number]) * size_bytes for number in range(4)]
    records = [world.upload(shelf.links, "twin.bin", content) for content in contents]
    apps = [world, world.restarted(), world, world.restarted()]
    threads = [
        threading.Thread(target=app.app.transfer.blob_arrived, args=(record.blob_name,))
        for app, record in zip(apps, records, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for _ in range(20):
        waiting = [each for each in map(world.read, records) if each.state is not FileState.IN_SHAREPOINT]
        for each in waiting:
            world.clock.advance(130)
            world.move(each)
    moved = [world.read(each) for each in records]

    assert {each.name for each in moved} == {"twin.bin", "twin (2).bin", "twin (3).bin", "twin (4).bin"}
    for record, content in zip(moved, contents, strict=True):
        shelf.is_in_sharepoint(record, record.name, content)
    shelf.comes_back_unchanged(first, *moved)


def test_a_checksum_that_two_files_share_makes_them_no_one_file(world: World):
    shelf = Shelf(world, Links(world.customer().id))
    first = shelf.move("known.txt", b"the folder is there")
    assert first.baseline is not None
    ours, theirs = b"\x01" * 400_000, b"\x02" * 400_000
    path = f"/drives/{first.baseline.drive_id}/items/{first.baseline.parent_id}:/disk.img:/content"
    world.graph("PUT", path, data=theirs)

    moved = shelf.move("disk.img", ours)

    # quickXorHash and size are the same: only reading it back tells that theirs is another file.
    assert fingerprints(ours).quick_xor_hash == fingerprints(theirs).quick_xor_hash
    shelf.is_in_sharepoint(moved, "disk (2).img", ours)


def fingerprints(content: bytes) -> Fingerprints:
    hasher = ContentHash()
    hasher.update(content)
    return hasher.fingerprints()


def test_a_path_of_400_characters_is_taken_and_one_of_401_is_blocked_with_the_reason(world: World):
    links = deep_place(world)
    shelf = Shelf(world, links)
    probe = shelf.move("p.txt", b"probe")
    folder = len(path_of(probe, "")) - 1
    name = "n" * (MAX_PATH - folder - 1 - len(".txt")) + ".txt"

    fits, too_long = shelf.move(name, b"fits"), shelf.move(f"m{name}", b"too long")

    assert len(path_of(probe, name)) == MAX_PATH
    shelf.is_in_sharepoint(fits, name, b"fits")
    shelf.is_blocked(too_long, "SharePoint does not allow this name or path")
    shelf.comes_back_unchanged(probe, fits, too_long)
    world.edit(too_long, name="short.txt")
    shelf.is_in_sharepoint(world.move(too_long), "short.txt", b"too long")


def deep_place(world: World) -> Links:
    """A task whose folders are as long as folders get."""
    customer = world.customer()
    links = Links(customer.id, "p", "a", "t")
    project = Project(customer.id, "p", "P" * 80)
    activity = Activity(customer.id, "p", "a", "A" * 80)
    for each in (project, activity, Task(customer.id, "p", "t", "7", "T" * 80, "a")):
        world.app.directory_changes.put(each)
    return links


def path_of(neighbour: FileRecord, name: str) -> str:
    """The server-relative path of a file beside another one, as SharePoint counts it."""
    assert neighbour.baseline is not None
    address = unquote(urlsplit(neighbour.baseline.web_url).path).strip("/")
    return f"{address.rpartition('/')[0]}/{name}"

"""The pieces of work that are killed: how each begins, when it is done, and what has to be there then."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from docx import Document

from shared.model.directory import Links, Project, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.runs import Direction, RunState
from shared.sync.edits import FileEdit
from shared.sync.ingest import Pulled
from tests.simulation.crash_rig import CrashRig

PROJECT = "p1"


@dataclass(frozen=True)
class Work:
    """One piece of work. `send` puts its message on the real queue; `check` raises AssertionError."""

    customer: str
    send: Callable[[], None]
    is_done: Callable[[], bool]
    check: Callable[[], None]
    is_waiting: Callable[[], bool] = lambda: False


type Case = Callable[[CrashRig, int], Work]
"""Prepares the work of this number, past the proxies."""


def a_docx() -> bytes:
    """A file that SharePoint rewrites."""
    buffer = io.BytesIO()
    document = Document()
    document.add_paragraph("Minutes")
    document.save(buffer)
    return buffer.getvalue()


def the_customer(rig: CrashRig, case: str) -> str:
    """The one customer of a case, with a project and a library that is followed."""
    if case not in rig.customers:
        customer = rig.world.customer().id
        rig.world.app.directory_changes.put(Project(customer, PROJECT, "Web"))
        rig.customers[case] = customer
        moved(rig, customer, "first.txt")
    return rig.customers[case]


def moved(rig: CrashRig, customer: str, name: str) -> FileRecord:
    """A file that is in SharePoint and known there from a pull."""
    record = rig.world.arrive(rig.world.upload(Links(customer, PROJECT), name, name.encode()))
    pulled = rig.world.app.ingest.pull(drive_of(rig, customer), rig.world.clock.later(60), notified=True)
    assert pulled is Pulled.DONE, pulled
    return rig.world.read(record)


def drive_of(rig: CrashRig, customer: str) -> str:
    """The customer's library."""
    link = rig.world.app.folders.find(customer, "library")
    assert link is not None
    return link.drive_id


def transfer(name: str, content: bytes, *, is_first: bool = False) -> Case:
    """A file that was uploaded goes to SharePoint; `is_first`: its customer has no library yet."""

    def prepare(rig: CrashRig, number: int) -> Work:
        if is_first:
            customer = rig.world.customer().id
            rig.world.app.directory_changes.put(Project(customer, PROJECT, "Web"))
        else:
            customer = the_customer(rig, f"transfer {name}")
        uploaded = rig.world.upload(Links(customer, PROJECT), f"{number} {name}", content, tags=("a",))
        return Work(
            customer,
            send=lambda: rig.stores.transfer_queue.send(customer, uploaded.id),
            is_done=lambda: is_released(rig, uploaded),
            check=lambda: check_moved(rig, uploaded, content),
            is_waiting=lambda: rig.world.read(uploaded).state is FileState.WAITING,
        )

    return prepare


def is_released(rig: CrashRig, record: FileRecord) -> bool:
    """Whether it is in SharePoint only."""
    now = rig.world.read(record)
    return now.state is FileState.IN_SHAREPOINT and now.blob_name is None


def check_moved(rig: CrashRig, uploaded: FileRecord, content: bytes) -> None:
    """One file, one record, the content, the columns, and no blob."""
    record = rig.world.read(uploaded)
    assert record.baseline is not None
    stem = uploaded.name.partition(" ")[0]
    there = rig.world.children(record.baseline.drive_id, record.baseline.parent_id or "")
    assert [name for name in there if name.partition(" ")[0] == stem] == [uploaded.name], there
    alive = [each.id for each in rig.world.app.files.live(record.customer) if each.name.partition(" ")[0] == stem]
    assert alive == [record.id], alive
    assert rig.world.app.files.find_by_item(record.customer, record.baseline.item_id) == record.id
    assert essence(rig.world.stored(record)) == essence(content)
    assert rig.world.fields_of(record) == {"momentTags": ["a"]}
    assert not rig.world.blob_exists(record, uploaded.blob_name)
    assert record.reason == "", record.reason


def essence(content: bytes) -> bytes:
    """What has to be the same: of a document the text, of others every byte."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as document:
        return document.read("word/document.xml")


def edit(rig: CrashRig, number: int) -> Work:
    """A name and tags given in Moment go to SharePoint."""
    record = moved(rig, the_customer(rig, "edit"), f"{number} before.txt")
    wanted = f"{number} after.txt"
    rig.world.app.edits.edit(record.customer, record.id, FileEdit(name=wanted, tags=("b", "c")))
    rig.world.pushes.keys.clear()

    def is_done() -> bool:
        now = rig.world.read(record)
        shown = now.baseline
        return shown is not None and not now.place_pending and (shown.name, set(shown.tags)) == (wanted, {"b", "c"})

    def check() -> None:
        now = rig.world.read(record)
        assert now.baseline is not None
        assert (now.name, now.state, now.reason) == (wanted, FileState.IN_SHAREPOINT, "")
        there = rig.world.children(now.baseline.drive_id, now.baseline.parent_id or "")
        assert [name for name in there if name.startswith(f"{number} ")] == [wanted]
        assert set(rig.world.fields_of(now)["momentTags"]) == {"b", "c"}
        assert rig.world.stored(now) == f"{number} before.txt".encode()

    return Work(record.customer, lambda: rig.stores.pushes.send(f"{record.customer}/{record.id}"), is_done, check)


def deletion(rig: CrashRig, number: int) -> Work:
    """A file deleted in Moment goes to SharePoint's recycle bin."""
    record = moved(rig, the_customer(rig, "deletion"), f"{number} gone.txt")
    rig.world.app.edits.delete(record.customer, record.id)
    rig.world.pushes.keys.clear()

    def is_done() -> bool:
        now = rig.world.read(record)
        return now.state is FileState.DELETED and not now.delete_pending

    def check() -> None:
        assert record.baseline is not None
        there = rig.world.children(record.baseline.drive_id, record.baseline.parent_id or "")
        assert [name for name in there if name.startswith(f"{number} ")] == []
        binned = [item["id"] for entry in rig.local.recycle_bin() for item in entry["items"]]
        assert binned.count(record.baseline.item_id) == 1
        assert record.id not in [each.id for each in rig.world.app.files.live(record.customer)]

    return Work(record.customer, lambda: rig.stores.pushes.send(f"{record.customer}/{record.id}"), is_done, check)


def by_hand(rig: CrashRig, number: int) -> Work:
    """A sync that somebody asks for takes two files along that nobody told of."""
    customer = rig.world.customer(StorageLocation.SHAREPOINT).id
    rig.world.app.directory_changes.put(Project(customer, PROJECT, "Web"))
    content = b"nobody told of it"
    files = [rig.world.upload(Links(customer, PROJECT), f"{n} {number}.txt", content, tags=("a",)) for n in "ab"]
    run = rig.world.app.sync_by_hand.begin(
        Links(customer), Direction.TO_SHAREPOINT, "Ada", is_plan=False, is_full=False
    )
    keys = [key for key, _ in rig.world.syncs.keys]
    rig.world.syncs.keys.clear()

    def send() -> None:
        for key in keys:
            rig.stores.syncs.send(key)

    def check() -> None:
        ended = rig.world.app.runs.find(run.id)
        assert ended.state is RunState.SUCCEEDED, ended
        for record in files:
            check_moved(rig, record, content)

    def is_done() -> bool:
        return rig.world.app.runs.find(run.id).ended_at is not None and all(is_released(rig, each) for each in files)

    return Work(customer, send, is_done, check)

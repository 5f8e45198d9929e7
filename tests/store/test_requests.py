"""How many requests each call costs: what Table Storage bills and what a transfer waits for."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from azure.data.tables import TableServiceClient

from shared.model.budget import BudgetState
from shared.model.directory import Links, Project, Task
from shared.model.files import FileRecord, FileState
from shared.model.libraries import LibraryState, TreeFolder
from shared.model.stored import FolderLink
from shared.store.budget import TableBudget
from shared.store.directory import TableDirectory
from shared.store.files import TableFiles
from shared.store.folders import TableFolders
from shared.store.libraries import TableLibraries
from shared.store.tree import TableFolderTree
from tests.builders import AT, a_baseline, a_record, a_transfer
from tools.functions_host.azurite import Azurite


class Ledger:
    """The methods of the requests since it was last read; a transaction is one POST."""

    def __init__(self) -> None:
        self.methods: list[str] = []

    def read(self) -> list[str]:
        methods, self.methods = self.methods, []
        return methods


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def watched(azurite: Azurite, tables: TableServiceClient, ledger: Ledger) -> Iterator[TableServiceClient]:
    """A client of the tables that are there already, which writes down what it sends."""
    with TableServiceClient.from_connection_string(
        azurite.connection_string, raw_request_hook=lambda request: ledger.methods.append(request.http_request.method)
    ) as service:
        yield service


def test_files(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    files = TableFiles(watched, lambda: AT)

    record = files.create(_a_record(customer), "Announced.")
    assert ledger.read() == ["POST"]
    record = files.save(record, replace(record, state=FileState.MOVING, transfer=a_transfer(item_id="1")), "Claimed.")
    assert ledger.read() == ["POST"]
    files.save(record, replace(record, blob_name=None, transfer=None, baseline=a_baseline(item_id="1")), "Moved.")
    assert ledger.read() == ["POST"]
    files.find(customer, "f1")
    assert ledger.read() == ["GET"]
    files.find_by_item(customer, "1")
    assert ledger.read() == ["GET"]
    files.find_by_blob(customer, "gone")
    assert ledger.read() == ["GET"]
    files.list(customer, "moving", None, 100)
    assert ledger.read() == ["GET"]
    files.any_in(Project(customer, "p1", "P"))
    assert ledger.read() == ["GET"]


def test_followed_files(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    files = TableFiles(watched, lambda: AT)
    e_tag = f'"{{{uuid.uuid4()}}},1"'
    record = files.create(replace(_a_record(customer), baseline=a_baseline(e_tag=e_tag)), "Found.")
    record = files.save(record, replace(record, transfer=a_transfer(parent_id="01F", name="a")), "Claimed.")
    record = files.save(record, replace(record, transfer=None, state=FileState.DELETED), "Deleted.")
    files.save(record, replace(record, state=FileState.IN_SHAREPOINT), "Restored.")
    assert ledger.read() == ["POST"] * 4

    assert files.find_by_unique_id(customer, e_tag[2:38]) == "f1"
    assert ledger.read() == ["GET"]
    files.is_being_sent(customer, "01F", "a")
    assert ledger.read() == ["GET"]
    assert list(files.ids_in_folder(customer, "01FOLDER")) == ["f1"]
    assert ledger.read() == ["GET"]
    assert len(list(files.live(customer))) == 1
    assert ledger.read() == ["GET"]
    fingerprint = uuid.uuid4().hex
    files.note_departed(fingerprint, customer, "f1")
    assert ledger.read() == ["POST"]
    files.find_departed(fingerprint)
    assert ledger.read() == ["GET"]
    files.forget_departed(fingerprint)
    files.forget_departed(fingerprint)
    assert ledger.read() == ["DELETE", "DELETE"]


def test_libraries(watched: TableServiceClient, ledger: Ledger, own_table: str) -> None:
    libraries = TableLibraries(watched, own_table)

    state = libraries.create(LibraryState("b!d", "contoso", "l1", subscription_id="s1"))
    assert ledger.read() == ["POST"]
    libraries.save(state, replace(state, subscription_id="s2"))
    assert ledger.read() == ["POST"]
    libraries.find("b!d")
    assert ledger.read() == ["GET"]
    libraries.find_by_subscription("s2")
    assert ledger.read() == ["GET", "GET"]
    libraries.find_by_subscription("s1")
    assert ledger.read() == ["GET"]
    list(libraries.all())
    assert ledger.read() == ["GET"]


def test_budget(watched: TableServiceClient, ledger: Ledger, own_table: str) -> None:
    budget = TableBudget(watched, own_table)

    budget.save(BudgetState(), "")
    assert ledger.read() == ["POST"]
    state, etag = budget.read()
    assert ledger.read() == ["GET"]
    budget.save(state, etag)
    assert ledger.read() == ["POST"]


def test_tree(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    tree = TableFolderTree(watched)
    folder = TreeFolder("01A", "Design", "01ROOT")

    tree.put(customer, folder)
    assert ledger.read() == ["GET", "POST"]
    tree.put(customer, folder)
    assert ledger.read() == ["GET"]
    tree.put(customer, replace(folder, name="Design 2"))
    assert ledger.read() == ["GET", "POST"]
    tree.put(customer, replace(folder, parent_id="01B"))
    assert ledger.read() == ["GET", "POST"]
    list(tree.children(customer, "01B"))
    assert ledger.read() == ["GET", "GET"]
    tree.remove(customer, "01A")
    assert ledger.read() == ["GET", "POST"]


def test_a_rename_with_many_folders_below_writes_one_row(
    azurite: Azurite, tables: TableServiceClient, customer: str
) -> None:
    bodies: list[str] = []
    for number in range(20):
        TableFolderTree(tables).put(customer, TreeFolder(f"01{number}", "Below", "01A"))
    TableFolderTree(tables).put(customer, TreeFolder("01A", "Design", "01ROOT"))

    with TableServiceClient.from_connection_string(
        azurite.connection_string, raw_request_hook=lambda request: bodies.append(str(request.http_request.body or ""))
    ) as service:
        TableFolderTree(service).put(customer, TreeFolder("01A", "Logo", "01ROOT"))

    assert [body.count("HTTP/1.1") for body in bodies] == [0, 1]


def test_marks(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    tree = TableFolderTree(watched)
    many = [f"01{number}" for number in range(250)]

    tree.mark_seen(customer, "w", many)
    assert ledger.read() == ["POST"] * 3
    assert len(list(tree.seen(customer, "w"))) == 250
    assert ledger.read() == ["GET"]
    tree.forget_seen(customer)
    assert ledger.read() == ["GET", *["POST"] * 3]
    tree.unmark_gone(customer, many)
    assert ledger.read() == ["GET"]
    tree.unmark_gone(customer, many[:1])
    assert ledger.read() == ["DELETE"]
    tree.mark_gone(customer, many[:100])
    assert ledger.read() == ["POST"]
    tree.unmark_gone(customer, many)
    assert ledger.read() == ["GET", "POST"]
    tree.unmark_gone(customer, [])
    tree.mark_gone(customer, [])
    assert ledger.read() == []


def _a_record(customer: str) -> FileRecord:
    return a_record(customer=customer, links=Links(customer, "p1", "a1", "t1"), blob_name=f"{customer}/f1/a")


def test_directory(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    directory = TableDirectory(watched)
    task = Task(customer, "p1", "t1", "1", "Check")

    directory.put(task)
    assert ledger.read() == ["GET", "GET", "POST"]
    directory.put(task)
    assert ledger.read() == ["GET", "POST"]
    directory.put(replace(task, series="s1"))
    assert ledger.read() == ["GET", "GET", "GET", "POST"]
    directory.put(replace(task, id="t2", series="s1"))
    assert ledger.read() == ["GET", "GET", "POST"]
    directory.remove(task)
    assert ledger.read() == ["GET", "GET", "POST"]
    directory.find_task(customer, "p1", "t2")
    assert ledger.read() == ["GET"]
    directory.links_of(customer, "series~p1~s1")
    assert ledger.read() == ["GET"]
    directory.links_of(customer, "library")
    assert ledger.read() == []


def test_folders(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    folders = TableFolders(watched)

    folders.save(FolderLink(customer, "library", "b!d", "root"))
    assert ledger.read() == ["GET", "POST"]
    folders.find(customer, "library")
    assert ledger.read() == ["GET"]
    folders.owner_of(customer, "root")
    assert ledger.read() == ["GET"]
    list(folders.list(customer))
    assert ledger.read() == ["GET"]

"""How many requests each call costs: what Table Storage bills and what a transfer waits for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from azure.data.tables import TableServiceClient

from shared.model.directory import Links, Project, Task
from shared.model.files import FileRecord, FileState
from shared.model.stored import FolderLink
from shared.store.directory import TableDirectory
from shared.store.files import TableFiles
from shared.store.folders import TableFolders
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


def test_folders(watched: TableServiceClient, ledger: Ledger, customer: str) -> None:
    folders = TableFolders(watched)

    folders.save(FolderLink(customer, "library", "b!d", "root"))
    assert ledger.read() == ["GET", "POST"]
    folders.find(customer, "library")
    assert ledger.read() == ["GET"]
    folders.owner_of(customer, "root")
    assert ledger.read() == ["GET"]

"""The adapter as a whole: it is the port, and 32 threads may use it."""

import inspect
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from shared.graph.connect import connect
from shared.graph.sharepoint import GraphSharePoint
from shared.model.directory import Columns
from shared.sync.change_ports import FollowedSharePoint, PulledSharePoint
from shared.sync.ports import SharePoint
from tests.graph.conftest import settings_for


@pytest.mark.parametrize(("protocol", "at_least"), [(SharePoint, 15), (PulledSharePoint, 4), (FollowedSharePoint, 8)])
def test_it_has_every_method_of_the_port_with_the_same_parameters(protocol, at_least):
    port = {name: value for name, value in vars(protocol).items() if inspect.isfunction(value) and name[0] != "_"}

    for name, method in port.items():
        adapter = getattr(GraphSharePoint, name)
        assert inspect.signature(adapter).parameters == inspect.signature(method).parameters, name
    assert len(port) >= at_least


@pytest.mark.parametrize(
    "name", ["set_columns", "write_columns", "update_item", "changes", "column_changes", "subscribe"]
)
def test_what_it_gives_is_what_the_port_promises(name):
    promised = inspect.signature(getattr(FollowedSharePoint, name)).return_annotation

    assert inspect.signature(getattr(GraphSharePoint, name)).return_annotation == promised


def test_32_threads_store_files_side_by_side(graph, library):
    def store(number: int) -> bytes:
        folder = graph.create_folder(library.drive_id, "root", f"Folder {number}")
        item = graph.put_file(library.drive_id, folder.id, "a.txt", str(number).encode())
        graph.set_columns(library.drive_id, item.id, Columns(tags=(str(number),)))
        with graph.open_content(library.drive_id, item.id) as content:
            return content.read()

    with ThreadPoolExecutor(32) as pool:
        stored = list(pool.map(store, range(64)))

    assert stored == [str(number).encode() for number in range(64)]


def test_no_thread_sends_anything_before_retry_after_has_passed(sharepoint):
    """In real time; an answer that is on its way takes a moment to be heard."""
    graph = connect(settings_for(sharepoint), lambda: datetime.now(UTC), time.sleep)
    drive_id = graph.create_library("Contoso", "marker").drive_id
    stop = threading.Event()

    def work(number: int) -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            graph.put_file(drive_id, "root", f"{number}-{turn}.txt", b"x")

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(work, number) for number in range(8)]
        sharepoint.fault({"match": {"method": "PUT"}, "then": {"status": 429, "retry_after_s": 1}})
        time.sleep(1.5)
        stop.set()
    for each in running:
        each.result()

    entries = sharepoint.requests()
    refused_at = next(each["at"] for each in entries if each["status"] == 429)
    after = [each["at"] - refused_at for each in entries if each["at"] > refused_at]
    assert not [each for each in after if 0.5 < each < 0.95]
    assert [each for each in after if each > 1]

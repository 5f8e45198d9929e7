"""The adapter as a whole: it is the port, and 32 threads may use it."""

import inspect
from concurrent.futures import ThreadPoolExecutor

from shared.graph.sharepoint import GraphSharePoint
from shared.model.directory import Columns
from shared.sync.ports import SharePoint


def test_it_has_every_method_of_the_port_with_the_same_parameters():
    port = {name: value for name, value in vars(SharePoint).items() if inspect.isfunction(value) and name[0] != "_"}

    for name, method in port.items():
        adapter = getattr(GraphSharePoint, name)
        assert inspect.signature(adapter).parameters == inspect.signature(method).parameters, name
    assert len(port) >= 15


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

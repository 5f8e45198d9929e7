"""What is reckoned for a request is what SharePoint charges."""

import uuid

import pytest

from shared.graph.connect import connect
from shared.graph.connection import DOWNLOAD_URL, UPLOAD_URL, Call
from shared.graph.units import units_of
from shared.model.directory import Columns
from tests.graph.conftest import settings_for
from tests.graph.ledger import spent

CONTENT = bytes(327_680)


class Reckoning:
    """A pacing that lets everything out and adds up what was asked for."""

    def __init__(self) -> None:
        self.units = 0

    def take(self, units: int) -> None:
        self.units += units

    def ready(self, units: int) -> None:
        pass

    def hold(self, delay_s: float) -> None:
        pass

    def heard(self, remaining_units: int, reset_s: float) -> None:
        pass


def test_everything_the_adapter_does_costs_what_was_reckoned(sharepoint, sleeps):
    sharepoint.settings(fragment_ru=2)
    reckoning = Reckoning()
    graph = connect(settings_for(sharepoint), sleeps.now, sleeps, new_id=lambda: uuid.uuid4().hex, pacing=reckoning)
    with spent(sharepoint) as cost:
        library = graph.create_library("Contoso", "Files of the Moment customer contoso")
        graph.find_library("Contoso")
        graph.complete_library(library, made_here=True)
        page = graph.changes(library.drive_id, "")
        graph.changes(library.drive_id, page.link)
        columns = graph.column_changes(library.site_id, library.list_id, "")
        graph.column_changes(library.site_id, library.list_id, columns.link)
        folder = graph.create_folder(library.drive_id, "root", "Design")
        file = graph.put_file(library.drive_id, folder.id, "a.txt", b"a")
        graph.replace_file(library.drive_id, file.id, b"b")
        graph.set_columns(library.drive_id, file.id, Columns(tags=("red",)))
        graph.find_item(library.drive_id, file.id)
        graph.find_child(library.drive_id, folder.id, "none.txt")
        graph.find_columns(library.drive_id, file.id)
        session = graph.open_upload_session(library.drive_id, folder.id, "b.bin")
        graph.send_fragment(session.url, CONTENT, 0, 2 * len(CONTENT))
        graph.send_fragment(session.url, CONTENT, len(CONTENT), 2 * len(CONTENT))
        graph.rename_library(library.site_id, library.list_id, "Contoso 2")
        graph.delete_item(library.drive_id, file.id, None)

    assert reckoning.units == cost.ru > 50


@pytest.mark.parametrize(
    ("call", "units"),
    [
        (Call("GET", "/subscriptions"), 2),
        (Call("GET", "/subscriptions/{subscription}"), 1),
        (Call("POST", "/subscriptions"), 2),
        (Call("GET", UPLOAD_URL, signed_url="https://x/up"), 1),
        (Call("PUT", UPLOAD_URL, signed_url="https://x/up"), 2),
        (Call("DELETE", UPLOAD_URL, signed_url="https://x/up"), 2),
        (Call("GET", DOWNLOAD_URL, signed_url="https://x/down"), 1),
        (Call("GET", "/drives/{drive}/root/delta", link="https://x/v1.0/drives/d/root/delta?token=a"), 1),
        (Call("GET", "/drives/{drive}/root/delta", link="https://x/v1.0/drives/d/root/delta(token='a')"), 1),
        (Call("GET", "/drives/{drive}/root/delta"), 2),
        (Call("GET", "/drives/{drive}/items/{item}/children", link="https://x/?$skiptoken=a"), 2),
    ],
)
def test_what_is_reckoned(call, units):
    assert units_of(call) == units

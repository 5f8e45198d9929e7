"""Files and folders in the local SharePoint."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import AccessDenied, Locked, NameNotAllowed, NameTaken, NotFound, Throttled, Unavailable
from shared.model.directory import Columns
from tests.graph.conftest import CLIENT_ID
from tests.graph.ledger import spent

ROOT = "root"
COLUMNS = Columns(activity="Audit", year="2026", period="11/2026", tags=("red", "blue & green"))


def test_a_small_file_costs_one_request_and_two_units(graph, library, sharepoint):
    with spent(sharepoint) as cost:
        item = graph.put_file(library.drive_id, ROOT, "a.txt", b"hello")

    assert (cost.requests, cost.ru) == (1, 2)
    assert (item.name, item.size_bytes, item.is_folder, item.drive_id) == ("a.txt", 5, False, library.drive_id)


def test_with_columns_it_costs_two_requests_and_four_units(graph, library, sharepoint):
    with spent(sharepoint) as cost:
        item = graph.put_file(library.drive_id, ROOT, "a.txt", b"hello")
        graph.set_columns(library.drive_id, item.id, COLUMNS)

    assert (cost.requests, cost.ru) == (2, 4)


def test_a_new_folder_adds_one_request(graph, library, sharepoint):
    with spent(sharepoint) as cost:
        folder = graph.create_folder(library.drive_id, ROOT, "Website")
        graph.put_file(library.drive_id, folder.id, "a.txt", b"hello")

    assert folder.is_folder
    assert (cost.requests, cost.ru) == (2, 4)


def test_an_empty_file(graph, library):
    assert graph.put_file(library.drive_id, ROOT, "empty.txt", b"").size_bytes == 0


def test_a_file_is_never_overwritten_by_a_new_one(graph, library):
    graph.put_file(library.drive_id, ROOT, "a.txt", b"first")

    with pytest.raises(NameTaken):
        graph.put_file(library.drive_id, ROOT, "A.TXT", b"second")


def test_a_folder_that_exists_is_not_made_twice(graph, library):
    graph.create_folder(library.drive_id, ROOT, "Website")

    with pytest.raises(NameTaken):
        graph.create_folder(library.drive_id, ROOT, "website")


@pytest.mark.parametrize("name", ["a%23 #1 +&=@!$,;'ä 日本.txt", "100%.txt", "a  b.txt", "Ω.txt"])
def test_a_name_arrives_as_it_is(graph, library, name):
    item = graph.put_file(library.drive_id, ROOT, name, b"x")

    assert item.name == name
    assert graph.find_child(library.drive_id, ROOT, name) == item


@pytest.mark.parametrize("name", ["a:b.txt", "a*b.txt", "CON", " a.txt", "x" * 256])
def test_a_name_that_sharepoint_refuses(graph, library, name):
    with pytest.raises(NameNotAllowed):
        graph.put_file(library.drive_id, ROOT, name, b"x")


def test_a_file_in_a_folder_that_is_gone(graph, library):
    with pytest.raises(NotFound):
        graph.put_file(library.drive_id, "01NOWHERE", "a.txt", b"x")


def test_a_child_is_found_in_whatever_case(graph, library):
    folder = graph.create_folder(library.drive_id, ROOT, "Website")
    item = graph.put_file(library.drive_id, folder.id, "Plan.txt", b"x")

    assert graph.find_child(library.drive_id, folder.id, "PLAN.TXT") == item


def test_who_made_an_item_and_when_comes_with_it_in_one_request(graph, library, sharepoint):
    made = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")

    with spent(sharepoint) as cost:
        found = graph.find_item(library.drive_id, made.id)

    assert cost.requests == 1
    assert found == made
    assert found.created_by_app == CLIENT_ID
    assert CLIENT_ID in found.created_by
    assert CLIENT_ID in found.modified_by
    assert abs(datetime.now(UTC) - found.created_at) < timedelta(minutes=5)
    assert found.modified_at >= found.created_at


def test_what_is_not_there_is_none(graph, library):
    assert graph.find_child(library.drive_id, ROOT, "missing.txt") is None
    assert graph.find_item(library.drive_id, "01NOWHERE") is None


def test_the_root_is_an_item(graph, library):
    root = graph.find_item(library.drive_id, ROOT)

    assert root is not None
    assert root.is_folder
    assert root.is_root


def test_new_content_is_a_new_version_of_the_same_item(graph, library):
    before = graph.put_file(library.drive_id, ROOT, "a.txt", b"first")

    after = graph.replace_file(library.drive_id, before.id, b"second")

    assert after.id == before.id
    assert after.c_tag != before.c_tag
    with graph.open_content(library.drive_id, before.id) as content:
        assert content.read() == b"second"


def test_content_is_read_in_pieces(graph, library):
    sent = bytes(range(256)) * 4000
    item = graph.put_file(library.drive_id, ROOT, "a.bin", sent)

    with graph.open_content(library.drive_id, item.id) as content:
        pieces = [content.read(10), content.read(100_000), content.read()]

    assert [len(each) for each in pieces[:2]] == [10, 100_000]
    assert b"".join(pieces) == sent


def test_a_broken_download_is_unavailable_while_it_is_read(graph, library, sharepoint):
    item = graph.put_file(library.drive_id, ROOT, "a.bin", b"x" * 500_000)
    sharepoint.fault(
        {
            "match": {"method": "GET", "path": "/_layouts/"},
            "then": {"drop_after_bytes": 100_000, "while": "response"},
        }
    )

    with graph.open_content(library.drive_id, item.id) as content, pytest.raises(Unavailable):
        content.read()


def test_the_content_of_a_missing_item_is_not_found(graph, library):
    with pytest.raises(NotFound), graph.open_content(library.drive_id, "01NOWHERE"):
        pass


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ({"status": 423, "code": "notAllowed"}, Locked),
        ({"status": 403, "code": "accessDenied"}, AccessDenied),
        ({"status": 429, "retry_after_s": 300}, Throttled),
        ({"status": 503, "retry_after_s": 300}, Throttled),
    ],
)
def test_a_refusal_reaches_the_caller_as_its_error(graph, library, sharepoint, then, expected):
    sharepoint.fault({"match": {"method": "PUT"}, "then": then})

    with pytest.raises(expected):
        graph.put_file(library.drive_id, ROOT, "a.txt", b"x")


def test_a_put_whose_answer_was_lost_is_a_taken_name(graph, library, sharepoint):
    sharepoint.fault({"match": {"method": "PUT"}, "then": {"apply_then_status": 500}})

    with pytest.raises(NameTaken):
        graph.put_file(library.drive_id, ROOT, "a.txt", b"x")

    assert graph.find_child(library.drive_id, ROOT, "a.txt") is not None

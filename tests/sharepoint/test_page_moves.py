"""Moving, deleting and restoring by hand, and forms that come from somebody else's page."""

import pytest
import requests

from tests.sharepoint.delta_client import delta_url, pull
from tests.sharepoint.page_client import MOMENT_COLUMNS, Person


@pytest.fixture
def person(graph):
    with Person(graph) as somebody:
        yield somebody


def test_a_file_is_moved_by_walking_to_the_folder(person, graph):
    item = graph.upload("a.txt").json()
    graph.upload("Target/Deep #1/other.txt".replace("#", "%23"))

    chosen = person.open_item(item).follow("Move").follow("Target").follow("Deep #1")
    page = chosen.submit("move")

    assert page.said == "Moved."
    assert graph.item("Target/Deep%20%231/a.txt")["id"] == item["id"]


def test_a_move_onto_a_taken_name_or_into_itself_is_explained(person, graph):
    item = graph.upload("a.txt").json()
    graph.upload("Target/A.txt")
    folder = graph.item("Target")

    taken = person.open_item(item).follow("Move").follow("Target").submit("move")
    itself = person.open_item(folder).follow("Move").follow("Target").submit("move")

    assert (taken.status, taken.said) == (409, "There is already something called “a.txt” here.")
    assert (itself.status, itself.said) == (400, "A folder cannot be moved into itself.")
    assert "Move here" in taken.text


def test_a_move_to_another_library_makes_new_ids_and_recycles_the_old_ones(person, graph):
    made = graph.library("Contoso", columns=MOMENT_COLUMNS)
    other = graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive").json()["id"]
    item = graph.upload("Plans/a.txt", b"content").json()
    folder = graph.item("Plans")

    page = person.open_item(folder).follow("Move").follow("Contoso").submit("move")

    assert page.said == "Moved."
    assert "error" in graph.item("Plans")
    moved = graph.get(f"/drives/{other}/root:/Plans/a.txt").json()
    assert moved["id"] != item["id"]
    assert moved["file"]["hashes"] == item["file"]["hashes"]
    assert moved["fileSystemInfo"] == item["fileSystemInfo"]
    assert [each["path"] for each in graph.sharepoint.recycle_bin()] == ["Shared Documents/Plans"]
    graph.sharepoint.restore(folder["id"])
    assert person.get(graph.item("Plans/a.txt")["webUrl"], timeout=9).content == b"content"


def test_a_move_to_another_library_takes_the_columns_along(person, graph):
    drives = []
    for title in ("One", "Two"):
        made = graph.library(title, columns=MOMENT_COLUMNS)
        drives.append(graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive").json()["id"])
    graph.drive = drives[0]
    item = graph.upload("a.txt").json()
    person.open_item(item).submit("columns", **{"column-momentYear": "2026", "column-momentTags": "x\ny"})

    person.open_item(item).follow("Move").follow("Two").submit("move")

    values = graph.get(f"/drives/{drives[1]}/root:/a.txt:/listItem/fields").json()
    assert (values["momentYear"], values["momentTags"]) == ("2026", ["x", "y"])


def test_a_folder_with_an_open_file_stays_whole(person, graph):
    graph.library("Contoso")
    graph.upload("Plans/a.txt")
    open_file = graph.upload("Plans/b.txt").json()
    person.open_item(open_file).submit("lock")

    page = person.open_item(graph.item("Plans")).follow("Move").follow("Contoso").submit("move")

    assert page.status == 423
    assert len(graph.get(f"/drives/{graph.drive}/root:/Plans:/children").json()["value"]) == 2
    assert "error" not in graph.item("Plans")


def test_what_was_deleted_comes_back_under_its_id(person, graph):
    item = graph.upload("Plans/a.txt", b"content").json()
    folder = graph.item("Plans")

    deleted = person.open_item(folder).submit("delete")
    assert deleted.said == "Deleted. It is in the recycle bin."
    assert "error" in graph.item("Plans")
    restored = deleted.follow("Recycle bin").submit("/sites/moment/_layouts/15/RecycleBin.aspx")

    assert restored.said == "Restored, with the id it had."
    assert graph.item("Plans")["id"] == folder["id"]
    assert graph.item("Plans/a.txt")["id"] == item["id"]
    assert person.page(f"{person.site}/_layouts/15/RecycleBin.aspx").text.count("Restore") == 0


def test_delta_tells_of_what_a_person_did(person, graph):
    item, gone = graph.upload("a.txt").json(), graph.upload("b.txt").json()
    _, link = pull(graph, delta_url(graph))

    person.open_item(item).submit("rename", name="c.txt")
    person.open_item(gone).submit("delete")
    told, _ = pull(graph, link)

    by_id = {each["id"]: each for each in told}
    assert by_id[item["id"]]["name"] == "c.txt"
    assert by_id[item["id"]]["lastModifiedBy"]["user"]["displayName"] == "Grace Hopper"
    assert by_id[gone["id"]]["deleted"] == {"state": "deleted"}


def test_restoring_what_is_not_there_is_explained(person):
    answer = person.post(f"{person.site}/_layouts/15/RecycleBin.aspx", data={"entry": "nothing"}, timeout=9)

    assert answer.status_code == 404
    assert "no longer here" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": None, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("place", ["/Shared%20Documents?do=new-folder", "/_layouts/15/RecycleBin.aspx"])
def test_a_form_on_another_sites_page_does_nothing(person, graph, headers, place):
    answer = person.post(person.site + place, data={"name": "planted", "entry": "x"}, headers=headers, timeout=9)

    assert answer.status_code == 403
    assert "another site" in answer.text
    assert "error" in graph.item("planted")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": None}])
def test_a_form_of_the_page_itself_is_heeded(person, graph, headers):
    answer = person.post(f"{person.library}?do=new-folder", data={"name": "mine"}, headers=headers, timeout=9)

    assert answer.status_code == 200
    assert graph.item("mine")["name"] == "mine"


def test_the_page_lets_nothing_of_others_in(person):
    answer = person.get(person.site, timeout=9)

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    for name, media_type in (("page.css", "text/css"), ("page.js", "text/javascript")):
        asset = requests.get(f"{person.site}/_layouts/15/{name}", timeout=9)
        assert asset.headers["Content-Type"] == f"{media_type}; charset=utf-8"

"""The page for people when there are several sites: from one to the other, with an item on its way or without."""

from collections.abc import Iterator

import pytest

from tests.sharepoint.delta_client import delta_url, is_deleted, live_names, pull
from tests.sharepoint.graph_client import Graph
from tests.sharepoint.page_client import Person

SECOND = "/sites/moment-2"
BIN = "_layouts/15/RecycleBin.aspx"


@pytest.fixture
def other(graph) -> Iterator[Graph]:
    graph.sharepoint.add_site(SECOND)
    with Graph(graph.sharepoint, site_path=SECOND) as session:
        yield session


@pytest.fixture
def person(graph) -> Iterator[Person]:
    with Person(graph) as somebody:
        yield somebody


def test_one_site_alone_speaks_of_no_others(person):
    assert "Other sites" not in person.page(person.site).text


def test_each_site_shows_its_own_libraries_and_leads_to_the_others(person, graph, other):
    graph.library("Contoso")
    other.library("Fabrikam")

    page = person.page(person.library)
    there = page.follow("Moment 2")
    back = there.follow("Documents").follow("Moment")

    assert "Contoso" in page.text
    assert "Fabrikam" not in page.text
    assert there.answer.url.endswith(SECOND)
    assert "Fabrikam" in there.text
    assert "Contoso" not in there.text
    assert back.answer.url == person.site


def test_what_is_done_in_the_other_site_happens_there(person, graph, other):
    item = other.upload("a.txt").json()
    page = person.page(f"{other.get(f'/drives/{other.drive}').json()['webUrl']}?item={item['id']}")

    assert page.submit("rename", name="b.txt").said == "Renamed."
    assert other.item("b.txt")["id"] == item["id"]
    stamp = person.get(f"{graph.sharepoint.url}{SECOND}/_layouts/15/stamp.aspx?folder={_root(other)}", timeout=9)
    assert stamp.status_code == 200
    assert person.get(stamp.url.replace(SECOND, "/sites/moment"), timeout=9).status_code == 404


def _root(graph: Graph) -> str:
    return graph.get(f"/drives/{graph.drive}/root").json()["id"]


def test_a_move_to_another_site_makes_a_new_item_and_both_deltas_tell_of_it(person, graph, other):
    item = graph.upload("Plans/a.txt", b"content").json()
    folder = graph.item("Plans")
    links = [pull(each, delta_url(each))[1] for each in (graph, other)]

    page = person.open_item(folder).follow("Move").follow("Moment 2").follow("Documents").submit("move")

    assert page.said == "Moved."
    assert "error" in graph.item("Plans")
    moved = other.item("Plans/a.txt")
    assert moved["id"] != item["id"]
    assert moved["parentReference"]["siteId"] == other.site
    assert moved["file"]["hashes"] == item["file"]["hashes"]
    told = [pull(graph, link)[0] for link in links]
    assert {each["id"] for each in told[0] if is_deleted(each)} == {folder["id"]}
    assert live_names(told[1]) == ["root", "Plans", "a.txt"]
    assert [entry["site"] for entry in graph.sharepoint.recycle_bin()] == ["/sites/moment"]


def test_a_move_that_the_other_site_has_no_room_for_leaves_everything(person, graph, other):
    item = graph.upload("a.txt", b"12345").json()
    other.upload("big.txt", bytes(8))
    graph.sharepoint.settings(quota_bytes=10)

    page = person.open_item(item).follow("Move").follow("Moment 2").follow("Documents").submit("move")

    assert (page.status, page.said) == (507, "The site has no space left.")
    assert page.answer.url.startswith(f"{graph.sharepoint.url}{SECOND}/")
    assert graph.item("a.txt")["id"] == item["id"]
    assert "error" in other.item("a.txt")


def test_each_site_has_a_recycle_bin_of_its_own(person, graph, other):
    items = [each.upload(name).json() for each, name in ((graph, "one.txt"), (other, "two.txt"))]
    for each, item in zip((graph, other), items, strict=True):
        each.delete(f"/drives/{each.drive}/items/{item['id']}")
    entry = next(row["id"] for row in graph.sharepoint.recycle_bin() if row["site"] == SECOND)

    page = person.page(f"{person.site}/{BIN}")
    assert "one.txt" in page.text
    assert "two.txt" not in page.text
    assert person.post(f"{person.site}/{BIN}", data={"entry": entry}, timeout=9).status_code == 404

    restored = person.page(f"{graph.sharepoint.url}{SECOND}/{BIN}").submit(f"{SECOND}/{BIN}")
    assert restored.said == "Restored, with the id it had."
    assert other.item("two.txt")["id"] == items[1]["id"]


def test_a_site_that_is_not_there_is_said_so_and_offers_those_that_are(person, graph):
    answer = person.get(f"{graph.sharepoint.url}/sites/none/Documents", timeout=9)

    assert answer.status_code == 404
    assert 'href="/sites/moment"' in answer.text

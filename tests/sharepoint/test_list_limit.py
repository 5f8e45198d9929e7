"""How many lists and libraries a site takes, and that thousands of them are listed, made and kept without waiting."""

import pytest
import requests

from tests.sharepoint.graph_client import Graph, code
from tools.sharepoint.running import LocalSharePoint


def make(graph: Graph, title: str) -> requests.Response:
    body = {"displayName": title, "list": {"template": "documentLibrary"}}
    return graph.post(f"/sites/{graph.site}/lists", json=body)


def pages(graph: Graph, query: str) -> list[list[dict]]:
    found, url = [], f"/sites/{graph.site}/lists?{query}"
    while url:
        body = graph.get(url).json()
        found.append(body["value"])
        url = body.get("@odata.nextLink", "")
    return found


def test_one_list_more_than_the_limit_is_refused_until_another_is_deleted(graph):
    graph.sharepoint.settings(lists_per_site=3)
    first = make(graph, "One").json()
    assert make(graph, "Two").status_code == 201

    refused = make(graph, "Three")
    assert code(refused) == (400, "invalidRequest")
    assert refused.json()["error"]["message"] == "The site cannot have more than 3 lists and libraries"
    assert code(make(graph, "ONE")) == (409, "nameAlreadyExists")

    graph.delete(f"/sites/{graph.site}/lists/{first['id']}")
    assert make(graph, "Three").status_code == 201
    assert make(graph, "Four").status_code == 400


def test_each_site_has_room_for_that_many(graph):
    graph.sharepoint.settings(lists_per_site=1)
    graph.sharepoint.add_site("/sites/moment-2")
    assert make(graph, "One").status_code == 400

    graph.sharepoint.settings(lists_per_site=2)
    graph.sharepoint.add_lists(1)

    assert make(graph, "One").status_code == 400
    with Graph(graph.sharepoint, site_path="/sites/moment-2") as other:
        assert make(other, "One").status_code == 201


def test_two_thousand_lists_fit_and_are_listed_page_by_page(graph):
    assert graph.sharepoint.add_lists(1999) == 2000

    for query, sizes in (("$select=id", [200] * 10), ("$select=id&$top=900", [900, 900, 200]), ("$top=5000", [2000])):
        found = pages(graph, query)
        assert [len(page) for page in found] == sizes
        assert len({each["id"] for page in found for each in page}) == 2000
    assert set(pages(graph, "$select=id")[0][0]) == {"id", "@odata.etag"}
    assert code(make(graph, "One more")) == (400, "invalidRequest")
    [[found]] = pages(graph, "$filter=displayName eq 'Library 1234'")
    assert graph.get(f"/sites/{graph.site}/lists/{found['id']}/drive").json()["name"] == "Library 1234"


def test_libraries_made_at_once_are_like_any_other(graph):
    graph.library("library 2")

    assert graph.sharepoint.add_lists(3) == 5
    assert graph.sharepoint.add_lists(1, title="Customer") == 6

    titles = [each["displayName"] for each in pages(graph, "$select=displayName")[0]]
    assert titles == ["Documents", "library 2", "Library 1", "Library 3", "Library 4", "Customer 1"]
    graph.drive = graph.get(f"/sites/{graph.site}/lists/Library 3/drive").json()["id"]
    assert graph.upload("a.txt").status_code == 201
    assert graph.item("a.txt")["webUrl"] == f"{graph.sharepoint.url}/sites/moment/Library%203/a.txt"
    assert make(graph, "Library 4").status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"count": 2000}, 400),
        ({"count": -1}, 400),
        ({"count": "many"}, 400),
        ({"count": True}, 400),
        ({"count": 1, "site": "/sites/none"}, 404),
        ({"count": 1, "sites": "/sites/moment"}, 501),
    ],
)
def test_filling_a_site_does_all_or_nothing(sharepoint, body, status):
    assert requests.post(f"{sharepoint.url}/_local/lists", json=body, timeout=9).status_code == status
    assert sharepoint.sites()[0]["lists"] == 1


def test_a_full_site_is_kept_over_a_restart(tmp_path):
    sites = ("/sites/moment", "/sites/moment-2")
    with LocalSharePoint(state=tmp_path, sites=sites) as first:
        first.add_lists(1999, "/sites/moment-2")
        with Graph(first, site_path="/sites/moment-2") as graph:
            before = pages(graph, "$select=id,displayName&$top=5000")

    with LocalSharePoint(state=tmp_path, sites=sites) as second, Graph(second, site_path="/sites/moment-2") as graph:
        assert pages(graph, "$select=id,displayName&$top=5000") == before
        assert make(graph, "One more").status_code == 400
        assert [each["lists"] for each in second.sites()] == [1, 2000]

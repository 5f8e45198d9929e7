"""The control plane's way to a library of many files."""

import pytest
import requests

from tests.sharepoint.delta_client import delta_url, live_names, pull, start


def test_many_files_are_made_at_once_each_with_a_content_and_an_id_of_its_own(graph):
    total = graph.sharepoint.add_files(300, "Documents", "Scans")

    items, _ = pull(graph, delta_url(graph))
    files = [item for item in items if "file" in item]
    assert total == len(items) == 302
    assert len({item["id"] for item in files}) == len({item["file"]["hashes"]["quickXorHash"] for item in files}) == 300
    assert {item["createdBy"]["user"]["displayName"] for item in files} == {"Grace Hopper"}
    content = graph.get(f"/drives/{graph.drive}/items/{files[0]['id']}/content")
    assert len(content.content) == files[0]["size"] > 0


def test_the_delta_tells_of_them_and_more_can_follow_in_the_same_folder(graph):
    graph.sharepoint.add_files(1, "Documents", "Scans")
    link = start(graph)

    graph.sharepoint.add_files(1, "Documents", "Scans")
    graph.sharepoint.add_files(1, "Documents")

    assert sorted(live_names(pull(graph, link)[0])) == ["File 1 1.txt", "File 1.txt", "Scans", "root"]


@pytest.mark.parametrize("count", [-1, "3", 10_001])
def test_what_is_no_number_of_files_is_refused(graph, count):
    url = f"{graph.sharepoint.url}/_local/files"
    assert requests.post(url, json={"list": "Documents", "count": count}, timeout=30).status_code == 400

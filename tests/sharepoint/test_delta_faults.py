"""Delta that misbehaves on purpose, in the ways the real one is documented or was seen to."""

from datetime import UTC, datetime

import pytest
import requests

from tests.sharepoint.delta_client import by_name, delta_url, ids, is_deleted, live_names, pull, pull_pages, start
from tests.sharepoint.graph_client import code
from tools.sharepoint.state.changes import ChangeLog

KINDS = ["resyncChangesApplyDifferences", "resyncChangesUploadDifferences"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_expired_token_is_410_with_the_address_of_a_full_pull(graph, kind):
    graph.upload("kept.txt")
    gone = graph.upload("gone.txt").json()
    link = start(graph)
    graph.delete(f"/drives/{graph.drive}/items/{gone['id']}")
    graph.sharepoint.fault({"expire_delta_tokens": kind})

    answer = graph.get(link)
    items, later = pull(graph, answer.headers["Location"])

    assert code(answer) == (410, kind)
    assert live_names(items) == ["root", "kept.txt"]
    assert not any(is_deleted(item) for item in items)
    assert pull(graph, later)[0] == []
    assert graph.get(link).status_code == 410


def test_tokens_expire_by_age_and_the_location_keeps_the_options(graph):
    link = pull(graph, delta_url(graph, "$select=id,name"))[1]
    graph.sharepoint.settings(delta_token_life_s=3600)
    graph.sharepoint.advance(3500)
    assert graph.get(link).status_code == 200
    graph.sharepoint.advance(200)
    graph.sign_in()

    answer = graph.get(link)

    assert answer.status_code == 410
    assert "select" in answer.headers["Location"]


def test_one_library_alone_can_lose_its_tokens(graph):
    graph.library("Other")
    link = start(graph)
    graph.sharepoint.fault({"expire_delta_tokens": KINDS[0], "list": "Other"})

    assert graph.get(link).status_code == 200


def test_delta_can_lag_behind_writes(graph):
    link = start(graph)
    graph.sharepoint.fault({"delta_lag_ms": 5000})
    graph.upload("a.txt")

    items, later = pull(graph, link)

    assert items == []
    graph.sharepoint.advance(6)
    assert live_names(pull(graph, later)[0]) == ["root", "a.txt"]


def test_a_first_pull_under_lag_misses_nothing_in_the_end(graph):
    graph.upload("old.txt")
    graph.sharepoint.advance(10)
    graph.sharepoint.fault({"delta_lag_ms": 5000})
    graph.upload("new.txt")

    items, link = pull(graph, delta_url(graph))

    assert live_names(items) == ["root", "old.txt"]
    graph.sharepoint.advance(6)
    assert live_names(pull(graph, link)[0]) == ["root", "new.txt"]


def test_tombstones_can_be_missing(graph):
    items = [graph.upload(f"{number}.txt").json() for number in range(2)]
    link = start(graph)
    graph.sharepoint.fault({"missing_tombstones": 1})

    for item in items:
        graph.delete(f"/drives/{graph.drive}/items/{item['id']}")

    assert [each["id"] for each in pull(graph, link)[0] if is_deleted(each)] == [items[1]["id"]]


def test_unchanged_items_can_come_along(graph):
    graph.upload("a.txt")
    graph.upload("b.txt")
    link = start(graph)
    graph.sharepoint.fault({"unchanged_items": 2})

    items, later = pull(graph, link)

    assert live_names(items) == ["root", "a.txt"]
    assert pull(graph, later)[0] == []


def test_items_can_come_on_two_pages(graph):
    link = start(graph)
    for number in range(4):
        graph.upload(f"{number}.txt")
    graph.sharepoint.fault({"repeated_items": 2})

    pages = pull_pages(graph, link + "&$top=4")

    assert [live_names(page["value"]) for page in pages] == [
        ["root", "0.txt", "1.txt", "2.txt"],
        ["root", "1.txt", "2.txt", "3.txt"],
    ]


def test_a_pull_of_one_page_can_be_repeated_in_part(graph):
    link = start(graph)
    item = graph.upload("a.txt").json()
    graph.sharepoint.fault({"repeated_items": 5})

    items, _ = pull(graph, link)

    assert ids(items).count(item["id"]) == 2


def test_a_page_can_be_empty_and_have_a_next_link(graph):
    link = start(graph)
    graph.upload("a.txt")
    graph.sharepoint.fault({"empty_pages": 2})

    pages = pull_pages(graph, link)

    assert [len(page["value"]) for page in pages] == [0, 0, 2]


def test_a_file_that_was_moved_in_can_have_old_dates(graph):
    graph.upload("a/one.txt")
    one, folder = graph.item("a/one.txt"), graph.folder("b").json()
    link = start(graph)
    graph.sharepoint.fault({"old_dates": 2, "old_dates_days": 100})

    graph.upload("two.txt")
    graph.patch(f"/drives/{graph.drive}/items/{one['id']}", json={"parentReference": {"id": folder["id"]}})
    graph.upload("three.txt")

    items, _ = pull(graph, link)
    ages = {
        name: (datetime.now(UTC) - datetime.fromisoformat(by_name(items, name)["lastModifiedDateTime"])).days
        for name in ("one.txt", "two.txt", "three.txt")
    }
    assert ages == {"one.txt": 100, "two.txt": 100, "three.txt": 0}


def test_faults_are_listed_cleared_and_checked(graph):
    control = f"{graph.sharepoint.url}/_local/faults"
    graph.sharepoint.fault({"empty_pages": 3, "delta_lag_ms": 10})

    assert requests.get(control, timeout=9).json()["changes"]["empty_pages"] == 3
    graph.sharepoint.clear_faults()
    assert requests.get(control, timeout=9).json()["changes"]["empty_pages"] == 0
    for wrong in ({"empty_pages": "many"}, {"odd": 1}, {"expire_delta_tokens": "odd"}):
        assert requests.post(control, json=wrong, timeout=9).status_code == 400


def test_the_log_does_not_grow_with_changes_of_the_same_items():
    """A page is looked up by bisection, and what lies behind it is at most this much."""
    log = ChangeLog()
    for number in range(50_000):
        log.record(f"item {number % 500}", float(number))

    assert len(log.entries) <= 1_000 + 2 * 500
    assert [change.sequence for change in log.current_after(49_997, 1e9)] == [49_998, 49_999, 50_000]
    assert log.end(10.0) <= 11
    assert log.end(1e9) == 50_000

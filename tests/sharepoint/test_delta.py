"""Drive delta: what a client learns about created, changed, moved and deleted items."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sharepoint.delta_client import (
    by_name,
    delta_url,
    ids,
    is_deleted,
    live_names,
    pull,
    pull_pages,
    start,
)
from tests.sharepoint.graph_client import code


def test_a_first_pull_enumerates_everything_with_the_root(graph):
    graph.upload("a/b/c.txt")

    items, link = pull(graph, delta_url(graph))

    assert live_names(items) == ["root", "a", "b", "c.txt"]
    assert items[0]["root"] == {}
    assert items[-1]["file"]["hashes"]["quickXorHash"]
    assert pull(graph, link)[0] == []


def test_a_new_file_comes_with_its_ancestors_up_to_the_root(graph):
    graph.upload("a/b/old.txt")
    link = start(graph)

    graph.upload("a/b/c.txt")

    assert live_names(pull(graph, link)[0]) == ["root", "a", "b", "c.txt"]


@pytest.mark.parametrize("headers", [{"deltaExcludeParent": "true"}, {"Prefer": "x, deltaExcludeParent"}])
def test_ancestors_other_than_the_root_can_be_left_out(graph, headers):
    link = start(graph)
    graph.upload("a/b/c.txt")
    link_later = start(graph)
    graph.upload("a/b/c.txt", b"again")

    assert live_names(pull(graph, link, **headers)[0]) == ["root", "a", "b", "c.txt"]
    assert live_names(pull(graph, link_later, **headers)[0]) == ["root", "c.txt"]


def test_an_item_changed_twice_shows_once_in_its_latest_state(graph):
    item = graph.upload("a.txt").json()
    link = start(graph)

    graph.upload("a.txt", b"longer than before")
    graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"name": "b.txt"})

    found = [each for each in pull(graph, link)[0] if each["id"] == item["id"]]
    assert [(each["name"], each["size"]) for each in found] == [("b.txt", 18)]


def test_a_folder_rename_shows_the_folder_and_not_what_is_in_it(graph):
    graph.upload("top/old/inner/file.txt")
    folder = graph.item("top/old")
    link = start(graph)

    graph.patch(f"/drives/{graph.drive}/items/{folder['id']}", json={"name": "new"})

    assert live_names(pull(graph, link)[0]) == ["root", "top", "new"]


def test_a_folder_move_shows_the_folder_with_its_new_parent_only(graph):
    graph.upload("one/sub/file.txt")
    graph.upload("two/other.txt")
    one, two, sub = graph.item("one"), graph.item("two"), graph.item("one/sub")
    link = start(graph)

    graph.patch(f"/drives/{graph.drive}/items/{sub['id']}", json={"parentReference": {"id": two["id"]}})

    items = pull(graph, link)[0]
    assert live_names(items) == ["root", "two", "sub"]
    assert by_name(items, "sub")["parentReference"]["id"] == two["id"]
    assert one["id"] not in ids(items)


def test_paths_and_ctags_are_left_out_unless_asked_for(graph):
    graph.upload("a/b.txt")

    plain = by_name(pull(graph, delta_url(graph))[0], "b.txt")
    graph.sharepoint.settings(delta_parent_path=True, delta_c_tag=True)
    full = by_name(pull(graph, delta_url(graph))[0], "b.txt")

    assert set(plain["parentReference"]) == {"driveId", "driveType", "siteId", "id"}
    assert "cTag" not in plain
    assert full["parentReference"]["path"] == f"/drives/{graph.drive}/root:/a"
    assert full["cTag"]


def test_a_deleted_file_is_a_tombstone_without_a_name(graph):
    item = graph.upload("a.txt").json()
    link = start(graph)

    graph.delete(f"/drives/{graph.drive}/items/{item['id']}")

    tombstone = next(each for each in pull(graph, link)[0] if each["id"] == item["id"])
    assert set(tombstone) == {"id", "parentReference", "deleted"}
    assert tombstone["deleted"] == {"state": "deleted"}
    assert tombstone["parentReference"]["driveId"] == graph.drive
    assert item["id"] not in ids(pull(graph, delta_url(graph))[0])


@pytest.mark.parametrize("told", [False, True])
def test_a_deleted_folder_may_or_may_not_come_with_its_descendants(graph, told):
    graph.sharepoint.settings(descendant_tombstones=told)
    inner = graph.upload("folder/sub/a.txt").json()
    folder = graph.item("folder")
    link = start(graph)

    graph.delete(f"/drives/{graph.drive}/items/{folder['id']}")

    gone = [each["id"] for each in pull(graph, link)[0] if is_deleted(each)]
    assert folder["id"] in gone
    assert (inner["id"] in gone) is told
    assert len(gone) == (3 if told else 1)


def test_a_file_made_and_deleted_between_pulls_may_show_as_a_delete_or_not_at_all(graph):
    link = start(graph)
    item = graph.upload("a.txt").json()
    graph.delete(f"/drives/{graph.drive}/items/{item['id']}")

    shown = [each for each in pull(graph, link)[0] if each["id"] == item["id"]]
    graph.sharepoint.settings(short_lived_tombstones=False)
    hidden = [each for each in pull(graph, link)[0] if each["id"] == item["id"]]

    assert [is_deleted(each) for each in shown] == [True]
    assert hidden == []


def test_a_restored_file_comes_back_live_with_its_id_and_its_fields(graph):
    item = graph.upload("a/b.txt").json()
    fields = f"/drives/{graph.drive}/items/{item['id']}/listItem/fields"
    graph.patch(fields, json={"Title": "kept"})
    link = start(graph)
    graph.delete(f"/drives/{graph.drive}/root:/a")
    _, link = pull(graph, link)

    graph.sharepoint.restore(graph.sharepoint.recycle_bin()[0]["id"])

    items, _ = pull(graph, link)
    assert live_names(items) == ["root", "a", "b.txt"]
    assert by_name(items, "b.txt")["id"] == item["id"]
    assert graph.get(fields).json()["Title"] == "kept"
    assert graph.sharepoint.recycle_bin() == []


def test_a_restored_folder_may_come_without_its_descendants(graph):
    graph.sharepoint.settings(restored_descendants=False)
    graph.upload("a/b.txt")
    folder = graph.item("a")
    link = start(graph)
    graph.delete(f"/drives/{graph.drive}/items/{folder['id']}")
    _, link = pull(graph, link)

    graph.sharepoint.restore(folder["id"])

    assert live_names(pull(graph, link)[0]) == ["root", "a"]
    assert live_names(pull(graph, delta_url(graph))[0]) == ["root", "b.txt", "a"]


def test_a_file_is_restored_into_a_folder_made_again_and_beside_one_of_its_name(graph):
    first = graph.upload("a/b.txt").json()
    graph.delete(f"/drives/{graph.drive}/items/{first['id']}")
    graph.delete(f"/drives/{graph.drive}/root:/a")
    graph.sharepoint.restore(first["id"])
    second = graph.upload("c.txt").json()
    graph.delete(f"/drives/{graph.drive}/items/{second['id']}")
    graph.upload("c.txt")

    graph.sharepoint.restore(second["id"])

    assert graph.item("a/b.txt")["id"] == first["id"]
    assert graph.item("c 1.txt")["id"] == second["id"]


@pytest.mark.parametrize("told", [True, False])
def test_a_change_of_columns_raises_the_etag_and_shows_unless_switched_off(graph, told):
    graph.sharepoint.settings(field_edits_in_drive_delta=told)
    item = graph.upload("a.txt").json()
    link = start(graph)

    graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json={"Title": "x"})

    found = [each for each in pull(graph, link)[0] if each["id"] == item["id"]]
    assert len(found) == told
    assert all(each["eTag"] != item["eTag"] for each in found)


def test_a_file_rewritten_later_shows_again(graph):
    graph.sharepoint.settings(rewrite_asynchronously=True, rewrite_delay_ms=100)
    item = graph.upload("a.html", b"<html><head></head></html>").json()
    link = start(graph)

    for _ in range(100):
        found = pull(graph, link)[0]
        if found:
            break
        time.sleep(0.02)

    assert by_name(found, "a.html")["id"] == item["id"]
    assert by_name(found, "a.html")["size"] > item["size"]


def test_pages_have_exactly_one_link_and_keep_the_options(graph):
    for number in range(7):
        graph.upload(f"{number}.txt")

    pages = pull_pages(graph, delta_url(graph, "$top=3&$select=id,name"))

    assert [len(page["value"]) for page in pages] == [3, 3, 2]
    assert all(("@odata.nextLink" in page) != ("@odata.deltaLink" in page) for page in pages)
    assert all(set(item) <= {"id", "name", "@odata.etag"} for page in pages for item in page["value"])
    assert pages[0]["@odata.nextLink"].startswith(f"{graph.base}/drives/{graph.drive}/root/delta?")
    assert "%24select" in pages[-1]["@odata.deltaLink"]


def test_a_page_has_200_items_unless_told_otherwise(graph):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: graph.upload(f"{number}.txt"), range(205)))

    assert [len(page["value"]) for page in pull_pages(graph, delta_url(graph))] == [200, 6]


def test_an_item_that_changes_between_pages_shows_again_on_a_later_one(graph):
    first = graph.upload("0.txt").json()
    for number in range(1, 5):
        graph.upload(f"{number}.txt")

    page = graph.get(delta_url(graph, "$top=3")).json()
    graph.patch(f"/drives/{graph.drive}/items/{first['id']}", json={"name": "renamed.txt"})
    rest, _ = pull(graph, page["@odata.nextLink"])

    assert first["id"] in ids(page["value"])
    assert by_name(rest, "renamed.txt")["id"] == first["id"]


def test_an_item_deleted_between_the_pages_of_a_first_pull_gets_a_tombstone(graph):
    before = graph.upload("before.txt").json()
    graph.delete(f"/drives/{graph.drive}/items/{before['id']}")
    first = graph.upload("0.txt").json()
    graph.upload("1.txt")

    page = graph.get(delta_url(graph, "$top=2")).json()
    graph.delete(f"/drives/{graph.drive}/items/{first['id']}")
    rest, _ = pull(graph, page["@odata.nextLink"])

    assert [each["id"] for each in rest if is_deleted(each)] == [first["id"]]


def test_latest_skips_what_exists(graph):
    graph.upload("a.txt")

    page = graph.get(delta_url(graph, "token=latest")).json()

    assert page["value"] == []
    graph.upload("b.txt")
    assert live_names(pull(graph, page["@odata.deltaLink"])[0]) == ["root", "b.txt"]


def test_a_time_serves_as_a_token(graph):
    old = graph.upload("old.txt").json()
    graph.sharepoint.advance(100)
    moment = graph.upload("a.txt").json()["lastModifiedDateTime"]

    items, link = pull(graph, delta_url(graph, f"token={moment}"))

    assert live_names(items) == ["root", "a.txt"]
    assert old["id"] not in ids(items)
    assert pull(graph, link)[0] == []
    assert graph.get(delta_url(graph, "token=2026-13-45T00:00:00Z")).status_code == 400


def test_every_spelling_of_the_address_is_understood(graph):
    graph.upload("a.txt")
    token = start(graph).partition("token=")[2]
    graph.upload("b.txt")

    for address in (
        f"/drives/{graph.drive}/root/delta(token='{token}')",
        f"/drives/{graph.drive}/root/microsoft.graph.delta(token='{token}')",
        f"/drives/{graph.drive}/items/root/delta?token={token}",
        f"/drives/{graph.drive}/items/root/delta()?token={token}",
        f"/sites/{graph.site}/drive/root/delta?token={token}",
    ):
        items, link = pull(graph, address)
        assert live_names(items) == ["root", "b.txt"], address
        assert pull(graph, link)[0] == []


def test_a_pull_costs_one_unit_with_a_token_and_two_without(graph):
    link = start(graph)
    graph.sharepoint.clear_requests()

    graph.get(link)
    graph.get(delta_url(graph, "token=latest"))
    graph.get(f"/drives/{graph.drive}/root/delta(token='latest')")
    graph.get(delta_url(graph))

    assert [each["ru"] for each in graph.sharepoint.requests()] == [1, 1, 1, 2]


def test_the_list_item_cannot_be_expanded(graph):
    answer = graph.get(delta_url(graph, "$expand=listItem"))

    assert code(answer) == (400, "invalidRequest")
    assert answer.json()["error"]["message"] == "One of the provided arguments is not acceptable"
    assert graph.get(delta_url(graph, "$expand=permissions")).status_code == 501


def test_sharepoint_ids_come_when_selected(graph):
    item = graph.upload("a.txt").json()

    found = by_name(pull(graph, delta_url(graph, "$select=*,sharepointIds"))[0], "a.txt")

    assert found["id"] == item["id"]
    assert found["sharepointIds"]["listItemId"] == "1"


def test_a_token_of_another_library_and_rubbish_are_refused(graph):
    other = graph.library("Other")
    drive = graph.get(f"/sites/{graph.site}/lists/{other['id']}/drive").json()["id"]
    token = start(graph).partition("token=")[2]

    assert graph.get(f"/drives/{drive}/root/delta?token={token}").status_code == 400
    assert graph.get(delta_url(graph, "token=rubbish")).status_code == 400

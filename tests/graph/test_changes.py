"""Deltas of the local SharePoint: what they bring, what they cost, and what an expired link means."""

import pytest

from shared.errors import PermanentError, ResyncRequired, Unavailable
from shared.graph.sharepoint import GraphSharePoint
from shared.model.directory import Columns
from shared.model.drive_items import ColumnChange, unique_id_of
from tests.graph.conftest import CLIENT_ID
from tests.graph.ledger import spent
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer

ROOT = "root"
FLAVOURS = ["resyncChangesApplyDifferences", "resyncChangesUploadDifferences", "resyncRequired", "syncStateNotFound"]
COLUMNS = Columns(activity="Audit", year="2026", period="11/2026", tags=("red", "blue; green"))


def all_pages(ask, link=""):
    """Every entry, last one of an id wins, and the link for the next pull."""
    found = {}
    while True:
        page = ask(link)
        found |= {getattr(each, "id", None) or each.unique_id: each for each in page.entries}
        if page.is_last:
            return list(found.values()), page.link
        link = page.link


def pull(graph, library, link=""):
    return all_pages(lambda at: graph.changes(library.drive_id, at), link)


def pull_columns(graph, library, link=""):
    return all_pages(lambda at: graph.column_changes(library.site_id, library.list_id, at), link)


def scripted(server):
    return GraphSharePoint(a_transport(server.url, PassingTime()), "site-id")


def test_a_first_pull_brings_everything_that_there_is(graph, library):
    folder = graph.create_folder(library.drive_id, ROOT, "Website")
    item = graph.put_file(library.drive_id, folder.id, "a.txt", b"hello")

    entries, _ = pull(graph, library)

    found = {each.item.name: each.item for each in entries}
    assert found["root"].is_root
    assert (found["Website"].is_folder, found["Website"].parent_id) == (True, found["root"].id)
    assert (found["a.txt"].id, found["a.txt"].parent_id, found["a.txt"].size_bytes) == (item.id, folder.id, 5)
    assert found["a.txt"].quick_xor_hash == item.quick_xor_hash
    assert found["a.txt"].e_tag == item.e_tag
    assert found["a.txt"].modified_at == item.modified_at


def test_an_item_of_the_app_shows_the_app(graph, library):
    item = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")

    entries, _ = pull(graph, library)

    [found] = [each.item for each in entries if each.id == item.id]
    assert found.created_by_app == CLIENT_ID
    assert found.created_by


def test_a_page_of_a_first_pull_costs_two_units_and_an_idle_pull_one_request_and_one(graph, library, sharepoint):
    graph.put_file(library.drive_id, ROOT, "a.txt", b"x")
    with spent(sharepoint) as first:
        _, link = pull(graph, library)
    with spent(sharepoint) as idle:
        entries, _ = pull(graph, library, link)

    assert (first.requests, first.ru) == (1, 2)
    assert (idle.requests, idle.ru) == (1, 1)
    assert entries == []


def test_pages_are_followed_to_the_last(graph, library, sharepoint):
    for number in range(210):
        graph.create_folder(library.drive_id, ROOT, f"Folder {number}")

    with spent(sharepoint) as cost:
        entries, _ = pull(graph, library)

    assert len(entries) == 211
    assert cost.requests == 2


def test_later_pulls_bring_what_happened_since(graph, library):
    kept = graph.put_file(library.drive_id, ROOT, "kept.txt", b"x")
    gone = graph.put_file(library.drive_id, ROOT, "gone.txt", b"x")
    _, link = pull(graph, library)
    graph.update_item(kept.drive_id, kept.id, kept.e_tag, "renamed.txt")
    graph.delete_item(gone.drive_id, gone.id, gone.e_tag)

    entries, later = pull(graph, library, link)

    found = {each.id: each.item for each in entries}
    assert found[kept.id].name == "renamed.txt"
    assert found[gone.id] is None
    assert pull(graph, library, later)[0] == []


def test_a_change_deep_down_does_not_bring_the_folders_above_it(graph, library):
    outer = graph.create_folder(library.drive_id, ROOT, "Outer")
    inner = graph.create_folder(library.drive_id, outer.id, "Inner")
    _, link = pull(graph, library)
    item = graph.put_file(library.drive_id, inner.id, "a.txt", b"x")

    entries, _ = pull(graph, library, link)

    assert {each.id for each in entries if not (each.item and each.item.is_root)} == {item.id}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_expired_link_says_where_everything_is_listed_anew(graph, library, sharepoint, flavour):
    item = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")
    _, link = pull(graph, library)
    sharepoint.fault({"expire_delta_tokens": flavour})

    with pytest.raises(ResyncRequired) as lost:
        graph.changes(library.drive_id, link)

    assert lost.value.link
    assert lost.value.link not in str(lost.value)
    assert item.id in {each.id for each in pull(graph, library, lost.value.link)[0]}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_so_does_an_expired_link_of_columns(graph, library, sharepoint, flavour):
    item = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")
    graph.set_columns(item.drive_id, item.id, COLUMNS)
    _, link = pull_columns(graph, library)
    sharepoint.fault({"expire_delta_tokens": flavour})

    with pytest.raises(ResyncRequired) as lost:
        graph.column_changes(library.site_id, library.list_id, link)

    assert [each.activity for each in pull_columns(graph, library, lost.value.link)[0]] == ["Audit"]


@pytest.mark.parametrize("location", [None, "https://elsewhere.example/v1.0/delta", "/relative"])
def test_an_expired_link_without_a_usable_location_starts_from_nothing(location):
    gone = Answer(410, {}, {"Location": location} if location else {})
    with ScriptedServer(gone) as server, pytest.raises(ResyncRequired) as lost:
        scripted(server).changes("d", f"{server.url}/v1.0/drives/d/root/delta?token=1")

    assert lost.value.link == ""


def test_a_location_that_is_expired_itself_is_not_gone_to_again():
    with ScriptedServer() as server:
        link = f"{server.url}/v1.0/drives/d/root/delta?token=1"
        server.answers = [Answer(410, {}, {"Location": link})]
        with pytest.raises(ResyncRequired) as lost:
            scripted(server).changes("d", link)

    assert lost.value.link == ""


def test_where_a_fresh_list_is_refused_as_expired_only_time_helps():
    with ScriptedServer(Answer(410)) as server, pytest.raises(Unavailable) as failure:
        scripted(server).changes("d", "")

    assert failure.value.delay_s >= 60
    assert len(server.asked) == 1


def test_a_link_is_called_as_it_is_with_the_preference_and_given_on_as_it_is():
    with ScriptedServer() as server:
        link = f"{server.url}/v1.0/drives/d/root/delta(token='a%2Bb')"
        following = f"{server.url}/v1.0/drives/d/root/delta?token=x%20y"
        server.answers = [Answer(200, {"value": [], "@odata.nextLink": following})]
        page = scripted(server).changes("d", link)

    assert (page.entries, page.link, page.is_last) == ((), following, False)
    [asked] = server.asked
    assert asked.path == "/v1.0/drives/d/root/delta(token='a%2Bb')"
    assert asked.headers["deltaExcludeParent"] == "true"
    assert asked.headers["Prefer"] == "deltaExcludeParent"


@pytest.mark.parametrize(("ask", "place"), [("changes", ("d",)), ("column_changes", ("s", "l"))])
def test_a_link_to_another_host_is_not_followed(ask, place):
    with ScriptedServer() as server, pytest.raises(PermanentError, match="another host"):
        getattr(scripted(server), ask)(*place, "https://elsewhere.example/v1.0/delta?token=1")

    assert server.asked == []


def test_columns_come_by_unique_id(graph, library, sharepoint):
    item = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")
    plain = graph.put_file(library.drive_id, ROOT, "plain.txt", b"x")
    graph.set_columns(item.drive_id, item.id, COLUMNS)

    with spent(sharepoint) as first:
        entries, link = pull_columns(graph, library)
    with spent(sharepoint) as idle:
        later, _ = pull_columns(graph, library, link)

    assert {each.unique_id: each for each in entries} == {
        unique_id_of(item.e_tag): ColumnChange(
            unique_id_of(item.e_tag), "Audit", "2026", "11/2026", ("red", "blue; green")
        ),
        unique_id_of(plain.e_tag): ColumnChange(unique_id_of(plain.e_tag)),
    }
    assert later == []
    assert (first.requests, first.ru, idle.requests, idle.ru) == (1, 2, 1, 1)


def test_a_column_that_was_cleared_comes_empty(graph, library):
    item = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")
    e_tag = graph.set_columns(item.drive_id, item.id, COLUMNS).e_tag
    _, link = pull_columns(graph, library)
    graph.write_columns(item.drive_id, item.id, e_tag, Columns(activity="Audit"))

    entries, _ = pull_columns(graph, library, link)

    assert entries == [ColumnChange(unique_id_of(item.e_tag), activity="Audit")]


def test_of_a_deleted_item_the_columns_say_nothing(graph, library):
    item = graph.put_file(library.drive_id, ROOT, "a.txt", b"x")
    _, link = pull_columns(graph, library)
    graph.delete_item(item.drive_id, item.id, item.e_tag)

    assert pull_columns(graph, library, link)[0] == []


@pytest.mark.parametrize("query", ["", "?token=1"])
def test_a_link_that_lost_the_columns_gets_them_back(query):
    with ScriptedServer() as server:
        lost = f"{server.url}/v1.0/sites/site-id/lists/l/items/delta{query}"
        server.answers = [Answer(200, {"value": [], "@odata.deltaLink": lost})]
        page = scripted(server).column_changes("s", "l", lost)

    assert page.link.startswith(lost)
    assert "expand=fields" in page.link
    assert server.asked[0].path == page.link.removeprefix(server.url)


def test_a_link_that_kept_the_columns_stays_as_it_is():
    with ScriptedServer() as server:
        kept = f"{server.url}/v1.0/sites/site-id/lists/l/items/delta?%24expand=fields&token=1"
        server.answers = [Answer(200, {"value": [], "@odata.deltaLink": kept})]
        page = scripted(server).column_changes("s", "l", kept)

    assert page.link == kept
    assert server.asked[0].path == kept.removeprefix(server.url)

"""Several sites side by side: each has libraries, columns, a recycle bin and a quota of its own."""

import base64
import json
import uuid
from collections.abc import Iterator

import pytest
import requests

from tests.sharepoint.delta_client import delta_url, is_deleted, live_names, pull, start
from tests.sharepoint.graph_client import Graph, code, fragment
from tests.sharepoint.receiver import Receiver, wait_until
from tests.sharepoint.test_subscriptions import subscribe
from tools.sharepoint.running import LocalSharePoint

SECOND = "/sites/moment-2"


@pytest.fixture
def other(graph) -> Iterator[Graph]:
    """A client of the second site."""
    graph.sharepoint.add_site(SECOND)
    with Graph(graph.sharepoint, site_path=SECOND) as session:
        yield session


def test_two_sites_and_their_libraries_of_one_name_have_ids_of_their_own(graph, other):
    made = [each.library("Contoso") for each in (graph, other)]
    drives = [each.get(f"/sites/{each.site}/lists/Contoso/drive").json() for each in (graph, other)]

    assert graph.site != other.site
    assert made[0]["id"] != made[1]["id"]
    assert drives[0]["id"] != drives[1]["id"]
    assert [each["parentReference"]["siteId"] for each in made] == [graph.site, other.site]
    assert [each["webUrl"] for each in drives] == [
        f"{graph.sharepoint.url}/sites/moment/Contoso",
        f"{graph.sharepoint.url}/sites/moment-2/Contoso",
    ]


def test_a_drive_id_holds_the_ids_of_its_site_and_list(graph, other):
    made = other.library("Contoso")
    drive = other.get(f"/sites/{other.site}/lists/{made['id']}/drive").json()["id"]
    packed = base64.urlsafe_b64decode(drive.removeprefix("b!"))

    guids = [str(uuid.UUID(bytes_le=packed[place : place + 16])) for place in (0, 16, 32)]

    assert guids == [*other.site.split(",")[1:], made["id"]]


def test_a_drive_is_found_in_whatever_site_it_is_and_leads_to_its_list_there(graph, other):
    made = other.library("Contoso")
    drive = graph.get(f"/sites/{other.site}/lists/{made['id']}/drive").json()["id"]

    assert graph.get(f"/drives/{drive}").json()["name"] == "Contoso"
    found = graph.get(f"/drives/{drive}/list").json()
    assert (found["id"], found["parentReference"]["siteId"]) == (made["id"], other.site)
    assert graph.get(f"/sites/{graph.site}/lists/{made['id']}").status_code == 404
    assert graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive/root").status_code == 404


def test_an_item_names_the_site_it_lies_in(graph, other):
    items = [each.upload("a.txt").json() for each in (graph, other)]
    url = f"/drives/{other.drive}/items/{items[1]['id']}"
    ids = other.get(f"{url}?$select=sharepointIds").json()["sharepointIds"]

    assert [each["parentReference"]["siteId"] for each in items] == [graph.site, other.site]
    assert other.get(f"{url}/listItem").json()["parentReference"]["siteId"] == other.site
    assert other.site == f"contoso.sharepoint.com,{ids['siteId']},{ids['webId']}"
    assert ids["siteUrl"] == "https://contoso.sharepoint.com/sites/moment-2"


@pytest.mark.parametrize(
    "address", ["{id}", "contoso.sharepoint.com:/sites/Moment-2:", "CONTOSO.sharepoint.com:{path}:"]
)
def test_every_spelling_of_a_site_leads_to_its_own_content(graph, other, address):
    graph.upload("one.txt")
    other.upload("two.txt")
    site = "/sites/" + address.format(id=other.site, path=SECOND)

    assert graph.get(site.removesuffix(":")).json()["id"] == other.site
    assert graph.get(f"{site}/drive").json()["id"] == other.drive
    assert live_names(graph.get(f"{site}/drive/root/children").json()["value"]) == ["two.txt"]
    assert live_names(graph.get(f"{site}/lists/Documents/drive/root/children").json()["value"]) == ["two.txt"]
    [row] = graph.get(f"{site}/lists/Documents/items?$expand=driveItem").json()["value"]
    assert row["driveItem"]["name"] == "two.txt"


def test_root_is_the_first_site(graph, other):
    assert graph.get("/sites/root").json()["id"] == graph.site
    assert graph.get("/sites/root/drive").json()["id"] == graph.drive


@pytest.mark.parametrize("rest", ["", "/lists", "/drive", "/drive/root", "/lists/Documents/drive/root"])
@pytest.mark.parametrize(
    "site", ["contoso.sharepoint.com:/sites/none", "contoso.sharepoint.com,a,b", "fabrikam.com:/sites/moment"]
)
def test_a_site_that_is_not_there_is_not_found(graph, site, rest):
    closed = f"{site}:" if ":" in site and rest else site

    assert code(graph.get(f"/sites/{closed}{rest}")) == (404, "itemNotFound")


def test_columns_and_content_types_belong_to_one_site(graph, other):
    column = graph.post(f"/sites/{graph.site}/columns", json={"name": "momentYear", "text": {}}).json()
    body = {"name": "Moment file", "base": {"id": "0x0101"}}
    content_type = graph.post(f"/sites/{graph.site}/contentTypes", json=body).json()

    assert graph.get(f"/sites/{other.site}/columns/{column['id']}").status_code == 404
    assert graph.get(f"/sites/{other.site}/contentTypes/{content_type['id']}").status_code == 404
    assert other.post(f"/sites/{other.site}/columns", json={"name": "momentYear", "text": {}}).status_code == 201
    assert other.post(f"/sites/{other.site}/contentTypes", json=body).status_code == 201


def test_files_go_up_in_pieces_and_down_again_at_the_sites_own_address(graph, other):
    url = other.session("a.bin").json()["uploadUrl"]
    item = fragment(url, b"content", 0, 7).json()

    assert url.startswith(f"{graph.sharepoint.url}/sites/moment-2/_api/")
    assert item["parentReference"]["driveId"] == other.drive
    download = item["@microsoft.graph.downloadUrl"]
    assert requests.get(download, timeout=9).content == b"content"
    assert requests.get(download.replace(SECOND, "/sites/moment"), timeout=9).status_code == 404
    assert requests.get(item["webUrl"], timeout=9).content == b"content"
    assert "error" in graph.item("a.bin")


def test_delta_tells_of_one_site_only(graph, other):
    links = [start(each) for each in (graph, other)]
    graph.upload("one.txt")
    gone = other.upload("two.txt").json()
    other.delete(f"/drives/{other.drive}/items/{gone['id']}")

    told = [pull(graph, link)[0] for link in links]

    assert live_names(told[0]) == ["root", "one.txt"]
    [tombstone] = [each for each in told[1] if is_deleted(each)]
    assert (tombstone["id"], tombstone["parentReference"]["siteId"]) == (gone["id"], other.site)


def test_subscribers_hear_of_the_drive_and_the_list_of_their_site(graph, other):
    graph.sharepoint.settings(notification_delay_ms=20)
    with Receiver() as receiver:
        drives = [subscribe(each, receiver).json()["id"] for each in (graph, other)]
        a_list = subscribe(other, receiver, resource=f"/sites/{other.site}/lists/Documents").json()["id"]

        other.upload("a.txt")
        receiver.wait(2)
        assert {each["subscriptionId"] for each in receiver.entries} == {drives[1], a_list}

        graph.upload("a.txt")
        assert receiver.wait(3)[2]["subscriptionId"] == drives[0]
    unknown = subscribe(graph, receiver, resource="/sites/contoso.sharepoint.com,a,b/lists/Documents")
    assert unknown.status_code == 404


def test_an_item_cannot_be_moved_to_another_site_through_graph(graph, other):
    item = graph.upload("a.txt").json()
    target = other.get(f"/drives/{other.drive}/root").json()

    for reference in ({"driveId": other.drive, "id": target["id"]}, {"id": target["id"]}):
        answer = graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"parentReference": reference})
        assert answer.status_code in (400, 404)

    assert graph.item("a.txt")["id"] == item["id"]


def test_what_was_deleted_comes_back_to_its_own_site(graph, other):
    items = [each.upload("a.txt").json() for each in (graph, other)]
    for each, item in zip((graph, other), items, strict=True):
        each.delete(f"/drives/{each.drive}/items/{item['id']}")

    bins = {entry["site"]: entry["items"][0]["id"] for entry in graph.sharepoint.recycle_bin()}
    graph.sharepoint.restore(items[1]["id"])

    assert bins == {"/sites/moment": items[0]["id"], SECOND: items[1]["id"]}
    assert other.item("a.txt")["id"] == items[1]["id"]
    assert "error" in graph.item("a.txt")
    [left] = graph.sharepoint.recycle_bin()
    assert left["site"] == "/sites/moment"


def test_each_site_has_a_quota_of_its_own(graph, other):
    graph.sharepoint.settings(quota_bytes=10, rewrite=False)

    assert graph.upload("a.txt", b"12345678").status_code == 201
    assert graph.upload("b.txt", b"12345678").status_code == 507
    assert other.upload("b.txt", b"12345678").status_code == 201
    url = other.session("c.txt").json()["uploadUrl"]
    assert fragment(url, b"12345678", 0, 8).status_code == 507


def test_faults_reach_the_site_they_name(graph, other):
    for each in (graph, other):
        each.upload("a.txt")
    _, link = pull(other, delta_url(other))
    graph.sharepoint.fault({"lock": {"path": "Documents/a.txt", "site": SECOND}})
    graph.sharepoint.fault({"expire_delta_tokens": "resyncRequired", "site": "/sites/moment", "list": "Documents"})

    assert other.upload("a.txt").status_code == 423
    assert graph.upload("a.txt").status_code == 200
    assert pull(other, link)[0] == []
    graph.sharepoint.fault({"expire_delta_tokens": "resyncRequired", "site": SECOND})
    assert code(other.get(link)) == (410, "resyncRequired")
    graph.sharepoint.clear_faults()
    assert other.upload("a.txt").status_code == 200


def test_a_site_is_made_once_and_goes_with_a_reset(sharepoint):
    first, [default] = sharepoint.add_site(SECOND), sharepoint.sites()[:1]

    assert sharepoint.add_site("/sites/MOMENT-2") == first
    assert [(each["path"], each["lists"]) for each in sharepoint.sites()] == [("/sites/moment", 1), (SECOND, 1)]
    for path in ("", "moment-3", "/sites/", "/sites/a/b", "/teams/a"):
        answer = requests.post(f"{sharepoint.url}/_local/sites", json={"path": path}, timeout=9)
        assert code(answer) == (400, "invalidRequest")

    sharepoint.reset()

    assert sharepoint.sites() == [default]
    assert sharepoint.add_site(SECOND) == first


def test_it_can_begin_with_several_sites():
    with LocalSharePoint(sites=("/sites/files", SECOND)) as sharepoint, Graph(sharepoint, site_path=SECOND) as other:
        other.upload("a.txt")
        sharepoint.add_site("/sites/third")
        sharepoint.reset()

        assert [each["path"] for each in sharepoint.sites()] == ["/sites/files", SECOND]
        assert sharepoint.site_path == "/sites/files"
        assert other.get("/sites/root").json()["displayName"] == "Files"
        assert other.get(f"/sites/{other.site}/drive/root/children").json()["value"] == []


def test_a_restart_keeps_every_site(tmp_path):
    with LocalSharePoint(state=tmp_path, sites=("/sites/moment", SECOND)) as first:
        first.add_site("/sites/moment-3")
        with Graph(first, site_path=SECOND) as other, Graph(first, site_path="/sites/moment-3") as third:
            items = [each.upload("a.txt").json() for each in (other, third)]
            link = start(third)
            gone = other.upload("gone.txt").json()
            other.delete(f"/drives/{other.drive}/items/{gone['id']}")
        kept = first.sites()

    with LocalSharePoint(state=tmp_path, sites=("/sites/moment", SECOND, "/sites/new")) as second:
        named, new = second.sites(), second.add_site("/sites/new")
        assert [each["path"] for each in named] == ["/sites/moment", SECOND, "/sites/new", "/sites/moment-3"]
        assert [each for each in named if each["id"] != new] == kept
        with Graph(second, site_path=SECOND) as other, Graph(second, site_path="/sites/moment-3") as third:
            assert [each.item("a.txt")["id"] for each in (other, third)] == [each["id"] for each in items]
            third.upload("b.txt")
            assert live_names(pull(third, link.replace(first.url, second.url))[0]) == ["root", "b.txt"]
            second.restore(gone["id"])
            assert other.item("gone.txt")["id"] == gone["id"]


def test_a_state_of_the_time_when_there_was_one_site_is_read(tmp_path):
    with LocalSharePoint(state=tmp_path) as first, Graph(first) as graph:
        item = graph.upload("a.txt").json()
    saved = json.loads((tmp_path / "state.json").read_text())
    [site] = saved.pop("sites")
    del site["ids"]
    (tmp_path / "state.json").write_text(json.dumps(saved | {"site": site}))

    with LocalSharePoint(state=tmp_path, sites=("/sites/moment", SECOND)) as second, Graph(second) as after:
        assert (after.site, after.drive, after.item("a.txt")["id"]) == (graph.site, graph.drive, item["id"])
        assert len(second.sites()) == 2


def test_nothing_is_told_of_a_library_that_was_deleted(graph, other):
    graph.sharepoint.settings(notification_delay_ms=20)
    made = other.library("Contoso")
    drive = other.get(f"/sites/{other.site}/lists/{made['id']}/drive").json()["id"]
    with Receiver() as receiver:
        subscribe(other, receiver, resource=f"/drives/{drive}/root")
        other.delete(f"/sites/{other.site}/lists/{made['id']}")
        subscribe(other, receiver)
        other.upload("a.txt")
        receiver.wait()
        wait_until(lambda: graph.sharepoint.notifications()[-1]["outcome"] == "accepted")

    assert graph.get(f"/drives/{drive}").status_code == 404
    assert len(receiver.entries) == 1

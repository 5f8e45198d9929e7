"""Addresses, content, names, folders, moves and deletes, as the real service handles them."""

import re
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests

from tests.sharepoint.graph_client import code
from tools.sharepoint.state.quick_xor_hash import QuickXorHash


def number(tag: str) -> int:
    return int(tag.strip('"').rpartition(",")[2])


def test_a_path_is_decoded_once_and_a_plus_stays_a_plus(graph):
    answer = graph.upload("a%2523/b%20c+d.txt")

    assert answer.status_code == 201
    assert answer.json()["name"] == "b c+d.txt"
    assert [each["name"] for each in graph.get(f"/drives/{graph.drive}/root/children").json()["value"]] == ["a%23"]


def test_an_address_that_an_sdk_encoded_as_one_segment_means_the_same(graph):
    graph.upload("a/b.txt")

    answer = graph.get(f"/drives/{graph.drive}/items/root%3A%2Fa%2Fb.txt%3A")

    assert answer.json()["name"] == "b.txt"


def test_every_spelling_of_an_address_leads_to_the_same_item(graph):
    item = graph.upload("a/b.txt").json()
    folder = item["parentReference"]["id"]
    drive, site = graph.drive, graph.site
    listed = graph.get(f"/drives/{drive}/list").json()["id"]
    addresses = [
        f"/drives/{drive}/items/{item['id']}",
        f"/drives/{drive}/root:/a/b.txt",
        f"/drives/{drive}/root:/a/b.txt:",
        f"/drives/{drive}/items/root:/a/b.txt:",
        f"/drives/{drive}/items/{folder}:/b.txt:",
        f"/drives/{drive}/items/{folder}:/B.TXT",
        f"/sites/{site}/drive/root:/a/b.txt",
        f"/sites/{graph.sharepoint.site_hostname}:/sites/moment:/drive/root:/a/b.txt:",
        f"/sites/{site}/lists/{listed}/drive/items/{item['id']}",
    ]

    found = {graph.get(address).json()["id"] for address in addresses}
    found.add(
        requests.get(graph.sharepoint.url + "/v2.0" + addresses[0], headers=graph.headers, timeout=9).json()["id"]
    )

    assert found == {item["id"]}


def test_ids_look_like_the_real_ones(graph):
    item = graph.upload("a.txt").json()
    root = graph.get(f"/drives/{graph.drive}/root").json()

    assert re.fullmatch(r"b![A-Za-z0-9_-]{64}", graph.drive)
    assert re.fullmatch(r"01[A-Z2-7]{32}", item["id"])
    assert root["id"].endswith("6Y2GOVW7725BZO354PWSELRRZ")
    assert "id" not in root["parentReference"]
    assert re.fullmatch(r'"\{[0-9A-F-]{36}\},1"', item["eTag"])
    assert re.fullmatch(r'"c:\{[0-9A-F-]{36}\},1"', item["cTag"])
    assert item["eTag"][2:38] == item["cTag"][4:40]


def test_putting_the_same_path_twice_replaces_the_file(graph):
    first, second = graph.upload("a.txt", b"one"), graph.upload("a.txt", b"two!")

    assert (first.status_code, second.status_code) == (201, 200)
    one, two = first.json(), second.json()
    assert two["id"] == one["id"]
    assert number(two["cTag"]) == number(one["cTag"]) + 1
    assert number(two["eTag"]) == number(one["eTag"]) + 1
    assert two["size"] == 4


def test_conflict_behavior_fail_refuses_and_rename_makes_a_new_item(graph):
    first = graph.upload("name.ext").json()

    assert code(graph.upload("name.ext", query="?@microsoft.graph.conflictBehavior=fail")) == (409, "nameAlreadyExists")
    renamed = graph.upload("name.ext", query="?@microsoft.graph.conflictBehavior=rename")
    assert renamed.status_code == 201
    assert renamed.json()["name"] == "name 1.ext"
    assert renamed.json()["id"] != first["id"]


def test_names_that_differ_in_case_only_are_the_same_name(graph):
    item = graph.upload("A.txt").json()

    assert graph.upload("a.txt", query="?@microsoft.graph.conflictBehavior=fail").status_code == 409
    renamed = graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"name": "a.txt"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "a.txt")


def test_a_stale_if_match_changes_nothing(graph):
    old = graph.upload("a.txt", b"one").json()
    new = graph.upload("a.txt", b"two").json()
    url = f"/drives/{graph.drive}/items/{old['id']}"

    answers = [
        graph.put(f"{url}/content", data=b"three", headers={"If-Match": old["eTag"]}),
        graph.patch(url, json={"name": "b.txt"}, headers={"If-Match": old["eTag"]}),
        graph.patch(f"{url}/listItem/fields", json={"Title": "x"}, headers={"If-Match": old["eTag"]}),
        graph.delete(url, headers={"If-Match": old["eTag"]}),
    ]

    assert [answer.status_code for answer in answers] == [412] * 4
    assert graph.get(url).json()["eTag"] == new["eTag"]
    assert graph.put(f"{url}/content", data=b"three", headers={"If-Match": new["cTag"]}).status_code == 200


def test_an_empty_file_can_be_put(graph):
    answer = graph.upload("empty.txt", b"")

    assert (answer.status_code, answer.json()["size"]) == (201, 0)


def test_a_put_above_the_limit_is_refused_before_its_bytes_are_read(graph):
    url = graph.base + f"/drives/{graph.drive}/root:/big.bin:/content"
    request = requests.Request(
        "PUT", url, headers={**graph.headers, "Content-Length": "262144001"}, data=iter(())
    ).prepare()
    del request.headers["Transfer-Encoding"]

    assert graph.send(request).status_code == 413


def test_a_client_that_vanishes_in_the_middle_of_a_put_leaves_nothing(graph):
    target = urlsplit(graph.base)
    head = f"PUT {target.path}/drives/{graph.drive}/root:/a.bin:/content HTTP/1.1\r\nHost: {target.netloc}\r\n"
    head += f"Authorization: {graph.headers['Authorization']}\r\nContent-Length: 1000000\r\n\r\n"
    with socket.create_connection((target.hostname, target.port)) as vanishing:
        vanishing.sendall(head.encode() + bytes(100_000))

    ends_at = time.monotonic() + 60
    while not graph.sharepoint.requests():
        assert time.monotonic() < ends_at

    assert graph.sharepoint.requests()[0]["status"] == 0
    assert "error" in graph.item("a.bin")


def test_the_hash_and_size_are_those_of_the_bytes(graph):
    content = bytes(range(256)) * 5000
    hashed = QuickXorHash()
    hashed.update(content)

    item = graph.upload("a.bin", content).json()

    assert item["size"] == len(content)
    assert item["file"]["hashes"]["quickXorHash"] == hashed.base64()


def test_content_is_downloaded_through_a_redirect_that_needs_no_token(graph):
    item = graph.upload("a.txt", b"0123456789").json()

    redirect = graph.get(f"/drives/{graph.drive}/items/{item['id']}/content", allow_redirects=False)
    whole = requests.get(redirect.headers["Location"], timeout=9)
    part = requests.get(item["@microsoft.graph.downloadUrl"], headers={"Range": "bytes=2-4"}, timeout=9)

    assert redirect.status_code == 302
    assert whole.content == b"0123456789"
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")


def test_a_download_url_dies_after_an_hour(graph):
    url = graph.upload("a.txt").json()["@microsoft.graph.downloadUrl"]
    graph.sharepoint.advance(3700)

    assert requests.get(url, timeout=9).status_code == 401


def test_a_web_url_opens_the_file_and_a_folder_shows_its_links(graph):
    item = graph.upload("a & b/(c).txt", b"text").json()
    folder = graph.item("a%20%26%20b")

    assert requests.get(item["webUrl"], timeout=9).content == b"text"
    page = requests.get(folder["webUrl"], timeout=9).text
    assert "(c).txt" in page
    assert "a &amp; b" in page


@pytest.mark.parametrize(
    "name",
    ["a:b", "a%2Ab", 'a"b', "a%3Cb", "a%3Eb", "a%3Fb", "a%5Cb", "a|b", "%20a", "a%20", "a.", "con", "LPT1",
     "desktop.ini", "x_vti_y", "~$a.docx", ".lock", "Forms", "a%09b", "n" * 256],
)  # fmt: skip
def test_names_that_sharepoint_forbids_are_refused(graph, name):
    assert code(graph.upload(name)) == (400, "invalidRequest")


@pytest.mark.parametrize(
    "name", ["a%23b", "a%25b", "ü.txt", "日本.txt", "a&b'c(d),e;f=g@h!i$.txt", ".env", "con.txt", "nul2"]
)
def test_names_that_only_look_forbidden_are_taken(graph, name):
    assert graph.upload(name).status_code == 201


def test_a_path_of_more_than_400_characters_is_refused(graph):
    folders = "/".join(["d" * 90] * 4)
    room = 400 - len(f"sites/moment/Shared Documents/{folders}/")

    assert graph.upload(f"{folders}/{'x' * room}").status_code == 201
    assert code(graph.upload(f"{folders}/{'x' * (room + 1)}")) == (400, "invalidRequest")


def test_forms_is_reserved_at_the_root_only(graph):
    parent = graph.folder("a").json()["id"]

    assert graph.folder("forms").status_code == 400
    assert graph.folder("forms", parent).status_code == 201
    assert graph.folder("~a", parent).status_code == 400


def test_folder_creation_obeys_its_conflict_behavior(graph):
    first = graph.folder("A")

    assert first.status_code == 201
    assert first.json()["folder"] == {"childCount": 0}
    assert "cTag" not in first.json()
    assert code(graph.folder("a")) == (409, "nameAlreadyExists")
    assert graph.folder("A", behavior="rename").json()["name"] == "A 1"
    assert graph.folder("A", behavior="replace").json()["id"] == first.json()["id"]


def test_a_folder_relative_put_does_not_create_missing_parents(graph):
    parent = graph.folder("a").json()["id"]

    assert graph.put(f"/drives/{graph.drive}/items/{parent}:/b/c.txt:/content", data=b"x").status_code == 404
    assert graph.put(f"/drives/{graph.drive}/items/{parent}:/c.txt:/content", data=b"x").status_code == 201


def test_renaming_and_moving_keep_the_id_and_what_lies_below(graph):
    inner = graph.upload("a/b/c.txt").json()
    a, b, other = graph.item("a"), graph.item("a/b"), graph.folder("other").json()

    moved = graph.patch(
        f"/drives/{graph.drive}/items/{b['id']}", json={"name": "B2", "parentReference": {"id": other["id"]}}
    )

    assert moved.status_code == 200
    assert graph.item("other/B2/c.txt")["id"] == inner["id"]
    assert graph.item("other/B2/c.txt")["eTag"] == inner["eTag"]
    into_itself = graph.patch(f"/drives/{graph.drive}/items/{other['id']}", json={"parentReference": {"id": b["id"]}})
    assert into_itself.status_code == 400
    assert graph.get(f"/drives/{graph.drive}/items/{a['id']}").json()["folder"]["childCount"] == 0


def test_a_rename_onto_a_sibling_is_a_conflict(graph):
    graph.upload("a.txt")
    item = graph.upload("b.txt").json()

    assert code(graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"name": "A.TXT"})) == (
        409,
        "nameAlreadyExists",
    )


def test_a_deleted_folder_is_in_the_recycle_bin_with_all_below_it(graph):
    graph.upload("a/b.txt")
    folder = graph.item("a")

    assert graph.delete(f"/drives/{graph.drive}/items/{folder['id']}").status_code == 204
    assert graph.get(f"/drives/{graph.drive}/root:/a/b.txt").status_code == 404
    entry = graph.sharepoint.recycle_bin()[0]
    assert entry["path"] == "Shared Documents/a"
    assert [item["name"] for item in entry["items"]] == ["a", "b.txt"]


def test_children_are_paged_by_links_that_are_followed_as_they_are(graph):
    for each in range(7):
        graph.upload(f"{each}.txt")
    url, names, pages = f"/drives/{graph.drive}/root/children?$top=3&$select=name", [], 0

    while url:
        page = graph.get(url).json()
        names += [each["name"] for each in page["value"]]
        url, pages = page.get("@odata.nextLink"), pages + 1

    assert names == [f"{each}.txt" for each in range(7)]
    assert pages == 3
    assert set(page["value"][0]) == {"@odata.etag", "name"}


def test_the_calling_application_is_named_as_the_author(graph):
    item = graph.upload("a.txt").json()

    assert item["createdBy"]["application"]["id"] == "11111111-1111-1111-1111-111111111111"
    assert item["lastModifiedBy"]["application"]["displayName"]


def test_file_system_info_is_the_clients_to_set(graph):
    item = graph.upload("a.txt").json()
    times = {"createdDateTime": "2020-01-02T03:04:05Z", "lastModifiedDateTime": "2021-01-02T03:04:05Z"}

    changed = graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"fileSystemInfo": times})

    assert changed.json()["fileSystemInfo"] == times
    assert number(changed.json()["eTag"]) == number(item["eTag"]) + 1
    assert changed.json()["cTag"] == item["cTag"]


def test_each_change_makes_a_version(graph):
    item = graph.upload("a.txt", b"one").json()
    graph.upload("a.txt", b"second")
    graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json={"Title": "x"})

    versions = graph.get(f"/drives/{graph.drive}/items/{item['id']}/versions").json()["value"]

    assert [(each["id"], each["size"]) for each in versions] == [("3.0", 6), ("2.0", 6), ("1.0", 3)]


def test_an_unchanged_item_is_304_for_those_who_know_its_tag(graph):
    item = graph.upload("a.txt").json()

    answer = graph.get(f"/drives/{graph.drive}/items/{item['id']}", headers={"If-None-Match": item["eTag"]})

    assert answer.status_code == 304


@pytest.mark.parametrize(
    ("method", "url", "named"),
    [
        ("GET", "/drives/{d}/items/root/permissions", "permissions"),
        ("POST", "/drives/{d}/items/root/copy", "copy"),
        ("GET", "/drives/{d}/root?$expand=children", "$expand=children"),
        ("GET", "/drives/{d}/root?$orderby=name", "$orderby"),
        ("GET", "/drives/{d}/root?$select=nonsense", "$select=nonsense"),
        ("GET", "/me/drive", "/me/drive"),
    ],
)
def test_what_is_not_implemented_is_a_501_that_names_it(graph, method, url, named):
    answer = graph.request(method, url.replace("{d}", graph.drive))

    assert code(answer) == (501, "notSupported")
    assert named in answer.json()["error"]["message"]


def test_an_unknown_body_property_is_a_501_that_names_it(graph):
    answer = graph.patch(f"/drives/{graph.drive}/root", json={"surprise": 1})

    assert code(answer) == (501, "notSupported")
    assert "surprise" in answer.json()["error"]["message"]


def test_every_answer_echoes_the_client_request_id(graph):
    for url in (f"/drives/{graph.drive}/root", "/nothing"):
        answer = graph.get(url, headers={"client-request-id": "abc"})

        assert answer.headers["client-request-id"] == "abc"
        assert answer.headers["request-id"]

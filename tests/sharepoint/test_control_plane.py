"""Faults, locks, hiding, the ledger, the clock and tokens."""

import time

import pytest
import requests

from tests.sharepoint.graph_client import Graph, code, fragment

PUT_CONTENT = {"method": "PUT", "route": "/content"}


def test_the_ledger_tells_each_request(graph):
    graph.upload("a.txt", b"12345", **{"User-Agent": "NONISV|Moment|Files/1.0", "client-request-id": "abc"})

    entry = graph.sharepoint.requests()[-1]

    assert (entry["method"], entry["status"], entry["ru"], entry["bytes_in"]) == ("PUT", 201, 2, 5)
    assert entry["route"] == "/drives/{drive}/items/{item}:/{path}:/content"
    assert entry["path"] == f"/v1.0/drives/{graph.drive}/root:/a.txt:/content"
    assert (entry["user_agent"], entry["client_request_id"]) == ("NONISV|Moment|Files/1.0", "abc")
    assert entry["bytes_out"] > 100
    assert graph.sharepoint.requests(since=entry["n"]) == []
    graph.sharepoint.clear_requests()
    assert graph.sharepoint.totals()["requests"] == 0


def test_the_ledger_and_the_control_plane_hold_no_secret(graph):
    url = graph.session("a.bin").json()["uploadUrl"]
    fragment(url, b"x", 0, 1)

    assert "tempauth" not in str(graph.sharepoint.requests())


def test_a_scripted_status_is_given_to_the_next_requests_that_match(graph):
    graph.sharepoint.fault(
        {"match": PUT_CONTENT, "times": 2, "then": {"status": 503, "retry_after_s": 1, "code": "serviceNotAvailable"}}
    )

    assert graph.get(f"/drives/{graph.drive}/root").status_code == 200
    answers = [graph.upload("a.txt") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 201]
    assert answers[0].headers["Retry-After"] == "1"
    assert code(answers[0]) == (503, "serviceNotAvailable")


def test_a_fault_can_name_upload_fragments_or_a_path(graph):
    graph.sharepoint.fault({"match": {"method": "PUT", "route": "/uploadSession$"}, "then": {"status": 503}})
    graph.sharepoint.fault({"match": {"path": "b.txt"}, "then": {"status": 500}})
    url = graph.session("a.bin").json()["uploadUrl"]

    assert graph.upload("a.txt").status_code == 201
    assert graph.upload("b.txt").status_code == 500
    assert [fragment(url, b"x", 0, 1).status_code for _ in range(2)] == [503, 201]


def test_a_fault_can_be_for_requests_with_certain_headers(graph):
    path = f"/drives/{graph.drive}/items/{graph.upload('a.txt').json()['id']}"
    headers = {"If-Match": "", "User-Agent": "Moment"}
    graph.sharepoint.fault({"match": {"headers": headers}, "then": {"status": 412}})

    sent = [{}, {"If-Match": "*"}, {"User-Agent": "Moment"}, {"If-Match": "*", "User-Agent": "NONISV|Moment"}]
    answers = [graph.patch(path, json={"name": f"{n}.txt"}, headers=each) for n, each in enumerate(sent)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 412]


def test_a_fault_can_be_for_large_requests_and_lead_them_elsewhere(graph):
    then = {"status": 307, "location": "https://upload.example"}
    graph.sharepoint.fault({"match": PUT_CONTENT | {"larger_than_bytes": 4}, "then": then})

    small = graph.upload("a.txt", b"1234")
    large = graph.put(f"/drives/{graph.drive}/root:/b.txt:/content", data=b"12345", allow_redirects=False)

    assert small.status_code == 201
    assert (large.status_code, large.headers["Location"]) == (307, "https://upload.example")


def test_faults_with_a_name_are_counted_when_they_happen(graph):
    graph.sharepoint.fault({"name": "busy", "match": PUT_CONTENT, "times": 2, "then": {"status": 503}})
    graph.sharepoint.fault({"match": {"method": "GET"}, "then": {"status": 500}})
    graph.sharepoint.fault({"missing_tombstones": 2})

    graph.upload("a.txt")
    graph.get(f"/drives/{graph.drive}/root")
    graph.delete(f"/drives/{graph.drive}/items/{graph.folder('b').json()['id']}")
    graph.sharepoint.clear_faults()

    assert graph.sharepoint.faults_taken() == {"busy": 1, "missing_tombstones": 1}
    graph.sharepoint.reset()
    assert graph.sharepoint.faults_taken() == {}


def test_pending_faults_are_listed_and_cleared(graph):
    control = f"{graph.sharepoint.url}/_local/faults"
    graph.sharepoint.fault({"match": PUT_CONTENT, "times": 3, "then": {"status": 503}})

    assert [each["times"] for each in requests.get(control, timeout=9).json()["faults"]] == [3]
    graph.sharepoint.clear_faults()
    assert graph.upload("a.txt").status_code == 201
    assert requests.post(control, json={"match": {"odd": 1}, "then": {"status": 1}}, timeout=9).status_code == 400


def test_an_effect_can_happen_although_the_client_sees_an_error(graph):
    graph.sharepoint.fault({"match": PUT_CONTENT, "then": {"apply_then_status": 504}})

    assert graph.upload("a.txt").status_code == 504
    assert graph.item("a.txt")["size"] == 5


def test_the_connection_can_break_while_the_request_is_read(graph):
    graph.sharepoint.fault({"match": PUT_CONTENT, "then": {"drop_after_bytes": 1000}})

    with pytest.raises(requests.ConnectionError):
        graph.upload("a.bin", bytes(50_000_000))

    assert "error" in graph.item("a.bin")
    entry = next(each for each in graph.sharepoint.requests() if each["method"] == "PUT")
    assert (entry["status"], entry["bytes_in"]) == (0, 1000)


def test_the_connection_can_break_while_the_response_is_written(graph):
    graph.sharepoint.fault({"match": PUT_CONTENT, "then": {"drop_after_bytes": 10, "while": "response"}})

    with pytest.raises(requests.RequestException):
        graph.upload("a.txt")

    assert graph.item("a.txt")["size"] == 5


def test_a_download_can_break_off_in_the_middle(graph):
    url = graph.upload("a.bin", bytes(1_000_000)).json()["@microsoft.graph.downloadUrl"]
    graph.sharepoint.fault(
        {"match": {"route": "download.aspx"}, "then": {"drop_after_bytes": 400_000, "while": "response"}}
    )

    with pytest.raises(requests.RequestException):
        requests.get(url, timeout=9)

    assert len(requests.get(url, timeout=9).content) == 1_000_000


def test_a_fragment_that_was_dropped_can_be_sent_again(graph):
    url = graph.session("a.bin").json()["uploadUrl"]
    graph.sharepoint.fault({"match": {"route": "uploadSession"}, "then": {"drop_after_bytes": 3}})

    with pytest.raises(requests.ConnectionError):
        fragment(url, b"12345", 0, 5)

    assert requests.get(url, timeout=9).json()["nextExpectedRanges"] == ["0-"]
    assert fragment(url, b"12345", 0, 5).status_code == 201


def test_delays_hold_answers_back(graph):
    graph.sharepoint.fault({"match": PUT_CONTENT, "then": {"delay_s": 0.15}})
    begun = time.monotonic()
    graph.upload("a.txt")
    graph.sharepoint.set_latency(100)
    graph.upload("a.txt")

    assert time.monotonic() - begun >= 0.25


@pytest.mark.parametrize("wanted", ["item", "path"])
def test_a_file_that_a_person_has_open_is_423_for_writers(graph, wanted):
    item = graph.upload("d/a.docx").json()
    names = {"item": item["id"], "path": "Documents/d/a.docx"}
    graph.sharepoint.fault({"lock": {wanted: names[wanted], "seconds": 60}})
    url = f"/drives/{graph.drive}/items/{item['id']}"

    writes = [
        graph.put(f"{url}/content", data=b"x"),
        graph.session("d/a.docx"),
        graph.patch(url, json={"name": "b.docx"}),
        graph.patch(f"{url}/listItem/fields", json={"Title": "x"}),
        graph.delete(url),
        graph.delete(f"/drives/{graph.drive}/root:/d"),
    ]

    assert [answer.status_code for answer in writes] == [423] * 6
    assert writes[0].json()["error"]["innerError"]["code"] == "resourceLocked"
    assert graph.get(url).status_code == 200
    graph.sharepoint.advance(61)
    assert graph.put(f"{url}/content", data=b"x").status_code == 200


def test_new_items_can_stay_hidden_for_a_while(graph):
    graph.sharepoint.fault({"hide_new_items_ms": 5000})
    item = graph.upload("a.txt").json()
    url = f"/drives/{graph.drive}/items/{item['id']}"

    assert graph.get(url).status_code == 404
    assert "error" in graph.item("a.txt")
    assert graph.get(f"/drives/{graph.drive}/root/children").json()["value"] == []
    graph.sharepoint.advance(6)
    assert graph.get(url).status_code == 200


def test_reset_leaves_the_default_site_only(graph):
    graph.library("Extra")
    graph.upload("a.txt")
    graph.sharepoint.fault({"match": {}, "then": {"status": 500}})

    graph.sharepoint.reset()

    lists = graph.get(f"/sites/{graph.site}/lists").json()["value"]
    assert [(each["displayName"], each["name"]) for each in lists] == [("Documents", "Shared Documents")]
    assert graph.get(f"/sites/{graph.site}/drive/root/children").json()["value"] == []
    assert graph.get(f"/drives/{graph.drive}/root").status_code == 404


def test_a_request_without_a_good_token_is_challenged(graph):
    url = f"{graph.base}/sites/{graph.site}"

    for headers in ({}, {"Authorization": "Bearer made-up"}):
        answer = requests.get(url, headers=headers, timeout=9)
        assert code(answer) == (401, "InvalidAuthenticationToken")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_lives_for_3599_seconds(graph):
    graph.sharepoint.advance(3590)
    assert graph.get(f"/drives/{graph.drive}/root").status_code == 200
    graph.sharepoint.advance(10)
    assert code(graph.get(f"/drives/{graph.drive}/root")) == (401, "InvalidAuthenticationToken")

    graph.sign_in()

    assert graph.get(f"/drives/{graph.drive}/root").status_code == 200


def test_tokens_can_be_made_to_expire(graph):
    graph.sharepoint.fault({"expire_tokens": True})

    assert graph.upload("a.txt").status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"client_secret": ""}, 401, "AADSTS7000215"),
        ({"client_assertion_type": "urn:x", "client_assertion": "a.b.c", "client_secret": ""}, 401, "AADSTS7000215"),
        ({"grant_type": "password"}, 400, "AADSTS70003"),
        ({"client_id": ""}, 400, "AADSTS900144"),
        ({"scope": ""}, 400, "AADSTS1002012"),
    ],
)
def test_the_token_endpoint_says_what_is_wrong(sharepoint, changes, status, said):
    form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s", "scope": ".default", **changes}

    answer = requests.post(f"{sharepoint.url}/oauth2/v2.0/token", data=form, timeout=9)

    assert answer.status_code == status
    assert answer.json()["error_description"].startswith(said)


def test_two_applications_are_told_apart(sharepoint):
    with Graph(sharepoint, "one") as one, Graph(sharepoint, "two") as two:
        item = one.upload("a.txt").json()
        changed = two.patch(f"/drives/{two.drive}/items/{item['id']}", json={"name": "b.txt"}).json()

    assert changed["createdBy"]["application"]["id"] == "one"
    assert changed["lastModifiedBy"]["application"]["id"] == "two"


def test_all_contents_of_a_file_are_shown_wherever_it_is(graph):
    item = graph.upload("a.txt", b"one").json()["id"]
    graph.upload("a.txt", b"two")
    graph.patch(f"/drives/{graph.drive}/items/{item}", json={"name": "b.txt"})

    assert graph.sharepoint.contents(item) == [b"two", b"one"]
    graph.delete(f"/drives/{graph.drive}/items/{item}")
    assert graph.sharepoint.contents(item) == [b"two", b"one"]


def test_the_ledger_says_when_a_request_began_and_what_a_refusal_asked_for(graph):
    graph.sharepoint.fault({"match": PUT_CONTENT, "then": {"status": 429, "retry_after_s": 7, "delay_s": 0.2}})

    graph.upload("a.txt")
    graph.upload("a.txt")

    refused, done = graph.sharepoint.requests()[-2:]
    assert (refused["status"], refused["retry_after_s"], done["retry_after_s"]) == (429, 7, 0)
    assert refused["at"] - refused["began"] > 0.1

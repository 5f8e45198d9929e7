"""Files over HTTP, and the triggers that move them."""

import time
import uuid

import pytest
import requests
from azure.storage.blob import ContainerClient

from shared.settings import MOMENT_CLOUD_CONTAINER
from tests.functions.conftest import Api
from tests.functions.test_directory_api import problem_of
from tests.world import put_blob
from tools.functions_host.azurite import Azurite

_PATIENCE_S = 150


def wait_for(condition, what: str, patience_s: float = _PATIENCE_S):
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {patience_s} s")


def announce(api: Api, customer: str, **body) -> dict:
    answer = api.call("POST", f"customers/{customer}/files", json={"name": "note.txt"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def in_state(api: Api, customer: str, file_id: str, state: str) -> dict | None:
    document = api.call("GET", f"customers/{customer}/files/{file_id}").json()
    return document if document["state"] == state else None


def test_an_uploaded_file_moves_to_sharepoint_by_itself(api: Api):
    customer = api.customer(storage="sharepoint")
    announced = announce(api, customer, tags=["urgent"])
    assert announced["state"] == "expected"
    put_blob(announced["upload"]["url"], b"hello")

    moved = wait_for(lambda: in_state(api, customer, announced["id"], "in-sharepoint"), "the move")

    assert requests.get(moved["link"], timeout=30).content == b"hello"
    content = api.call("GET", f"customers/{customer}/files/{announced['id']}/content")
    assert (content.status_code, content.headers["Location"]) == (302, moved["link"])


def test_a_file_of_a_customer_in_moment_opens_from_moment_cloud(api: Api):
    customer = api.customer(storage="moment")
    announced = announce(api, customer, name="Über uns.txt")
    put_blob(announced["upload"]["url"], b"hello")
    wait_for(lambda: in_state(api, customer, announced["id"], "in-moment-cloud"), "the arrival")

    location = api.call("GET", f"customers/{customer}/files/{announced['id']}/content").headers["Location"]

    answer = requests.get(location, timeout=30)
    assert answer.content == b"hello"
    assert "%C3%9Cber%20uns.txt" in answer.headers["Content-Disposition"]


def test_a_blob_dropped_into_the_container_becomes_a_record(api: Api, host_storage: Azurite):
    customer = api.customer(storage="sharepoint")
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web"})
    container = ContainerClient.from_connection_string(host_storage.connection_string, MOMENT_CLOUD_CONTAINER)
    metadata = {"project": "p1", "tags": "draft,%C3%84rger", "createdby": "Ada"}
    with container:
        container.upload_blob(f"{customer}/scans/2026/page.txt", b"dropped", metadata=metadata)

    def moved():
        items = api.call("GET", f"customers/{customer}/files?state=in-sharepoint").json()["items"]
        return items[0] if items else None

    document = wait_for(moved, "the move")
    assert (document["project"], document["tags"], document["createdBy"]) == ("p1", ["draft", "Ärger"], "Ada")
    assert document["link"].endswith("/Web/page.txt")


def test_a_blob_that_belongs_to_nothing_stays_and_is_reported(api: Api, host_storage: Azurite):
    name = f"nobody-{uuid.uuid4().hex[:8]}/lost.txt"
    container = ContainerClient.from_connection_string(host_storage.connection_string, MOMENT_CLOUD_CONTAINER)
    with container:
        container.upload_blob(name, b"lost")

        def reported():
            items = api.call("GET", "unplaced-blobs?limit=1000").json()["items"]
            return [each for each in items if each["blob"] == name]

        (entry,) = wait_for(reported, "the report")
        assert "no customer" in entry["reason"]
        assert container.get_blob_client(name).exists()


def test_the_upload_url_writes_one_blob_and_nothing_else(api: Api):
    url = announce(api, api.customer())["upload"]["url"]
    put_blob(url, b"hello")

    assert requests.get(url, timeout=30).status_code == 403
    assert requests.delete(url, timeout=30).status_code == 403
    other = url.replace("note.txt", "other.txt")
    assert requests.put(other, data=b"x", headers={"x-ms-blob-type": "BlockBlob"}, timeout=30).status_code == 403


def test_content_that_was_never_uploaded_can_not_be_opened(api: Api):
    customer = api.customer()
    announced = announce(api, customer)

    problem = problem_of(api.call("GET", f"customers/{customer}/files/{announced['id']}/content"))

    assert problem["status"] == 409


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": " "}, 400, "name"),
        ({"name": "x" * 256}, 400, "name"),
        ({"name": "a.txt", "tags": "urgent"}, 400, "tags"),
        ({"name": "a.txt", "tags": ["a;#b"]}, 400, "tags"),
        ({"name": "a.txt", "sizeBytes": "12"}, 400, "sizeBytes"),
        ({"name": "a.txt", "sizeBytes": 250 * 1024**3 + 1}, 413, "sizeBytes"),
        ({"name": "a.txt", "project": "nope"}, 404, "project"),
        ({"name": "a.txt", "task": "t1"}, 400, "project"),
        ({"name": "a.txt", "folder": "x"}, 400, "folder"),
    ],
)
def test_a_file_that_can_not_be_is_refused_by_field(api: Api, body: dict, status: int, field: str):
    problem = problem_of(api.call("POST", f"customers/{api.customer()}/files", json=body))

    assert (problem["status"], problem["field"]) == (status, field)


def test_an_unknown_file_is_a_404(api: Api):
    assert problem_of(api.call("GET", f"customers/{api.customer()}/files/nope"))["field"] == "file"


def test_an_unknown_state_is_a_400(api: Api):
    assert problem_of(api.call("GET", f"customers/{api.customer()}/files?state=lost"))["field"] == "state"


def test_an_edit_of_what_somebody_else_edited_is_refused_and_shows_what_is_there(api: Api):
    customer = api.customer()
    file = f"customers/{customer}/files/{announce(api, customer, name='a.txt')['id']}"
    seen = api.call("GET", file)
    edited = api.call("PATCH", file, headers={"If-Match": seen.headers["ETag"]}, json={"tags": ["first"]})
    assert edited.headers["ETag"] == f'"{edited.json()["etag"]}"' != seen.headers["ETag"]

    late = api.call("PATCH", file, headers={"If-Match": seen.headers["ETag"]}, json={"tags": ["second"]})

    assert (late.status_code, late.json()["current"]["tags"]) == (412, ["first"])
    assert api.call("DELETE", file, headers={"If-Match": seen.headers["ETag"]}).status_code == 412


def test_a_deletion_is_undone_while_it_is_held(api: Api):
    customer = api.customer()
    file = f"customers/{customer}/files/{announce(api, customer, name='a.txt')['id']}"

    assert api.call("DELETE", f"{file}?holdSeconds=60").status_code == 204
    deleted = api.call("GET", file).json()
    restored = api.call("POST", f"{file}/restore")

    assert deleted["state"] == "deleted"
    assert deleted["undoUntil"] is not None
    assert (restored.status_code, restored.json()["state"]) == (200, "expected")
    assert api.call("DELETE", f"{file}?holdSeconds=601").status_code == 400


def test_a_file_is_shown_with_the_names_of_its_place_on_request(api: Api):
    customer = api.customer()
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web", "number": "4711"})
    file_id = announce(api, customer, project="p1")["id"]
    place = {
        "customer": {"id": customer, "name": f"Customer {customer}"},
        "project": {"id": "p1", "name": "Web", "number": "4711"},
        "activity": None,
        "task": None,
    }

    assert api.call("GET", f"customers/{customer}/files/{file_id}?include=place").json()["place"] == place
    assert api.call("GET", f"customers/{customer}/files?include=place").json()["items"][0]["place"] == place
    assert "place" not in api.call("GET", f"customers/{customer}/files").json()["items"][0]


def test_content_comes_in_blocks_and_goes_on_with_a_fresh_url(api: Api):
    customer = api.customer(storage="moment")
    announced = announce(api, customer)
    file = f"customers/{customer}/files/{announced['id']}"
    first, second = "MDAwMDA=", "MDAwMDE="
    requests.put(f"{announced['upload']['url']}&comp=block&blockid={first}", data=b"one ", timeout=30)

    again = api.call("POST", f"{file}/upload").json()
    assert again["blocks"] == [{"id": first, "sizeBytes": 4}]
    requests.put(f"{again['url']}&comp=block&blockid={second}", data=b"two", timeout=30)
    blocks = f"<BlockList><Uncommitted>{first}</Uncommitted><Uncommitted>{second}</Uncommitted></BlockList>"
    assert requests.put(f"{again['url']}&comp=blocklist", data=blocks, timeout=30).status_code == 201

    wait_for(lambda: in_state(api, customer, announced["id"], "in-moment-cloud"), "the arrival")
    content = api.call("GET", f"{file}/content").headers["Location"]
    assert requests.get(content, timeout=30).content == b"one two"
    assert api.call("POST", f"{file}/upload").status_code == 409


def test_an_announcement_that_is_repeated_makes_one_file(api: Api):
    path, key = f"customers/{api.customer()}/files", {"Idempotency-Key": uuid.uuid4().hex}

    first, again = (api.call("POST", path, headers=key, json={"name": "a.txt"}) for _ in range(2))
    other = api.call("POST", path, headers=key, json={"name": "b.txt"})

    assert first.json()["id"] == again.json()["id"]
    assert problem_of(other)["status"] == 422
    assert len(api.call("GET", path).json()["items"]) == 1


def test_a_history_is_read_newest_first_in_pages(api: Api):
    customer = api.customer()
    file = f"customers/{customer}/files/{announce(api, customer)['id']}"
    for number in range(4):
        api.call("PATCH", file, json={"tags": [str(number)]})

    oldest_first = [each["event"] for each in api.call("GET", f"{file}/history").json()["items"]]
    newest_first, query = [], {"newest": "true", "limit": "2"}
    while True:
        page = api.call("GET", f"{file}/history", params=query).json()
        newest_first += [each["event"] for each in page["items"]]
        if "nextPage" not in page:
            break
        query["page"] = page["nextPage"]

    assert newest_first == oldest_first[::-1]

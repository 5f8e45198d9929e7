"""Both directions through the real path: SharePoint → notification → queue → ingest → Table Storage, and back."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import moments_storage
from tests.functions.conftest import Api, host_settings
from tests.functions.test_files_api import announce, in_state, wait_for
from tests.world import put_blob
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Person:
    """Somebody who works in SharePoint, with a token of another app."""

    def __init__(self, local: LocalSharePoint) -> None:
        form = {"grant_type": "client_credentials", "client_id": "person", "client_secret": "x", "scope": "x/.default"}
        answer = requests.post(f"{local.url}/{local.tenant_id}/oauth2/v2.0/token", data=form, timeout=30)
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self._url = f"{local.url}/v1.0"

    def does(self, method: str, path: str, **arguments) -> dict:
        answer = requests.request(method, self._url + path, headers=self._headers, timeout=30, **arguments)
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def all(self, path: str) -> list[dict]:
        """The rows of a list, page after page."""
        page = self.does("GET", path)
        rows = list(page["value"])
        while link := page.get("@odata.nextLink"):
            page = self.does("GET", link.removeprefix(self._url))
            rows += page["value"]
        return rows


@pytest.fixture(scope="module")
def storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture(scope="module")
def local() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


@pytest.fixture(scope="module")
def api(storage: Azurite, local: LocalSharePoint) -> Iterator[Api]:
    port = free_port()
    settings = host_settings(
        storage, local, PUBLIC_URL=f"http://127.0.0.1:{port}", AzureFunctionsWebHost__hostid="roundtrip"
    )
    options = ["--poll-interval-ms", "200", "--queue-poll-ms", "200"]
    with LocalHost(app=ROOT, settings=settings, port=port, options=options) as host:
        yield Api(host.url)


def test_edits_on_either_side_reach_the_other(api: Api, local: LocalSharePoint):
    person = Person(local)
    customer = api.customer(storage="sharepoint")
    api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web"})
    announced = announce(api, customer, name="plan.txt", project="p1", tags=["red"])
    put_blob(announced["upload"]["url"], b"plan")
    wait_for(lambda: in_state(api, customer, announced["id"], "in-sharepoint"), "the move")
    watched = wait_for(lambda: followed(api, customer), "the subscription")
    assert watched["watch"] == "subscribed"
    drive, item, folder = where(person, customer, "Web", "plan.txt")

    person.does("PATCH", f"/drives/{drive}/items/{item}", json={"name": "plan B.txt"})
    wait_for(lambda: named(api, customer, announced["id"], "plan B.txt"), "the rename from SharePoint")

    person.does("PUT", f"/drives/{drive}/items/{folder}:/theirs.txt:/content", data=b"theirs")
    theirs = wait_for(lambda: listed(api, customer, "theirs.txt"), "the new file from SharePoint")
    assert theirs["project"] == "p1"

    api.call("PATCH", f"customers/{customer}/files/{theirs['id']}", json={"name": "ours now.txt"})
    wait_for(lambda: "ours now.txt" in children(person, drive, folder), "the rename to SharePoint")

    person.does("DELETE", f"/drives/{drive}/items/{item}")
    wait_for(lambda: in_state(api, customer, announced["id"], "deleted"), "the deletion from SharePoint")

    api.call("DELETE", f"customers/{customer}/files/{theirs['id']}")
    wait_for(lambda: children(person, drive, folder) == [], "the deletion to SharePoint")
    history = api.call("GET", f"customers/{customer}/files/{announced['id']}/history").json()["items"]
    assert {"moment", "sharepoint", "app"} >= {line["side"] for line in history} >= {"sharepoint", "app"}


class Office:
    """A customer with two projects and a file in each, followed by notification, and a person who works there."""

    def __init__(self, api: Api, local: LocalSharePoint) -> None:
        self.api, self.local, self.person = api, local, Person(local)
        self.customer = api.customer(storage="sharepoint")
        for project in ("p1", "p2"):
            api.call("PUT", f"customers/{self.customer}/projects/{project}", json={"name": project})
        other = announce(api, self.customer, name="other.txt", project="p2")
        put_blob(other["upload"]["url"], b"other")
        announced = announce(api, self.customer, name="plan.txt", project="p1", tags=["red"])
        put_blob(announced["upload"]["url"], b"plan")
        self.file = announced["id"]
        for file_id in (other["id"], self.file):
            wait_for(lambda file_id=file_id: in_state(api, self.customer, file_id, "in-sharepoint"), "the move")
        wait_for(lambda: followed(api, self.customer), "the subscription")
        self.drive, self.item, self.folder = where(self.person, self.customer, "p1", "plan.txt")
        _, _, self.other_folder = where(self.person, self.customer, "p2", "other.txt")

    def does(self, method: str, path: str, **arguments) -> dict:
        return self.person.does(method, f"/drives/{self.drive}/items/{path}", **arguments)

    def told(self, **expected) -> bool:
        document = self.api.call("GET", f"customers/{self.customer}/files/{self.file}").json()
        return {name: document[name] for name in expected} == expected

    def retag(self) -> None:
        fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["blue"], "momentPeriod": "11/2026"}
        self.does("PATCH", f"{self.item}/listItem/fields", json=fields)

    def delete_and_restore(self) -> None:
        self.does("DELETE", self.item)
        wait_for(lambda: self.told(state="deleted"), "the deletion")
        self.local.restore(self.item)

    def move_its_folder_below_another(self) -> None:
        deep = self.does("POST", f"{self.folder}/children", json={"name": "Deep", "folder": {}})["id"]
        self.does("PATCH", self.item, json={"parentReference": {"id": deep}})
        self.does("PATCH", deep, json={"parentReference": {"id": self.other_folder}})


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(lambda o: o.does("PATCH", o.item, json={"name": "b.txt"}), {"name": "b.txt"}, id="rename"),
        pytest.param(
            lambda o: o.does("PATCH", o.item, json={"parentReference": {"id": o.other_folder}}),
            {"project": "p2"},
            id="move",
        ),
        pytest.param(
            lambda o: o.does("PATCH", o.item, json={"name": "b.txt", "parentReference": {"id": o.other_folder}}),
            {"name": "b.txt", "project": "p2"},
            id="move and rename",
        ),
        pytest.param(Office.retag, {"tags": ["blue"], "period": "11/2026"}, id="columns"),
        pytest.param(
            lambda o: o.does("PUT", f"{o.item}/content", data=b"longer content"), {"sizeBytes": 14}, id="content"
        ),
        pytest.param(lambda o: o.does("DELETE", o.item), {"state": "deleted"}, id="delete"),
        pytest.param(Office.delete_and_restore, {"state": "in-sharepoint", "name": "plan.txt"}, id="restore"),
        pytest.param(lambda o: o.does("DELETE", o.folder), {"state": "deleted"}, id="delete a folder"),
        pytest.param(
            lambda o: (o.does("PATCH", o.folder, json={"name": "P one"}), o.retag()),
            {"project": "p1", "tags": ["blue"]},
            id="rename a folder",
        ),
        pytest.param(Office.move_its_folder_below_another, {"project": "p2"}, id="move a folder"),
    ],
)
def test_each_kind_of_edit_in_sharepoint_is_told(api: Api, local: LocalSharePoint, edit, expected):
    office = Office(api, local)

    edit(office)

    wait_for(lambda: office.told(**expected), f"{expected}")


def test_the_endpoint_answers_without_a_key_and_tells_nothing(api: Api):
    url = f"{api.url}/api/sharepoint/notifications"
    guess = {"value": [{"subscriptionId": "00000000-0000-0000-0000-000000000000", "clientState": "guess"}]}

    answer = requests.post(f"{url}?validationToken=a%20b%3Cc%3E", timeout=30)
    assert (answer.status_code, answer.text) == (200, "a b<c>")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert requests.post(url, json=guess, timeout=30).status_code == 202
    assert requests.post(url, data=b"{", timeout=30).status_code == 400
    assert requests.post(url, data=b" " * 300_000, timeout=30).status_code == 413


def followed(api: Api, customer: str) -> dict | None:
    document = api.call("GET", f"customers/{customer}/library").json()
    return document if document.get("pulledAt") else None


def named(api: Api, customer: str, file_id: str, name: str) -> bool:
    return api.call("GET", f"customers/{customer}/files/{file_id}").json()["name"] == name


def listed(api: Api, customer: str, name: str) -> dict | None:
    items = api.call("GET", f"customers/{customer}/files").json()["items"]
    return next((each for each in items if each["name"] == name), None)


def where(person: Person, customer: str, folder: str, name: str) -> tuple[str, str, str]:
    site = person.does("GET", "/sites/contoso.sharepoint.com:/sites/moment")["id"]
    drive = person.does("GET", f"/sites/{site}/lists/Customer%20{customer}/drive")["id"]
    parent = person.does("GET", f"/drives/{drive}/root:/{folder}")["id"]
    return drive, person.does("GET", f"/drives/{drive}/root:/{folder}/{name}")["id"], parent


def children(person: Person, drive: str, folder: str) -> list[str]:
    return [each["name"] for each in person.does("GET", f"/drives/{drive}/items/{folder}/children")["value"]]

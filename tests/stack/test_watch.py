"""What `make run` notices: new files, what people did to them on either side, and what is gone."""

from typing import Any, cast

import pytest

from tools.stack.product import Product
from tools.stack.watch import Watch

FILE: dict[str, Any] = {
    "id": "f",
    "customer": "c",
    "project": "p",
    "activity": None,
    "task": None,
    "name": "a.txt",
    "requestedName": "a.txt",
    "tags": ["one"],
    "sizeBytes": 5,
    "state": "in-sharepoint",
    "proof": "identical",
    "inMomentCloud": False,
    "createdAt": "2026-11-23T09:30:00+00:00",
    "changedAt": "2026-11-23T09:30:02+00:00",
}


class Api:
    """One customer with one file, as the API tells of it."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = [dict(FILE)]
        self.file = dict(FILE)
        self.history: list[dict[str, str]] = []
        self.requests: list[str] = []

    def items(self, path: str) -> list[dict[str, Any]]:
        return [{"id": "c", "name": "Customer"}] if path == "customers" else self.listed

    def get(self, path: str) -> dict[str, Any]:
        self.requests.append(path)
        if path.endswith("/history"):
            return {"items": self.history}
        return self.file if "/files/" in path else {"name": path.rpartition("/")[2].upper()}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def watch(api: Api) -> Watch:
    watch = Watch(cast("Product", api))
    watch.refresh()
    return watch


def news(watch: Watch) -> str:
    return watch.rows["c", "f"].news


def test_a_moved_and_renamed_file_tells_who_did_it_and_where(api: Api, watch: Watch):
    api.listed = [FILE | {"name": "b.txt", "project": "q", "changedAt": "2026-11-23T10:00:00+00:00"}]
    api.history = [
        {"side": "sharepoint", "who": "Grace", "event": "renamed from 'a.txt' to 'b.txt'; moved to project q."},
        {"side": "app", "who": "", "event": "Columns set in SharePoint."},
    ]

    watch.refresh()

    assert watch.rows["c", "f"].place == "Customer › Q"
    assert news(watch) == "renamed from 'a.txt' to 'b.txt'; moved to project q (in SharePoint by Grace)"


def test_a_folder_that_was_moved_takes_its_files_along(api: Api, watch: Watch):
    api.listed = [FILE | {"project": "q"}]

    watch.refresh()

    assert (watch.rows["c", "f"].place, news(watch)) == ("Customer › Q", "what it lies in was moved or renamed")


def test_a_file_that_left_the_lists_is_looked_up_once_and_shown_as_deleted(api: Api, watch: Watch):
    api.listed = []
    api.file = FILE | {"state": "deleted", "changedAt": "2026-11-23T10:00:00+00:00"}
    api.history = [{"side": "sharepoint", "who": "", "event": "Deleted in SharePoint."}]

    watch.refresh()
    watch.refresh()

    assert watch.rows["c", "f"].document["state"] == "deleted"
    assert news(watch) == "Deleted in SharePoint"
    assert api.requests.count("customers/c/files/f") == 1


def test_a_file_that_somebody_added_in_sharepoint_says_so(api: Api):
    api.listed = [FILE | {"proof": None}]
    api.history = [{"side": "sharepoint", "who": "Grace", "event": "Added in SharePoint as 'a.txt'."}]
    watch = Watch(cast("Product", api))

    watch.refresh()

    assert news(watch) == "Added in SharePoint as 'a.txt' (by Grace)"


def test_a_look_at_an_unchanged_file_costs_no_request_of_its_own(api: Api, watch: Watch):
    asked = len(api.requests)

    watch.refresh()

    assert len(api.requests) == asked

"""The daily job through the real host and real queues, over a company that was broken on purpose in every way.

No event arrives here: blobs are told of by Event Grid only, of which there is none, and SharePoint's notifications are
lost. What is right afterwards was put right by the daily job alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from shared.model.files import FileRecord, FileState, Transfer
from tests.functions.test_files_api import announce, wait_for
from tests.system.host_world import HostWorld, host_world
from tests.system.test_round_trip import children, where
from tests.world import put_blob


@pytest.fixture(scope="module")
def broken() -> Iterator[HostWorld]:
    with host_world() as world:
        yield world


@dataclass
class Repaired:
    """A company after the daily job, with the ids of what was broken."""

    broken: HostWorld
    customer: str
    drive: str
    ids: dict[str, str]
    lost: str
    """A customer whose library was deleted."""
    run: dict

    def document(self, name: str) -> dict:
        return self.broken.api.call("GET", f"customers/{self.customer}/files/{self.ids[name]}").json()

    def record(self, name: str) -> FileRecord:
        return self.broken.record(self.customer, self.ids[name])


@pytest.fixture(scope="module")
def repaired(broken: HostWorld) -> Repaired:
    """Everything below is broken first, then the daily job runs once."""
    customer = broken.company(storage="sharepoint")
    for project, storage in (("web", None), ("old", "moment"), ("empty", None)):
        broken.api.call("PUT", f"customers/{customer}/projects/{project}", json={"name": project, "storage": storage})
    names = ("followed.txt", "renamed.txt", "vanished.txt", "edited.txt", "deleted.txt", "unreleased.txt", "noted.txt")
    ids = {name: broken.moved(customer, name, project="web") for name in names}
    ids["emptied.txt"] = broken.moved(customer, "emptied.txt", project="empty")
    ids["kept.txt"] = broken.kept(customer, "kept.txt", project="old")
    wait_for(lambda: broken.library(customer).get("watch") == "subscribed", "the subscription")
    drive, _, folder = where(broken.person, customer, "web", "followed.txt")
    _, _, emptied_folder = where(broken.person, customer, "empty", "emptied.txt")
    broken.local.fault({"notifications_silent_s": 3600})

    # SharePoint's side: nobody tells of these
    person = broken.person
    person.does(
        "PATCH", f"/drives/{drive}/items/{item_of(broken, customer, ids['renamed.txt'])}", json={"name": "B.txt"}
    )
    person.does("PUT", f"/drives/{drive}/items/{folder}:/theirs.txt:/content", data=b"theirs")
    broken.local.fault({"missing_tombstones": 1})
    person.does("DELETE", f"/drives/{drive}/items/{item_of(broken, customer, ids['vanished.txt'])}")
    person.does("DELETE", f"/drives/{drive}/items/{emptied_folder}")
    followed = broken.stores.libraries.find(drive)
    assert followed is not None
    broken.sharepoint.unsubscribe(followed.subscription_id)

    # Moment's side: messages that were lost, steps that a crash cut off
    broken.save(broken.record(customer, ids["edited.txt"]), name="edited in Moment.txt", tags=("red",))
    broken.save(broken.record(customer, ids["deleted.txt"]), state=FileState.DELETED, delete_pending=True)
    unreleased(broken, customer, ids["unreleased.txt"])
    broken.save(broken.record(customer, ids["noted.txt"]), blob_name=f"{customer}/gone")
    broken.api.call("PUT", f"customers/{customer}/projects/old", json={"name": "old", "storage": "sharepoint"})
    ids["blocked.txt"] = broken.file(customer, "blocked.txt")
    arrived = broken.record(customer, ids["blocked.txt"])
    broken.save(arrived, state=FileState.BLOCKED, reason="The site was full.", size_bytes=7)
    ids["stranded.txt"] = broken.file(customer, "stranded.txt")
    stranded = broken.record(customer, ids["stranded.txt"])
    broken.save(stranded, state=FileState.WAITING, reason="The network failed.", size_bytes=7)
    ids["session.bin"] = abandoned_session(broken, customer, drive)
    lost = lost_library(broken)

    return Repaired(broken, customer, drive, ids, lost, broken.daily_run())


def item_of(broken: HostWorld, customer: str, file_id: str) -> str:
    baseline = broken.record(customer, file_id).baseline
    assert baseline is not None
    return baseline.item_id


def unreleased(broken: HostWorld, customer: str, file_id: str) -> None:
    """As after a crash between the commit and the release."""
    blob = f"{customer}/{file_id}/unreleased.txt"
    put_blob(broken.stores.blobs.upload_url(blob, broken.soon()), b"content")
    facts, record = broken.stores.blobs.find(blob), broken.record(customer, file_id)
    assert facts is not None
    assert record.baseline is not None
    broken.save(record, blob_name=blob, baseline=replace(record.baseline, blob_etag=facts.etag))


def abandoned_session(broken: HostWorld, customer: str, drive: str) -> str:
    """A file that was deleted in Moment in the middle of its upload."""
    file_id = announce(broken.api, customer, name="session.bin")["id"]
    record = broken.record(customer, file_id)
    session = broken.sharepoint.open_upload_session(drive, "root", "session.bin")
    transfer = Transfer("dead", datetime.now(UTC), "etag", "session.bin", upload_url=session.url)
    broken.save(record, state=FileState.DELETED, transfer=transfer)
    return file_id


def lost_library(broken: HostWorld) -> str:
    """A customer whose library an administrator deleted, with a file that waits."""
    customer = broken.company(storage="sharepoint")
    broken.moved(customer, "lost.txt")
    waiting = broken.record(customer, broken.file(customer, "waiting.txt"))
    broken.save(waiting, state=FileState.BLOCKED, reason="The site was full.", size_bytes=7)
    link = broken.stores.folders.find(customer, "library")
    assert link is not None
    broken.person.does("DELETE", f"/sites/{link.site_id}/lists/{link.list_id}")
    return customer


def test_a_library_that_is_gone_is_reported_and_made_again_for_what_waits(repaired: Repaired):
    reasons = {each["what"]: each["reason"] for each in repaired.run["problems"]}
    assert "gone in SharePoint" in reasons[f"library of {repaired.lost}"]
    files = repaired.broken.api.call("GET", f"customers/{repaired.lost}/files").json()["items"]
    assert {each["name"]: each["state"] for each in files} == {
        "lost.txt": "in-sharepoint",
        "waiting.txt": "in-sharepoint",
    }
    drive, _, _ = where(repaired.broken.person, repaired.lost, "", "waiting.txt")
    assert children(repaired.broken.person, drive, "root") == ["waiting.txt"]


def test_files_of_a_project_that_turned_to_sharepoint_are_moved(repaired: Repaired):
    assert repaired.document("kept.txt")["state"] == "in-sharepoint"
    assert children(repaired.broken.person, repaired.drive, "root:/old:") == ["kept.txt"]


def test_a_blocked_file_whose_reason_has_passed_is_moved(repaired: Repaired):
    assert repaired.document("blocked.txt")["state"] == "in-sharepoint"


def test_a_file_that_waits_for_a_message_that_was_lost_is_moved(repaired: Repaired):
    assert repaired.document("stranded.txt")["state"] == "in-sharepoint"


def test_edits_made_in_moment_go_out(repaired: Repaired):
    record = repaired.record("edited.txt")
    assert record.baseline is not None
    assert (record.baseline.name, record.baseline.tags) == ("edited in Moment.txt", ("red",))
    names = children(repaired.broken.person, repaired.drive, "root:/web:")
    assert "edited in Moment.txt" in names
    assert "deleted.txt" not in names
    assert not repaired.record("deleted.txt").delete_pending


def test_blobs_whose_files_are_in_sharepoint_are_released(repaired: Repaired):
    for name in ("unreleased.txt", "noted.txt"):
        assert repaired.record(name).blob_name is None
    blob = f"{repaired.customer}/{repaired.ids['unreleased.txt']}/unreleased.txt"
    assert repaired.broken.stores.blobs.find(blob) is None


def test_an_upload_session_that_was_left_is_cancelled(repaired: Repaired):
    assert repaired.record("session.bin").transfer is None
    route = f"/drives/{repaired.drive}/root:/session.bin:/content"
    assert repaired.broken.person.does("PUT", route, data=b"free again")["name"] == "session.bin"


def test_what_people_did_in_sharepoint_is_brought_in(repaired: Repaired):
    assert repaired.document("renamed.txt")["name"] == "B.txt"
    files = repaired.broken.api.call("GET", f"customers/{repaired.customer}/files").json()["items"]
    assert [each["project"] for each in files if each["name"] == "theirs.txt"] == ["web"]


def test_what_no_delta_tells_of_is_found_by_the_walk(repaired: Repaired):
    assert repaired.document("vanished.txt")["state"] == "deleted"


def test_a_folder_that_is_missing_is_reported(repaired: Repaired):
    assert repaired.document("emptied.txt")["state"] == "deleted"
    assert "folder of project empty" in [each["what"] for each in repaired.run["problems"]]


def test_a_subscription_that_is_gone_is_made_anew(repaired: Repaired):
    def subscribed() -> bool:
        state = repaired.broken.stores.libraries.find(repaired.drive)
        known = {each.id for each in repaired.broken.sharepoint.subscriptions()}
        return state is not None and state.subscription_id in known

    wait_for(subscribed, "the new subscription")


def test_the_run_says_what_it_did(repaired: Repaired):
    run = repaired.run
    assert (run["kind"], run["startedBy"], run["state"]) == ("daily", "the daily job", "partly")
    assert run["progress"]["parts"] == run["progress"]["ended"] > 3
    wanted = {
        "transfers": 4,
        "releases": 2,
        "sessionsCancelled": 1,
        "missingFolders": 1,
    }
    assert {name: run["counts"].get(name) for name in wanted} == wanted
    # The new subscription has the library pulled too; what that pull was faster with, the run does not count.
    assert run["counts"]["editsSent"] >= 1
    assert run["counts"].get("renames", 0) <= 1
    parts = repaired.broken.api.call("GET", f"sync-runs/{run['id']}/parts").json()["items"]
    assert {part["state"] for part in parts} == {"done", "partly", "failed"}
    assert [part["state"] for part in parts if part["part"] == f"library:{repaired.customer}"] == ["partly"]


def test_a_second_daily_run_finds_nothing_to_do(repaired: Repaired):
    again = repaired.broken.daily_run()

    changes = set(again["counts"]) - {"libraries", "missingFolders", "newRecords"}
    assert changes == set()

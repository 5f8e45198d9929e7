"""Drive items as SharePoint never tells of them: the odd one is followed, or named as passed over; the others follow.

Each through a real pull on Azurite and the local SharePoint, whose delta a proxy rewrites.
"""

from typing import Any

import pytest

from functions.library_documents import library_document
from tests.hostile.followed import Followed

HALF = "half\ud800.txt"

FOLLOWED: dict[str, dict[str, Any]] = {
    "no parent": {"parentReference": None},
    "parent without id": {"parentReference": {"driveId": "x"}},
    "parent of another kind": {"parentReference": "root"},
    "unknown parent": {"parentReference": {"id": "01NOBODYKNOWSTHISFOLDER"}},
    "its own parent": {"id": "01OWNPARENT", "parentReference": {"id": "01OWNPARENT"}},
    "no eTag": {"eTag": None},
    "eTag of another kind": {"eTag": {"x": 1}},
    "eTag without GUID": {"eTag": '"{not-a-guid},1"'},
    "no size": {"size": None},
    "size as text": {"size": "12"},
    "no hash": {"file": {}},
    "hash of another kind": {"file": {"hashes": {"quickXorHash": ["x"]}}},
    "hashes of another kind": {"file": {"hashes": "x"}},
    "neither file nor folder": {"file": None},
    "notebook": {"file": None, "package": {"type": "oneNote"}},
    "remote item": {"file": None, "remoteItem": {"id": "x", "parentReference": {"driveId": "y"}}},
    "no dates": {"createdDateTime": None, "lastModifiedDateTime": None},
    "dates that are none": {"createdDateTime": "yesterday", "lastModifiedDateTime": 7},
    "dates without zone": {"createdDateTime": "2026-01-01T00:00:00", "lastModifiedDateTime": "2026-01-01"},
    "dates before all tables": {
        "createdDateTime": "1500-01-01T00:00:00Z",
        "lastModifiedDateTime": "0001-01-01T00:00:00Z",
    },
    "dates after all": {"createdDateTime": "9999-12-31T23:59:59.999Z"},
    "author of another kind": {"createdBy": "Ada", "lastModifiedBy": [1]},
    "author named by an object": {"createdBy": {"user": {"displayName": {"first": "Ada"}}}},
    "author with half a pair": {"createdBy": {"user": {"displayName": "\ud800"}}},
    "address with half a pair": {"webUrl": "http://x/\udfff"},
    "markup in the name": {"name": "<img src=x onerror=alert(1)>.txt"},
    "400 characters": {"name": "n" * 396 + ".txt"},
    "right to left": {"name": "\u202etxt.exe"},
    "slashes in the name": {"name": "../../etc/passwd"},
}

CLEANED = {HALF: "half\ufffd.txt", "a\x00b\r\n.txt": "a\ufffdb\ufffd\ufffd.txt"}

PASSED_OVER: dict[str, dict[str, Any]] = {
    "no name": {"name": None},
    "empty name": {"name": ""},
    "name of another kind": {"name": {"x": 1}},
    "name beyond every row": {"name": "n" * 40_000},
    "negative size": {"size": -1},
    "size of another kind": {"size": {"bytes": 1}},
    "size beyond every number": {"size": 10**30},
    "endless size": {"size": float("inf")},
    "no id": {"id": None},
    "id of another kind": {"id": 7},
    "path for an id": {"id": "../x"},
    "dots for an id": {"id": ".."},
    "query for an id": {"id": "x?y#z"},
    "id of 10 kB": {"id": "x" * 10_000},
    "id with a control": {"id": "a\x00"},
    "id with half a pair": {"id": HALF},
    "path for a parent": {"parentReference": {"id": "../x"}},
    "parent of 10 kB": {"parentReference": {"id": "x" * 10_000}},
    "parent with a tilde": {"parentReference": {"id": "a~b"}},
    "folder without a name": {"folder": {}, "name": None},
    "folder in a path": {"folder": {}, "parentReference": {"id": "a/b"}},
    "folder whose name is beyond every row": {"folder": {}, "name": "n" * 40_000},
}


def assert_the_others_follow(followed: Followed, other: str) -> None:
    state = followed.state()
    assert {"ours.txt", other} <= followed.names()
    assert (state.failure, state.in_pull, state.lease_until) == ("", False, None)
    assert not followed.world.pulls.keys


def test_items_that_lack_what_is_not_needed_are_followed(followed: Followed):
    items = [followed.an_item(**members) for members in FOLLOWED.values()]
    followed.tell(*items)
    followed.person_adds("other.txt")

    followed.pull()

    assert_the_others_follow(followed, "other.txt")
    assert followed.names() == {"ours.txt", "other.txt", *(each["name"] for each in items)}
    assert followed.state().passed_over == ""
    versions = {each.id: each.version for each in followed.live()}
    followed.pull()
    assert {each.id: each.version for each in followed.live()} == versions


def test_names_that_nothing_can_store_are_followed_with_a_mark_in_them(followed: Followed):
    followed.tell(*(followed.an_item(name=name) for name in CLEANED))

    followed.pull()

    assert followed.names() == {"ours.txt", *CLEANED.values()}
    assert not followed.world.pushes.keys


def test_items_that_can_not_be_followed_are_named_and_stop_nobody(followed: Followed, caplog: pytest.LogCaptureFixture):
    followed.tell(*(followed.an_item(**members) for members in PASSED_OVER.values()))
    followed.person_adds("other.txt")

    followed.pull()

    assert_the_others_follow(followed, "other.txt")
    assert followed.names() == {"ours.txt", "other.txt"}
    assert caplog.messages.count("passed over in SharePoint") == len(PASSED_OVER)
    reason = library_document(followed.state()).reason
    assert "they were passed over: " in reason
    assert len(reason) < 2_000


@pytest.mark.parametrize(
    "members", [PASSED_OVER[kind] for kind in ("no name", "path for an id", "name beyond every row")]
)
def test_what_was_passed_over_is_forgotten_with_the_next_full_walk(followed: Followed, members: dict[str, Any]):
    followed.tell(followed.an_item(**members))
    followed.pull()
    assert followed.state().passed_over
    followed.be_honest()

    followed.world.app.ingest.walks.start(followed.drive)
    followed.world.settle()

    assert (followed.state().passed_over, followed.state().walk_id) == ("", "")


def test_entries_that_are_no_items_stop_nobody(followed: Followed):
    followed.tell(None, 7, "item", [], {}, {"id": "01X", "deleted": {}}, {"deleted": {"state": "deleted"}})
    followed.person_adds("other.txt")

    followed.pull()

    assert_the_others_follow(followed, "other.txt")


def test_an_item_that_is_folder_and_file_is_a_folder(followed: Followed):
    folder = followed.an_item(name="both", folder={})
    followed.tell(folder, followed.an_item(name="inside.txt", parentReference={"id": folder["id"]}))

    followed.pull()

    assert followed.names() == {"ours.txt", "inside.txt"}
    assert [each.name for each in followed.world.stores.tree.children(followed.customer, followed.folder)] == ["both"]


def test_a_tombstone_with_everything_in_it_is_a_tombstone(followed: Followed):
    assert followed.ours.baseline is not None
    followed.tell(followed.an_item(id=followed.ours.baseline.item_id, deleted={"state": "deleted"}))

    followed.pull()

    assert followed.names() == set()


def test_an_item_that_was_passed_over_is_followed_once_it_makes_sense(followed: Followed):
    item = followed.an_item(size=-1)
    followed.tell(item)
    followed.pull()
    followed.tell(item | {"size": 4})

    followed.pull()

    assert item["name"] in followed.names()


def test_a_known_file_told_of_in_an_odd_way_stays_as_it_was(followed: Followed):
    assert followed.ours.baseline is not None
    followed.tell(followed.an_item(id=followed.ours.baseline.item_id, name=""))
    followed.world.app.ingest.walks.start(followed.drive)

    followed.world.settle()

    # Also by a full walk, which asks for what it does not meet.
    assert followed.world.read(followed.ours).state is followed.ours.state
    assert followed.names() == {"ours.txt"}


def test_folders_in_a_circle_end_nowhere(followed: Followed):
    one, two = followed.an_item(name="one", folder={}), followed.an_item(name="two", folder={})
    one["parentReference"], two["parentReference"] = {"id": two["id"]}, {"id": one["id"]}
    own = followed.an_item(name="own", folder={})
    own["parentReference"] = {"id": own["id"]}
    inside = [
        followed.an_item(name=f"in {each['name']}.txt", parentReference={"id": each["id"]}) for each in (two, own)
    ]
    followed.tell(one, two, own, *inside)

    followed.pull()

    assert followed.names() == {"ours.txt", "in two.txt", "in own.txt"}
    shown = [followed.world.app.locating.record(followed.customer, each.id) for each in followed.live()]
    assert {each.links.customer for each in shown} == {followed.customer}
    followed.tell({"id": one["id"], "deleted": {}}, {"id": own["id"], "deleted": {}})
    followed.pull()
    assert followed.names() == {"ours.txt"}

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

CLEANED = {
    "half a pair in the name": (HALF, "half\ufffd.txt"),
    "controls in the name": ("a\x00b\r\n.txt", "a\ufffdb\ufffd\ufffd.txt"),
}

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


@pytest.mark.parametrize("members", FOLLOWED.values(), ids=FOLLOWED.keys())
def test_an_item_that_lacks_what_is_not_needed_is_followed(followed: Followed, members: dict[str, Any]):
    item = followed.an_item(**members)
    followed.tell(item)
    followed.person_adds("other.txt")

    followed.pull()

    assert_the_others_follow(followed, "other.txt")
    assert item["name"] in followed.names()
    assert followed.state().passed_over == ""
    followed.pull()
    assert len(followed.live()) == 3


@pytest.mark.parametrize(("name", "shown"), CLEANED.values(), ids=CLEANED.keys())
def test_a_name_that_nothing_can_store_is_followed_with_a_mark_in_it(followed: Followed, name: str, shown: str):
    followed.tell(followed.an_item(name=name))

    followed.pull()

    assert followed.names() == {"ours.txt", shown}
    assert not followed.world.pushes.keys


@pytest.mark.parametrize("members", PASSED_OVER.values(), ids=PASSED_OVER.keys())
def test_an_item_that_can_not_be_followed_is_named_and_stops_nobody(followed: Followed, members: dict[str, Any]):
    followed.tell(followed.an_item(**members))
    followed.person_adds("other.txt")

    followed.pull()

    assert_the_others_follow(followed, "other.txt")
    assert len(followed.live()) == 2
    assert followed.state().passed_over
    assert "passed over" in library_document(followed.state()).reason
    assert len(library_document(followed.state()).reason) < 2_000


@pytest.mark.parametrize("entry", [None, 7, "item", [], {}, {"id": "01X", "deleted": {}}, {"deleted": {"state": "x"}}])
def test_an_entry_that_is_no_item_stops_nobody(followed: Followed, entry: Any):
    followed.tell(entry)
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

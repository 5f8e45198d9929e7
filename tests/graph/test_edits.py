"""Edits in the local SharePoint: with the version that was read, or not at all."""

import pytest

from shared.errors import Locked, NameTaken, NotFound, PreconditionFailed, Unavailable
from shared.graph.edits import ItemEdits
from shared.model.directory import Columns
from tests.graph.ledger import spent
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer

ROOT = "root"
COLUMNS = Columns(activity="Audit", year="2026", period="11/2026", tags=("red", "blue & green"))
STALE = '"{00000000-0000-0000-0000-000000000000},1"'


@pytest.fixture
def item(graph, library):
    return graph.put_file(library.drive_id, ROOT, "a.txt", b"x")


def fields_of(graph, item):
    answer = graph._transport.request(
        "GET",
        "/drives/{drive}/items/{item}",
        {"drive": item.drive_id, "item": item.id},
        params={"$expand": "listItem($expand=fields)"},
    )
    fields = answer.json()["listItem"]["fields"]
    return {name: value for name, value in fields.items() if name.startswith("moment") and "@" not in name}


def test_columns_are_written(graph, item):
    graph.set_columns(item.drive_id, item.id, COLUMNS)

    assert fields_of(graph, item) == {
        "momentActivity": "Audit",
        "momentYear": "2026",
        "momentPeriod": "11/2026",
        "momentTags": ["red", "blue & green"],
    }


def test_columns_without_a_value_are_left_alone(graph, item):
    graph.set_columns(item.drive_id, item.id, COLUMNS)

    graph.set_columns(item.drive_id, item.id, Columns(activity="Tax"))

    assert fields_of(graph, item)["momentActivity"] == "Tax"
    assert fields_of(graph, item)["momentTags"] == ["red", "blue & green"]


def test_no_columns_cost_nothing(graph, item, sharepoint):
    with spent(sharepoint) as cost:
        written = graph.set_columns(item.drive_id, item.id, Columns())

    assert cost.requests == 0
    assert written is None


@pytest.mark.parametrize("then", [{"status": 404}, {"status": 409, "code": "resourceModified"}])
def test_columns_are_tried_again_while_sharepoint_does_not_know_the_new_file_yet(graph, item, sharepoint, then):
    sharepoint.fault({"match": {"method": "PATCH"}, "times": 2, "then": then})

    graph.set_columns(item.drive_id, item.id, COLUMNS)

    assert fields_of(graph, item)["momentActivity"] == "Audit"


def test_columns_of_a_file_that_stays_unknown_are_not_found(graph, library):
    with pytest.raises(NotFound):
        graph.set_columns(library.drive_id, "01NOWHERE", COLUMNS)


def test_writing_columns_gives_the_etag_that_the_drive_item_has_then(graph, item):
    after_set = graph.set_columns(item.drive_id, item.id, COLUMNS).e_tag
    assert after_set == graph.find_item(item.drive_id, item.id).e_tag != item.e_tag

    after_write = graph.write_columns(item.drive_id, item.id, after_set, Columns()).e_tag

    assert after_write == graph.find_item(item.drive_id, item.id).e_tag != after_set


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ('"1e5a7f00-0a0b-4c0d-8e0f-00a1b2c3d4e5,7"', '"{1E5A7F00-0A0B-4C0D-8E0F-00A1B2C3D4E5},7"'),
        ('"{1E5A7F00-0A0B-4C0D-8E0F-00A1B2C3D4E5},7"', '"{1E5A7F00-0A0B-4C0D-8E0F-00A1B2C3D4E5},7"'),
        ('"something else"', '"something else"'),
    ],
)
def test_an_etag_of_a_list_item_is_given_as_the_drive_item_spells_it(shown, expected):
    with ScriptedServer(Answer(200, {"@odata.etag": shown})) as server:
        written = ItemEdits(a_transport(server.url, PassingTime())).write_columns("d", "i", STALE, COLUMNS)

    assert written.e_tag == expected


def test_every_write_tells_by_which_request_it_was_done(graph, item, library, sharepoint):
    since = max(call["n"] for call in sharepoint.requests())
    created = graph.put_file(library.drive_id, ROOT, "b.txt", b"x")
    replaced = graph.replace_file(library.drive_id, created.id, b"y")
    renamed = graph.update_item(library.drive_id, created.id, replaced.e_tag, "c.txt")
    written = graph.write_columns(library.drive_id, created.id, renamed.e_tag, COLUMNS)
    deleted = graph.delete_item(library.drive_id, created.id, written.e_tag)

    told = [created.request_id, replaced.request_id, renamed.request_id, written.request_id, deleted]
    assert len({each for each in told if each}) == len(told) == len(sharepoint.requests(since))
    assert graph.delete_item(library.drive_id, created.id, "") == ""
    assert graph.find_item(item.drive_id, item.id).request_id == ""


def test_an_answer_without_an_etag_is_unavailable():
    with ScriptedServer(Answer(200, {})) as server, pytest.raises(Unavailable):
        ItemEdits(a_transport(server.url, PassingTime())).write_columns("d", "i", STALE, COLUMNS)


def test_writing_all_columns_clears_the_empty_ones_in_one_request(graph, item, sharepoint):
    e_tag = graph.set_columns(item.drive_id, item.id, COLUMNS).e_tag

    with spent(sharepoint) as cost:
        graph.write_columns(item.drive_id, item.id, e_tag, Columns(year="2027"))

    assert fields_of(graph, item) == {"momentYear": "2027"}
    assert (cost.requests, cost.ru) == (1, 2)


def test_columns_of_an_older_version_are_refused_and_stay(graph, item):
    graph.set_columns(item.drive_id, item.id, COLUMNS)

    with pytest.raises(PreconditionFailed):
        graph.write_columns(item.drive_id, item.id, item.e_tag, Columns(activity="Tax"))

    assert fields_of(graph, item)["momentActivity"] == "Audit"


def test_rename_and_move_are_one_request(graph, library, item, sharepoint):
    folder = graph.create_folder(library.drive_id, ROOT, "Website")

    with spent(sharepoint) as cost:
        after = graph.update_item(item.drive_id, item.id, item.e_tag, "b.txt", folder.id)

    assert (cost.requests, cost.ru) == (1, 2)
    assert (after.id, after.name, after.parent_id) == (item.id, "b.txt", folder.id)
    assert graph.find_item(item.drive_id, item.id) == after
    assert after.e_tag != item.e_tag


def test_a_rename_alone_leaves_the_file_where_it_is(graph, item):
    after = graph.update_item(item.drive_id, item.id, item.e_tag, name="b.txt")

    assert (after.name, after.parent_id) == ("b.txt", item.parent_id)


def test_a_move_to_the_root_takes_its_alias(graph, library, item):
    folder = graph.create_folder(library.drive_id, ROOT, "Website")
    inside = graph.update_item(item.drive_id, item.id, item.e_tag, parent_id=folder.id)

    outside = graph.update_item(item.drive_id, item.id, inside.e_tag, parent_id=ROOT)

    assert (outside.name, outside.parent_id) == (item.name, item.parent_id)


def test_an_older_version_is_not_renamed(graph, item):
    graph.replace_file(item.drive_id, item.id, b"by somebody else")

    with pytest.raises(PreconditionFailed):
        graph.update_item(item.drive_id, item.id, item.e_tag, "b.txt")

    assert graph.find_item(item.drive_id, item.id).name == "a.txt"


def test_whatever_version_there_is_can_be_renamed_too(graph, item):
    graph.replace_file(item.drive_id, item.id, b"by somebody else")

    assert graph.update_item(item.drive_id, item.id, "", "b.txt").name == "b.txt"


def test_a_name_that_is_taken_is_not_taken_over(graph, library, item):
    graph.put_file(library.drive_id, ROOT, "b.txt", b"y")

    with pytest.raises(NameTaken):
        graph.update_item(item.drive_id, item.id, item.e_tag, "B.TXT")


def test_a_rename_whose_answer_was_lost_is_an_older_version(graph, item, sharepoint):
    sharepoint.fault({"match": {"method": "PATCH"}, "then": {"apply_then_status": 504}})

    with pytest.raises(PreconditionFailed):
        graph.update_item(item.drive_id, item.id, item.e_tag, "b.txt")

    assert graph.find_item(item.drive_id, item.id).name == "b.txt"


def test_a_deleted_file_is_in_the_recycle_bin(graph, item, sharepoint):
    with spent(sharepoint) as cost:
        graph.delete_item(item.drive_id, item.id, item.e_tag)

    assert (cost.requests, cost.ru) == (1, 2)
    assert graph.find_item(item.drive_id, item.id) is None
    assert len(sharepoint.recycle_bin()) == 1


def test_an_older_version_is_not_deleted(graph, item):
    graph.replace_file(item.drive_id, item.id, b"by somebody else")

    with pytest.raises(PreconditionFailed):
        graph.delete_item(item.drive_id, item.id, item.e_tag)

    assert graph.find_item(item.drive_id, item.id) is not None


def test_what_is_gone_may_be_deleted_again_but_not_edited(graph, item):
    graph.delete_item(item.drive_id, item.id, item.e_tag)

    graph.delete_item(item.drive_id, item.id, item.e_tag)

    with pytest.raises(NotFound):
        graph.update_item(item.drive_id, item.id, item.e_tag, "b.txt")
    with pytest.raises(NotFound):
        graph.write_columns(item.drive_id, item.id, item.e_tag, COLUMNS)


@pytest.mark.parametrize(
    "edit",
    [
        lambda graph, item: graph.update_item(item.drive_id, item.id, item.e_tag, "b.txt"),
        lambda graph, item: graph.delete_item(item.drive_id, item.id, item.e_tag),
        lambda graph, item: graph.write_columns(item.drive_id, item.id, item.e_tag, COLUMNS),
    ],
    ids=["rename", "delete", "columns"],
)
def test_a_file_that_a_person_has_open_is_locked_and_stays_as_it_is(graph, item, sharepoint, edit):
    sharepoint.fault({"lock": {"item": item.id, "seconds": 60}})

    with pytest.raises(Locked):
        edit(graph, item)

    assert graph.find_item(item.drive_id, item.id) == item

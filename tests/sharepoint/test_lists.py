"""Libraries, columns, content types and field values."""

import pytest

from tests.sharepoint.graph_client import code

TAGS = {"name": "momentTags", "choice": {"allowTextEntry": True, "choices": [], "displayAs": "checkBoxes"}}


@pytest.fixture
def library(graph):
    made = graph.library("Contracts", description="made for tests", columns=[TAGS, {"name": "year", "text": {}}])
    graph.drive = graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive").json()["id"]
    return f"/sites/{graph.site}/lists/{made['id']}"


@pytest.fixture
def fields(graph, library):
    item = graph.upload("a.txt").json()
    return f"/drives/{graph.drive}/items/{item['id']}/listItem/fields"


def tags(*values):
    return {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": list(values)}


def test_a_library_is_read_back_by_id_and_by_title_with_its_description(graph, library):
    by_id = graph.get(library).json()
    by_title = graph.get(f"/sites/{graph.site}/lists/contracts").json()

    assert by_id == by_title
    assert by_id["description"] == "made for tests"
    assert by_id["list"]["template"] == "documentLibrary"


def test_a_library_shows_its_drive_when_asked(graph, library):
    body = graph.get(f"{library}?$select=id,displayName&$expand=drive($select=id)").json()

    assert set(body) == {"@odata.etag", "id", "displayName", "drive"}
    assert body["drive"] == {"id": graph.drive}


def test_the_title_is_unique_without_regard_to_case(graph, library):
    body = {"displayName": "CONTRACTS", "list": {"template": "documentLibrary"}}

    assert code(graph.post(f"/sites/{graph.site}/lists", json=body)) == (409, "nameAlreadyExists")


def test_the_name_is_the_servers_to_choose(graph):
    body = {"name": "x", "displayName": "X", "list": {"template": "documentLibrary"}}

    assert code(graph.post(f"/sites/{graph.site}/lists", json=body)) == (400, "invalidRequest")


def test_an_unknown_template_is_400_and_a_plain_list_is_501(graph):
    url = f"/sites/{graph.site}/lists"

    assert graph.post(url, json={"displayName": "X", "list": {"template": "odd"}}).status_code == 400
    assert graph.post(url, json={"displayName": "X"}).status_code == 501


def test_the_address_comes_from_the_first_title_and_survives_a_rename(graph):
    made = graph.library('Ä/B: "C" & Co.')

    renamed = graph.patch(f"/sites/{graph.site}/lists/{made['id']}", json={"displayName": "New"}).json()

    assert made["name"] == "ÄB C Co"
    assert (renamed["displayName"], renamed["name"], renamed["webUrl"]) == ("New", made["name"], made["webUrl"])
    assert graph.get(f"/sites/{graph.site}/lists/New").json()["id"] == made["id"]


def test_libraries_are_listed_filtered_and_paged(graph, library):
    graph.library("O'Hara")

    listed = graph.get(f"/sites/{graph.site}/lists?$select=displayName&$top=2").json()
    found = graph.get(f"/sites/{graph.site}/lists", params={"$filter": "displayName eq 'O''Hara'"}).json()["value"]

    assert [each["displayName"] for each in listed["value"]] == ["Documents", "Contracts"]
    assert [each["displayName"] for each in graph.get(listed["@odata.nextLink"]).json()["value"]] == ["O'Hara"]
    assert [each["displayName"] for each in found] == ["O'Hara"]
    assert len(graph.get(f"/sites/{graph.site}/drives").json()["value"]) == 3


def test_a_deleted_library_is_gone(graph, library):
    assert graph.delete(library).status_code == 204
    assert graph.get(library).status_code == 404
    assert graph.get(f"/drives/{graph.drive}").status_code == 404


def test_a_site_holds_two_thousand_lists(graph):
    for each in range(1999):
        graph.library(f"L{each}")
    body = {"displayName": "one too many", "list": {"template": "documentLibrary"}}

    refused = graph.post(f"/sites/{graph.site}/lists", json=body)

    assert refused.status_code == 400
    assert "2000" in refused.json()["error"]["message"]


def test_another_site_is_404(graph):
    assert graph.get("/sites/contoso.sharepoint.com:/sites/other").status_code == 404
    assert graph.get("/sites/contoso.sharepoint.com,a,b/lists").status_code == 404


def test_a_site_content_type_reaches_the_files_of_a_library(graph):
    site = f"/sites/{graph.site}"
    column = graph.post(f"{site}/columns", json=TAGS).json()
    base = {"id": "0x0101", "name": "Document"}
    made = graph.post(f"{site}/contentTypes", json={"name": "Moment file", "base": base, "group": "Moment"})
    type_url = f"{site}/contentTypes/{made.json()['id']}"
    bind = {"sourceColumn@odata.bind": f"https://graph.microsoft.com/v1.0{site}/columns/{column['id']}"}

    attached = graph.post(f"{type_url}/columns", json=bind)
    library = graph.library("Customer")
    graph.drive = graph.get(f"{site}/lists/{library['id']}/drive").json()["id"]
    copied = graph.post(
        f"{site}/lists/{library['id']}/contentTypes/addCopy", json={"contentType": graph.base + type_url}
    )
    types = graph.get(f"{site}/lists/{library['id']}/contentTypes").json()["value"]
    document = next(each for each in types if each["name"] == "Document")
    removed = graph.delete(f"{site}/lists/{library['id']}/contentTypes/{document['id']}")
    item = graph.upload("a.txt").json()
    shown = graph.get(f"/drives/{graph.drive}/items/{item['id']}?$expand=listItem($expand=fields)").json()

    assert (made.status_code, attached.status_code, copied.status_code, removed.status_code) == (201, 200, 201, 204)
    assert copied.json()["id"].startswith(made.json()["id"] + "00")
    assert shown["listItem"]["contentType"] == {"id": copied.json()["id"], "name": "Moment file"}
    assert shown["listItem"]["fields"]["ContentType"] == "Moment file"
    assert [each["name"] for each in graph.get(f"{type_url}/columns").json()["value"]] == ["Title", "momentTags"]
    assert [each["name"] for each in graph.get(f"{site}/lists/{library['id']}/columns").json()["value"]] == [
        "Title",
        "momentTags",
    ]
    in_use = graph.delete(f"{site}/lists/{library['id']}/contentTypes/{copied.json()['id']}")
    assert in_use.status_code == 400


def test_the_last_content_type_of_a_library_stays(graph, library):
    types = graph.get(f"{library}/contentTypes").json()["value"]

    assert [graph.delete(f"{library}/contentTypes/{each['id']}").status_code for each in types] == [400, 400]


def test_an_item_can_be_given_another_content_type(graph, library):
    made = graph.post(f"/sites/{graph.site}/contentTypes", json={"name": "T", "base": {"id": "0x0101"}}).json()
    item = graph.upload("a.txt").json()
    url = f"/sites/{graph.site}/contentTypes/{made['id']}"
    copied = graph.post(f"{library}/contentTypes/addCopy", json={"contentType": graph.base + url}).json()
    number = graph.get(f"/drives/{graph.drive}/items/{item['id']}/listItem").json()["id"]

    changed = graph.patch(f"{library}/items/{number}", json={"contentType": {"id": copied["id"]}})

    assert changed.json()["contentType"]["name"] == "T"


def test_columns_are_found_by_name_and_their_names_are_unique(graph, library):
    found = graph.get(f"{library}/columns?$filter=name eq 'momentTags'").json()["value"]

    assert found[0]["choice"] == TAGS["choice"]
    assert code(graph.post(f"{library}/columns", json=TAGS)) == (409, "nameAlreadyExists")


@pytest.mark.parametrize(
    ("definition", "status"),
    [
        ({"name": "a"}, 400),
        ({"name": "a", "text": {}, "number": {}}, 400),
        ({"text": {}}, 400),
        ({"name": "a", "text": {"maxLength": 300}}, 400),
        ({**TAGS, "name": "b", "indexed": True}, 400),
        ({"name": "a", "lookup": {}}, 501),
        ({"name": "a", "text": {"odd": 1}}, 501),
        ({"name": "my column", "dateTime": {"format": "dateOnly"}}, 201),
        ({"name": "n", "number": {"minimum": 0}, "indexed": True}, 201),
    ],
)
def test_column_definitions_are_checked(graph, library, definition, status):
    assert graph.post(f"{library}/columns", json=definition).status_code == status


def test_fields_are_written_and_read_back_and_null_clears(graph, fields):
    written = graph.patch(fields, json={"year": "2026", **tags("red", "blue")})
    cleared = graph.patch(fields, json={"year": None, **tags()})

    assert written.status_code == 200
    assert (written.json()["year"], written.json()["momentTags"]) == ("2026", ["red", "blue"])
    assert written.json()["momentTags@odata.type"] == "Collection(Edm.String)"
    assert "year" not in cleared.json()
    assert "momentTags" not in cleared.json()


def test_a_multi_choice_value_needs_its_type_annotation(graph, fields):
    assert code(graph.patch(fields, json={"momentTags": ["red"]})) == (400, "invalidRequest")
    assert (
        graph.patch(fields, json={"momentTags@odata.type": "Collection(Edm.String)", "momentTags": "red"}).status_code
        == 400
    )


def test_an_unknown_column_is_named(graph, fields):
    answer = graph.patch(fields, json={"nope": "x"})

    assert code(answer) == (400, "invalidRequest")
    assert answer.json()["error"]["message"] == "Field 'nope' is not recognized"


@pytest.mark.parametrize("body", [{"Created": "x"}, {"year": 5}, {"year": "x" * 256}])
def test_a_wrong_value_changes_nothing(graph, fields, body):
    before = graph.get(fields).json()

    assert graph.patch(fields, json={**tags("red"), **body}).status_code == 400
    assert graph.get(fields).json() == before


def test_a_choice_outside_the_list_needs_text_entry(graph, library, fields):
    graph.post(f"{library}/columns", json={"name": "kind", "choice": {"choices": ["a"]}})

    assert graph.patch(fields, json={"kind": "a"}).status_code == 200
    assert graph.patch(fields, json={"kind": "b"}).status_code == 400


def test_a_unique_column_refuses_the_same_value_twice(graph, library):
    graph.post(f"{library}/columns", json={"name": "key", "text": {}, "indexed": True, "enforceUniqueValues": True})
    one, two = (graph.upload(name).json()["id"] for name in ("1.txt", "2.txt"))

    assert graph.patch(f"/drives/{graph.drive}/items/{one}/listItem/fields", json={"key": "k"}).status_code == 200
    assert graph.patch(f"/drives/{graph.drive}/items/{two}/listItem/fields", json={"key": "k"}).status_code == 400


def test_a_field_edit_moves_the_etag_but_not_the_ctag(graph, fields):
    url = fields.removesuffix("/listItem/fields")
    before = graph.get(url).json()
    graph.patch(fields, json={"year": "2026"})
    after = graph.get(url).json()

    assert after["eTag"] == before["eTag"].replace(",1", ",2")
    assert after["cTag"] == before["cTag"]


def test_list_items_lead_to_their_drive_items_and_back(graph, library, fields):
    graph.patch(fields, json={"year": "2026", **tags("red")})

    rows = graph.get(f"{library}/items?$expand=fields($select=year),driveItem&$select=id,sharepointIds").json()["value"]

    assert rows[0]["fields"] == {"@odata.etag": rows[0]["@odata.etag"], "year": "2026"}
    item = rows[0]["driveItem"]
    assert graph.get(f"{library}/items/{rows[0]['id']}/driveItem").json()["id"] == item["id"]
    assert graph.get(f"/drives/{graph.drive}/items/{item['id']}/listItem").json()["id"] == rows[0]["id"]
    assert rows[0]["sharepointIds"]["listItemId"] == rows[0]["id"]
    assert rows[0]["sharepointIds"]["listItemUniqueId"].upper() in item["eTag"]


def test_chosen_fields_come_with_the_item(graph, fields):
    graph.patch(fields, json={"year": "2026", **tags("red")})
    url = fields.removesuffix("/listItem/fields")

    shown = graph.get(f"{url}?$select=id&$expand=listItem($select=id;$expand=fields($select=momentTags))").json()

    assert shown["listItem"]["fields"]["momentTags"] == ["red"]
    assert "year" not in shown["listItem"]["fields"]


def test_fields_can_be_patched_by_list_item_number(graph, library, fields):
    number = graph.get(fields).json()["id"]

    assert graph.patch(f"{library}/items/{number}/fields", json={"year": "2027"}).json()["year"] == "2027"
    assert graph.get(f"{library}/items/99").status_code == 404

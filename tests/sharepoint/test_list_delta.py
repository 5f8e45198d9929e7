"""List-item delta: the channel that is certain to tell of changes of columns."""

from tests.sharepoint.delta_client import ids, is_deleted, list_delta_url, pull, pull_pages


def _columns(graph):
    body = {"name": "Tags", "choice": {"choices": ["red", "blue"], "displayAs": "checkBoxes"}}
    assert graph.post(f"/sites/{graph.site}/lists/Documents/columns", json=body).status_code == 201


def _set(graph, item, **fields):
    answer = graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json=fields)
    assert answer.status_code == 200, answer.text


def test_files_and_folders_are_rows_and_the_root_is_none(graph):
    graph.upload("a/b.txt")

    items, link = pull(graph, list_delta_url(graph, "$expand=fields"))

    assert [(item["id"], item["fields"]["FileLeafRef"]) for item in items] == [("1", "a"), ("2", "b.txt")]
    assert items[0]["contentType"]["name"] == "Folder"
    assert pull(graph, link)[0] == []


def test_a_row_has_what_joins_it_with_its_drive_item(graph):
    item = graph.upload("a/b.txt").json()

    row = pull(graph, list_delta_url(graph, "$select=id,eTag,parentReference,contentType,lastModifiedBy,sharepointIds"))
    [_, row] = row[0]

    assert row["eTag"] == item["eTag"]
    assert row["eTag"].strip('"').partition(",")[0].startswith("{")
    assert row["lastModifiedBy"]["application"]
    assert row["contentType"]["name"] == "Document"
    assert row["parentReference"]["siteId"] == graph.site
    assert row["sharepointIds"]["listItemId"] == row["id"] == "2"
    assert row["sharepointIds"]["listItemUniqueId"].upper() in item["eTag"]


def test_a_change_of_columns_shows_with_the_new_values(graph):
    _columns(graph)
    item = graph.upload("a.txt").json()
    _, link = pull(graph, list_delta_url(graph, "$expand=fields($select=Tags,Title)"))

    _set(graph, item, Title="new", Tags=["red"], **{"Tags@odata.type": "Collection(Edm.String)"})
    items, later = pull(graph, link)

    assert len(items) == 1
    assert (items[0]["fields"]["Title"], items[0]["fields"]["Tags"]) == ("new", ["red"])
    assert "FileLeafRef" not in items[0]["fields"]
    _set(graph, item, Title=None)
    [cleared] = pull(graph, later)[0]
    assert "Title" not in cleared["fields"]
    assert cleared["fields"]["Tags"] == ["red"]


def test_a_change_of_columns_shows_here_even_if_drive_delta_does_not_tell(graph):
    graph.sharepoint.settings(field_edits_in_drive_delta=False)
    item = graph.upload("a.txt").json()
    _, link = pull(graph, list_delta_url(graph, "token=latest"))

    _set(graph, item, Title="x")

    assert ids(pull(graph, link)[0]) == ["1"]


def test_a_deleted_row_has_the_deleted_facet(graph):
    item = graph.upload("a.txt").json()
    _, link = pull(graph, list_delta_url(graph, "$expand=fields"))

    graph.delete(f"/drives/{graph.drive}/items/{item['id']}")

    [row] = pull(graph, link)[0]
    assert set(row) == {"id", "parentReference", "contentType", "deleted"}
    assert (row["id"], row["deleted"], row["parentReference"]) == ("1", {"state": "deleted"}, {"siteId": graph.site})
    assert row["contentType"]["name"] == "Document"


def test_a_restored_row_keeps_its_number(graph):
    item = graph.upload("a.txt").json()
    graph.delete(f"/drives/{graph.drive}/items/{item['id']}")
    _, link = pull(graph, list_delta_url(graph))

    graph.sharepoint.restore(item["id"])

    [row] = pull(graph, link)[0]
    assert row["id"] == "1"
    assert not is_deleted(row)


def test_latest_skips_what_exists_and_pages_follow_top(graph):
    graph.upload("0.txt")
    page = graph.get(list_delta_url(graph, "token=latest&$expand=fields")).json()
    for number in range(1, 6):
        graph.upload(f"{number}.txt")

    assert page["value"] == []
    assert "expand" in page["@odata.deltaLink"]
    assert [len(each["value"]) for each in pull_pages(graph, page["@odata.deltaLink"] + "&$top=2")] == [2, 2, 1]


def test_the_list_is_also_reached_through_its_drive(graph):
    graph.upload("a.txt")

    items, link = pull(graph, f"/drives/{graph.drive}/list/items/delta")

    assert ids(items) == ["1"]
    assert link.startswith(f"{graph.base}/drives/{graph.drive}/list/items/delta?")


def test_a_pull_costs_one_unit_with_a_token_and_two_without(graph):
    _, link = pull(graph, list_delta_url(graph))
    graph.get(link)

    assert [each["ru"] for each in graph.sharepoint.requests()] == [2, 1]


def test_expired_tokens_are_410_here_as_well(graph):
    graph.upload("a.txt")
    _, link = pull(graph, list_delta_url(graph, "$expand=fields"))
    graph.sharepoint.fault({"expire_delta_tokens": "resyncChangesUploadDifferences", "list": "Documents"})

    answer = graph.get(link)

    assert answer.status_code == 410
    assert pull(graph, answer.headers["Location"])[0][0]["fields"]["FileLeafRef"] == "a.txt"

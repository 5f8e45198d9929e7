"""The page for people: what it shows, and what each button does as Graph sees it afterwards."""

from collections.abc import Iterator

import pytest
import requests

from tests.sharepoint.graph_client import Graph, code
from tests.sharepoint.page_client import MOMENT_COLUMNS, Person

NAMES = ["a#b.txt", "100%.txt", "a%20b.txt", "one+two.txt", "ü 日本.txt", "it's & (x);=@.txt", "😀.md"]


@pytest.fixture
def person(graph) -> Iterator[Person]:
    made = graph.library("Contoso", columns=MOMENT_COLUMNS)
    graph.drive = graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive").json()["id"]
    with Person(graph) as somebody:
        yield somebody


def by_id(graph: Graph, item):
    return graph.get(f"/drives/{graph.drive}/items/{item['id']}").json()


def fields(graph: Graph, item):
    return graph.get(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields").json()


def test_the_site_shows_its_libraries_and_a_library_its_folders_before_its_files(person, graph):
    graph.upload("Apple.txt")
    graph.upload("Zebra/inside.txt")

    page = person.page(person.site).follow("Contoso")

    assert page.text.index("Zebra") < page.text.index("Apple.txt")
    assert "inside.txt" in page.follow("Zebra").text


@pytest.mark.parametrize("name", NAMES)
def test_a_file_opens_under_whatever_name_it_has(person, graph, name):
    graph.upload(requests.utils.quote(name, safe=""), b"content")

    answer = person.get(requests.compat.urljoin(person.library, person.page(person.library).links[name]), timeout=9)

    assert answer.content == b"content"
    assert answer.headers["Content-Disposition"] == f"inline; filename*=UTF-8''{requests.utils.quote(name, safe='')}"


def test_an_opened_file_can_do_no_harm_and_is_not_sent_twice(person, graph):
    item = graph.upload("page.html", b"<script>fetch('/')</script>").json()

    answer = person.get(item["webUrl"], timeout=9)

    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert person.get(item["webUrl"], headers={"If-None-Match": answer.headers["ETag"]}, timeout=9).status_code == 304
    assert person.get(f"{item['webUrl']}?download=1", timeout=9).headers["Content-Disposition"].startswith("attachment")


def test_names_tags_and_messages_are_escaped(person, graph):
    evil = "x' onload='y'&amp;.txt"
    item = graph.upload(requests.utils.quote(evil)).json()
    body = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["</textarea><script>1</script>"]}
    graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json=body)
    graph.library("<i>Library</i>")

    page = person.open_item(item)
    refused = page.submit("rename", name="<script>2</script>")

    for each in (page, refused):
        assert "<script>1" not in each.answer.text
        assert "<script>2" not in each.answer.text
        assert "<i>Library" not in each.answer.text
        assert evil in each.text
    assert page.forms["columns"]["fields"]["column-momentTags"] == "</textarea><script>1</script>"
    assert refused.forms["rename"]["fields"]["name"] == "<script>2</script>"


def test_a_folder_is_made_by_a_person(person, graph):
    page = person.page(person.library).submit("new-folder", name="Plan #1 100% + ü")

    made = graph.item("Plan%20%231%20100%25%20%2B%20%C3%BC")
    assert page.said == "The folder is there."
    assert made["createdBy"]["user"]["displayName"] == "Grace Hopper"
    assert "application" not in made["createdBy"]


@pytest.mark.parametrize(
    ("name", "status", "words"), [("taken", 409, "already something called “taken”"), ("a*b", 400, "cannot contain")]
)
def test_a_refused_folder_is_explained_and_what_was_typed_stays(person, graph, name, status, words):
    graph.folder("Taken")

    page = person.page(person.library).submit("new-folder", name=name)

    assert page.status == status
    assert words in page.said
    assert page.forms["new-folder"]["fields"]["name"] == name


def test_renaming_keeps_the_id_and_makes_a_version(person, graph):
    item = graph.upload("old.txt").json()

    page = person.open_item(item).submit("rename", name="new #1.txt")

    now = by_id(graph, item)
    assert page.said == "Renamed."
    assert (now["name"], now["lastModifiedBy"]["user"]["displayName"]) == ("new #1.txt", "Grace Hopper")
    assert now["eTag"] != item["eTag"]
    assert len(graph.get(f"/drives/{graph.drive}/items/{item['id']}/versions").json()["value"]) == 2


def test_an_item_that_others_renamed_meanwhile_is_still_meant(person, graph):
    item = graph.upload("a/old.txt").json()
    page = person.open_item(item)
    graph.patch(f"/drives/{graph.drive}/items/{item['parentReference']['id']}", json={"name": "b"})

    page.submit("rename", name="new.txt")

    assert graph.item("b/new.txt")["id"] == item["id"]


def test_an_item_that_others_deleted_meanwhile_is_gone_in_words(person, graph):
    item = graph.upload("a.txt").json()
    page = person.open_item(item)
    graph.delete(f"/drives/{graph.drive}/items/{item['id']}")

    refused = page.submit("rename", name="b.txt")

    assert (refused.status, refused.said) == (404, "It is no longer here: somebody moved, renamed or deleted it.")


def test_columns_are_saved_and_only_what_is_different_is_written(person, graph):
    item = graph.upload("a.txt").json()
    filled = {"column-momentActivity": "Design", "column-momentTags": "signed\r\n to check, twice \r\n\r\nsigned"}

    page = person.open_item(item).submit("columns", **filled)
    again = page.submit("columns")

    assert (page.said, again.said) == ("Saved.", "Nothing was different, so nothing was saved.")
    assert "Design" in page.text
    values = fields(graph, item)
    assert (values["momentActivity"], values["momentTags"]) == ("Design", ["signed", "to check, twice"])
    assert values["_UIVersionString"] == "2.0"
    again.submit("columns", **{"column-momentTags": ""})
    assert "momentTags" not in fields(graph, item)


def test_columns_that_somebody_changed_meanwhile_are_not_overwritten(person, graph):
    item = graph.upload("a.txt").json()
    page = person.open_item(item)
    graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json={"momentYear": "2026"})

    refused = page.submit("columns", **{"column-momentYear": "1999"})

    assert refused.status == 412
    assert "Somebody changed “a.txt”" in refused.said
    assert refused.forms["columns"]["fields"]["column-momentYear"] == "2026"


def test_columns_of_every_kind_have_a_field(person, graph):
    columns = [
        {"name": "count", "number": {}},
        {"name": "due", "dateTime": {}},
        {"name": "paid", "boolean": {}},
        {"name": "colour", "choice": {"choices": ["red", "green"]}},
    ]
    made = graph.library("Kinds", columns=columns)
    graph.drive = graph.get(f"/sites/{graph.site}/lists/{made['id']}/drive").json()["id"]
    item = graph.upload("a.txt").json()
    filled = {"column-count": "2.5", "column-due": "2026-05-01", "column-paid": "no", "column-colour": "green"}

    page = person.open_item(item).submit("columns", **filled)

    values = fields(graph, item)
    assert [values[name] for name in ("count", "due", "paid", "colour")] == [
        2.5,
        "2026-05-01T00:00:00Z",
        False,
        "green",
    ]
    assert "not a number" in page.submit("columns", **{"column-count": "many"}).said


def test_a_file_that_is_open_is_locked_for_the_api_and_for_the_page(person, graph):
    item = graph.upload("a.txt").json()

    page = person.open_item(item).submit("lock")

    assert code(graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"name": "b.txt"})) == (423, "notAllowed")
    refused = page.submit("rename", name="b.txt")
    assert (refused.status, refused.said[:18]) == (423, "“a.txt” is open: s")
    page.submit("unlock")
    assert graph.patch(f"/drives/{graph.drive}/items/{item['id']}", json={"name": "b.txt"}).status_code == 200


def test_versions_open_with_their_own_content(person, graph):
    graph.upload("a.txt", b"first")
    item = graph.upload("a.txt", b"second!").json()

    page = person.open_item(item)

    assert "5 B" in page.text
    assert person.get(requests.compat.urljoin(person.library, page.links["1.0"]), timeout=9).content == b"first"
    assert person.get(requests.compat.urljoin(person.library, page.links["2.0"]), timeout=9).content == b"second!"
    gone = person.get(f"{item['webUrl']}?version=9", timeout=9)
    assert gone.status_code == 404
    assert "version" not in gone.headers.get("Content-Disposition", "")


def test_a_long_folder_is_shown_in_pages(person, graph):
    for number in range(101):
        graph.folder(f"folder {number:03}")

    first = person.page(person.library)

    assert "folder 099" in first.text
    assert "folder 100" not in first.text
    assert "folder 100" in first.follow("Next").text


def test_the_stamp_moves_when_the_folder_looks_different(person, graph):
    item = graph.upload("a.txt").json()
    stamp = f"{person.site}/_layouts/15/stamp.aspx?folder={item['parentReference']['id']}"
    before = person.get(stamp, timeout=9).text

    assert person.get(stamp, timeout=9).text == before
    graph.upload("a.txt", b"more")
    assert person.get(stamp, timeout=9).text != before


def test_what_is_not_there_is_said_in_words(person):
    for address in (f"{person.library}/nothing", f"{person.site}/Nothing", person.site.replace("/moment", "/other")):
        answer = person.get(address, timeout=9)
        assert answer.status_code == 404
        assert "no longer here" in answer.text


def test_people_do_not_show_in_the_ledger_nor_use_up_faults(person, graph):
    graph.sharepoint.fault({"match": {"method": "POST"}, "times": 1, "then": {"status": 503}})
    graph.sharepoint.clear_requests()

    assert person.page(person.library).submit("new-folder", name="a").status == 200

    assert {each["method"] for each in graph.sharepoint.requests()} == {"GET"}
    assert graph.folder("b").status_code == 503

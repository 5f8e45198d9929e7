"""Uploading through the page: several files of any name and size, clashes, and the reader of such forms."""

import asyncio
import tracemalloc
from urllib.parse import quote

import pytest
import requests

from tests.sharepoint.page_client import Person
from tools.sharepoint.page.multipart import MultipartReader
from tools.sharepoint.state.errors import GraphError

FORM = "multipart/form-data; boundary=xyz"


@pytest.fixture
def person(graph):
    with Person(graph) as somebody:
        yield somebody


def upload(person, *files, clash="fail", folder=""):
    page = person.page(f"{person.library}{folder}")
    return page.submit("upload", files=[("files", each) for each in files], clash=clash)


def content(graph, name):
    return requests.get(graph.item(quote(name, safe=""))["webUrl"], timeout=9).content


def test_several_files_arrive_and_belong_to_the_person(person, graph):
    names = ["a#b.txt", "100%.txt", "a%20b.txt", "one+two.txt", "ü 日本 😀.txt", "empty.txt"]

    page = upload(person, *((name, name.encode() if name != "empty.txt" else b"") for name in names))

    assert page.said == "Uploaded."
    for name in names[:-1]:
        assert content(graph, name) == name.encode()
    assert graph.item("empty.txt")["size"] == 0
    assert graph.item("a%23b.txt")["createdBy"]["user"]["email"] == "grace.hopper@contoso.com"


def test_office_files_are_rewritten_as_those_of_programs_are(person, graph):
    original = b"<html><head></head><body>hello</body></html>"

    upload(person, ("page.html", original))

    assert content(graph, "page.html") != original
    assert b"hello" in content(graph, "page.html")


def test_a_taken_name_is_refused_replaced_or_kept_beside(person, graph):
    item = graph.upload("a.txt", b"old").json()

    refused = upload(person, ("A.txt", b"new"), ("b.txt", b"beside"))
    assert refused.status == 409
    assert refused.said == "There is already something called “A.txt” here. Uploaded: b.txt."
    assert content(graph, "a.txt") == b"old"

    upload(person, ("a.txt", b"newer"), clash="replace")
    assert (graph.item("a.txt")["id"], content(graph, "a.txt")) == (item["id"], b"newer")

    upload(person, ("a.txt", b"third"), clash="rename")
    assert content(graph, "a 1.txt") == b"third"


def test_an_open_file_a_bad_name_and_a_full_site_are_explained(person, graph):
    graph.upload("a.txt")
    graph.sharepoint.fault({"lock": {"path": "Documents/a.txt", "seconds": 60}})
    locked = upload(person, ("a.txt", b"new"), clash="replace")
    bad = upload(person, ("what?.txt", b"new"))
    graph.sharepoint.settings(quota_bytes=50)
    full = upload(person, ("big.txt", b"x" * 100))

    assert (locked.status, bad.status, full.status) == (423, 400, 507)
    assert "“a.txt” is open" in locked.said
    assert "cannot contain" in bad.said
    assert full.said == "The site has no space left."


def test_a_form_without_a_file_asks_for_one(person):
    assert upload(person, ("", b"")).said == "Choose at least one file."


def test_an_upload_into_a_folder_lands_there(person, graph):
    graph.folder("Plans #1")

    upload(person, ("a.txt", b"x"), folder="/Plans%20%231")

    assert graph.item("Plans%20%231/a.txt")["size"] == 1


def read(body, piece_bytes, content_type=FORM):
    async def chunks():
        for start in range(0, len(body), piece_bytes):
            yield body[start : start + piece_bytes]

    async def parts():
        reader, found = MultipartReader(chunks(), content_type), []
        while (part := await reader.next_part()) is not None:
            found.append((part.name, part.file_name, await reader.text(1_000)))
        return found

    return asyncio.run(parts())


@pytest.mark.parametrize("piece_bytes", [1, 2, 7, 1_000])
def test_a_form_reads_the_same_however_it_is_cut(piece_bytes):
    body = (
        "preamble\r\n--xyz\r\nContent-Disposition: form-data; name=clash\r\n\r\nfail\r\n"
        "--xyz\r\nContent-Type: text/plain\r\n"
        'content-disposition: form-data; name="files"; filename="a; name=ü.txt"\r\n\r\n'
        "one\r\n--xy two\r\n\r\n"
        "--xyz\r\nContent-Disposition: form-data; name=\"files\"; filename*=UTF-8''%C3%BC%2B.txt\r\n\r\n"
        "\r\n--xyz--\r\nepilogue"
    ).encode()

    assert read(body, piece_bytes) == [
        ("clash", None, "fail"),
        ("files", "a; name=ü.txt", "one\r\n--xy two\r\n"),
        ("files", "ü+.txt", ""),
    ]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\ncut o", FORM),
        (b"--xyz\r\nContent-", FORM),
        (b"", FORM),
        (b"--xyz\r\n" + b"x" * 20_000, FORM),
        (b"--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"x" * 2_000 + b"\r\n--xyz--", FORM),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
    ],
)
def test_a_form_that_is_none_is_refused(body, content_type):
    with pytest.raises(GraphError):
        read(body, 100, content_type)


def test_a_large_file_passes_through_a_small_buffer():
    async def chunks():
        yield b'--xyz\r\nContent-Disposition: form-data; name="files"; filename="big"\r\n\r\n'
        for _ in range(512):
            yield bytes(65_536)
        yield b"\r\n--xyz--\r\n"

    async def count():
        reader, total = MultipartReader(chunks(), FORM), 0
        await reader.next_part()
        async for piece in reader.pieces():
            total += len(piece)
        return total, await reader.next_part()

    tracemalloc.start()
    try:
        assert asyncio.run(count()) == (512 * 65_536, None)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()

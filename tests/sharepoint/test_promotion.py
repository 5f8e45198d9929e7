"""Files that SharePoint rewrites after upload: other bytes, the same content."""

import io
import time
import zipfile

import pytest
import requests
from docx import Document
from fpdf import FPDF
from openpyxl import Workbook, load_workbook
from pptx import Presentation

from tests.sharepoint.graph_client import fragment
from tools.sharepoint.state.quick_xor_hash import QuickXorHash


def word() -> bytes:
    document = Document()
    document.add_paragraph("What the person wrote")
    return saved(document)


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def excel() -> bytes:
    workbook = Workbook()
    workbook.active["A1"] = "What the person wrote"
    return saved(workbook)


def pdf() -> bytes:
    document = FPDF()
    document.add_page()
    return bytes(document.output())


def quick_xor_hash(content: bytes) -> str:
    hashed = QuickXorHash()
    hashed.update(content)
    return hashed.base64()


def downloaded(graph, item) -> bytes:
    return graph.get(f"/drives/{graph.drive}/items/{item['id']}/content").content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", word()),
        ("a.xlsx", excel()),
        ("a.pptx", saved(Presentation())),
        ("a.PDF", pdf()),
        ("a.html", b"<html><head><title>x</title></head><body>y</body></html>"),
    ],
)
def test_the_reply_to_the_upload_shows_the_rewritten_file(graph, name, content):
    item = graph.upload(name, content).json()
    served = downloaded(graph, item)

    assert served != content
    assert item["size"] == len(served)
    assert item["file"]["hashes"]["quickXorHash"] == quick_xor_hash(served) != quick_xor_hash(content)
    assert item["eTag"].endswith(',2"')


def test_the_parts_of_an_office_file_other_than_its_properties_keep_their_bytes(graph):
    content = word()
    served = downloaded(graph, graph.upload("a.docx", content).json())

    before, after = (zipfile.ZipFile(io.BytesIO(each)) for each in (content, served))
    changed = {
        name for name in after.namelist() if name not in before.namelist() or before.read(name) != after.read(name)
    }

    assert changed == {"[Content_Types].xml", "_rels/.rels", "docProps/custom.xml"}
    assert Document(io.BytesIO(served)).paragraphs[-1].text == "What the person wrote"
    assert load_workbook(io.BytesIO(downloaded(graph, graph.upload("a.xlsx", excel()).json()))).active["A1"].value


def test_a_rewritten_pdf_begins_with_the_bytes_that_were_sent(graph):
    content = pdf()
    served = downloaded(graph, graph.upload("a.pdf", content).json())

    assert served.startswith(content)
    assert served.endswith(b"%%EOF\n")


def test_a_rewritten_page_differs_by_one_block_in_its_head(graph):
    served = downloaded(graph, graph.upload("a.html", b"<html><head></head></html>").json())

    assert served.startswith(b"<html><head><!--[if gte mso 9]><SharePoint:CTFieldRefs ")
    assert served.endswith(b"<![endif]--></head></html>")


def test_two_uploads_of_the_same_file_come_out_different(graph):
    first, second = (graph.upload(name, word()).json() for name in ("a.docx", "b.docx"))

    assert first["file"]["hashes"] != second["file"]["hashes"]


@pytest.mark.parametrize(
    ("name", "content"), [("a.docx", b"no zip"), ("a.pdf", b"no pdf"), ("a.html", b"x"), ("a.txt", b"x")]
)
def test_what_is_not_what_its_name_says_stays_as_it_is(graph, name, content):
    item = graph.upload(name, content).json()

    assert downloaded(graph, item) == content
    assert item["eTag"].endswith(',1"')


def test_files_from_upload_sessions_are_rewritten_too(graph):
    content = word()

    item = fragment(graph.session("a.docx").json()["uploadUrl"], content, 0, len(content)).json()

    assert item["size"] != len(content)
    assert requests.get(item["@microsoft.graph.downloadUrl"], timeout=9).content == downloaded(graph, item)


def test_rewriting_can_be_switched_off(graph):
    graph.sharepoint.settings(rewrite=False)
    content = word()

    item = graph.upload("a.docx", content).json()

    assert downloaded(graph, item) == content
    assert item["eTag"].endswith(',1"')


def test_rewriting_can_happen_after_the_reply(graph):
    graph.sharepoint.settings(rewrite_asynchronously=True, rewrite_delay_ms=30)
    content = word()
    item = graph.upload("a.docx", content).json()

    assert item["file"]["hashes"]["quickXorHash"] == quick_xor_hash(content)
    ends_at = time.monotonic() + 60
    while (later := graph.item("a.docx"))["eTag"] == item["eTag"]:
        assert time.monotonic() < ends_at
    assert later["size"] != len(content)
    assert later["file"]["hashes"]["quickXorHash"] == quick_xor_hash(downloaded(graph, later))

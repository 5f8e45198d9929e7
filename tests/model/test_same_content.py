"""PDF and HTML files that SharePoint rewrote, and which files are looked at at all."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.same_content import Rewritable, kind_of, same_content
from tests.model.jpegs import JFIF, jpeg
from tests.model.office_files import promoted, word
from tests.model.ole_files import a_doc

PDF = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\nxref\n0 1\ntrailer <</Root 1 0 R>>\nstartxref\n42\n%%EOF\n"
UPDATE = b"2 0 obj <</Title(x)>> endobj\nxref\n0 0\ntrailer <</Root 1 0 R /Prev 42>>\nstartxref\n120\n%%EOF\n"
HTML = b"<!DOCTYPE html>\n<html lang='de'>\n<head>\n<title>A</title>\n</head>\n<body><p>Text</p></body></html>\n"
NAMESPACES = (
    b' xmlns:mso="urn:schemas-microsoft-com:office:office" xmlns:msdt="uuid:C2F41010-65B3-11d1-A29F-00AA00C14882"'
)
PROPERTIES = (
    b"<xml>\n<mso:CustomDocumentProperties>\n"
    b'<mso:momentTags msdt:dt="string">a</mso:momentTags>\n</mso:CustomDocumentProperties>\n</xml>'
)
PLAIN_BLOCK = b"<!--[if gte mso 9]>" + PROPERTIES + b"<![endif]-->"
FIELD_BLOCK = (
    b'<!--[if gte mso 9]><SharePoint:CTFieldRefs runat=server Prefix="mso:" FieldList="FileLeafRef">'
    + PROPERTIES
    + b"</SharePoint:CTFieldRefs><![endif]-->"
)
WORD_BLOCK = (
    b"<!--[if gte mso 9]><xml>\n<o:DocumentProperties><o:Author>A</o:Author></o:DocumentProperties></xml><![endif]-->"
)


def same(kind: Rewritable, sent: bytes, stored: bytes) -> bool:
    return same_content(kind, io.BytesIO(sent), io.BytesIO(stored))


def rewritten_html(html: bytes, block: bytes = FIELD_BLOCK) -> bytes:
    """As SharePoint stores it."""
    html = html.replace(b"<html lang='de'", b"<html lang='de'" + NAMESPACES, 1)
    return html.replace(b"</head>", b"\n" + block + b"\n</head>", 1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.docx", Rewritable.OOXML),
        ("A.XLSM", Rewritable.OOXML),
        ("a.b.pptx", Rewritable.OOXML),
        ("a.vsdx", Rewritable.OOXML),
        ("a.doc", Rewritable.OLE),
        ("A.XLS", Rewritable.OLE),
        ("a.pps", Rewritable.OLE),
        ("a.JPG", Rewritable.JPEG),
        ("a.jpeg", Rewritable.JPEG),
        ("a.pdf", Rewritable.PDF),
        ("a.htm", Rewritable.HTML),
        ("a.html", Rewritable.HTML),
        ("a.txt", None),
        ("a.zip", None),
        ("docx", None),
        (".docx", None),
    ],
)
def test_the_kind_is_told_by_the_extension(name, kind):
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Rewritable.OOXML, word()),
        (Rewritable.OLE, a_doc()),
        (Rewritable.JPEG, jpeg(JFIF)),
        (Rewritable.PDF, PDF),
        (Rewritable.HTML, HTML),
    ],
)
def test_the_same_bytes_are_the_same_content(kind, content):
    assert same(kind, content, content)


def test_office_files_are_compared_by_their_parts():
    assert same(Rewritable.OOXML, word(), promoted(word(), "word/document.xml"))
    assert not same(Rewritable.OOXML, word(), PDF)


def test_a_pdf_with_an_incremental_update_holds_what_was_sent():
    assert same(Rewritable.PDF, PDF, PDF + UPDATE)
    assert same(Rewritable.PDF, PDF + UPDATE, PDF + UPDATE + UPDATE)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (PDF, PDF.replace(b"Catalog", b"Catalug")),
        (PDF, PDF.replace(b"Catalog", b"Catalug") + UPDATE),
        (PDF + UPDATE, PDF),
        (PDF, PDF + b"rubbish"),
        (PDF, PDF + UPDATE + b"rubbish"),
        (PDF, PDF + UPDATE.replace(b"/Prev 42", b"")),
        (PDF, PDF + UPDATE.replace(b"startxref", b"start")),
        (PDF, PDF + b" " * (1 << 20) + UPDATE),
        (b"text", b"text" + UPDATE),
        (b"", UPDATE),
        (PDF, b""),
    ],
)
def test_a_pdf_that_lost_or_changed_anything_is_not_proven(sent, stored):
    assert not same(Rewritable.PDF, sent, stored)


@pytest.mark.parametrize("block", [FIELD_BLOCK, PLAIN_BLOCK])
def test_html_with_sharepoints_properties_holds_what_was_sent(block):
    assert same(Rewritable.HTML, HTML, rewritten_html(HTML, block))
    assert same(Rewritable.HTML, rewritten_html(HTML, PLAIN_BLOCK), rewritten_html(HTML, FIELD_BLOCK))


def test_html_with_windows_line_ends_is_compared_alike():
    windows = HTML.replace(b"\n", b"\r\n")

    assert same(Rewritable.HTML, windows, rewritten_html(windows))
    assert same(Rewritable.HTML, windows, windows.replace(b"</head>", b"\r\n" + PLAIN_BLOCK + b"\r\n</head>"))


@pytest.mark.parametrize(
    "stored",
    [
        HTML.replace(b"Text", b"Tex"),
        rewritten_html(HTML).replace(b"Text", b"text"),
        rewritten_html(HTML)[:-1],
        rewritten_html(HTML) + b"x",
        HTML.replace(b"</head>", b"\n" + WORD_BLOCK + b"\n</head>"),
        HTML.replace(b"</head>", b"\n<!--[if gte mso 9]>" + PROPERTIES + b"lost<![endif]-->\n</head>"),
        HTML.replace(b"</head>", b"\n<!--[if gte mso 9]>" + PROPERTIES + PROPERTIES + b"<![endif]-->\n</head>"),
        HTML.replace(b"</head>", b"\n" + PLAIN_BLOCK.removesuffix(b"-->")),
        HTML.replace(b"'de'", b"'de' xmlns:mso=\"urn:other\""),
        b"",
    ],
)
def test_html_that_lost_or_changed_anything_is_not_proven(stored):
    assert not same(Rewritable.HTML, HTML, stored)


def test_blocks_that_word_wrote_are_content():
    sent = HTML.replace(b"</head>", WORD_BLOCK + b"</head>")

    assert same(Rewritable.HTML, sent, rewritten_html(sent))
    assert not same(Rewritable.HTML, sent, rewritten_html(HTML))


@given(
    st.lists(st.sampled_from([HTML, FIELD_BLOCK, WORD_BLOCK, b"\n", b"<!--[if gte mso 9]>", b"-->", b"text"])).map(
        b"".join
    )
)
def test_text_around_a_block_is_never_lost(html):
    assert not same(Rewritable.HTML, html + b"text", html)
    assert same(Rewritable.HTML, html, html)


def test_html_above_its_limit_is_not_proven():
    large = HTML + b" " * (16 << 20)

    assert not same(Rewritable.HTML, large, large)


@pytest.mark.parametrize("kind", list(Rewritable))
@given(sent=st.binary(max_size=200), stored=st.binary(max_size=200))
def test_no_content_is_an_exception(kind, sent, stored):
    assert not same(kind, sent, stored) or sent == stored or kind is Rewritable.PDF


def test_memory_does_not_grow_with_the_file():
    sent = PDF + b" " * (32 << 20)
    streams = io.BytesIO(sent), io.BytesIO(sent + UPDATE)
    tracemalloc.start()
    try:
        assert same_content(Rewritable.PDF, *streams)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_the_streams_are_read_from_their_start_and_stay_open():
    sent, stored = io.BytesIO(PDF), io.BytesIO(PDF + UPDATE)
    sent.read()

    assert same_content(Rewritable.PDF, sent, stored)
    assert not sent.closed
    assert not stored.closed

"""Decides whether a file that SharePoint rewrote still holds everything that was sent.

SharePoint writes a library's columns into some kinds of files ("property promotion and demotion"), so their size and
quickXorHash differ from what was sent, and differ again on each upload. A blob is released only after its content was
proven to be in SharePoint (design.md §3), so for these kinds the content is read back and compared by a rule that takes
SharePoint's additions as the exception and everything else as a difference. False always means "not proven"; the blob
stays. Bad content is never an exception; an error of a stream is, and passes through.

OOXML (Word, Excel, PowerPoint, Visio): see shared/model/office_package.py.
Old Office (.doc, .xls, .ppt): see shared/model/compound_file.py.
JPEG: see shared/model/jpeg.py.

PDF: the stored file begins with every byte that was sent, followed by at most one mebibyte that forms an incremental
update (ISO 32000-1, 7.5.6: it has a trailer with /Prev and ends in startxref, an offset and %%EOF). Nothing can be
lost: cutting the update off gives the file that was sent, and /Prev binds the update to it.

HTML, at most 16 MiB: both files are equal byte by byte after SharePoint's two additions were taken out of both: the
namespaces `mso` and `msdt`, with exactly these values, in the first html tag; and conditional comments `gte mso 9` that
hold one `mso:CustomDocumentProperties` and nothing else, with one line break on each side. Browsers ignore such
comments, they hold columns of the library ("SharePoint Design Manager display templates", learn.microsoft.com, shows
both). Other conditional comments, as Word writes them, are content and must be equal.
"""

import re
from enum import StrEnum
from typing import BinaryIO

from shared.model.byte_streams import read_fully, same_bytes, size_of
from shared.model.compound_file import same_compound_file
from shared.model.jpeg import same_picture
from shared.model.names import extension
from shared.model.office_package import same_package


class Rewritable(StrEnum):
    """Kinds of files that SharePoint may change when it stores them."""

    OOXML = "ooxml"
    OLE = "ole"
    JPEG = "jpeg"
    PDF = "pdf"
    HTML = "html"


_EXTENSIONS = {
    Rewritable.OOXML: (
        "docx docm dotx dotm xlsx xlsm xltx xltm xlsb xlam pptx pptm potx potm ppsx ppsm ppam sldx sldm "
        "vsdx vsdm vstx vstm vssx vssm"
    ),
    Rewritable.OLE: "doc dot xls xlt xla ppt pot pps ppa",
    Rewritable.JPEG: "jpg jpeg jpe",
    Rewritable.PDF: "pdf",
    Rewritable.HTML: "html htm",
}
_KINDS = {each: kind for kind, extensions in _EXTENSIONS.items() for each in extensions.split()}

_MAX_PDF_UPDATE_BYTES = 1024 * 1024
_PDF_HEADER_WITHIN_BYTES = 1024
_PDF_UPDATE_END = re.compile(rb"startxref\s+\d{1,19}\s+%%EOF\s*\Z")
_PDF_PREVIOUS = re.compile(rb"/Prev\s+\d")

_MAX_HTML_BYTES = 16 * 1024 * 1024
_HTML_TAG = re.compile(rb"<html\b[^<>]{0,4096}>", re.IGNORECASE)
_HTML_NAMESPACES = (
    b' xmlns:mso="urn:schemas-microsoft-com:office:office"',
    b' xmlns:msdt="uuid:C2F41010-65B3-11d1-A29F-00AA00C14882"',
)
_COMMENT_START = b"<!--[if gte mso 9]>"
_COMMENT_END = b"-->"
_PROPERTIES_END = b"</mso:CustomDocumentProperties>"
_PROPERTIES = re.compile(
    rb"<!--\[if gte mso 9\]>\s*(?:<SharePoint:CTFieldRefs\b[^<>]*>\s*)?<xml>\s*<mso:CustomDocumentProperties>"
    rb".*</mso:CustomDocumentProperties>\s*</xml>\s*(?:</SharePoint:CTFieldRefs>\s*)?<!\[endif\]-->",
    re.DOTALL,
)


def kind_of(name: str) -> Rewritable | None:
    """The kind of a file by its extension; None where SharePoint stores what it gets."""
    return _KINDS.get(extension(name))


def same_content(kind: Rewritable, sent: BinaryIO, stored: BinaryIO) -> bool:
    """Whether `stored` holds everything of `sent`, by the rule of its kind. Both streams are seekable and stay open."""
    sent_bytes, stored_bytes = size_of(sent), size_of(stored)
    match kind:
        case Rewritable.OOXML:
            return same_package(sent, stored)
        case Rewritable.OLE:
            return same_compound_file(sent, stored)
        case Rewritable.JPEG:
            return same_picture(sent, stored)
        case Rewritable.PDF:
            return _same_pdf(sent, sent_bytes, stored, stored_bytes)
        case Rewritable.HTML:
            return max(sent_bytes, stored_bytes) <= _MAX_HTML_BYTES and _same_html(
                read_fully(sent, sent_bytes), read_fully(stored, stored_bytes)
            )


def _same_pdf(sent: BinaryIO, sent_bytes: int, stored: BinaryIO, stored_bytes: int) -> bool:
    update_bytes = stored_bytes - sent_bytes
    if not 0 <= update_bytes <= _MAX_PDF_UPDATE_BYTES:
        return False
    is_pdf = b"%PDF-" in read_fully(sent, _PDF_HEADER_WITHIN_BYTES)
    sent.seek(0)
    if not is_pdf or not same_bytes(sent, stored, sent_bytes):
        return False
    update = read_fully(stored, update_bytes)
    return not update or bool(_PDF_UPDATE_END.search(update[-128:]) and _PDF_PREVIOUS.search(update))


def _same_html(sent: bytes, stored: bytes) -> bool:
    return _own_html(sent) == _own_html(stored)


def _own_html(html: bytes) -> bytes:
    """The file without what SharePoint adds."""
    tag = _HTML_TAG.search(html)
    if tag:
        plain = tag.group()
        for namespace in _HTML_NAMESPACES:
            plain = plain.replace(namespace, b"", 1)
        html = html[: tag.start()] + plain + html[tag.end() :]
    return _without_properties(html)


def _without_properties(html: bytes) -> bytes:
    """Comment by comment, each looked at once, so that no input takes more than linear time."""
    kept = []
    position = 0
    while (start := html.find(_COMMENT_START, position)) >= 0:
        end = html.find(_COMMENT_END, start)
        if end < 0:
            break
        end += len(_COMMENT_END)
        if _holds_properties_only(html[start:end]):
            kept.append(_without_break_at_end(html[position:start]))
            position = end + _break_at_start(html[end : end + 2])
        else:
            kept.append(html[position:end])
            position = end
    return b"".join((*kept, html[position:]))


def _holds_properties_only(comment: bytes) -> bool:
    return comment.count(_PROPERTIES_END) == 1 and _PROPERTIES.fullmatch(comment) is not None


def _without_break_at_end(text: bytes) -> bytes:
    return text.removesuffix(b"\n").removesuffix(b"\r") if text.endswith(b"\n") else text


def _break_at_start(text: bytes) -> int:
    return 2 if text == b"\r\n" else int(text.startswith(b"\n"))

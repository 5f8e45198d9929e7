"""Builds Office files and what SharePoint makes of them."""

import io
import zipfile

import docx
import openpyxl
import pptx

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
LIBRARY_XML = (
    b'<p:properties xmlns:p="http://schemas.microsoft.com/office/2006/metadata/properties"><x/></p:properties>'
)
DOCUMENT_XML = b'<w:document xmlns:w="urn:w"><w:body>Text</w:body></w:document>'

type Parts = dict[str, bytes]


def packed(parts: Parts, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def unpacked(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {each.filename: package.read(each) for each in package.infolist()}


def relationships(*targets: tuple[str, str], mode: str = "") -> bytes:
    each = [
        f'<Relationship Id="rId{n}" Type="{OFFICE}/relationships/{kind}" Target="{target}"{mode}/>'
        for n, (kind, target) in enumerate(targets, 1)
    ]
    return f'<Relationships xmlns="{RELATIONSHIPS}">{"".join(each)}</Relationships>'.encode()


def content_types(**overrides: str) -> bytes:
    each = [
        f'<Override PartName="/{name.replace("__", "/")}.xml" ContentType="{of}"/>' for name, of in overrides.items()
    ]
    default = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{TYPES}">{default}{"".join(each)}</Types>'.encode()


def small_document() -> Parts:
    """A document of few parts."""
    return {
        "[Content_Types].xml": content_types(word__document="main"),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": DOCUMENT_XML,
        "word/_rels/document.xml.rels": relationships(("image", "media/image1.png")),
        "word/media/image1.png": b"\x89PNG" * 50,
        "docProps/core.xml": b"<core/>",
    }


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("Hello")
    return _saved(document)


def excel() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = 42
    return _saved(book)


def powerpoint() -> bytes:
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[0])
    return _saved(deck)


def _saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def promoted(content: bytes, main: str) -> bytes:
    """What SharePoint makes of an Office file: new properties and custom XML, listed, related and packed anew."""
    parts = unpacked(content)
    item = (
        max(
            (int(name[14:-4]) for name in parts if name.startswith("customXml/item") and name[14:-4].isdigit()),
            default=0,
        )
        + 1
    )
    folder, _, file = main.rpartition("/")
    parts["docProps/custom.xml"] = b"<custom>0x0101</custom>"
    parts["docProps/core.xml"] = b"<core><title>of the library</title></core>"
    parts[f"customXml/item{item}.xml"] = LIBRARY_XML
    parts[f"customXml/itemProps{item}.xml"] = b"<props/>"
    parts[f"customXml/_rels/item{item}.xml.rels"] = relationships(("customXmlProps", f"itemProps{item}.xml"))
    for source, kind, target in (
        (f"{folder}/_rels/{file}.rels", "customXml", f"../customXml/item{item}.xml"),
        ("_rels/.rels", "custom-properties", "docProps/custom.xml"),
    ):
        added = f'<Relationship Target="{target}" Type="{OFFICE}/relationships/{kind}" Id="rId99"/></Relationships>'
        parts[source] = parts[source].replace(b"</Relationships>", added.encode())
    added = f'<Override PartName="/customXml/itemProps{item}.xml" ContentType="props"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", added.encode())
    return packed(dict(reversed(parts.items())))

"""Real documents, the same every time: Word, Excel, PowerPoint, PDF, PNG and JPEG.

Office packages carry the time at which they were written, in two places; both are set to one moment here.
"""

import io
import re
import zipfile
from datetime import UTC, datetime

import docx
import fpdf
import openpyxl
import pptx
from PIL import Image, ImageDraw

from tools.samples.content import Content, of_bytes

_MADE_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_ZIP_TIME = (2026, 11, 2, 9, 0, 0)
_CORE = "docProps/core.xml"
_CORE_TIME = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def word(title: str, *paragraphs: str) -> Content:
    """A Word document: a heading and paragraphs."""
    document = docx.Document()
    document.add_heading(title, level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    written = io.BytesIO()
    document.save(written)
    return _timeless(written.getvalue())


def excel(title: str, rows: list[tuple[str, float]]) -> Content:
    """A workbook with one sheet of names and amounts, and their sum."""
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = title
    for row in rows:
        sheet.append(row)
    sheet.append(("Sum", f"=SUM(B1:B{len(rows)})"))
    written = io.BytesIO()
    book.save(written)
    return _timeless(written.getvalue())


def powerpoint(*titles: str) -> Content:
    """A presentation, one slide for each title."""
    deck = pptx.Presentation()
    for title in titles:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
    written = io.BytesIO()
    deck.save(written)
    return _timeless(written.getvalue())


def pdf(title: str, *lines: str) -> Content:
    """A PDF of one page."""
    document = fpdf.FPDF()
    document.set_creation_date(_MADE_AT)
    document.add_page()
    document.set_font("Helvetica", size=18)
    document.cell(text=title, new_x="LMARGIN", new_y="NEXT")
    document.set_font("Helvetica", size=11)
    for line in lines:
        document.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return of_bytes(bytes(document.output()))


def png(label: str) -> Content:
    """A small drawing."""
    return _image(label, "PNG")


def jpeg(label: str) -> Content:
    """A small photograph, or nearly."""
    return _image(label, "JPEG")


def text_in(name: str, content: bytes) -> list[str]:
    """What a person reads in a Word, Excel or PowerPoint file."""
    stream = io.BytesIO(content)
    if name.endswith(".docx"):
        return [paragraph.text for paragraph in docx.Document(stream).paragraphs]
    if name.endswith(".xlsx"):
        sheets = openpyxl.load_workbook(stream).worksheets
        return [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row]
    slides = pptx.Presentation(stream).slides
    return [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]


def _image(label: str, kind: str) -> Content:
    image = Image.new("RGB", (640, 400), "#17324d")
    draw = ImageDraw.Draw(image)
    for step in range(0, 640, 20):
        draw.line((step, 400, 640, step * 400 // 640), fill=(60 + step // 4, 150, 200), width=2)
    draw.text((24, 24), label, fill="white", font_size=28)
    written = io.BytesIO()
    image.save(written, kind)
    return of_bytes(written.getvalue())


def _timeless(package: bytes) -> Content:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == _CORE:
                part = _CORE_TIME.sub(rb"\g<1>" + _MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            copy.writestr(zipfile.ZipInfo(name, _ZIP_TIME), part, zipfile.ZIP_DEFLATED)
    return of_bytes(written.getvalue())

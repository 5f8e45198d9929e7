import io

import pytest
from PIL import Image

from tools.samples import documents
from tools.samples.companies import companies
from tools.samples.content import Content, large
from tools.samples.files import Sample, everyday_files, large_file, small_files

ALL = [*everyday_files(), *small_files(), large_file(1)]
MIB = 1024 * 1024


def bytes_of(content: Content) -> bytes:
    with content.open() as stream:
        return stream.read()


def test_every_file_is_the_same_each_time_it_is_made():
    again = [*everyday_files(), *small_files(), large_file(1)]

    assert [each.content.sha256() for each in ALL] == [each.content.sha256() for each in again]


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_a_file_holds_as_many_bytes_as_it_says(sample: Sample):
    assert len(bytes_of(sample.content)) == sample.content.size_bytes


def test_office_files_open_and_say_what_was_written():
    assert documents.text_in("a.docx", bytes_of(documents.word("Title", "One"))) == ["Title", "One"]
    assert "1200.5" in documents.text_in("a.xlsx", bytes_of(documents.excel("Sheet", [("Energy", 1200.5)])))
    assert documents.text_in("a.pptx", bytes_of(documents.powerpoint("First", "Second"))) == ["First", "Second"]


def test_images_and_pdf_are_what_their_names_say():
    assert Image.open(io.BytesIO(bytes_of(documents.png("x")))).format == "PNG"
    assert Image.open(io.BytesIO(bytes_of(documents.jpeg("x")))).format == "JPEG"
    assert bytes_of(documents.pdf("x")).startswith(b"%PDF-")


def test_the_samples_cover_every_kind():
    kinds = {each.name.rpartition(".")[2] for each in ALL if "." in each.name}

    assert {"docx", "xlsx", "pptx", "pdf", "png", "jpg", "txt"} <= kinds
    assert any("." not in each.name for each in ALL)
    assert any(each.content.size_bytes == 0 for each in ALL)
    assert any(each.dropped_as for each in ALL)
    assert any(each.place is None for each in ALL)


def test_files_are_linked_to_objects_that_the_samples_make():
    paths = {entry.path for entry in companies()}

    for sample in ALL:
        assert sample.customer in paths
        for kind in ("project", "activity", "task"):
            if kind in sample.links:
                place = f"{sample.customer}/projects/{sample.project}"
                path = place if kind == "project" else f"{place}/{kind.replace('y', 'ie')}s/{sample.links[kind]}"
                assert path in paths


def test_a_large_file_is_the_same_in_whatever_pieces_it_is_read():
    content = large(2 * MIB + 5)
    with content.open() as stream:
        pieces = b"".join(iter(lambda: stream.read(700_001), b""))

    assert pieces == bytes_of(content)
    assert pieces[:MIB] != pieces[MIB : 2 * MIB]

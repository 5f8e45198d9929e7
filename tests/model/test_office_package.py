"""Office files: what SharePoint adds is no difference, everything else is, and no damage is an exception."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.model.office_package import same_package
from tests.model.office_files import (
    LIBRARY_XML,
    content_types,
    excel,
    packed,
    powerpoint,
    promoted,
    relationships,
    small_document,
    unpacked,
    word,
)

USER_XML = b'<invoice xmlns="urn:example:invoice"><total>42</total></invoice>'
FILES = pytest.mark.parametrize(
    ("content", "main"),
    [(word(), "word/document.xml"), (excel(), "xl/workbook.xml"), (powerpoint(), "ppt/presentation.xml")],
    ids=["word", "excel", "powerpoint"],
)


def same(sent: bytes, stored: bytes) -> bool:
    return same_package(io.BytesIO(sent), io.BytesIO(stored))


def small() -> bytes:
    return packed(small_document())


def small_with(**changes: bytes | None) -> bytes:
    """The small document with other parts; `__` stands for a slash, None removes."""
    parts = small_document() | {name.replace("__", "/") + ".xml": content for name, content in changes.items()}
    return packed({name: content for name, content in parts.items() if content is not None})


@FILES
def test_a_file_into_which_sharepoint_wrote_its_columns_holds_what_was_sent(content, main):
    assert same(content, promoted(content, main))
    assert same(promoted(content, main), promoted(content, main))
    assert same(promoted(content, main), promoted(promoted(content, main), main))


@FILES
def test_another_compression_is_no_difference(content, main):
    assert same(content, packed(unpacked(content), zipfile.ZIP_STORED))


@FILES
def test_a_change_of_any_part_of_the_document_is_a_difference(content, main):
    stored = unpacked(promoted(content, main))
    stored[main] = stored[main][:-1] + b" "

    assert not same(content, packed(stored))


@FILES
def test_each_lost_part_of_the_document_is_a_difference(content, main):
    stored = unpacked(promoted(content, main))
    for name in unpacked(content):
        if name != "docProps/custom.xml":
            assert not same(content, packed({each: stored[each] for each in stored if each != name})), name


def test_a_part_that_nobody_sent_is_a_difference():
    assert not same(small(), small_with(word__vbaProject=b"macro"))


def test_another_content_type_of_a_part_is_a_difference():
    stored = small_document() | {"[Content_Types].xml": content_types(word__document="macroEnabled")}

    assert not same(small(), packed(stored))


def test_a_content_type_named_for_the_part_instead_of_the_extension_is_no_difference():
    sent = small_document() | {"[Content_Types].xml": content_types()}
    stored = small_document() | {"[Content_Types].xml": content_types(word__document="application/xml")}

    assert same(packed(sent), packed(stored))


@pytest.mark.parametrize(
    "related",
    [
        relationships(),
        relationships(("image", "media/image2.png")),
        relationships(("chart", "media/image1.png")),
        relationships(("image", "media/image1.png"), ("image", "media/image1.png")),
        relationships(("image", "media/image1.png"), mode=' TargetMode="External"'),
    ],
)
def test_another_relationship_within_the_document_is_a_difference(related):
    stored = small_document() | {"word/_rels/document.xml.rels": related}

    assert not same(small(), packed(stored))


def test_relationships_may_be_written_absolute_and_the_packages_own_get_new_ids():
    stored = small_document() | {
        "_rels/.rels": relationships(
            ("custom-properties", "docProps/custom.xml"), ("officeDocument", "/word/document.xml")
        ),
        "word/_rels/document.xml.rels": relationships(("image", "/word/media/image1.png")),
    }

    assert same(small(), packed(stored))


def test_a_removed_address_outside_is_a_difference():
    sent = relationships(("hyperlink", "https://example.org"), mode=' TargetMode="External"')
    stored = relationships(("hyperlink", "https://example.com"), mode=' TargetMode="External"')
    source = "word/_rels/document.xml.rels"

    assert not same(packed(small_document() | {source: sent}), packed(small_document() | {source: stored}))


def test_properties_may_change_but_not_vanish():
    assert same(small(), small_with(docProps__core=b"<other/>"))
    assert not same(small(), small_with(docProps__core=None))


def test_a_label_may_be_added_but_not_vanish():
    labelled = small_with(docMetadata__LabelInfo=b"<labelList/>")

    assert same(small(), labelled)
    assert not same(labelled, small())


def test_custom_xml_of_a_person_is_content():
    sent = small_with(customXml__item1=USER_XML)

    assert same(sent, small_with(customXml__item1=LIBRARY_XML, customXml__item7=USER_XML))
    assert not same(sent, small_with(customXml__item1=LIBRARY_XML))
    assert not same(sent, small_with(customXml__item1=USER_XML.replace(b"42", b"43")))
    assert not same(sent, small())


def test_custom_xml_of_a_person_keeps_its_properties_and_what_refers_to_it():
    source, own = "word/_rels/document.xml.rels", "customXml/_rels/item1.xml.rels"
    sent = small_document() | {
        source: relationships(("image", "media/image1.png"), ("customXml", "../customXml/item1.xml")),
        own: relationships(("customXmlProps", "itemProps1.xml")),
        "customXml/item1.xml": USER_XML,
        "customXml/itemProps1.xml": b"<props id='1'/>",
    }
    renumbered = small_document() | {
        source: relationships(("image", "media/image1.png"), ("customXml", "/customXml/item2.xml")),
        "customXml/_rels/item2.xml.rels": relationships(("customXmlProps", "/customXml/itemProps2.xml")),
        "customXml/item2.xml": USER_XML,
        "customXml/itemProps2.xml": b"<props id='1'/>",
    }

    assert same(packed(sent), packed(renumbered))
    assert not same(packed(sent), packed(renumbered | {"customXml/itemProps2.xml": b"<props id='2'/>"}))
    assert not same(packed(sent), packed(sent | {source: relationships(("image", "media/image1.png"))}))
    assert not same(packed(sent), packed({name: sent[name] for name in sent if name != own}))
    assert not same(packed(sent), packed({name: sent[name] for name in sent if name != "customXml/itemProps1.xml"}))


def test_custom_xml_that_is_there_twice_must_stay_twice():
    sent = small_with(customXml__item1=USER_XML, customXml__item2=USER_XML)

    assert not same(sent, small_with(customXml__item1=USER_XML))


def test_custom_xml_of_a_library_may_change_or_go():
    sent = small_with(customXml__item1=LIBRARY_XML)

    assert same(sent, small_with(customXml__item1=LIBRARY_XML.replace(b"<x/>", b"<y/>")))
    assert same(sent, small())


@pytest.mark.parametrize("content", [b"no xml", b"", "<a xmlns='urn:ä'/>".encode("utf-16")])
def test_custom_data_that_is_not_plain_xml_is_content(content):
    assert not same(small_with(customXml__item1=content), small())
    assert same(small_with(customXml__item1=content), small_with(customXml__item1=content))


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"not a zip" * 100])
def test_what_is_no_package_is_not_proven(content):
    assert not same(content, content)
    assert not same(small(), content)


@settings(max_examples=500)
@given(st.integers(0, 10_000), st.integers(1, 255), st.booleans())
def test_no_damage_is_an_exception(position, change, truncate):
    fixed = {name: content for name, content in small_document().items() if name.startswith("word/")}
    stored = bytearray(small())
    position %= len(stored)
    if truncate:
        del stored[position:]
    else:
        stored[position] ^= change
    survived = same(small(), bytes(stored))

    assert not survived or unpacked(bytes(stored)).items() >= fixed.items()


def test_two_parts_of_one_name_are_not_proven():
    buffer = io.BytesIO(small())
    with zipfile.ZipFile(buffer, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("word/document.xml", b"other")

    assert not same(small(), buffer.getvalue())
    assert not same(buffer.getvalue(), buffer.getvalue())


def test_a_compression_that_office_does_not_know_is_not_proven():
    foreign = packed(small_document(), zipfile.ZIP_LZMA)

    assert not same(small(), foreign)


def test_an_encrypted_part_is_not_proven():
    stored = bytearray(small())
    directory = stored.index(b"PK\x01\x02")
    stored[directory + 8] |= 1

    assert not same(small(), bytes(stored))


def test_a_document_type_is_not_proven():
    bomb = b'<!DOCTYPE Types [<!ENTITY a "aaaa">]>' + content_types(word__document="main")
    sent = packed(small_document() | {"[Content_Types].xml": bomb})

    assert not same(sent, sent)


def test_parts_that_unpack_to_far_more_than_the_file_are_not_unpacked():
    stored = bytearray(small())
    directory = stored.index(b"PK\x01\x02")
    struct.pack_into("<I", stored, directory + 24, 3 << 30)

    assert not same(bytes(stored), bytes(stored))


def test_a_huge_directory_is_not_read():
    many = packed({f"word/media/{'x' * 100}{n}": b"" for n in range(30_000)}, zipfile.ZIP_STORED)

    assert not same(many, many)


def test_an_error_of_a_stream_is_not_taken_for_a_difference():
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError(size)

    with pytest.raises(ConnectionResetError):
        same_package(Broken(small()), io.BytesIO(small()))


def test_streams_that_give_less_than_asked_for_are_read_to_their_end():
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 7)) if size and size > 0 else super().read(size)

    assert same_package(Dripping(small()), Dripping(small()))

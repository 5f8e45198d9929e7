"""Compares Office files (OOXML, a zip of named parts) that SharePoint may have written a library's columns into.

SharePoint writes the document's properties and custom XML parts of its own (MS-OI29500 2.1.28 and 3.5, 2.1.1724), and
labels of Purview (MS-OI29500 3.4.1.5). It has to list these parts in `[Content_Types].xml` and to relate them, the
custom XML from the main part, e.g. in `word/_rels/document.xml.rels`. The rule:

1.  Every part but docProps/*.xml, *.psmdcp (.NET's core properties), customXml/*, docMetadata/LabelInfo.xml,
    `[Content_Types].xml` and _rels/*.rels is there on both sides, under the same name, with the same bytes and the same
    content type. So text, sheets, slides, media, macros and signatures cannot be lost, changed or added.
2.  Relationships to those parts, or out of the package, are equal: same source, id, type and target. The package's own
    (`_rels/.rels`) may get new ids, which nothing refers to.
3.  Parts in docProps and docMetadata do not vanish; their text may change, since it shows the library's columns.
4.  Custom XML that is a person's or a program's, as Word binds it to fields of a document, is there with the same
    bytes and properties and the same parts refer to it, though perhaps under another number. Only items whose root is
    in a namespace that Office reserves for a library's properties are SharePoint's to write. Cover pages
    (`coverPageProps`) are content.

5.  Every part of the stored file can be unpacked and its checksum is right.

Names and sizes are compared first. What isn't a sound zip (shared/model/office_zip.py), or lists its parts in more than
16 MiB, is not proven.
"""

import hashlib
import posixpath
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import IO, BinaryIO, NamedTuple, Self
from xml.parsers import expat

from shared.model.byte_streams import PART_BYTES, read_fully, same_bytes
from shared.model.office_zip import DAMAGES, StreamFailed, open_zip, refuse

_CONTENT_TYPES = "[Content_Types].xml"
_ROOT_RELATIONSHIPS = "_rels/.rels"
_LABELS = "docMetadata/LabelInfo.xml"
_MAX_INDEX_BYTES = 16 * 1024 * 1024
"""Of all parts together that list others: content types and relationships."""
_LIBRARY_NAMESPACES = frozenset(
    {
        "http://schemas.microsoft.com/office/2006/customDocumentInformationPanel",
        "http://schemas.microsoft.com/office/2006/metadata/contentType",
        "http://schemas.microsoft.com/office/2006/metadata/customXsn",
        "http://schemas.microsoft.com/office/2006/metadata/longProperties",
        "http://schemas.microsoft.com/office/2006/metadata/properties",
        "http://schemas.microsoft.com/sharepoint/events",
        "http://schemas.microsoft.com/sharepoint/v3/contenttype/forms",
        "office.server.policy",
    }
)


def same_package(sent: BinaryIO, stored: BinaryIO) -> bool:
    """Whether the stored Office file holds everything of the sent one, by the rule above."""
    try:
        with _Package(sent) as ours, _Package(stored) as theirs:
            return (
                ours.fixed_sizes() == theirs.fixed_sizes()
                and ours.property_parts() <= theirs.property_parts()
                and ours.content_types() == theirs.content_types()
                and ours.relationships() == theirs.relationships()
                and ours.custom_xml() <= theirs.custom_xml()
                and all(ours.same_part(theirs, name) for name in ours.fixed_sizes())
                and theirs.can_be_read()
            )
    except DAMAGES:
        return False
    except StreamFailed as failed:
        raise failed.error from None


class _Relationship(NamedTuple):
    """`source` is the part that holds the relationship, `target` the name of a part or, outside, an address."""

    source: str
    id: str
    type: str
    is_external: bool
    target: str


class _Package:
    """One Office file, opened. Raises one of DAMAGES wherever it is not a sound package."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = open_zip(stream)
        self._parts = {each.filename: each for each in self._zip.infolist() if not each.filename.endswith("/")}
        indexes = [each.file_size for name, each in self._parts.items() if _is_index(name)]
        refuse(sum(indexes) > _MAX_INDEX_BYTES, "it lists too many parts")
        self._fixed = [name for name in self._parts if not _may_be_written(name)]
        self._by_source: defaultdict[str, list[_Relationship]] = defaultdict(list)
        self._by_target: defaultdict[str, list[_Relationship]] = defaultdict(list)
        for each in self._read_relationships():
            self._by_source[each.source].append(each)
            self._by_target[each.target].append(each)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def fixed_sizes(self) -> dict[str, int]:
        """The sizes of all parts that must stay as they are."""
        return {name: self._parts[name].file_size for name in self._fixed}

    def property_parts(self) -> set[str]:
        """The parts whose text may change but which don't vanish."""
        return {name for name in self._parts if name == _LABELS or _is_in_doc_props(name)}

    def content_types(self) -> dict[str, str | None]:
        """The content type of every fixed part: by its name, else by its extension."""
        by_name: dict[str, str] = {}
        by_extension: dict[str, str] = {}
        for tag, attributes in _elements(self._read(_CONTENT_TYPES)):
            content_type = attributes.get("ContentType", "")
            if tag == "Override":
                by_name[attributes.get("PartName", "").lower()] = content_type
            elif tag == "Default":
                by_extension[attributes.get("Extension", "").lower()] = content_type
        return {
            name: by_name.get(f"/{name}".lower(), by_extension.get(name.rpartition(".")[2].lower()))
            for name in self._fixed
        }

    def relationships(self) -> Counter[_Relationship]:
        """Every relationship that does not lead to a part that SharePoint may write."""
        return Counter(
            each
            for related in self._by_source.values()
            for each in related
            if each.is_external or not _may_be_written(each.target)
        )

    def custom_xml(self) -> Counter[bytes]:
        """Digests of the custom XML that isn't a library's, with its properties and what refers to it."""
        return Counter(self._digest(name) for name in self._parts if _is_data(name) and not self._is_librarys(name))

    def same_part(self, other: "_Package", name: str) -> bool:
        """Whether both hold the same bytes under this name."""
        with self._open(name) as ours, other._open(name) as theirs:
            return same_bytes(ours, theirs, self._parts[name].file_size)

    def can_be_read(self) -> bool:
        """True once every part that may have been written was unpacked and its checksum was right; else raises."""
        for name in filter(_may_be_written, self._parts):
            with self._open(name) as part:
                while part.read(PART_BYTES):
                    pass
        return True

    def _open(self, name: str) -> IO[bytes]:
        refuse(name not in self._parts, f"{name} is missing")
        return self._zip.open(self._parts[name])

    def _read(self, index: str) -> bytes:
        with self._open(index) as part:
            return part.read()

    def _read_relationships(self) -> list[_Relationship]:
        return [
            _relationship(source, attributes)
            for source in filter(_is_relationships, self._parts)
            for tag, attributes in _elements(self._read(source))
            if tag == "Relationship"
        ]

    def _digest(self, name: str) -> bytes:
        own = "customXml/_rels/" + posixpath.basename(name) + ".rels"
        properties = sorted(each.target for each in self._by_source[own])
        referrers = sorted(f"{each.source} {each.type}" for each in self._by_target[name])
        digest = hashlib.sha256("\n".join((*referrers, "")).encode())
        for part_name in (name, *properties):
            with self._open(part_name) as part:
                while piece := part.read(PART_BYTES):
                    digest.update(piece)
        return digest.digest()

    def _is_librarys(self, name: str) -> bool:
        with self._open(name) as part:
            return _root_namespace(read_fully(part, PART_BYTES)) in _LIBRARY_NAMESPACES


def _may_be_written(name: str) -> bool:
    return (
        name == _LABELS
        or name.startswith(("customXml/", "package/services/metadata/core-properties/"))
        or _is_index(name)
        or _is_in_doc_props(name)
    )


def _is_in_doc_props(name: str) -> bool:
    return posixpath.dirname(name) == "docProps" and name.endswith(".xml")


def _is_relationships(name: str) -> bool:
    return posixpath.basename(posixpath.dirname(name)) == "_rels" and name.endswith(".rels")


def _is_index(name: str) -> bool:
    return name == _CONTENT_TYPES or _is_relationships(name)


def _is_data(name: str) -> bool:
    """Whether a part is custom XML itself, not a description of it."""
    return name.startswith("customXml/") and not name.startswith(("customXml/_rels/", "customXml/itemProps"))


def _relationship(source: str, attributes: dict[str, str]) -> _Relationship:
    """One entry of a relationships part, its target resolved (ISO/IEC 29500-2, 6.5)."""
    id_ = "" if source == _ROOT_RELATIONSHIPS else attributes.get("Id", "")
    target = attributes.get("Target", "")
    is_external = attributes.get("TargetMode") == "External"
    if not is_external:
        folder = posixpath.dirname(posixpath.dirname(source))
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return _Relationship(source, id_, attributes.get("Type", ""), is_external, target)


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Local names and attributes of all elements, in order."""
    found: list[tuple[str, dict[str, str]]] = []
    _parse(xml, lambda name, attributes: found.append((name.rpartition(" ")[2], attributes)), is_complete=True)
    return found


def _root_namespace(beginning: bytes) -> str | None:
    """The namespace of the first element; None where the text has none or isn't XML."""
    names: list[str] = []
    try:
        _parse(beginning, lambda name, _: names.append(name), is_complete=False)
    except expat.ExpatError:
        return None
    return names[0].rpartition(" ")[0] if names else None


def _parse(xml: bytes, on_start: Callable[[str, dict[str, str]], None], *, is_complete: bool) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(xml, is_complete)


def _refuse_doctype(*_: object) -> None:
    """OPC forbids document types (ISO/IEC 29500-2), and entities could expand without bounds."""
    raise zipfile.BadZipFile("a part has a document type")

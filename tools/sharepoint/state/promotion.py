"""Property promotion: SharePoint writes library metadata into Office, PDF and HTML files after upload.

Size and quickXorHash change while what a person reads stays. Reported for years: OneDrive/onedrive-api-docs issue 935,
rclone issues 2036 and 9767. In an OOXML package only the property parts change; the others keep their bytes.
"""

import re
import shutil
import zipfile
from pathlib import Path

from tools.sharepoint.state.content import COPY_BYTES
from tools.sharepoint.state.identifiers import new_guid

_OOXML = frozenset({".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pptx", ".pptm", ".potx"})
_HTML = frozenset({".html", ".htm"})
_CUSTOM_PART = "docProps/custom.xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_HTML_HEAD_BYTES = 64 * 1024
_SMALL_PART_BYTES = 4 << 20


def is_promoted(name: str) -> bool:
    """Whether SharePoint rewrites files of this name."""
    suffix = Path(name).suffix.lower()
    return suffix in _OOXML or suffix in _HTML or suffix == ".pdf"


def promote(source: Path, destination: Path, name: str, content_type_id: str) -> bool:
    """Write the rewritten file; return False, and write nothing, if the content is not what its name says."""
    suffix = Path(name).suffix.lower()
    if suffix in _OOXML:
        return _promote_ooxml(source, destination, content_type_id)
    if suffix == ".pdf":
        return _promote_pdf(source, destination, content_type_id)
    return _promote_html(source, destination, content_type_id)


def _promote_ooxml(source: Path, destination: Path, content_type_id: str) -> bool:
    try:
        with zipfile.ZipFile(source) as package:
            if not {"[Content_Types].xml", "_rels/.rels"} <= set(package.namelist()):
                return False
            _copy_package(package, destination, _custom_properties(content_type_id))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        destination.unlink(missing_ok=True)
        return False
    return True


def _copy_package(package: zipfile.ZipFile, destination: Path, properties: str) -> None:
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in package.infolist():
            if entry.filename == _CUSTOM_PART:
                continue
            if entry.filename == "[Content_Types].xml":
                copy.writestr(entry, _declare_part(_small_part(package, entry)))
            elif entry.filename == "_rels/.rels":
                copy.writestr(entry, _relate_part(_small_part(package, entry)))
            else:
                with package.open(entry) as part, copy.open(entry, "w") as target:
                    shutil.copyfileobj(part, target, COPY_BYTES)
        copy.writestr(_CUSTOM_PART, properties)


def _small_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    if entry.file_size > _SMALL_PART_BYTES:
        raise zipfile.BadZipFile(entry.filename)
    return package.read(entry).decode("utf-8-sig")


def _declare_part(content_types: str) -> str:
    if f'"/{_CUSTOM_PART}"' in content_types:
        return content_types
    override = f'<Override PartName="/{_CUSTOM_PART}" ContentType="{_CUSTOM_TYPE}"/>'
    return content_types.replace("</Types>", f"{override}</Types>")


def _relate_part(relations: str) -> str:
    if _CUSTOM_RELATION in relations:
        return relations
    relation = f'<Relationship Id="rIdSharePoint" Type="{_CUSTOM_RELATION}" Target="{_CUSTOM_PART}"/>'
    return relations.replace("</Relationships>", f"{relation}</Relationships>")


def _custom_properties(content_type_id: str) -> str:
    values = {"ContentTypeId": content_type_id, "_dlc_DocIdItemGuid": new_guid(), "MediaServiceImageTags": ""}
    properties = "".join(
        f'<property fmtid="{_PROPERTY_SET}" pid="{pid}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>'
        for pid, (name, value) in enumerate(values.items(), start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{properties}</Properties>"
    )


def _promote_pdf(source: Path, destination: Path, content_type_id: str) -> bool:
    """Append an incremental update; the original bytes stay in front of it untouched."""
    with source.open("rb") as original:
        if original.read(5) != b"%PDF-":
            return False
    shutil.copyfile(source, destination)
    offset = source.stat().st_size
    previous = _last_xref(source, offset)
    body = f"\n999999 0 obj\n<< /ContentTypeId ({content_type_id}) /DocId ({new_guid()}) >>\nendobj\n"
    xref_at = offset + len(body)
    xref = f"xref\n999999 1\n{offset + 1:010d} 00000 n \ntrailer\n<< /Size 1000000 {previous}>>\n"
    with destination.open("ab") as copy:
        copy.write(f"{body}{xref}startxref\n{xref_at}\n%%EOF\n".encode("ascii"))
    return True


def _last_xref(source: Path, size: int) -> str:
    with source.open("rb") as original:
        original.seek(max(0, size - 64 * 1024))
        tail = original.read()
    found = re.findall(rb"startxref\s+(\d+)", tail)
    root = re.findall(rb"/Root\s+\d+\s+\d+\s+R", tail)
    parts = ([f"/Prev {found[-1].decode()} "] if found else []) + ([f"{root[-1].decode()} "] if root else [])
    return "".join(parts)


def _promote_html(source: Path, destination: Path, content_type_id: str) -> bool:
    with source.open("rb") as original:
        head = original.read(_HTML_HEAD_BYTES)
        found = re.search(rb"<head[^>]*>", head, re.IGNORECASE)
        if found is None:
            return False
        block = (
            '<!--[if gte mso 9]><SharePoint:CTFieldRefs runat=server Prefix="mso:" FieldList="FileLeafRef"><xml>\n'
            '<mso:CustomDocumentProperties><mso:ContentTypeId msdt:dt="string">'
            f"{content_type_id}</mso:ContentTypeId><mso:_dlc_DocIdItemGuid>{new_guid()}</mso:_dlc_DocIdItemGuid>"
            "</mso:CustomDocumentProperties></xml></SharePoint:CTFieldRefs><![endif]-->"
        )
        with destination.open("wb") as copy:
            copy.write(head[: found.end()] + block.encode("ascii") + head[found.end() :])
            shutil.copyfileobj(original, copy, COPY_BYTES)
    return True

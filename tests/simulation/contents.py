"""Contents that say who they are: each has a fingerprint of its own, also in what SharePoint makes of it."""

import io
import random
import re
import zipfile

import docx

_MARK = re.compile(rb"storm ([a-z0-9]+) write (\d+);")
_FRAGMENT_BYTES = 327_680


def mark(storm: str, number: int) -> str:
    """The fingerprint of a storm's content of this number."""
    return f"storm {storm} write {number};"


def content_for(name: str, fingerprint: str, rng: random.Random) -> bytes:
    """Bytes with the fingerprint: a Word document for `.docx`, else a few bytes, some 100 KiB or several fragments."""
    if name.lower().endswith(".docx"):
        return _document(fingerprint, rng)
    return fingerprint.encode() + b"\n" + rng.randbytes(_size_bytes(rng))


def _size_bytes(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.7:
        return rng.randrange(3000)
    if kind < 0.85:
        return rng.randrange(3000, 300_000)
    return rng.randrange(3 * _FRAGMENT_BYTES, 6 * _FRAGMENT_BYTES)


def _document(fingerprint: str, rng: random.Random) -> bytes:
    document = docx.Document()
    document.add_paragraph(fingerprint)
    document.add_paragraph(rng.randbytes(rng.randrange(2000)).hex())
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def marks_in(content: bytes) -> set[str]:
    """The fingerprints in some bytes, also in those of a package that was packed anew."""
    pieces = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            pieces = [package.read(name) for name in package.namelist()]
    return {mark(found[1].decode(), int(found[2])) for piece in pieces for found in _MARK.finditer(piece)}

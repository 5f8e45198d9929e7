"""What a file can be found by, as terms: words of its name, tags, who, kind. Pure.

    text                    becomes
    ----------------------  ---------------------------------------------------------------------------------------
    a name, or a query      words: runs of letters and digits, folded (no case, no accents, `ø` is `o`, `æ` is `ae`)
    a word                  its beginnings of 2, 4 and 7 characters; a longer beginning is compared when it is read
    a tag, a person         a hash of it without case (a person also without accents), for keys can't hold every text
    a name's extension      one of KINDS, or `other`

A word of a query matches a word of a name that begins with it, so one of 1 character has no term of its own.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby

from shared.model.names import extension

BEGINNINGS = (7, 4, 2)
"""Lengths of the indexed beginnings of a word, longest first."""


class Kind(StrEnum):
    """What kind of file it is, by its extension."""

    DOCUMENT = "document"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    MAIL = "mail"
    DRAWING = "drawing"
    ARCHIVE = "archive"
    OTHER = "other"


KINDS: dict[Kind, frozenset[str]] = {
    Kind.DOCUMENT: frozenset(["doc", "docx", "docm", "dot", "dotx", "odt", "rtf", "txt", "md", "pages"]),
    Kind.SPREADSHEET: frozenset(["xls", "xlsx", "xlsm", "xlsb", "xlt", "xltx", "ods", "csv", "numbers"]),
    Kind.PRESENTATION: frozenset(["ppt", "pptx", "pptm", "pps", "ppsx", "potx", "odp", "key"]),
    Kind.PDF: frozenset({"pdf"}),
    Kind.IMAGE: frozenset(
        ["jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "svg", "psd", "ai", "raw"]
    ),
    Kind.VIDEO: frozenset(["mp4", "mov", "avi", "mkv", "wmv", "webm", "m4v", "mpg", "mpeg"]),
    Kind.AUDIO: frozenset(["mp3", "wav", "m4a", "aac", "flac", "ogg", "wma"]),
    Kind.MAIL: frozenset(["msg", "eml", "pst", "mbox"]),
    Kind.DRAWING: frozenset(["dwg", "dxf", "dwf", "ifc", "rvt", "skp", "step", "stp", "vsd", "vsdx"]),
    Kind.ARCHIVE: frozenset(["zip", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz"]),
}

_BESIDE_ACCENTS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})


def fold(text: str) -> str:
    """The text without case and accents; folding again changes nothing."""
    while True:
        plain = unicodedata.normalize("NFKD", text).casefold().translate(_BESIDE_ACCENTS)
        folded = "".join(character for character in plain if not unicodedata.combining(character))
        if folded == text:
            return folded
        text = folded


def words(text: str) -> tuple[str, ...]:
    """The folded words of a name or a query, each once, in their order."""
    runs = groupby(fold(text), str.isalnum)
    return tuple(dict.fromkeys("".join(run) for is_word, run in runs if is_word))


def term_of(word: str) -> str | None:
    """The longest indexed beginning of a query's word; None for a single character."""
    return next((word[:length] for length in BEGINNINGS if len(word) >= length), None)


def terms(name: str) -> tuple[str, ...]:
    """The indexed beginnings of a name's words, each once."""
    found = (word[:length] for word in words(name) for length in BEGINNINGS if len(word) >= length)
    return tuple(dict.fromkeys(found))


def has_words(name: str, wanted: Iterable[str]) -> bool:
    """Whether each wanted (folded) word begins a word of the name."""
    own = words(name)
    return all(any(word.startswith(each) for word in own) for each in wanted)


def tag_term(tag: str) -> str:
    """The term of a tag: tags that differ in case only are one."""
    return _hashed(unicodedata.normalize("NFC", tag).casefold())


def person_term(who: str) -> str:
    """The term of a person's name."""
    return _hashed(fold(who).strip())


def kind_of(name: str) -> Kind:
    """Which kind of file it is, by its extension."""
    own = extension(name)
    return next((kind for kind, extensions in KINDS.items() if own in extensions), Kind.OTHER)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]

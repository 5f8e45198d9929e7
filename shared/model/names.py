"""Names that SharePoint accepts, made from any text, and the key under which two names are the same name.

What SharePoint refuses ("Restrictions and limitations in OneDrive and SharePoint", support.microsoft.com), and what
becomes of it:

    " * : < > ? / \\ |                               "-"; a run of control characters becomes one space
    a space at either end, a dot at the end         removed; a dot in front stays (`.env`, `.NET`)
    .lock, CON, PRN, AUX, NUL, COM0-9, LPT0-9,      "_" is put behind the stem, for the devices also where an extension
      desktop.ini; for folders also Forms           follows (`CON_.txt`): SharePoint takes that, Windows can't sync it
    _vti_ anywhere                                  "-vti-"
    ~$ in front; for folders ~ in front             removed
    more than 255 characters in a segment           cut; a file keeps its extension

Forms is reserved at a library's root only, but a folder's name must hold wherever the folder is moved.

Folders and libraries are cut at 80: a site's path of 40 characters, a library and three folders of 80 each make 364 of
the 400 that a whole path may have. Names of that length are rare; where a path is too long all the same, SharePoint
refuses it and the file shows that as its reason. Characters are counted as UTF-16 units, as .NET does.

Text is brought to Unicode NFC. Halves of surrogate pairs and non-characters become "-". Invisible characters that only
steer the layout of text are dropped: they make twins that no person can tell apart. # and % are left alone, SharePoint
Online takes them. Every function that makes a name valid is idempotent.
"""

import re
import unicodedata

MAX_FILE_NAME = 255
MAX_FOLDER_NAME = 80
UNNAMED = "Unnamed"
"""Stands where nothing of a name is left."""

_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NON_CHARACTERS = "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
_FORBIDDEN = re.compile(rf'["*:<>?/\\|\ufdd0-\ufdef\ufffd{_NON_CHARACTERS}]')
_VTI = re.compile("_vti_", re.IGNORECASE)
_OWNER_FILE = re.compile(rf"(?:~\$|[{_SPACES}])+")
_DEVICE = re.compile(rf"(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=[{_SPACES}]*(?:\.|\Z))", re.IGNORECASE)
_WHOLE_NAMES = re.compile(r"(\.lock|desktop(?=\.ini\Z))(?=\.ini\Z|\Z)", re.IGNORECASE)
_EXTENSION = re.compile(rf"\.[^.{_SPACES}]{{1,20}}\Z")


def folder_name(name: str) -> str:
    """The valid folder name for any text, at most 80 characters."""
    return _container_name(name, "~")


def library_name(name: str) -> str:
    """The valid title for a library, at most 80 characters: a folder's, but with no dot or underscore in front.

    SharePoint makes the library's address from its first title, and keeps addresses like `_layouts` and `_api` for
    itself.
    """
    return _container_name(name, "~._")


def upload_blob_name(customer: str, file_id: str, requested_name: str) -> str:
    """The blob to which a file's content is uploaded through the API, every time."""
    return f"{customer}/{file_id}/{file_name(requested_name)}"


def file_name(name: str) -> str:
    """The valid file name for any text, at most 255 characters."""
    text = _clean(name)
    owner_mark = _OWNER_FILE.match(text)
    text = _unreserved(text[owner_mark.end() :] if owner_mark else text)
    stem, suffix = _split(text)
    return _fitted(stem, suffix, MAX_FILE_NAME) or UNNAMED


def extension(name: str) -> str:
    """The extension in lower case without its dot; empty for `README`, `.env` and `Version 1.2 final`."""
    return _split(name)[1][1:].lower()


def numbered(name: str, n: int) -> str:
    """A valid file name with a number: `report.docx`, 2 gives `report (2).docx`."""
    return marked(name, str(n))


def marked(name: str, mark: str) -> str:
    """A valid file name with a remark of valid characters: `report.docx`, `old` gives `report (old).docx`."""
    stem, suffix = _split(name)
    return _fitted(stem, f" ({mark}){suffix}", MAX_FILE_NAME)


def numbered_folder(name: str, n: int) -> str:
    """A valid folder name with a number: `Release 1.2`, 2 gives `Release 1.2 (2)`, for a folder has no extension."""
    return _fitted(name, f" ({n})", MAX_FOLDER_NAME)


def name_key(name: str) -> str:
    """Under which siblings are compared: names with different keys are different names in SharePoint.

    SharePoint ignores case; by which table, Microsoft doesn't say. So this folds as widely as Unicode knows, upper case
    first, so that `ß` and `SS`, `ı` and `i` meet too: at worst two names count as one that SharePoint would have told
    apart, never the reverse. Accents tell names apart. Spaces at the ends and dots at the end don't.
    """
    key = _trimmed(name)
    while True:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", key).upper().casefold())
        if folded == key:
            return key
        key = folded


def _container_name(name: str, not_in_front: str) -> str:
    text = _unreserved(_clean(name).lstrip(not_in_front + _SPACES))
    text = f"{text}_" if text.lower() == "forms" else text
    return _fitted(text, "", MAX_FOLDER_NAME) or UNNAMED


def _clean(name: str) -> str:
    """Without what is wrong anywhere in a name or at its ends."""
    text = name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _trimmed(_VTI.sub("-vti-", _FORBIDDEN.sub("-", _CONTROLS.sub(" ", text))))


def _trimmed(text: str) -> str:
    return text.lstrip(_SPACES).rstrip(_SPACES + ".")


def _unreserved(text: str) -> str:
    reserved = _DEVICE.match(text) or _WHOLE_NAMES.match(text)
    return f"{text[: reserved.end()]}_{text[reserved.end() :]}" if reserved else text


def _split(name: str) -> tuple[str, str]:
    """Stem and extension with its dot."""
    found = _EXTENSION.search(name)
    if found is None or not name[: found.start()].strip("." + _SPACES):
        return name, ""
    return name[: found.start()], found.group()


def _fitted(stem: str, suffix: str, limit: int) -> str:
    """Both together, the stem cut where the limit asks for it; no half of a surrogate pair stays behind."""
    room = 2 * (limit - _units(suffix))
    encoded = stem.encode("utf-16-le")
    if len(encoded) > room:
        stem = encoded[:room].decode("utf-16-le", "ignore").rstrip(_SPACES + ".")
    return stem + suffix


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

"""What is accepted as an id, a name, a number, a period and tags, wherever they come from. Pure.

Every function gives the clean value or raises InvalidInput with the field's name.
"""

import re
import unicodedata
from collections.abc import Iterable

from shared.errors import InvalidInput, Oversize
from shared.model.directory import Period

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
MAX_NAME_LENGTH = 255
MAX_NUMBER_LENGTH = 32
MAX_TAGS = 50
MAX_TAG_LENGTH = 100
MAX_FILE_BYTES = 250 * 1024**3
"""SharePoint's largest file (service description, SharePoint limits)."""

_PERIOD = re.compile(r"(?:(0[1-9]|1[0-2])/)?(\d{4})")


def checked_id(value: str, field: str) -> str:
    """An id of Moment's: it becomes part of a table key, a blob name and a URL."""
    if not ID_PATTERN.fullmatch(value):
        raise InvalidInput(
            f"{field} must be 1 to 64 letters, digits, '_', '-' or '.', starting with a letter or digit.", field
        )
    return value


def checked_name(value: str, field: str = "name") -> str:
    """A name that people read: NFC, trimmed, not empty, one line, at most 255 characters."""
    name = unicodedata.normalize("NFC", value).strip()
    if not name:
        raise InvalidInput(f"{field} must not be empty.", field)
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidInput(f"{field} has {len(name)} characters; at most {MAX_NAME_LENGTH} are possible.", field)
    _one_line(name, field)
    return name


def checked_number(value: str, field: str = "number") -> str:
    """The number that a project, activity or task carries before its name."""
    number = checked_name(value, field)
    if len(number) > MAX_NUMBER_LENGTH:
        raise InvalidInput(f"{field} has more than {MAX_NUMBER_LENGTH} characters.", field)
    return number


def checked_period(value: str, field: str = "period") -> Period:
    """`2026` or `11/2026`."""
    match = _PERIOD.fullmatch(value)
    if match is None:
        raise InvalidInput(f"{field} must be a year like 2026 or a month like 11/2026.", field)
    month, year = match.groups()
    return Period(int(year), int(month) if month else None)


def checked_tags(values: Iterable[str], field: str = "tags") -> tuple[str, ...]:
    """Tags without doubles (compared without case), in the order given. ';#' separates choices in SharePoint."""
    tags: dict[str, str] = {}
    for value in values:
        tag = unicodedata.normalize("NFC", value).strip()
        if not tag or len(tag) > MAX_TAG_LENGTH or ";#" in tag:
            raise InvalidInput(f"{field}: a tag has 1 to {MAX_TAG_LENGTH} characters, without ';#'.", field)
        _one_line(tag, field)
        tags.setdefault(tag.casefold(), tag)
    if len(tags) > MAX_TAGS:
        raise InvalidInput(f"{field}: a file has at most {MAX_TAGS} tags.", field)
    return tuple(tags.values())


def checked_size(size_bytes: int, field: str = "sizeBytes") -> int:
    """The size of a file to be uploaded."""
    if size_bytes < 0:
        raise InvalidInput(f"{field} must not be negative.", field)
    if size_bytes > MAX_FILE_BYTES:
        raise Oversize(f"{field}: SharePoint holds files of up to 250 GB.", field)
    return size_bytes


def _one_line(text: str, field: str) -> None:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise InvalidInput(f"{field} must not hold control characters.", field)

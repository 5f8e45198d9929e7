"""Reads a request's JSON body and query string into the types that describe them, strictly.

What is missing, unknown, of the wrong type, out of bounds or given twice is an InvalidInput that names the field.
"""

import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

import azure.functions as func
import msgspec

from shared.errors import InvalidInput, Oversize

MAX_BODY_BYTES = 64 * 1024
_AT = re.compile(r" - at `\$\.?(.*)`$")
_QUOTED = re.compile(r"field `([^`]*)`")


def body_of[T: msgspec.Struct](req: func.HttpRequest, kind: type[T]) -> T:
    """The JSON body; none at all counts as an empty object. Raises InvalidInput and Oversize."""
    raw = req.get_body()
    if len(raw) > MAX_BODY_BYTES:
        raise Oversize(f"The body has {len(raw)} bytes; at most {MAX_BODY_BYTES} are possible.")
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"The body is not JSON: {error}.") from error


def query_of[T: msgspec.Struct](req: func.HttpRequest, kind: type[T]) -> T:
    """The query string; what is given without a value is left out. Raises InvalidInput."""
    # The host joins repeated parameters by commas in `req.params`, and tags may hold commas.
    try:
        given = parse_qs(urlsplit(req.url).query, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise InvalidInput("The query string can't be read.") from error
    lists = _lists_of(kind)
    values: dict[str, object] = {}
    for name, each in given.items():
        if name not in lists and len(each) > 1:
            raise InvalidInput(f"{name} can be given once only.", name)
        values[name] = each if name in lists else each[0]
    try:
        found = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    for known in msgspec.structs.fields(kind):
        # Read leniently, the word null is None; in a query string it is a value like any other.
        if known.encode_name in values and getattr(found, known.name) is None:
            raise InvalidInput(f"{known.encode_name} must not be null.", known.encode_name)
    return found


@cache
def _lists_of(kind: type[msgspec.Struct]) -> frozenset[str]:
    fields = msgspec.structs.fields(kind)
    return frozenset(each.encode_name for each in fields if "list[" in str(each.type) or "tuple[" in str(each.type))


def _invalid(error: msgspec.ValidationError) -> InvalidInput:
    """msgspec says what is wrong and where: ``Expected `str`, got `int` - at `$.tags[1]` ``."""
    text = str(error)
    at = _AT.search(text)
    plain = _AT.sub("", text)
    path = at.group(1).partition("[")[0].partition(".")[0] if at else ""
    quoted = _QUOTED.search(plain)
    field = path or (quoted.group(1) if quoted else None)
    if "unknown field" in plain:
        return InvalidInput(f"{field} is not known here.", field)
    if "missing required field" in plain:
        return InvalidInput(f"{field} is missing.", field)
    said = plain.replace("`", "")
    return InvalidInput(f"{field}: {said[0].lower()}{said[1:]}." if field else f"{said}.", field)

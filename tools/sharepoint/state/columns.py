"""Column definitions and the rules for values in them.

https://learn.microsoft.com/graph/api/resources/columndefinition and
https://learn.microsoft.com/graph/api/resources/fieldvalueset
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.sharepoint.state.clock import from_iso
from tools.sharepoint.state.errors import invalid_request, name_already_exists, not_supported
from tools.sharepoint.state.identifiers import new_guid

_FACETS = ("text", "number", "choice", "dateTime", "boolean")
_ATTRIBUTES = {
    "name", "displayName", "description", "columnGroup", "required", "indexed", "enforceUniqueValues", "hidden",
    "readOnly", "id", "@odata.type",
}  # fmt: skip
_SYSTEM_FIELDS = frozenset({
    "id", "Created", "Modified", "Author", "Editor", "AuthorLookupId", "EditorLookupId", "_UIVersionString",
    "FileSizeDisplay", "DocIcon", "ContentType", "LinkFilename", "@odata.etag",
})  # fmt: skip
TEXT_LIMIT = 255
_ANNOTATION = "@odata.type"


@dataclass(slots=True)
class Column:
    """A column of a site, a list or a content type."""

    column_id: str
    name: str
    display_name: str
    facet: str
    settings: dict[str, Any]
    description: str = ""
    column_group: str = "Custom Columns"
    required: bool = False
    indexed: bool = False
    enforce_unique_values: bool = False
    hidden: bool = False
    read_only: bool = False
    content_type_ids: list[str] = field(default_factory=list)

    @property
    def is_multi_choice(self) -> bool:
        """Graph has no flag for it: a choice shown as check boxes holds several values."""
        return self.facet == "choice" and self.settings.get("displayAs") == "checkBoxes"


def define_column(body: Mapping[str, Any], existing: Iterable[Column]) -> Column:
    """Make a column from the body of a POST, or say what is wrong with it."""
    facets = [name for name in _FACETS if name in body]
    for name in body:
        if name not in _ATTRIBUTES and name not in facets:
            raise not_supported(f"the column attribute '{name}'")
    if len(facets) != 1:
        raise invalid_request("A column definition must have exactly one column type")
    name = _internal_name(body)
    if any(column.name.lower() == name.lower() for column in existing):
        raise name_already_exists(f"A column with the name {name} already exists")
    column = Column(
        column_id=new_guid(),
        name=name,
        display_name=str(body.get("displayName") or body["name"]),
        facet=facets[0],
        settings=_facet_settings(facets[0], body[facets[0]]),
        description=str(body.get("description", "")),
        column_group=str(body.get("columnGroup", "Custom Columns")),
        required=bool(body.get("required", False)),
        indexed=bool(body.get("indexed", False)),
        enforce_unique_values=bool(body.get("enforceUniqueValues", False)),
        hidden=bool(body.get("hidden", False)),
        read_only=bool(body.get("readOnly", False)),
    )
    if column.indexed and (column.is_multi_choice or column.settings.get("allowMultipleLines")):
        raise invalid_request(f"The column {name} cannot be indexed")
    if column.enforce_unique_values and not column.indexed:
        raise invalid_request("enforceUniqueValues needs an indexed column")
    return column


def _internal_name(body: Mapping[str, Any]) -> str:
    given = body.get("name")
    if not isinstance(given, str) or not given:
        raise invalid_request("The column definition must have a name")
    return re.sub(r"\W", lambda found: f"_x{ord(found.group()):04x}_", given)[:32]


def _facet_settings(facet: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise invalid_request(f"The column type '{facet}' must be an object")
    all_known: dict[str, dict[str, Any]] = {
        "text": {"allowMultipleLines": False, "appendChangesToExistingText": False, "linesForEditing": 0,
                 "maxLength": TEXT_LIMIT, "textType": "plain"},
        "number": {"decimalPlaces": "automatic", "displayAs": "number", "minimum": None, "maximum": None},
        "choice": {"allowTextEntry": False, "choices": [], "displayAs": "dropDownMenu"},
        "dateTime": {"displayAs": "default", "format": "dateOnly"},
        "boolean": {},
    }  # fmt: skip
    known = all_known[facet]
    for name in given:
        if name not in known and name != _ANNOTATION:
            raise not_supported(f"'{name}' of a {facet} column")
    if facet == "text" and int(given.get("maxLength", TEXT_LIMIT)) > TEXT_LIMIT:
        raise invalid_request("maxLength of a single line of text is at most 255")
    settings = {name: given.get(name, default) for name, default in known.items()}
    return {name: value for name, value in settings.items() if value is not None}


def read_values(body: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, Any]:
    """Check the body of a fields PATCH and return the values it sets; ``None`` clears one."""
    by_name = {column.name: column for column in columns}
    values: dict[str, Any] = {}
    for name, value in body.items():
        if name.endswith(_ANNOTATION):
            continue
        if name in _SYSTEM_FIELDS:
            raise invalid_request(f"Field '{name}' is read-only")
        column = by_name.get(name)
        if column is None:
            raise invalid_request(f"Field '{name}' is not recognized")
        if column.read_only:
            raise invalid_request(f"Field '{name}' is read-only")
        values[name] = _checked(column, value, body.get(name + _ANNOTATION))
    return values


def _checked(column: Column, value: Any, annotation: Any) -> Any:
    if column.is_multi_choice:
        if value is None:
            return None
        if annotation != "Collection(Edm.String)" or not isinstance(value, list):
            raise invalid_request(
                f"A value of the multi-choice field '{column.name}' is a list with "
                f"'{column.name}@odata.type': 'Collection(Edm.String)'"
            )
        return [_choice(column, entry) for entry in value] or None
    if value is None or value == "":
        return None
    return _SINGLE_VALUES[column.facet](column, value)


def _choice(column: Column, value: Any) -> str:
    text = _text(column, value)
    if not column.settings["allowTextEntry"] and text not in column.settings["choices"]:
        raise invalid_request(f"'{text}' is not a choice of field '{column.name}'")
    return text


def _text(column: Column, value: Any) -> str:
    if not isinstance(value, str):
        raise invalid_request(f"Field '{column.name}' takes a string")
    if not column.settings.get("allowMultipleLines") and len(value) > TEXT_LIMIT:
        raise invalid_request(f"The value of field '{column.name}' is longer than {TEXT_LIMIT} characters")
    return value


def _number(column: Column, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid_request(f"Field '{column.name}' takes a number")
    low, high = column.settings.get("minimum"), column.settings.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        raise invalid_request(f"The value of field '{column.name}' is out of range")
    return value


def _date(column: Column, value: Any) -> str:
    try:
        from_iso(value)
    except (TypeError, ValueError):
        raise invalid_request(f"Field '{column.name}' takes an ISO 8601 date") from None
    return str(value)


def _boolean(column: Column, value: Any) -> bool:
    if not isinstance(value, bool):
        raise invalid_request(f"Field '{column.name}' takes true or false")
    return value


_SINGLE_VALUES = {"text": _text, "number": _number, "choice": _choice, "dateTime": _date, "boolean": _boolean}


def title_column() -> Column:
    """Return the Title column that every site and library has."""
    return Column(
        column_id="fa564e0f-0c70-4ab9-b863-0177e6ddd247",
        name="Title",
        display_name="Title",
        facet="text",
        settings=_facet_settings("text", {}),
        column_group="Base Columns",
    )

"""The columns of a library as fields of a form, and what somebody filled in as values of columns."""

from typing import Any

from tools.sharepoint.page.markup import Markup, element, join
from tools.sharepoint.page.place import Form, Place
from tools.sharepoint.state.columns import Column
from tools.sharepoint.state.errors import invalid_request
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library

SAVE = "columns"
_SHOWN = ("momentActivity", "momentYear", "momentPeriod", "momentTags")


def shown(library: Library) -> list[Column]:
    """Return the columns that the table of files has, as far as the library has them."""
    by_name = {column.name: column for column in library.columns}
    return [by_name[name] for name in _SHOWN if name in by_name]


def heading(column: Column) -> str:
    """Return a short title: in the table it is clear whose columns these are."""
    return column.display_name.removeprefix("Moment ").capitalize()


def cell(column: Column, item: DriveItem) -> Markup:
    """Return a value as the table shows it: several as labels one beside the other."""
    value = item.fields.get(column.name)
    if isinstance(value, list):
        return element("ul", [element("li", str(each)) for each in value], class_="tags")
    return join(_as_text(column, value))


def editable(library: Library) -> list[Column]:
    """Return the columns a person can fill in."""
    return [column for column in library.columns if not column.hidden and not column.read_only]


def fields(place: Place, item: DriveItem) -> list[Markup]:
    """Return a labelled field for each column."""
    return [_field(place, column, item.fields.get(column.name)) for column in editable(place.library)]


def _field(place: Place, column: Column, value: Any) -> Markup:
    name = f"column-{column.name}"
    lines = "\n".join(value) if isinstance(value, list) else _as_text(column, value)
    typed = place.was_typed(SAVE, name, lines)
    hint = "one per line" if column.is_multi_choice else ""
    label = element("label", column.display_name, element("small", hint) if hint else None, for_=name)
    return element("div", label, _control(column, name, typed), class_="field")


def _control(column: Column, name: str, text: str) -> Markup:
    if column.facet == "boolean":
        return _select(name, text, ["yes", "no"])
    if column.facet == "choice" and not column.settings["allowTextEntry"] and not column.is_multi_choice:
        return _select(name, text, column.settings["choices"])
    if column.is_multi_choice or column.settings.get("allowMultipleLines"):
        rows = min(8, max(2, text.count("\n") + 2))
        return element("textarea", f"\n{text}", name=name, id=name, rows=rows)
    kind = {"number": "number", "dateTime": "date"}.get(column.facet, "text")
    step = "any" if kind == "number" else None
    return element("input", type=kind, name=name, id=name, value=text, step=step, autocomplete="off")


def _select(name: str, chosen: str, choices: list[str]) -> Markup:
    entries = [element("option", each, value=each, selected=each == chosen) for each in ("", *choices)]
    return element("select", entries, name=name, id=name)


def _as_text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.facet == "boolean":
        return "yes" if value else "no"
    return str(value)[:10] if column.facet == "dateTime" else str(value)


def read_changes(library: Library, item: DriveItem, form: Form) -> dict[str, Any]:
    """Return the body of a fields PATCH: only what the person made different."""
    body: dict[str, Any] = {}
    for column in editable(library):
        texts = form.get(f"column-{column.name}")
        if texts is None:
            continue
        value = _read(column, texts[0].replace("\r\n", "\n"))
        if value == _present(column, item):
            continue
        body[column.name] = value
        if column.is_multi_choice and value is not None:
            body[f"{column.name}@odata.type"] = "Collection(Edm.String)"
    return body


def _present(column: Column, item: DriveItem) -> Any:
    """Return a column's value in the form that :func:`_read` would give it."""
    value = item.fields.get(column.name)
    return value if isinstance(value, list) or value is None else _read(column, _as_text(column, value))


def _read(column: Column, text: str) -> Any:
    if column.is_multi_choice:
        return list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip())) or None
    if not text.strip():
        return None
    if column.facet == "boolean":
        return text == "yes"
    if column.facet == "number":
        return _number(column, text)
    return f"{text}T00:00:00Z" if column.facet == "dateTime" else text


def _number(column: Column, text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        raise invalid_request(f"“{text}” is not a number, as “{column.display_name}” needs one") from None
    return int(amount) if amount.is_integer() else amount

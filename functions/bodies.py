"""Reads a request's JSON body and query, strictly: what is missing, unknown, of the wrong type or too long is named."""

import json
from typing import Any

import azure.functions as func

from shared.errors import InvalidInput, Oversize
from shared.model.checks import checked_id

MAX_BODY_BYTES = 64 * 1024
_DEFAULT_PAGE = 100
_MAX_PAGE = 1000


class Body:
    """A JSON object whose members are taken one by one; `done` refuses those that nobody asked for."""

    def __init__(self, req: func.HttpRequest) -> None:
        raw = req.get_body()
        if len(raw) > MAX_BODY_BYTES:
            raise Oversize(f"The body has {len(raw)} bytes; at most {MAX_BODY_BYTES} are possible.")
        try:
            members = json.loads(raw)
        except ValueError as error:
            raise InvalidInput(f"The body is not JSON: {error}.") from error
        if not isinstance(members, dict):
            raise InvalidInput("The body must be a JSON object.")
        self._members: dict[str, Any] = members

    def has(self, field: str) -> bool:
        """Whether the member is there, be it null."""
        return field in self._members

    def text(self, field: str) -> str:
        """A required string."""
        value = self.optional_text(field)
        if value is None:
            raise InvalidInput(f"{field} is missing.", field)
        return value

    def optional_text(self, field: str) -> str | None:
        """A string, or None where the member is absent or null."""
        value = self._members.pop(field, None)
        if value is not None and not isinstance(value, str):
            raise InvalidInput(f"{field} must be a string.", field)
        return value

    def optional_id(self, field: str) -> str | None:
        """The id of another object."""
        value = self.optional_text(field)
        return None if value is None else checked_id(value, field)

    def optional_whole_number(self, field: str) -> int | None:
        """A whole number, or None."""
        value = self._members.pop(field, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise InvalidInput(f"{field} must be a whole number.", field)
        return value

    def flag(self, field: str) -> bool:
        """True or false; false where the member is absent."""
        value = self._members.pop(field, False)
        if not isinstance(value, bool):
            raise InvalidInput(f"{field} must be true or false.", field)
        return value

    def texts(self, field: str) -> list[str]:
        """A list of strings; empty where the member is absent."""
        value = self._members.pop(field, None) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise InvalidInput(f"{field} must be a list of strings.", field)
        return value

    def done(self) -> None:
        """Refuse members that are left over."""
        for field in self._members:
            raise InvalidInput(f"{field} is not known here.", field)


def route_id(req: func.HttpRequest, field: str) -> str:
    """An id in the path."""
    return checked_id(req.route_params.get(field, ""), field)


def page_of(req: func.HttpRequest) -> tuple[str | None, int]:
    """`?page=` (opaque, from the page before) and `?limit=` (1 to 1000, default 100)."""
    raw = req.params.get("limit", str(_DEFAULT_PAGE))
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= _MAX_PAGE:
        raise InvalidInput(f"limit must be a whole number from 1 to {_MAX_PAGE}.", "limit")
    return req.params.get("page") or None, int(raw)


def answer(document: object, status: int = 200, headers: dict[str, str] | None = None) -> func.HttpResponse:
    """A JSON answer."""
    body = json.dumps(document, ensure_ascii=False)
    return func.HttpResponse(body, status_code=status, headers=headers, mimetype="application/json")

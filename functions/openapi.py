"""The API's description in OpenAPI 3.1, made from the operations and from the types that validate. Pure.

https://spec.openapis.org/oas/v3.1.0
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from functions.examples import BODIES
from functions.operation import API, JSON, Operation
from functions.problems import PROBLEM_JSON, Problem
from functions.shapes import Id
from shared.model.principals import APP_ROLES

type Json = dict[str, Any]

_REF = "#/components/schemas/{name}"
_PARAMETER = re.compile(r"\{(\w+)\}")
_TITLES = {
    400: "A member of the request is missing, unknown or not possible; `field` names it.",
    401: "Nobody is signed in.",
    403: "Who is signed in may not do this.",
    404: "There is no such thing.",
    409: "Something stands in the way; the detail says what.",
    412: "It is no longer what the caller saw; `current` is what it is now.",
    413: "Too large.",
    422: "The Idempotency-Key was used for something else.",
    503: "Try again after `Retry-After` seconds.",
}
_HEADERS = {
    "If-Match": "The `etag` of what the caller saw: refused with 412 where it is another one now.",
    "If-None-Match": "`*`: only create it, and refuse with 412 where it is there.",
    "Idempotency-Key": "1 to 200 visible ASCII characters: repeating the request with the same key does nothing more.",
}
_TAGS = (
    "files",
    "directory",
    "sync-runs",
    "library",
    "approvals",
    "given-up",
    "unplaced-blobs",
    "me",
    "sharepoint",
    "health",
    "description",
)
_ABOUT = """Files, where they belong, and where they are. Times are in UTC, sizes in bytes.

Lists come in pages: give `nextPage` back as `page` while there is one. Every answer to a GET has an `ETag`; with
`If-None-Match` what did not change is a 304. Errors are problem documents (RFC 9457)."""


def description(operations: Iterable[Operation]) -> Json:
    """The whole document."""
    known = list(operations)
    kinds = [kind for each in known for kind in (each.body, each.query, each.answers) if kind is not None]
    shapes, components = msgspec.json.schema_components([Problem, Id, *kinds], ref_template=_REF)
    schemas = dict(zip(["problem", "id", *map(str, kinds)], shapes, strict=True))
    paths: Json = {}
    for each in sorted(known, key=lambda one: one.route):
        paths.setdefault(f"/{API}{each.route}", {})[each.method.lower()] = _operation(each, schemas, components)
    queries = {str(each.query.__name__) for each in known if each.query is not None}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Moment files", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"signIn": []}],
        "tags": [{"name": name} for name in _TAGS if name in {_tag(each) for each in known}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in components.items() if name not in queries},
            "securitySchemes": {
                "signIn": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of Microsoft Entra for this app, or the sign-in's cookie. "
                    f"App roles: {', '.join(APP_ROLES)}.",
                }
            },
        },
    }


def _operation(said: Operation, schemas: Json, components: Json) -> Json:
    document: Json = {
        "operationId": said.name,
        "tags": [_tag(said)],
        "summary": said.summary,
        "description": " ".join(part for part in (said.details, _needs(said)) if part),
        "parameters": [*_path_parameters(said, schemas), *_query_parameters(said, components), *_headers(said)],
        "responses": _responses(said, schemas),
    }
    if said.body is not None:
        examples = {name: {"value": value} for name, value in BODIES[said.body].items()}
        content = {"schema": schemas[str(said.body)], "examples": examples}
        is_required = any(each.required for each in msgspec.structs.fields(said.body))
        document["requestBody"] = {"required": is_required, "content": {JSON: content}}
    if said.role is None:
        document["security"] = []
    return {key: value for key, value in document.items() if value != [] or key == "security"}


def _tag(said: Operation) -> str:
    """What it is about: the last word of its address that names a kind of thing and not an action."""
    literals = [part for part in said.route.split("/") if not part.startswith("{")]
    if literals[-1] in {"sync", "sync-options"}:
        return "sync-runs"
    if literals[-1] in {"reindex", "journal.csv"}:
        return "files"
    if literals[-1] in {"docs", "openapi.json"}:
        return "description"
    return next((each for each in _TAGS if each in literals), "directory")


def _needs(said: Operation) -> str:
    return f"Needs the role {said.role}." if said.role else "Open to all."


def _path_parameters(said: Operation, schemas: Json) -> list[Json]:
    names = _PARAMETER.findall(said.route)
    return [{"name": name, "in": "path", "required": True, "schema": schemas["id"]} for name in names]


def _query_parameters(said: Operation, components: Json) -> list[Json]:
    if said.query is None:
        return []
    properties = components[said.query.__name__]["properties"]
    return [_query_parameter(name, dict(schema)) for name, schema in properties.items()]


def _query_parameter(name: str, schema: Json) -> Json:
    """A query has no null: what may be left out is left out."""
    either = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
    if schema.get("default", "") is None:
        schema.pop("default")
    if len(either) == 1:
        schema = either[0] | schema
    about = schema.pop("description", None)
    parameter: Json = {"name": name, "in": "query", "schema": schema}
    return parameter | ({"description": about} if about else {})


def _headers(said: Operation) -> list[Json]:
    text = {"type": "string"}
    return [{"name": name, "in": "header", "description": _HEADERS[name], "schema": text} for name in said.headers]


def _responses(said: Operation, schemas: Json) -> Json:
    good: Json = {"description": "Done." if said.answers is None else "The answer."}
    if said.answers is not None:
        good["content"] = {said.media_type: {"schema": schemas[str(said.answers)]}}
    answers: Json = {str(said.status): good}
    if said.method == "PUT":
        answers["201"] = good | {"description": "It was made."}
    failures = {400, 503, *said.fails, *((401, 403) if said.role else ())}
    problem = {PROBLEM_JSON: {"schema": schemas["problem"]}}
    return answers | {str(each): {"description": _TITLES[each], "content": problem} for each in sorted(failures)}

"""An operation of the API: one decorator says its method, address, role, and the types that it takes and answers with.

    @operation(blueprint, "PATCH", FILE, Role.EDITOR, body=FileChange, answers=FileDocument, fails=(404, 409, 412))
    def edit_file(call: Call, body: FileChange) -> FileDocument: ...

The decorator registers the Functions route, checks who calls and what that caller may, reads body and query into their
types, turns the answer into JSON and every error into a problem document. OPERATIONS holds what was said of each, from
which functions/openapi.py makes the description, and the tests walk all of them with every role and with none.

The level of the route itself is anonymous: the platform's function keys are not asked for, sign-in is
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#http-auth).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import azure.functions as func
import msgspec

from functions.callers import caller_of, check_may, check_same_site, named
from functions.problems import with_problems
from functions.reading import body_of, query_of
from shared.bootstrap import settings_here
from shared.model.checks import checked_id
from shared.model.directory import Links
from shared.model.principals import Principal, Role

API = "api/"
JSON = "application/json"


class HasETag(Protocol):
    """A document that names what an edit may change."""

    etag: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What is said of an operation; `role` None: it is open to all."""

    name: str
    method: str
    route: str
    """Below /api/."""
    role: Role | None
    summary: str
    details: str
    body: type[msgspec.Struct] | None
    query: type[msgspec.Struct] | None
    answers: type | None
    status: int
    fails: tuple[int, ...]
    headers: tuple[str, ...]
    """Request headers that it reads."""
    media_type: str = JSON
    """Of what it answers with."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A document with a status or headers of its own."""

    document: object
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


def with_etag(document: HasETag, status: int | None = None) -> Answer:
    """A document whose own eTag goes into the header too."""
    return Answer(document, status, {"ETag": f'"{document.etag}"'})


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose caller may make it."""

    req: func.HttpRequest
    caller: Principal

    def id(self, name: str) -> str:
        """An id in the path. Raises InvalidInput."""
        return checked_id(self.req.route_params.get(name, ""), name)

    @property
    def links(self) -> Links:
        """The customer in the path, and the project, activity and task below it where they are there."""
        names = ("customer", "project", "activity", "task")
        return Links(**{name: self.id(name) for name in names if name in self.req.route_params})

    def who(self, given: str | None, field: str = "by") -> str:
        """Whom this is put down to; `given` is what the body or query says. Raises Forbidden."""
        return named(self.caller, given, field)

    @property
    def if_match(self) -> str | None:
        """The eTag that the caller saw, without quotes; None where it doesn't matter."""
        value = self.req.headers.get("If-Match", "").strip()
        return None if value in {"", "*"} else value.strip('"')

    @property
    def only_create(self) -> bool:
        """`If-None-Match: *`: nothing that is there may be replaced."""
        return str(self.req.headers.get("If-None-Match", "")).strip() == "*"

    @property
    def idempotency_key(self) -> str | None:
        """What makes a repeated creation one and the same."""
        key = self.req.headers.get("Idempotency-Key")
        return None if key is None else str(key)


OPERATIONS: list[Operation] = []

type Handler = Callable[..., object]


def operation(
    blueprint: func.Blueprint,
    method: str,
    route: str,
    role: Role | None,
    *,
    body: type[msgspec.Struct] | None = None,
    query: type[msgspec.Struct] | None = None,
    answers: type | None = None,
    status: int = 200,
    fails: tuple[int, ...] = (),
    headers: tuple[str, ...] = (),
    media_type: str = JSON,
) -> Callable[[Handler], Handler]:
    """Register an operation. It is called with the Call and, where it has them, its body and its query."""

    def register(handler: Handler) -> Handler:
        summary, _, details = (handler.__doc__ or "").strip().partition("\n")
        said = Operation(
            name=handler.__name__,
            method=method,
            route=route,
            role=role,
            summary=summary,
            details=" ".join(details.split()),
            body=body,
            query=query,
            answers=answers,
            status=status,
            fails=fails,
            headers=headers,
            media_type=media_type,
        )
        OPERATIONS.append(said)

        def answering(req: func.HttpRequest) -> func.HttpResponse:
            return _answered(req, said, handler)

        # Not functools.wraps: the worker would look through it and find the handler's parameters.
        answering.__name__, answering.__doc__, answering.__module__ = said.name, handler.__doc__, handler.__module__
        routed = blueprint.route(API + route, methods=[method], auth_level=func.AuthLevel.ANONYMOUS)
        routed(with_problems(answering))
        return handler

    return register


def _answered(req: func.HttpRequest, said: Operation, handler: Handler) -> func.HttpResponse:
    caller = Principal("", "", None)
    if said.role is not None:
        caller = caller_of(req, settings_here().sign_in)
        check_may(caller, said.role)
        check_same_site(req)
    arguments: list[object] = [Call(req, caller)]
    if said.body is not None:
        arguments.append(body_of(req, said.body))
    if said.query is not None:
        arguments.append(query_of(req, said.query))
    given = handler(*arguments)
    if isinstance(given, func.HttpResponse):
        return given
    answer = given if isinstance(given, Answer) else Answer(given)
    return _response(req, answer, answer.status or said.status)


def _response(req: func.HttpRequest, answer: Answer, status: int) -> func.HttpResponse:
    """JSON; a GET's answer has an eTag, so that asking again for what did not change carries nothing."""
    headers = {"Cache-Control": "no-store" if req.method != "GET" else "private, no-cache"} | answer.headers
    if answer.document is None:
        return func.HttpResponse(status_code=status, headers=headers)
    content = msgspec.json.encode(answer.document)
    if req.method == "GET" and status == 200 and "ETag" not in headers:
        headers["ETag"] = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
        if req.headers.get("If-None-Match") == headers["ETag"]:
            return func.HttpResponse(status_code=304, headers=headers)
    return func.HttpResponse(content, status_code=status, headers=headers, mimetype=JSON)

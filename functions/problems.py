"""Turns errors into RFC 9457 problem documents, in one place for the whole API."""

import logging
from collections.abc import Callable
from typing import Annotated

import azure.functions as func
import msgspec
from msgspec import UNSET, Meta, UnsetType

from functions.callers import SIGN_IN_PATH
from functions.directory_documents import directory_document
from functions.documents import file_document
from shared.errors import Changed, MomentError, ProblemError, SettingsError, StaleError, TransientError, Unauthenticated
from shared.model.directory import Activity, Customer, Project, Task
from shared.model.files import FileRecord

_log = logging.getLogger(__name__)
_TYPE = "urn:moment:problem:"
PROBLEM_JSON = "application/problem+json"

type Endpoint = Callable[[func.HttpRequest], func.HttpResponse]


class Problem(msgspec.Struct, rename="camel", kw_only=True):
    """What went wrong, for people and for programs (RFC 9457)."""

    type: Annotated[str, Meta(description="Which kind of problem; stays the same.", examples=[_TYPE + "invalid-input"])]
    title: str
    status: int
    detail: Annotated[str, Meta(description="What is wrong and what helps, in a sentence or two.")]
    field: Annotated[str, Meta(description="The member of the request that is at fault.")] | UnsetType = UNSET
    sign_in: Annotated[str, Meta(description="Where to sign in.")] | UnsetType = UNSET
    current: Annotated[object, Meta(description="What is there now, where it is not what the caller saw.")] = UNSET


def with_problems(endpoint: Endpoint) -> Endpoint:
    """Wrap an HTTP function so that every error it raises is answered with a problem document."""

    def answering(req: func.HttpRequest) -> func.HttpResponse:
        try:
            return endpoint(req)
        except ProblemError as problem:
            return _refused(problem)
        except StaleError:
            return _problem(409, "Conflict", "Somebody else changed this at the same moment. Read it and try again.")
        except TransientError as failure:
            return _problem(503, "Try again", str(failure), retry_after_s=failure.delay_s or 5)
        except SettingsError as fault:
            _log.error("the app is misconfigured", extra={"problems": fault.problems})
            return _problem(500, "The app is not configured", "An administrator finds the details in its log.")
        except MomentError as failure:
            return _problem(502, "SharePoint or storage refused", str(failure))
        except Exception:  # noqa: BLE001 - the caller gets a problem document whatever happened
            _log.exception("an endpoint failed")
            return _problem(500, "Internal error", "The error was logged.")

    # Not functools.wraps: the worker would look through it and find other parameters.
    answering.__name__, answering.__doc__, answering.__module__ = (
        endpoint.__name__,
        endpoint.__doc__,
        endpoint.__module__,
    )
    return answering


def _refused(problem: ProblemError) -> func.HttpResponse:
    return _problem(
        problem.status,
        problem.title,
        problem.detail,
        problem.field or UNSET,
        sign_in=SIGN_IN_PATH if isinstance(problem, Unauthenticated) else UNSET,
        current=_shown(problem.current) if isinstance(problem, Changed) else UNSET,
    )


def _shown(current: object) -> object:
    """What is there now, as the API shows it; null where nothing is."""
    match current:
        case FileRecord():
            return file_document(current)
        case Customer() | Project() | Activity() | Task():
            return directory_document(current)
        case _:
            return None


def _problem(
    status: int,
    title: str,
    detail: str,
    field: str | UnsetType = UNSET,
    *,
    sign_in: str | UnsetType = UNSET,
    current: object = UNSET,
    retry_after_s: float | None = None,
) -> func.HttpResponse:
    kind = _TYPE + title.lower().replace(" ", "-")
    document = Problem(
        type=kind, title=title, status=status, detail=detail, field=field, sign_in=sign_in, current=current
    )
    headers = {"Cache-Control": "no-store"}
    if retry_after_s is not None:
        headers["Retry-After"] = str(max(1, round(retry_after_s)))
    return func.HttpResponse(msgspec.json.encode(document), status_code=status, headers=headers, mimetype=PROBLEM_JSON)

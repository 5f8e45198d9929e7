"""Turns errors into RFC 9457 problem documents, in one place for the whole API.

A problem has `type`, `title`, `status`, `detail`, and `field` where one member of the request is at fault.
"""

import functools
import json
import logging
from collections.abc import Callable

import azure.functions as func

from shared.errors import MomentError, ProblemError, SettingsError, StaleError, TransientError

_log = logging.getLogger(__name__)

type Endpoint = Callable[[func.HttpRequest], func.HttpResponse]


def with_problems(endpoint: Endpoint) -> Endpoint:
    """Wrap an HTTP function so that every error it raises is answered with a problem document."""

    @functools.wraps(endpoint)
    def answering(req: func.HttpRequest) -> func.HttpResponse:
        try:
            return endpoint(req)
        except ProblemError as problem:
            return _problem(problem.status, problem.title, problem.detail, problem.field)
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

    return answering


def _problem(
    status: int, title: str, detail: str, field: str | None = None, retry_after_s: float | None = None
) -> func.HttpResponse:
    document: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if field is not None:
        document["field"] = field
    headers = {} if retry_after_s is None else {"Retry-After": str(max(1, round(retry_after_s)))}
    body = json.dumps(document, ensure_ascii=False)
    return func.HttpResponse(body, status_code=status, headers=headers, mimetype="application/problem+json")

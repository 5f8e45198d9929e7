"""What an answer of Graph means: one pure function from status, headers and body to an error of shared/errors.py.

status                          error               what happens next
------------------------------  ------------------  ---------------------------------------------------------
400 about a name or a path      NameNotAllowed      a person renames
400 endpoint not validated      PermanentError      an administrator makes our address reachable
400 other, 405, 406, 411…, 501  PermanentError      a bug of ours, or something SharePoint can't do
401 (with a fresh token), 403   AccessDenied        an administrator acts
401, 404 of an upload URL       UploadSessionGone   a new session
404                             NotFound
408, 500, 502, 503, 504         Unavailable         again, with back-off
409 an open upload session      Locked              again, once that session has ended
409 resourceModified, 412       PreconditionFailed  read again
409 other                       NameTaken           the caller adopts or picks another name
410                             ResyncRequired      enumerate everything again, from the Location it gives
413                             TooLarge
416                             StaleError          ask the session where to go on
423                             Locked              again in minutes: a person has the file open
429, 509, 503 with Retry-After  Throttled           nothing goes out before the delay has passed
507                             QuotaExceeded       an administrator makes room

The statuses and codes are those of https://learn.microsoft.com/graph/errors: the status decides, then the codes from
the outermost to the innermost `innerError`. Three cases have no code of their own and are told by the message, with
the safe choice where it says nothing we know: a name refused with 400 and an address for notifications that did not
answer (else PermanentError), and an upload session that is already open (else NameTaken).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared import errors
from shared.graph.pacing import retry_after_s

LOCKED_DELAY_S = 120.0
"""Office keeps its lock for minutes after closing; an abandoned upload session blocks its name for fifteen."""

_NAME_CODES = frozenset({"invalidPath", "invalidName", "pathIsTooLong", "pathTooDeep", "invalidFileName"})
_NAME_WORDS = re.compile(r"\bname (?:cannot|can't|is|contains|from path)|\bpath is too|too long", re.IGNORECASE)
_SESSION_WORDS = re.compile(r"upload session already exists|currently being uploaded", re.IGNORECASE)
_VALIDATION_WORDS = re.compile(r"validation request|validationtoken|validation token", re.IGNORECASE)
_FORBIDDEN_WORDS = re.compile(r"status code: forbidden|access denied", re.IGNORECASE)
_ADDRESS = re.compile(r"\w+://\S+|\S*[?&]\S+=\S+")
_MESSAGE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than success. `codes` runs from `error.code` to the innermost `innerError`."""

    status: int
    codes: tuple[str, ...] = ()
    message: str = ""
    request_id: str = ""
    retry_after_s: float | None = None
    of_upload_url: bool = False
    location: str = field(default="", repr=False)


def read_refusal(status: int, headers: Mapping[str, str], body: Any, *, of_upload_url: bool = False) -> Refusal:
    """Take the parts that matter from an answer; `body` is its parsed JSON or None."""
    error = body.get("error") if isinstance(body, dict) else None
    outer = error if isinstance(error, dict) else {}
    return Refusal(
        status=status,
        codes=tuple(_codes(outer)),
        message=str(outer.get("message", "")),
        request_id=request_id(headers),
        retry_after_s=retry_after_s(headers),
        of_upload_url=of_upload_url,
        location=headers.get("Location") or "",
    )


def request_id(headers: Mapping[str, str]) -> str:
    """The id by which Microsoft finds a request; upload and download hosts name it differently."""
    return headers.get("request-id") or headers.get("SPRequestGuid") or ""


def classify(refusal: Refusal) -> errors.MomentError:
    """The error that says what has to happen next; it keeps what Graph said, without addresses."""
    error = _error(refusal)
    error.codes, error.said = refusal.codes, _shown(refusal.message)
    return error


def _error(refusal: Refusal) -> errors.MomentError:
    text = _sentence(refusal)
    match refusal.status:
        case 401 | 404 if refusal.of_upload_url:
            return errors.UploadSessionGone(f"The upload session is over. {text}")
        case 429 | 509:
            return errors.Throttled(f"SharePoint asked us to slow down. {text}", refusal.retry_after_s)
        case 503 if refusal.retry_after_s is not None:
            return errors.Throttled(f"SharePoint is too busy. {text}", refusal.retry_after_s)
        case 408 | 500 | 502 | 503 | 504:
            return errors.Unavailable(f"SharePoint failed for now. {text}")
        case 423:
            return errors.Locked(f"The file is open or checked out in SharePoint. {text}", LOCKED_DELAY_S)
        case 409:
            return _conflict(refusal, text)
        case 410 if not refusal.of_upload_url:
            return errors.ResyncRequired(f"SharePoint no longer knows where we left off. {text}", refusal.location)
        case 412:
            return errors.PreconditionFailed(f"The item was changed in SharePoint in between. {text}")
        case 416:
            return errors.StaleError(f"The upload session expects other bytes. {text}")
        case _:
            return _permanent(refusal, text)


def _conflict(refusal: Refusal, text: str) -> errors.MomentError:
    if "resourceModified" in refusal.codes:
        return errors.PreconditionFailed(f"The item was changed in SharePoint in between. {text}")
    if _SESSION_WORDS.search(refusal.message):
        return errors.Locked(f"Another upload of this file is still open. {text}", LOCKED_DELAY_S)
    return errors.NameTaken(f"SharePoint already has something of this name there. {text}")


def _permanent(refusal: Refusal, text: str) -> errors.PermanentError:
    match refusal.status:
        case 400 if _NAME_CODES.intersection(refusal.codes) or _NAME_WORDS.search(refusal.message):
            return errors.NameNotAllowed(f"SharePoint does not allow this name or path. {text}")
        case 400 if "ValidationError" in refusal.codes or _VALIDATION_WORDS.search(refusal.message):
            return errors.PermanentError(
                f"The app's address for change notifications did not answer Microsoft's validation request. An "
                f"administrator should check that it can be reached from the internet. {text}"
            )
        case 400 if "ExtensionError" in refusal.codes and _FORBIDDEN_WORDS.search(refusal.message):
            return errors.AccessDenied(_forbidden(refusal, text))
        case 401:
            return errors.AccessDenied(
                f"SharePoint does not accept the app's identity. An administrator should check the app registration "
                f"and its admin consent. {text}"
            )
        case 403:
            return errors.AccessDenied(_forbidden(refusal, text))
        case 404:
            return errors.NotFound(f"It is not in SharePoint, or not visible to the app. {text}")
        case 413:
            return errors.TooLarge(f"The file is larger than SharePoint takes. {text}")
        case 507:
            return errors.QuotaExceeded(f"The SharePoint site is full. An administrator should make room. {text}")
        case _:
            return errors.PermanentError(f"SharePoint refused the request. {text}")


def _forbidden(refusal: Refusal, text: str) -> str:
    if {"malwareDetected", "virusSuspicious"}.intersection(refusal.codes):
        return f"SharePoint found malware in the file. {text}"
    if "ExtensionError" in refusal.codes:
        return (
            f"The app may not subscribe to changes in SharePoint. An administrator should check the app's permission "
            f"on the site and that it has no subscriptions left over. {text}"
        )
    return (
        f"The app may not do this in SharePoint. An administrator should check the app's permission on the site and "
        f"that the site is not locked or read-only. {text}"
    )


def _sentence(refusal: Refusal) -> str:
    code = f" {refusal.codes[-1]}" if refusal.codes else ""
    said = f": {_shown(refusal.message)}" if refusal.message else ""
    trace = f" (request-id {refusal.request_id})" if refusal.request_id else ""
    return f"It answered {refusal.status}{code}{said}{trace}"


def _shown(message: str) -> str:
    """Graph's own words without addresses, which may carry a signature."""
    return _ADDRESS.sub("…", " ".join(message.split()))[:_MESSAGE_CHARACTERS]


def _codes(error: dict[str, Any]) -> list[str]:
    codes: list[str] = []
    level: Any = error
    while isinstance(level, dict):
        if isinstance(level.get("code"), str):
            codes.append(level["code"])
        level = level.get("innerError") or level.get("innererror")
    return codes
